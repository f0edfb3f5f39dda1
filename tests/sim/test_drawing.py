"""Numbers in words have the digits that they deserve, and lines drawn as one stay apart."""

from __future__ import annotations

import numpy as np
import pytest

from sim.toys._drawing import axis, from_zero, number, percent, plus_minus, separated, ticks


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (2500, "2,500"),
        (999.6, "1,000"),
        (99.96, "100"),
        (62.5, "62.5"),
        (4, "4"),
        (0.019595, "0.0196"),
        (0, "0"),
    ],
)
def test_numbers(value: float, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        (2517.7, 14.6, "2,518 ± 15"),
        (25.19, 0.1416, "25.2 ± 0.1"),
        (4.0316, 0.0201, "4.03 ± 0.02"),
        (98.7, 4.06, "99 ± 4"),
        (256432, 4811.7, "256,432 ± 4,812"),
        (7, 0, "7 ± 0"),
    ],
)
def test_measured_numbers_stop_at_the_first_digit_of_their_error(
    value: float, error: float, said: str
) -> None:
    assert plus_minus(value, error) == said


@pytest.mark.parametrize(
    ("share", "said"), [(1, "100%"), (0.7169, "72%"), (0.0996, "10%"), (0.0973, "9.7%"), (0.003, "0.3%")]
)
def test_shares(share: float, said: str) -> None:
    assert percent(share) == said


def test_a_gap_stands_after_every_line() -> None:
    joined = separated([np.array([1.0, 2.0]), np.array([3.0])])
    np.testing.assert_array_equal(joined, np.array([1, 2, np.nan, 3, np.nan], dtype=np.float32))
    assert len(separated([])) == 0


@pytest.mark.parametrize(
    ("low", "high", "most", "words"),
    [
        (0, 7742, 5, ["0", "2,000", "4,000", "6,000"]),
        (-4.4, 4.4, 8, ["−4", "−2", "0", "2", "4"]),
        (0, 0.262, 4, ["0", "0.1", "0.2"]),
        (0, 0.012, 4, ["0", "0.005", "0.01"]),
        (0, 10, 6, ["0", "2", "4", "6", "8", "10"]),
    ],
)
def test_an_axis_is_marked_at_round_numbers(low: float, high: float, most: int, words: list[str]) -> None:
    marked = ticks(low, high, most=most)
    assert marked["ticktext"] == words
    values = [float(word.replace(",", "").replace("−", "-")) for word in words]
    assert marked["tickvals"] == pytest.approx(values)


def test_words_may_stand_before_the_first_mark() -> None:
    assert ticks(0, 520, most=6, before="week ")["ticktext"][:2] == ["week 0", "100"]


def test_an_axis_from_zero_has_room_for_the_tallest() -> None:
    assert from_zero(np.array([1.0, 2.0]), np.array([4.0])) == pytest.approx([0, 4.2])
    assert from_zero(np.zeros(3)) == from_zero() == [0, 1]


def test_an_axis_says_its_domain_as_plotly_can_read_it_back() -> None:
    assert axis(domain=(0.0, 0.5))["domain"] == [0.0, 0.5]
