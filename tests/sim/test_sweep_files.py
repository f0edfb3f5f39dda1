"""A sweep's files: the table that appears whole, and the journal that is never mixed with another sweep's."""

from __future__ import annotations

import csv
import json
import os
import resource
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from sim.spec import Toy, parse_settings
from sim.sweep import RunsFailedError, SweepError, sweep
from sim.sweeps import table
from sim.sweeps.journal import beside, opened
from sim.sweeps.task import Row
from tests.sim.pacing import PACING
from tests.sim.sweeping import ABREAST, Here, planned, rows, swept

HEADER = {"toy": "pacing", "code": "1", "runs": "a", "device": "cpu"}
NUMBERS = st.one_of(st.floats(allow_nan=False), st.integers(-(2**50), 2**50))
ROWS = st.builds(
    Row,
    point=st.just(0),
    seed=st.integers(0, 2**32 - 1),
    device=st.just("cpu"),
    seconds=st.floats(0, 1e6),
    measured=st.fixed_dictionaries({"mean": NUMBERS, "losses": st.lists(NUMBERS, max_size=4)}),
    exact=st.fixed_dictionaries({"mean": NUMBERS}),
)
POINT = (parse_settings(PACING, {}),)
SMALL = settings(max_examples=50)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@SMALL
@given(kept=st.lists(ROWS, max_size=5, unique_by=lambda row: row.seed), data=st.data())
def test_a_journal_gives_back_every_line_that_is_whole(
    kept: list[Row], data: st.DataObject, folder: Path
) -> None:
    path = folder / "whole.part"
    path.unlink(missing_ok=True)
    with opened(path, HEADER) as journal:
        for row in kept:
            journal.add(row)
    content = path.read_bytes()
    start = content.index(b"\n") + 1
    cut = data.draw(st.integers(start, len(content)))
    path.write_bytes(content[:cut])
    whole = content[start:cut].count(b"\n")
    with opened(path, HEADER) as journal:
        assert list(journal.rows.values()) == kept[:whole]
        for row in kept[whole:]:
            journal.add(row)
    assert path.read_bytes() == content


def test_a_cut_first_line_is_a_new_beginning(tmp_path: Path) -> None:
    path = tmp_path / "cut.part"
    path.write_bytes(b'{"toy": "pac')
    with opened(path, HEADER) as journal:
        assert journal.rows == {}
    assert json.loads(path.read_text()) == HEADER


def test_a_spoilt_line_is_run_again(tmp_path: Path) -> None:
    plan, out = planned(seeds="0:3"), tmp_path / "results.parquet"
    with pytest.raises(KeyboardInterrupt):
        sweep(plan, out, Here(interrupted_after=2), device="cpu", code="1")
    header, first, second = beside(out).read_bytes().splitlines()
    for spoilt in (b"\0" * len(first), b"5", b"{}", b'{"point": 0}'):
        beside(out).write_bytes(b"\n".join([header, spoilt, second, b""]))
        here = Here(interrupted_after=0)
        with pytest.raises(KeyboardInterrupt):
            sweep(plan, out, here, device="cpu", code="1")
        assert [task.seeds for task in here.tasks] == [(0,), (2,)]  # the last was the first to be done


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"code": "2"}, "was computed by other code"),
        ({"grid": "draws=1,3"}, "is of another grid, other settings or other seeds"),
        ({"seeds": "0:4"}, "is of another grid, other settings or other seeds"),
        ({"toy": ABREAST}, "is of another simulation, pacing"),
        ({"device": "cuda"}, "was computed on cpu"),
    ],
)
def test_a_part_of_another_sweep_is_not_mixed_in(other: dict[str, Any], said: str, tmp_path: Path) -> None:
    words: dict[str, Any] = {
        "toy": PACING, "grid": "draws=1,2", "seeds": "0:3", "code": "1", "device": "cpu",
    }  # fmt: skip
    out = tmp_path / "results.parquet"

    def go(where: Here, *, toy: Toy, grid: str, seeds: str, code: str, device: str) -> None:
        sweep(planned(grid, toy=toy, seeds=seeds), out, where, device=device, code=code)

    with pytest.raises(KeyboardInterrupt):
        go(Here(interrupted_after=2), **words)
    before = beside(out).read_bytes()
    with pytest.raises(SweepError) as refused:
        go(Here(), **{**words, **other})
    assert said in str(refused.value)
    assert str(beside(out)) in str(refused.value)
    assert str(refused.value).endswith("Delete it to begin anew, or choose another --out.")
    assert beside(out).read_bytes() == before
    assert not out.exists()


@pytest.mark.parametrize("content", [b"a diary\n", b"5\n", b"[1]\n"])
def test_what_is_no_journal_is_left_alone(content: bytes, tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"
    beside(out).write_bytes(content)
    with pytest.raises(SweepError, match="is no part of a sweep"):
        sweep(planned(), out, Here(), device="cpu", code="1")
    assert beside(out).read_bytes() == content


def test_two_sweeps_do_not_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "results.parquet.part"
    with (
        opened(path, HEADER),
        pytest.raises(SweepError, match="Another sweep is writing"),
        opened(path, HEADER),
    ):
        pass
    with opened(path, HEADER):
        pass  # once the first is over, the next can


def test_the_file_says_what_made_it(tmp_path: Path) -> None:
    plan = planned("draws=1,2")
    swept(plan, tmp_path / "a", version="abc")
    about = json.loads(parquet.read_schema(tmp_path / "a" / "results.parquet").metadata[table.METADATA])
    assert {name: about[name] for name in ("toy", "code", "device", "runs", "seeds")} == {
        "toy": "pacing", "code": "abc", "device": "cpu", "runs": plan.digest, "seeds": [0, 1, 2],
    }  # fmt: skip
    assert set(about["versions"]) == {"python", "martingale", "numpy", "torch"}


@SMALL
@given(kept=st.lists(ROWS, min_size=1, max_size=5))
def test_parquet_gives_back_every_number(kept: list[Row], folder: Path) -> None:
    path = folder / "numbers.parquet"
    table.write(path, POINT, kept, {})
    found = parquet.read_table(path)
    assert found["measured_mean"].to_pylist() == [float(row.measured["mean"]) for row in kept]
    assert found["measured_losses"].to_pylist() == [list(map(float, row.measured["losses"])) for row in kept]
    assert found["exact_mean"].to_pylist() == [float(row.exact["mean"]) for row in kept]
    assert found["seconds"].to_pylist() == [row.seconds for row in kept]
    kinds = {
        "draws": "int64",
        "pause": "double",
        "seed": "int64",
        "device": "string",
        "measured_mean": "double",
    }
    assert {name: str(found.schema.field(name).type) for name in kinds} == kinds


def test_csv_has_a_column_for_each_item_of_a_list(tmp_path: Path) -> None:
    path = tmp_path / "numbers.csv"
    kept = [
        Row(0, 0, "cpu", 0.5, {"losses": [0.1, 2.0]}, {"mean": 1 / 3}),
        Row(0, 1, "cpu", 0.5, {"losses": [3.0], "extra": 4.0}, {"mean": 1 / 3}),
    ]
    table.write(path, POINT, kept, {})
    with path.open(newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["measured_losses_0"], first["measured_losses_1"], first["measured_extra"]) == (
        "0.1",
        "2.0",
        "",
    )
    assert (second["measured_losses_0"], second["measured_losses_1"]) == ("3.0", "")
    assert float(first["exact_mean"]) == 1 / 3


def test_an_older_file_is_replaced_only_by_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "results.parquet"
    out.write_bytes(b"old")

    def full(path: Path, *_: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(table._WRITERS, ".parquet", full)
    with pytest.raises(SweepError, match="cannot be written: No space left on device"):
        sweep(planned(), out, Here(), device="cpu", code="1")
    assert out.read_bytes() == b"old"
    assert sorted(file.name for file in tmp_path.iterdir()) == [out.name, beside(out).name]
    monkeypatch.undo()
    here = Here()
    sweep(planned(), out, here, device="cpu", code="1")
    assert here.tasks == []  # nothing that was computed is lost
    assert len(rows(out)) == 3


def test_a_journal_without_room_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    """A folder whose disk is full, which a limit on the size of files stands in for."""
    out = tmp_path / "results.csv"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400, before[1]))
    try:
        with pytest.raises(
            RunsFailedError, match=r"cannot be written: File too large\. It keeps [12] runs\."
        ):
            sweep(planned(), out, Here(), device="cpu", code="1")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert sweep(planned(), out, Here(), device="cpu", code="1").kept in {1, 2}
    assert len(out.read_text().splitlines()) == 1 + 3


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("results.xlsx", "has to end with .parquet or .csv."),
        ("results", "has to end with .parquet or .csv."),
        ("nowhere/results.parquet", "there is no folder"),
        ("folder.parquet", "is a folder."),
        ("busy.parquet", "cannot be written"),
        ("pipe.csv", "is a pipe or a device"),
        ("circle.csv", "cannot be used: Too many levels of symbolic links."),
        ("to-nowhere.csv", "there is no folder"),
        (f"{'x' * 300}.csv", "cannot be used: File name too long."),
        ("busy.parquet.part/a.csv/b.csv", "there is no folder"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_anything_runs(
    name: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "folder.parquet").mkdir()
    (tmp_path / "busy.parquet.part").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "circle.csv").symlink_to("circle.csv")
    (tmp_path / "to-nowhere.csv").symlink_to("no/where.csv")
    before = sorted(tmp_path.iterdir())
    here = Here()
    with pytest.raises(SweepError) as refused:
        sweep(planned(), tmp_path / name, here, device="cpu", code="1")
    assert said in str(refused.value)
    assert here.tasks == []
    assert sorted(tmp_path.iterdir()) == before


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    there, link = tmp_path / "there.csv", tmp_path / "link.csv"
    link.symlink_to("there.csv")
    for _ in range(2):
        sweep(planned(), link, Here(), device="cpu", code="1")
        assert link.is_symlink()
        assert there.read_text("utf-8").count("\n") == 4  # the names of the columns, and three runs
        there.write_text("old", "utf-8")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root, who may write anywhere
    with pytest.raises(SweepError, match=r"the folder .* cannot be written"):
        table.check(tmp_path / "results.parquet")
