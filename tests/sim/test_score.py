"""Scores of guesses: honest answers do best, perfect ones score 0, and what cannot be scored is not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.guess import Choice, Interval, Number
from sim.score import holds, interval_score, log_ratio, score

numbers = st.floats(-1e6, 1e6)
positive = st.floats(1e-6, 1e6)
whole = st.integers(-(10**6), 10**6).map(float)  # sums of these are exact
counts = st.integers(1, 10**6).map(float)
confidences = st.sampled_from([0.5, 0.8, 0.9, 0.99])


@given(
    believed=st.lists(numbers, min_size=1, max_size=40),
    confidence=confidences,
    ends=st.tuples(numbers, numbers),
)
def test_nobody_does_better_than_with_the_quantiles_of_what_they_believe(
    believed: list[float], confidence: float, ends: tuple[float, float]
) -> None:
    """The interval score is proper: its mean over a distribution is least for its quantiles."""
    tail = (1 - confidence) / 2
    honest = np.quantile(believed, [tail, 1 - tail], method="inverted_cdf")

    def mean(low: float, high: float) -> float:
        return float(np.mean([interval_score(low, high, truth, confidence) for truth in believed]))

    best = mean(*honest)
    assert best <= mean(*sorted(ends)) + 1e-9 * (1 + abs(best))


def test_the_interval_score_is_the_published_one() -> None:
    """Winkler's (U − L) + (2/α)(L − x)⁺ + (2/α)(x − U)⁺ at α = 0.2, worked by hand."""
    assert interval_score(10, 20, 15, 0.8) == pytest.approx(10)
    assert interval_score(10, 20, 8, 0.8) == pytest.approx(10 + 10 * 2)
    assert interval_score(10, 20, 21, 0.8) == pytest.approx(10 + 10 * 1)
    assert interval_score(10, 20, 21, 0.5) == pytest.approx(10 + 4 * 1)


@given(low=whole, width=counts, truth=whole, confidence=confidences, shift=whole, factor=positive)
def test_the_interval_score_has_the_unit_of_what_was_asked(
    low: float, width: float, truth: float, confidence: float, shift: float, factor: float
) -> None:
    plain = interval_score(low, low + width, truth, confidence)
    moved = interval_score(low + shift, low + width + shift, truth + shift, confidence)
    scaled = interval_score(low * factor, (low + width) * factor, truth * factor, confidence)
    assert moved == plain
    assert scaled == pytest.approx(plain * factor, rel=1e-9, abs=1e-9 * factor * (abs(low) + abs(truth)))


@given(low=whole, width=counts, truth=whole, confidence=confidences)
def test_the_interval_score_is_the_width_exactly_if_it_holds_the_truth(
    low: float, width: float, truth: float, confidence: float
) -> None:
    said = Interval(low, low + width, confidence)
    missed = interval_score(said.low, said.high, truth, confidence) - (said.high - said.low)
    inside = said.low <= truth <= said.high
    assert (missed == 0) is inside
    assert not inside or holds(said, truth)


@given(guess=positive, truth=positive, factor=positive)
def test_a_log_ratio_sees_ratios_only(guess: float, truth: float, factor: float) -> None:
    plain = log_ratio(guess, truth)
    assert plain is not None
    for same in (
        log_ratio(truth, guess),
        log_ratio(factor * guess, factor * truth),
        log_ratio(-guess, -truth),
    ):
        assert same == pytest.approx(plain, abs=1e-9)
    assert log_ratio(guess, guess) == 0
    assert log_ratio(guess * math.e, guess) == pytest.approx(1)


@pytest.mark.parametrize(("guess", "truth"), [(0.0, 1.0), (1.0, 0.0), (-1.0, 1.0)])
def test_what_has_no_ratio_has_no_score(guess: float, truth: float) -> None:
    assert log_ratio(guess, truth) is None


def test_a_log_ratio_is_finite_however_far_apart_the_two_are() -> None:
    assert log_ratio(1e300, 1e-300) == pytest.approx(600 * math.log(10))


THREE = (Choice("under 100", high=100), Choice("100 to 1,000", 100, 1000), Choice("over 1,000", 1000))


@given(truth=numbers)
def test_one_of_the_choices_is_right_and_two_only_on_the_border_between_them(truth: float) -> None:
    right = [choice.words for choice in THREE if holds(choice, truth)]
    assert len(right) == 1 or min(abs(truth - 100), abs(truth - 1000)) < 1e-5


def test_each_kind_is_scored_by_its_own_rule() -> None:
    assert score(Number(200), 2500) == pytest.approx(math.log(12.5))
    assert score(Interval(100, 300, 0.8), 250) == 200
    assert [score(choice, 250) for choice in THREE] == [1.0, 0.0, 1.0]
