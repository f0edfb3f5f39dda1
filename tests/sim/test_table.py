"""The table of a frame: every number of it is read back exactly, and a spreadsheet reads it as numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from sim.spec import Frame, Toy, get, names
from sim.table import file_name, table
from tests.sim.pacing import PACING, Config

NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]\d+)?")
TEXT = re.compile(r"[\w ]+")  # what a setting's text is made of


def read(data: bytes) -> tuple[list[str], list[list[str]]]:
    """Read a file as RFC 4180 says: a header, and lines of as many fields, each ended by CR LF."""
    text = data.decode("ascii")
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n")
    head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert {len(row) for row in rows} == {len(head)}
    return head, rows


def columns(data: bytes) -> dict[str, list[float]]:
    """The arrays of a table, by name without the unit; an empty cell is no number."""
    head, rows = read(data)
    found = zip(*(row[4:] for row in rows), strict=True)
    names_only = (name.partition(" (")[0] for name in head[4:])
    return {
        name: [float(cell) if cell else np.nan for cell in cells]
        for name, cells in zip(names_only, found, strict=True)
    }


def preview(toy: Toy) -> Frame:
    return toy.module.preview(toy.module.Config(), seed=3)


@pytest.fixture(params=names())
def toy(request: pytest.FixtureRequest) -> Toy:
    return get(request.param)


def test_every_array_is_read_back_exactly(toy: Toy) -> None:
    frame = preview(toy)
    found = columns(table(toy, frame, {}))
    for name, array in frame.arrays.items():
        for place in np.ndindex(array.shape[1:]):
            column = found[f"{name}[{','.join(map(str, place))}]" if place else name]
            there = np.array(column[: len(array)], dtype=array.dtype if array.dtype.kind == "f" else float)
            np.testing.assert_array_equal(there, array[:, *place])
            assert np.isnan(column[len(array) :]).all()


def test_settings_seed_and_exact_answers_are_read_back_exactly(toy: Toy) -> None:
    frame, facts = preview(toy), toy.module.facts(toy.module.Config())
    _, rows = read(table(toy, frame, facts, "cuda"))
    said = {(row[0], row[1]): row[3] for row in rows}
    assert ("simulation", toy.name) in said
    assert said["seed", "seed"] == str(frame.seed)
    assert ("device", "cuda") in said
    for name, value in frame.config:
        assert type(value)(said["setting", name]) == value
    assert {name: float(said["exact", name]) for name in facts} == facts
    units = {row[1]: row[2] for row in rows if row[0] == "exact"}
    assert units == {name: quantity.unit for name, quantity in toy.module.FACTS.items()}


def test_no_cell_is_taken_for_a_formula(toy: Toy) -> None:
    head, rows = read(table(toy, preview(toy), toy.module.facts(toy.module.Config())))
    for row in (head, *rows):
        for cell in row:
            assert not cell or NUMBER.fullmatch(cell) or TEXT.fullmatch(cell) or cell[0].isalpha(), cell


def frame(arrays: Mapping[str, Any], result: Mapping[str, Any]) -> Frame:
    return Frame(1.0, Config(), result, arrays, 0)


@given(
    arrays_of.arrays(
        st.sampled_from([np.float64, np.float32]), st.tuples(st.integers(1, 5), st.integers(1, 3))
    )
)
def test_whatever_an_array_holds_is_read_back_and_a_gap_is_an_empty_cell(array: Any) -> None:  # noqa: ANN401 - an array of any type
    found = columns(table(PACING, frame({"drawn": array}, {}), {}))
    for place in range(array.shape[1]):
        expected = np.where(np.isfinite(array[:, place]), array[:, place], np.nan)
        there = np.array(found[f"drawn[{place}]"][: len(array)], dtype=array.dtype)
        np.testing.assert_array_equal(there, expected)


def test_a_list_among_the_results_is_a_column_and_a_number_a_line() -> None:
    data = table(PACING, frame({}, {"mean": 0.25, "by_density": [3.0, 2.0]}), {})
    assert columns(data)["by_density"][:2] == [3.0, 2.0]
    assert ["result", "mean", "", "0.25"] in [row[:4] for row in read(data)[1]]


def test_a_frame_without_arrays_is_a_table_too() -> None:
    head, rows = read(table(PACING, frame({}, {}), {"mean": 0.5}))
    assert head == ["part", "name", "unit", "value"]
    assert rows[-1] == ["exact", "mean", "", "0.5"]


def test_a_file_is_named_by_toy_settings_and_seed() -> None:
    config = get("belief_walk").module.Config(start=1 / 3, step=1 / 30)
    name = file_name("belief_walk", config, 7)
    settings = "start=0.333333_step=0.0333333_update_probability=1_walkers=20000_by_update=1000_from_law=0"
    assert name == f"belief_walk_{settings}_seed=7"


def test_text_in_a_files_name_has_no_spaces() -> None:
    config = get("head_superposition").module.Config(sequence="1, 2, 0")
    assert "_sequence=1-2-0_" in file_name("head_superposition", config, 0)
