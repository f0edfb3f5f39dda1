"""Numbers before a browser is there read as they do in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.words import number, quantity


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (2500, "2,500"), (2500.5, "2,501"), (999.95, "1,000"), (62.5, "62.5"), (0.0123, "0.0123"),
     (0.00001234567, "0.00001235"), (-0.5, "-0.5"),
     (-1234567, "-1,234,567"), (100, "100"), (390.72, "390.7")],
)  # fmt: skip
def test_a_number_has_no_more_digits_than_a_reader_can_use(value: float, words: str) -> None:
    assert number(value) == words


@given(st.floats(-1e15, 1e15))
def test_a_number_is_said_to_four_digits_or_whole(value: float) -> None:
    said = float(number(value).replace(",", ""))
    assert abs(said - value) <= max(0.0005 * abs(value), 0 if abs(value) < 1000 else 0.5) * (1 + 1e-9)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(0.375, "share", "37.5%"), (1, "updates", "1 update"), (2, "updates", "2 updates"),
     (1, "lives", "1 life"),
     (0.1, "", "0.1"), ("7 4 10", "", "7 4 10"), (1000, "walkers", "1,000 walkers")],
)  # fmt: skip
def test_a_quantity_has_its_unit_and_a_share_is_in_percent(value: float | str, unit: str, words: str) -> None:
    assert quantity(value, unit) == words
