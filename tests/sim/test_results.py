"""What is kept is what was shown, found by what decides it, within a bound, whatever happens to the disk."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import results as module
from sim.results import ABANDONED, ASIDE, OURS, Results, file_name
from sim.spec import UnknownToyError
from sim.worker import Job, Message

ROOT = Path(__file__).parents[2]
JOB = Job("pacing", {"draws": 7, "pause": 0.5}, seed=3)
SAID = '{"figure":{"data":[]},"readout":"Drei – ½","state":"done"}'.encode()
TABLE = b"part,name\r\nsettings,draws\r\n"
OVERHEAD = len(module.HEADING) + 64 + 3 + len(TABLE)  # bytes of a file beside its message


def done(text: bytes = SAID, device: str = "cpu") -> Message:
    return Message(text, final=True, device=device, data=TABLE)


def opened(folder: Path | None, **more: object) -> Results:
    return Results(folder, **{"version": lambda _: "1", **more})  # type: ignore[arg-type] # given by name


def kept(results: Results, job: Job = JOB, message: Message | None = None) -> Results:
    results.keep(job, results.version(job.toy), message or done())
    return results


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


def test_what_is_kept_is_what_was_shown_and_says_that_it_is_kept(tmp_path: Path) -> None:
    found = kept(opened(tmp_path)).find(JOB, "cpu")
    assert found is not None
    assert json.loads(found.json) == {**json.loads(SAID), "kept": True}
    assert found.json.startswith(SAID[:-1])  # not a byte of it was written anew
    assert found.data == TABLE


def test_another_process_finds_it(tmp_path: Path) -> None:
    kept(opened(tmp_path))
    assert opened(tmp_path).find(JOB, "cpu") is not None


@pytest.mark.parametrize(
    ("job", "device"),
    [
        (Job("racing", {"draws": 7, "pause": 0.5}, seed=3), "cpu"),
        (Job("pacing", {"draws": 8, "pause": 0.5}, seed=3), "cpu"),
        (Job("pacing", {"draws": 7, "pause": 0.5000000000000001}, seed=3), "cpu"),
        (Job("pacing", {"draws": 7}, seed=3), "cpu"),
        (Job("pacing", {"draws": 7, "pause": 0.5}, seed=4), "cpu"),
        (JOB, "cuda"),
    ],
)
def test_whatever_else_decides_it_is_another_result(tmp_path: Path, job: Job, device: str) -> None:
    assert kept(opened(tmp_path)).find(job, device) is None


def test_the_order_of_settings_decides_nothing() -> None:
    turned = Job("pacing", {"pause": 0.5, "draws": 7}, seed=3)
    assert file_name(turned, "cpu", "1") == file_name(JOB, "cpu", "1")


def test_what_other_code_has_computed_is_not_found(tmp_path: Path) -> None:
    kept(opened(tmp_path))
    assert opened(tmp_path, version=lambda _: "2").find(JOB, "cpu") is None
    assert opened(tmp_path, version=lambda _: "1").find(JOB, "cpu") is not None


def test_what_ran_while_its_code_was_changed_is_not_kept(tmp_path: Path) -> None:
    versions = iter(["1", "2"])
    kept(opened(tmp_path, version=lambda _: next(versions)))
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "error", [UnknownToyError("none"), SyntaxError("half"), OSError("gone"), ValueError()]
)
def test_a_toy_whose_code_cannot_be_read_has_no_results(tmp_path: Path, error: Exception) -> None:
    def unreadable(_: str) -> str:
        raise error

    results = kept(opened(tmp_path, version=unreadable))
    assert results.find(JOB, "cpu") is None
    assert files(tmp_path) == []


def test_what_is_no_result_is_not_kept(tmp_path: Path) -> None:
    kept(opened(tmp_path), message=Message(b'{"state":"failed"}', final=True))
    assert files(tmp_path) == []


def test_without_a_folder_nothing_is_kept() -> None:
    assert kept(opened(None)).find(JOB, "cpu") is None


def damages() -> dict[str, Callable[[bytes], bytes]]:
    return {
        "empty": lambda _: b"",
        "half": lambda whole: whole[: len(whole) // 2],
        "one byte short": lambda whole: whole[:-1],
        "one byte longer": lambda whole: whole + b"}",
        "one bit": lambda whole: whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:],
        "foreign": lambda _: b"\x89PNG\r\n\x1a\n" + bytes(100),
        "only a heading": lambda _: module.HEADING,
        "another format": lambda whole: whole.replace(b"result 2", b"result 3"),
    }


@pytest.mark.parametrize("damage", damages())
def test_a_damaged_or_foreign_file_is_removed_and_was_never_there(tmp_path: Path, damage: str) -> None:
    results = kept(opened(tmp_path))
    (path,) = files(tmp_path)
    path.write_bytes(damages()[damage](path.read_bytes()))
    assert results.find(JOB, "cpu") is None
    assert files(tmp_path) == []
    assert kept(results).find(JOB, "cpu") is not None


@given(st.binary(max_size=300))
def test_no_content_of_a_file_is_taken_for_a_result_that_is_none(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        results = opened(Path(folder))
        path = Path(folder) / file_name(JOB, "cpu", results.version("pacing"))
        path.write_bytes(content)
        assert results.find(JOB, "cpu") is None
        assert not path.exists()


def test_a_folder_in_the_place_of_a_file_is_lived_with(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    results = kept(opened(tmp_path))
    (path,) = files(tmp_path)
    path.unlink()
    (path / "inside").mkdir(parents=True)
    assert results.find(JOB, "cpu") is None
    kept(results)
    assert (path / "inside").is_dir()  # it may be somebody's
    assert len(caplog.records) == 1


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    kept(opened(tmp_path, limit=len(SAID) + OVERHEAD))
    assert (tmp_path / "notes.txt").read_text("utf-8") == "mine"


requests = st.lists(
    st.tuples(st.sampled_from(["keep", "find"]), st.integers(0, 9), st.integers(0, 60)), max_size=40
)


@settings(max_examples=60)
@given(requests, st.integers(OVERHEAD + 40, 6 * (OVERHEAD + 40)))
def test_the_folder_stays_within_its_bound_and_the_least_recently_used_goes_first(
    asked: list[tuple[str, int, int]], limit: int
) -> None:
    """Against a model: a dictionary in the order of use, from whose front what does not fit is dropped."""
    model: OrderedDict[int, bytes] = OrderedDict()
    with TemporaryDirectory() as folder:
        results = opened(Path(folder), limit=limit, clock=count(1).__next__)
        for what, seed, length in asked:
            job, message = Job("pacing", seed=seed), b'{"m":"' + b"x" * length + b'"}'
            if what == "find":
                assert (results.find(job, "cpu") is not None) == (seed in model)
                if seed in model:
                    model.move_to_end(seed)
            elif len(message) + OVERHEAD <= limit:
                kept(results, job, done(message))
                model.pop(seed, None)
                while sum(len(m) + OVERHEAD for m in model.values()) + len(message) + OVERHEAD > limit:
                    model.popitem(last=False)
                model[seed] = message
            else:
                kept(results, job, done(message))
            assert sum(path.stat().st_size for path in files(Path(folder))) <= limit
            assert len(files(Path(folder))) == len(model)


def test_what_a_process_left_half_written_is_removed_when_it_is_old(tmp_path: Path) -> None:
    now = 10 * ABANDONED
    for name, age in (("old", ABANDONED + 1), ("new", ABANDONED - 1)):
        path = tmp_path / f"{name}{ASIDE}"
        path.write_bytes(b"half")
        os.utime(path, ns=(now - age, now - age))
    kept(opened(tmp_path, clock=lambda: now))
    assert [path.suffix for path in files(tmp_path)].count(ASIDE) == 1
    assert (tmp_path / f"new{ASIDE}").exists()


def test_an_eviction_that_another_process_was_faster_with_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    results = opened(tmp_path, limit=2 * (len(SAID) + OVERHEAD), clock=count(1).__next__)
    for seed in range(2):
        kept(results, Job("pacing", seed=seed))
    listed = results._all

    def all_gone(folder: Path) -> list[module._Kept]:
        found = listed(folder)
        for path in files(tmp_path):
            if path.suffix == OURS:
                path.unlink()
        return found

    monkeypatch.setattr(results, "_all", all_gone)
    assert kept(results).find(JOB, "cpu") is not None
    assert caplog.records == []


@pytest.mark.parametrize("above", ["", "deeper/still"])
def test_a_file_in_the_place_of_the_folder_is_one_warning_and_no_error(
    tmp_path: Path, above: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "runs").write_text("a file", "utf-8")
    results = opened(tmp_path / "runs" / above)
    with caplog.at_level(logging.WARNING):
        for seed in range(3):
            kept(results, Job("pacing", seed=seed))
            assert results.find(Job("pacing", seed=seed), "cpu") is None
    (record,) = caplog.records
    said = record.getMessage()
    assert said.startswith(f"Results of simulations cannot be kept in {tmp_path / 'runs'}")
    assert said.endswith("Make room there, or make it a folder that can be written.")
    assert (tmp_path / "runs").read_text("utf-8") == "a file"


@pytest.mark.parametrize("what", ["write_bytes", "replace", "mkdir"])
def test_a_disk_that_refuses_leaves_nothing_half_written(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    results = opened(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, what, refuse)
        kept(results)
        kept(results)
    assert files(tmp_path) == []
    assert [record.getMessage().count("Permission denied") for record in caplog.records] == [1]
    assert kept(results).find(JOB, "cpu") is not None  # when it may be written again, it is


def test_a_result_is_found_in_a_folder_that_may_only_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = kept(opened(tmp_path))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "utime", refuse)
    assert results.find(JOB, "cpu") is not None


FULL = """
import logging, resource, signal, sys
from pathlib import Path
from sim.results import Results
from sim.worker import Job, Message

logging.basicConfig(stream=sys.stdout, format="%(message)s")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))  # no file may grow beyond this
folder = Path(sys.argv[1])
results = Results(folder, version=lambda toy: "1")
for seed, length in enumerate([5000, 5000, 100]):
    job = Job("pacing", seed=seed)
    results.keep(job, results.version("pacing"), Message(b"{" + b"x" * length + b"}", True, "cpu"))
    print(results.find(job, "cpu") is not None, len(list(folder.iterdir())))
"""


@pytest.mark.skipif(os.name == "nt", reason="limits of a process are POSIX's")
def test_a_file_that_cannot_be_written_to_its_end_is_not_there(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert told[0].startswith(f"Results of simulations cannot be kept in {tmp_path}: File too large.")
    assert told[1:] == ["False 0", "False 0", "True 1"]


TWO = """
import sys, time
from pathlib import Path
from sim.results import Results
from sim.worker import Job, Message

results = Results(Path(sys.argv[1]), limit=8000, version=lambda toy: "1")
version, own = results.version("pacing"), int(sys.argv[2])
found = 0
until = time.monotonic() + 1.5
while time.monotonic() < until:
    for seed in range(12):
        job = Job("pacing", seed=seed)
        message = results.find(job, "cpu")
        if message is not None:
            found += 1
            text = message.json.partition(b",")[0]
            # Whole, and of one writer: a number and as many letters as it says.
            number, _, letters = text[6:].partition(b" ")
            assert letters == b"x" * int(number), text
        length = 300 + 100 * own + seed
        body = b'{"m":"' + str(length).encode() + b" " + b"x" * length + b',"e":1}'
        results.keep(job, version, Message(body, True, "cpu"))
print(found)
"""


def test_two_processes_share_a_folder_and_nobody_reads_half_a_result(tmp_path: Path) -> None:
    both = [
        subprocess.Popen(
            [sys.executable, "-c", TWO, str(tmp_path), str(own)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for own in range(2)
    ]
    told = [process.communicate(timeout=60) for process in both]
    assert [errors for _, errors in told] == ["", ""]  # no failed assertion, and no complaint about the disk
    assert all(int(found) > 0 for found, _ in told)
    assert {path.suffix for path in files(tmp_path)} == {OURS}
    # Each makes room before it writes; both at once can be over by what one of them writes.
    assert sum(path.stat().st_size for path in files(tmp_path)) <= 8000 + 1000
