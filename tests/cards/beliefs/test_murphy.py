"""Murphy's decomposition: an identity for any forecasts, and without bias where every outcome is counted."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.beliefs.calibration import Forecast
from cards.beliefs.murphy import ENOUGH, bias_corrected, decompose, murphy
from cards.beliefs.scores import brier, mean


def claims(said: list[float], happened: list[bool]) -> list[Forecast]:
    return [Forecast(str(place), *row) for place, row in enumerate(zip(said, happened, strict=True))]


forecasts = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40).map(
    lambda rows: claims(*map(list, zip(*rows, strict=True)))
)


@given(forecasts, st.integers(1, 12))
def test_the_terms_add_up_to_the_brier_score_exactly(given: list[Forecast], bins: int) -> None:
    score = mean(brier(one.probability, one.happened) for one in given)
    assert score is not None
    for terms in (decompose(given, bins), bias_corrected(given, bins)):
        assert terms.brier == pytest.approx(score.value, abs=1e-12)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.35, 0.5, 0.95]), st.booleans()), min_size=1, max_size=30))
def test_forecasts_that_are_equal_within_bins_need_no_terms_within_them(
    rows: list[tuple[float, bool]],
) -> None:
    said, happened = zip(*rows, strict=True)
    terms = decompose(claims(list(said), list(happened)))
    assert (terms.within_variance, terms.within_covariance) == pytest.approx((0, 0), abs=1e-12)


def test_a_worked_example() -> None:
    """Four claims at 80%, of which three came true, and one of four at 20%."""
    terms = decompose(claims([0.8] * 4 + [0.2] * 4, [True] * 3 + [False] + [True] + [False] * 3))
    assert terms == pytest.approx((0.05**2, 0.25**2, 0.25, 0, 0), abs=1e-15)


def test_a_forecast_alone_in_its_bin_joins_the_one_below_or_else_the_one_above() -> None:
    alone_above = claims([0.1, 0.1, 0.5], [False, True, True])
    alone_below = claims([0.1, 0.5, 0.5], [False, True, True])
    for three in (alone_above, alone_below):
        assert bias_corrected(three) == pytest.approx(bias_corrected(three, bins=1), abs=1e-15)
        assert decompose(three) != pytest.approx(decompose(three, bins=1), abs=1e-3)


@pytest.mark.parametrize("true", [(0.3, 0.75), (0.5, 0.6), (0.0, 1.0)])
def test_the_corrected_reliability_is_unbiased_over_every_outcome(true: tuple[float, float]) -> None:
    """Of four claims at 30% and three at 75%, whatever their true chances are."""
    said = [0.3] * 4 + [0.75] * 3
    chances = np.repeat(true, (4, 3))
    outcomes = np.array(list(product([False, True], repeat=7)))
    weights = np.where(outcomes, chances, 1 - chances).prod(axis=1)
    found = [bias_corrected(claims(said, row)) for row in outcomes.tolist()]
    off = [(a - b) ** 2 for a, b in zip(said, chances, strict=True)]
    assert weights @ [one.reliability for one in found] == pytest.approx(np.mean(off), abs=1e-12)


@pytest.mark.parametrize(("n", "reliability"), [(20, 0.076), (50, 0.033), (100, 0.017)])
def test_calibrated_forecasters_look_unreliable_until_it_is_corrected(n: int, reliability: float) -> None:
    """Within four errors of the simulation; the correction's own bias comes of unequal forecasts in a bin."""
    random, people = np.random.default_rng(9), 200
    said = random.random((people, n))
    records = [
        claims(row.tolist(), happened.tolist())
        for row, happened in zip(said, random.random((people, n)) < said, strict=True)
    ]
    plain = np.array([decompose(record).reliability for record in records])
    corrected = np.array([bias_corrected(record).reliability for record in records])
    error = 4 * plain.std() / math.sqrt(people)
    assert plain.mean() == pytest.approx(reliability, abs=error + 0.0005)
    spread = 10 * (0.1**2 / 12) / n  # of forecasts in ten bins of a tenth
    assert corrected.mean() == pytest.approx(-spread, abs=4 * corrected.std() / math.sqrt(people) + 0.0005)


def test_there_is_nothing_to_be_shown_below_a_hundred_claims() -> None:
    given = claims([0.3, 0.8] * (ENOUGH // 2), [False, True] * (ENOUGH // 2))
    found = murphy(given)
    assert found is not None
    assert found == (ENOUGH, decompose(given), bias_corrected(given))
    assert murphy(given[1:]) is murphy([]) is None


def test_without_a_forecast_there_is_nothing_to_take_apart() -> None:
    with pytest.raises(ValueError, match="no forecast to judge"):
        decompose([])
