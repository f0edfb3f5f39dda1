"""Fuzz stays within Anki's ranges, is even over them, and depends on its seed alone."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.fuzz import fuzz_bounds, fuzz_factor, fuzzed

WIDE = {"minimum": 1, "maximum": 36500}
days = st.integers(1, 40_000)
limits = st.tuples(st.integers(1, 40_000), st.integers(1, 40_000)).map(sorted)


@pytest.mark.parametrize(
    ("interval", "bounds"),
    [
        (1, (1, 1)),
        (2, (2, 2)),
        (3, (2, 4)),  # 3 ± 1.075
        (7, (5, 9)),  # 7 ± 1.675
        (10, (8, 12)),  # 10 ± 1.975
        (20, (17, 23)),  # 20 ± 2.975
        (100, (93, 107)),  # 100 ± 6.975
    ],
)
def test_ranges(interval: int, bounds: tuple[int, int]) -> None:
    assert fuzz_bounds(interval, **WIDE) == bounds


@given(days, limits)
def test_bounds_are_in_order_and_within_the_limits(interval: int, limits: list[int]) -> None:
    minimum, maximum = limits
    first, last = fuzz_bounds(interval, minimum=minimum, maximum=maximum)
    assert minimum <= first <= last <= maximum


def test_every_day_of_the_range_is_reached_evenly() -> None:
    reached = Counter(fuzzed(10, factor=step / 1000, **WIDE) for step in range(1000))
    assert reached == {8: 200, 9: 200, 10: 200, 11: 200, 12: 200}


def test_without_a_factor_only_the_limits_act() -> None:
    assert fuzzed(10, factor=None, **WIDE) == 10
    assert fuzzed(10, factor=None, minimum=12, maximum=20) == 12
    assert fuzzed(10, factor=None, minimum=12, maximum=5) == 5


def test_seeds_spread_evenly_and_are_the_same_everywhere() -> None:
    factors = [fuzz_factor(f"card-{number}/3") for number in range(10_000)]
    assert all(0 <= factor < 1 for factor in factors)
    # The mean of 10,000 draws has a standard error of 0.0029; the deciles hold 1000 ± 30 each.
    assert sum(factors) / len(factors) == pytest.approx(0.5, abs=0.012)
    assert max(abs(count - 1000) for count in Counter(int(10 * f) for f in factors).values()) < 120
    assert fuzz_factor("card-1/3") == pytest.approx(0.4196412, abs=1e-7)
