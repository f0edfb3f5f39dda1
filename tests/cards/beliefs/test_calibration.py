"""The calibration curve: every claim in one bin, and bands that cover what they promise."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.beliefs.calibration import Forecast, curve
from cards.stats.retention import Share

forecasts = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40).map(
    lambda rows: [Forecast(f"claim-{place}", said, happened) for place, (said, happened) in enumerate(rows)]
)


@given(forecasts, st.integers(1, 20))
def test_every_claim_lies_in_the_one_bin_that_holds_its_forecast(given: list[Forecast], bins: int) -> None:
    found = curve(given, bins)
    by_id = {one.claim_id: one for one in given}
    assert sorted(claim for one in found for claim in one.claims) == sorted(by_id)
    assert [one.low for one in found] == sorted({one.low for one in found})
    for one in found:
        inside = [by_id[claim] for claim in one.claims]
        assert one.n == len(inside) > 0
        assert one.true.successes == sum(each.happened for each in inside)
        assert one.forecast == pytest.approx(math.fsum(each.probability for each in inside) / len(inside))
        for each in inside:
            assert one.low - 1e-8 <= each.probability < one.high or one.high == 1 == each.probability


@pytest.mark.parametrize("bins", [10, 20])
def test_a_forecast_on_an_edge_lies_in_the_bin_above_it(bins: int) -> None:
    found = curve([Forecast(str(k), k / bins, happened=False) for k in range(bins + 1)], bins)
    assert [one.claims for one in found] == [
        *((str(k),) for k in range(bins - 1)),
        (str(bins - 1), str(bins)),
    ]


def test_rounding_puts_no_forecast_below_its_edge() -> None:
    assert 1 - 0.9 < 0.1
    assert curve([Forecast("a", 1 - 0.9, happened=True)])[0].low == 0.1


@pytest.mark.parametrize("n", [5, 20, 60])
def test_the_bands_hold_the_truth_about_as_often_as_they_say(n: int) -> None:
    """Counted over every number that may come true: 95% on average over the truth."""
    bands = [Share(k, n).interval() for k in range(n + 1)]
    truths = [(place + 0.5) / 400 for place in range(400)]
    covered = [
        math.fsum(
            math.comb(n, k) * p**k * (1 - p) ** (n - k)
            for k, (low, high) in enumerate(bands)
            if low <= p <= high
        )
        for p in truths
    ]
    assert math.fsum(covered) / len(covered) == pytest.approx(0.95, abs=0.01)
    assert min(covered) > 0.82


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([Forecast("a", 0.2, happened=True)] * 2, "a has two forecasts; give one forecast a claim"),
        ([Forecast("a", 1.2, happened=True)], r"The forecast of a is 1\.2; give one from 0 to 1"),
        ([Forecast("a", math.nan, happened=True)], "The forecast of a is nan"),
    ],
)
def test_what_cannot_be_counted_is_refused(given: list[Forecast], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        curve(given)
