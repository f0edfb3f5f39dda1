"""Numbers in prose: how they are written, and when they are stale."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.values import by_default, read_written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (2500.0, "2,500"),
        (2499.9999999999, "2,500"),
        (0.5, "0.5"),
        (0.0855, "0.0855"),
        (1 / 3, "0.333"),
        (99.96, "100"),
        (999.6, "1,000"),
        (12345.6, "12,346"),
        (-1.5, "−1.5"),
        (1e-7, "1 × 10⁻⁷"),
        (-2.5e20, "−2.5 × 10²⁰"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "undefined"),
    ],
)
def test_by_default(value: float, text: str) -> None:
    assert by_default(value) == text


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [
        ("2,500", "2500", 0),
        ("2\u2009500", "2500", 0),
        ("2\u202f500\u202f000.50", "2500000.50", 2),
        ("2500", "2500", 0),
        ("+3", "3", 0),
        ("-1.5", "-1.5", 1),
        ("−1.5", "-1.5", 1),
        ("25%", "25", 0),
        ("8.6 %", "8.6", 1),
        ("0.0855", "0.0855", 4),
    ],
)
def test_a_written_number_is_read(text: str, value: str, places: int) -> None:
    written = read_written(text)
    assert written is not None
    assert (written.value, written.places) == (Decimal(value), places)


@pytest.mark.parametrize(
    "text", ["", "a quarter", "1,2,3", "25,00", "1.", ".5", "1e5", "2 500", "50 %%", "٣", "1/2"]
)
def test_what_is_not_a_number(text: str) -> None:
    assert read_written(text) is None


@pytest.mark.parametrize(
    ("text", "computed", "agrees"),
    [
        ("2,500", 2500.0, True),
        ("2,500", 2500.4, True),
        ("2,500", 2500.6, False),
        ("25%", 0.25, True),
        ("25%", 0.2549, True),
        ("25%", 0.256, False),
        ("8.5%", 0.0855, True),  # a tie may be rounded either way
        ("8.6%", 0.0855, True),
        ("0.1", 0.1 + 0.05 - 1e-17, True),
        ("−1.5", -1.5, True),
        ("1.5", -1.5, False),
        ("0", -0.2, True),
        ("5", math.inf, False),
        ("5", math.nan, False),
    ],
)
def test_agreement(text: str, computed: float, agrees: bool) -> None:
    written = read_written(text)
    assert written is not None
    assert written.agrees_with(computed) is agrees


def test_a_quantity_in_percent_is_not_multiplied_again() -> None:
    written = read_written("25%")
    assert written is not None
    assert written.agrees_with(25.0, unit="%")
    assert not written.agrees_with(0.25, unit="%")


@given(
    st.floats(-1e12, 1e12),
    st.integers(0, 6),
    st.sampled_from(["", ",", "\u2009", "\u202f"]),
    st.sampled_from(["", "%", "\u202f%"]),
)
def test_a_stale_number_is_true_once_rewritten_as_the_hint_says(
    computed: float, places: int, group: str, percent: str
) -> None:
    example = f"1{group}000.{'0' * places}".rstrip(".") + percent
    written = read_written(example)
    assert written is not None
    again = read_written(written.rewritten(computed))
    assert again is not None
    assert again.agrees_with(computed)
    assert again.places == places


@given(st.floats(-1e300, 1e300))
def test_what_is_written_by_default_is_near_the_value(value: float) -> None:
    text = by_default(value).replace("−", "-").replace(",", "")
    digits, _, exponent = text.partition(" × 10")
    power = int(exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)
    assert math.isclose(float(f"{digits}e{power}"), value, rel_tol=6e-3, abs_tol=0)
