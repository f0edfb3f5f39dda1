"""Pictures that are packed and unpacked again are the same pictures, whatever they share."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.packing import column, packed
from sim.picture import written
from tests.sim.unpacking import array, same, unpacked

numbers = st.floats(allow_nan=True, allow_infinity=False, width=32)
arrays = st.lists(numbers, max_size=30).map(lambda values: np.array(values, dtype=np.float64))
scalars = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-1e6, 1e6) | st.sampled_from(["", "½", "a"])
)
parts = st.recursive(
    scalars | arrays | st.lists(scalars, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=8,
)


def through_text(pictures: list[dict[str, Any]]) -> list[Any]:
    return unpacked(json.loads(written(packed(pictures))), len(pictures))


@given(st.lists(st.fixed_dictionaries({"a": parts, "b": parts}), max_size=4))
def test_any_pictures_come_back(pictures: list[dict[str, Any]]) -> None:
    assert all(map(same, pictures, through_text(pictures)))


@given(st.fixed_dictionaries({"a": parts, "b": parts}), st.integers(2, 4))
def test_what_is_the_same_in_all_is_written_once(picture: dict[str, Any], count: int) -> None:
    assert packed([picture] * count)["varying"] == []


@given(arrays)
def test_an_array_is_kept_to_half_a_level_and_its_gaps_exactly(values: np.ndarray[Any, Any]) -> None:
    back = array(column([np.zeros(3), values]), 1)
    assert (np.isnan(back) == np.isnan(values)).all()
    assert same(values, back)


def test_one_number_that_differs_is_all_that_is_written_again() -> None:
    pictures = [
        {"data": [{"y": np.arange(3.0), "line": {"width": 1}}, {"y": np.full(2, row)}]} for row in (1.0, 2.0)
    ]
    told = packed(pictures)
    assert [path for path, _ in told["varying"]] == [("data", 1, "y")]
    assert told["common"]["data"][0]["line"] == {"width": 1}


@pytest.mark.parametrize("other", [True, 1.0, "1", None, [1], np.array([1])])
def test_things_that_only_look_alike_are_kept_apart(other: object) -> None:
    kinds = [type(picture["a"]) for picture in through_text([{"a": 1}, {"a": other}])]
    assert kinds[0] is int
    assert kinds[1] is (type(other) if not isinstance(other, np.ndarray) else np.ndarray)
