"""Scores: the published ones, and proper: no misreport improves what is expected."""

from __future__ import annotations

import math
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.beliefs.scores import CLIP, Mean, brier, coverage, log_score, mean
from sim.guess import Interval
from sim.score import interval_score

chances = st.floats(0, 1)


@given(chances, chances)
def test_no_misreport_improves_the_expected_brier_score_and_it_costs_its_square(
    true: float, said: float
) -> None:
    def expected(forecast: float) -> float:
        return true * brier(forecast, True) + (1 - true) * brier(forecast, False)

    assert expected(said) - expected(true) == pytest.approx((said - true) ** 2, abs=1e-12)


@given(st.floats(CLIP, 1 - CLIP), chances)
def test_no_misreport_improves_the_expected_log_score_within_the_clip(true: float, said: float) -> None:
    def expected(forecast: float) -> float:
        return true * log_score(forecast, True) + (1 - true) * log_score(forecast, False)

    assert expected(said) <= expected(true) + 1e-12


@given(st.floats(0, CLIP), chances)
def test_beyond_the_clip_whatever_lies_beyond_it_is_best(true: float, said: float) -> None:
    def expected(forecast: float) -> float:
        return true * log_score(forecast, True) + (1 - true) * log_score(forecast, False)

    assert expected(said) <= expected(true) + 1e-12
    assert expected(true) == expected(0.0)


@given(
    believed=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30),
    confidence=st.sampled_from([0.5, 0.8, 0.9]),
    shift=st.tuples(st.floats(-50, 50), st.floats(-50, 50)),
)
def test_no_other_interval_improves_on_the_quantiles(
    believed: list[float], confidence: float, shift: tuple[float, float]
) -> None:
    ordered, tail = sorted(believed), (1 - confidence) / 2
    low, high = (ordered[max(math.ceil(len(ordered) * q - 1e-9) - 1, 0)] for q in (tail, 1 - tail))
    other = sorted((low + shift[0], high + shift[1]))

    def expected(ends: list[float]) -> float:
        return fmean(interval_score(ends[0], ends[1], truth, confidence) for truth in believed)

    assert expected([low, high]) <= expected(other) + 1e-7


def test_the_scores_are_the_published_ones() -> None:
    assert [brier(0.5, True), brier(0, True), brier(1, True)] == [0.25, 1, 0]
    assert brier(0.7, False) == pytest.approx(0.49)
    assert [log_score(0.5, True), log_score(0.5, False)] == [0, 0]
    assert log_score(0.25, True) == -1
    assert log_score(1, True) == log_score(0.99, True) == pytest.approx(0.9855, abs=1e-4)
    assert log_score(1, False) == log_score(0.99, False) == pytest.approx(-5.6439, abs=1e-4)


@given(st.lists(st.floats(-6, 1), min_size=2, max_size=20))
def test_a_mean_comes_with_its_standard_error(scores: list[float]) -> None:
    found = mean(iter(scores))
    error = stdev(scores) / math.sqrt(len(scores))
    assert found is not None
    assert found.n == len(scores)
    assert (found.value, found.error) == pytest.approx((fmean(scores), error), abs=1e-9)


def test_of_one_claim_no_error_is_known_and_of_none_nothing() -> None:
    assert mean([0.25]) == Mean(0.25, None, 1)
    assert mean([]) is None


def test_intervals_are_held_against_the_confidence_they_were_given_with() -> None:
    said = [(Interval(0, 10, 0.8), 10.0), (Interval(0, 10, 0.8), 10.1), (Interval(5, 6, 0.5), 5.5)]
    found = coverage(said)
    assert found is not None
    assert found.held == (2, 3)
    assert found.confidence == pytest.approx(0.7)
    assert coverage([]) is None
