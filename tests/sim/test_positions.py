"""A slider stands at a hundred places at most, in order, within its bounds, and where the page opened."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import create_model

from sim.positions import MOST, Bounds, bounds, positions
from sim.spec import Settings, get, is_text, names, setting

PAIRS = [
    (name, field)
    for name in names()
    for field in get(name).module.Config.model_fields
    if not is_text(get(name).module.Config, field)
]


def config_type(kind: type, low: float, high: float, **more: object) -> type[Settings]:
    """A toy's `Config` with one setting, `value`."""
    field = setting(low, low=low, high=high, title="Value", help="A value.", **more)  # type: ignore[arg-type]
    return create_model("Config", __base__=Settings, value=(kind, field))


@pytest.mark.parametrize(("name", "field"), PAIRS)
def test_every_toys_sliders_have_few_positions_in_order_from_least_to_greatest(name: str, field: str) -> None:
    config = get(name).module.Config
    given = bounds(config, field)
    home = getattr(config(), field)
    found = positions(config, field, home)
    assert 2 <= len(found) <= MOST + 1
    assert all(before < after for before, after in pairwise(found))
    assert home in found
    assert (found[0], found[-1]) == (given.low, given.high)
    assert all(type(value) is (int if given.integer else float) for value in found)


@given(st.floats(0.01, 0.99))
def test_the_value_that_a_page_opens_with_is_a_position_to_the_last_bit(home: float) -> None:
    config = get("belief_walk").module.Config
    found = positions(config, "start", home)
    assert home in found
    assert 99 <= len(found) <= 100
    assert (found[0], found[-1]) == (0.01, 0.99)
    assert all(before < after for before, after in pairwise(found))


@given(st.integers(1, 2000), st.integers(2, 5000), st.booleans(), st.data())
def test_whole_numbers_are_taken_once_each(low: int, span: int, log: bool, data: st.DataObject) -> None:
    config = config_type(int, low, low + span, scale="log" if log else "linear")
    home = data.draw(st.integers(low, low + span))
    found = positions(config, "value", home)
    assert {low, home, low + span} <= set(found)
    assert len(found) <= MOST + 1
    assert all(before < after for before, after in pairwise(found))


def test_a_range_of_decades_goes_by_equal_factors() -> None:
    found = positions(config_type(float, 0.001, 1000.0, scale="log"), "value", 1.0)
    assert len(found) == MOST
    factors = [after / before for before, after in pairwise(found)]
    assert all(math.isclose(factor, 10 ** (6 / 120), rel_tol=0.01) for factor in factors)


def test_a_step_is_kept_to() -> None:
    found = positions(config_type(float, 0.0, 1.0, step=0.25), "value", 0.5)
    assert found == [0, 0.25, 0.5, 0.75, 1]
    assert bounds(config_type(float, 0.0, 1.0, step=0.25), "value") == Bounds(
        0, 1, integer=False, log=False, step=0.25
    )
