"""A record as a whole: its sums, the interval and Z, against their definitions and their promises."""

from __future__ import annotations

import math
from statistics import mean, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.beliefs import together as module
from cards.beliefs.movement import Moved, measure_all
from cards.beliefs.noise import Noise
from cards.beliefs.together import FEWEST_FOR_INTERVAL, Together, together
from tests.cards.beliefs.reporters import reports

paths = st.lists(st.lists(st.integers(0, 100).map(lambda p: p / 100), min_size=1, max_size=8), max_size=30)


def random() -> np.random.Generator:
    return np.random.default_rng(8)


@given(paths)
def test_sums_and_z_are_what_their_definitions_say(record: list[list[float]]) -> None:
    claims = measure_all(record)
    found = together(claims, random=random(), noise=Noise(0.01, 30), resamples=10)
    moved = [one for one in claims if one.movement > 0]
    excesses = [one.excess for one in moved]
    assert (found.n, found.still) == (len(moved), sum(len(p) > 1 and len(set(p)) == 1 for p in record))
    assert found.movement == pytest.approx(math.fsum(one.movement for one in claims), abs=1e-12)
    assert found.reduction == pytest.approx(math.fsum(one.reduction for one in claims), abs=1e-12)
    assert found.mean_excess * max(found.n, 1) == pytest.approx(found.excess, abs=1e-12)
    assert found.mean_movement - found.mean_reduction == pytest.approx(found.mean_excess, abs=1e-12)
    assert (found.up, found.down) == (sum(one.up for one in claims), sum(one.down for one in claims))
    assert found.noise_excess == pytest.approx(2 * 0.01**2 * sum(one.updates for one in moved))
    if len(moved) < 2:
        assert found.z is found.z_beyond_noise is None
    elif stdev(excesses) > 1e-9 and abs(mean(excesses)) > 1e-9:
        assert found.z == pytest.approx(mean(excesses) * math.sqrt(len(moved)) / stdev(excesses))


def test_claims_that_never_moved_change_nothing_but_their_own_count() -> None:
    claims = measure_all(reports(30, random()).tolist())
    plain = together(claims, random=random())
    padded = together([Moved(0, 0, 3, 0, 0), *claims, Moved(0, 0, 0, 0, 0)], random=random())
    assert (padded.n, padded.still) == (plain.n, 1)
    assert (padded.z, padded.ratio, padded.interval) == (plain.z, plain.ratio, plain.interval)


def test_a_record_without_claims() -> None:
    nothing = together([], random=random(), noise=Noise(0.02, 30))
    assert nothing == Together(0, 0, 0, 0, 0, 0.0, 0.0, noise=Noise(0.02, 30))
    assert nothing.ratio is None
    assert (nothing.mean_movement, nothing.noise_excess, nothing.one_way) == (0, 0, 0.5)


def test_noise_that_is_exactly_known_leaves_what_would_be_there_without_it() -> None:
    claims = [Moved(0.2 + one, 0.1, 5, 3, 2) for one in (0.0, 0.02, 0.04)]
    found = together(claims, random=random(), noise=Noise(0.1, 40))
    assert found.z == pytest.approx(0.12 * math.sqrt(3) / 0.02)
    assert found.z_beyond_noise == pytest.approx(0.02 * math.sqrt(3) / 0.02)  # 2 · 0.01 · 5 is taken off


def test_the_interval_is_the_bootstraps() -> None:
    """Against a plain one: weights of a multinomial, and the sorted ratios' places."""
    claims = measure_all(reports(60, random()).tolist())
    low, high = together(claims, random=np.random.default_rng(1), resamples=20_000).interval or (0, 0)
    weights = np.random.default_rng(2).multinomial(60, np.full(60, 1 / 60), size=20_000)
    moved, reduced = np.array([one[:2] for one in claims]).T
    ratios = np.sort((weights @ moved) / (weights @ reduced))
    # The 2.5% quantile of 20,000 draws lies with its error between the places of 2.1% and of 2.9%.
    assert ratios[420] <= low <= ratios[580]
    assert ratios[-580] <= high <= ratios[-420]


def test_the_interval_is_the_same_however_many_are_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = measure_all(reports(25, random()).tolist())
    whole = together(claims, random=random(), resamples=1001).interval
    monkeypatch.setattr(module, "DRAWS_AT_ONCE", 7 * 25)
    assert together(claims, random=random(), resamples=1001).interval == whole


@pytest.mark.parametrize(("reaction", "ratio"), [(1.0, 1.0), (1.5, 1.35), (0.6, 0.76)])
def test_the_interval_holds_the_true_ratio_as_often_as_it_is_said_to(reaction: float, ratio: float) -> None:
    """93 to 94% at twenty claims, and so within four errors of 200 records between 87 and 99%."""
    records, draw = 200, np.random.default_rng(3)
    held = 0
    for _ in range(records):
        claims = measure_all(reports(20, draw, reaction=reaction).tolist())
        low, high = together(claims, random=draw, resamples=500).interval or (0.0, 0.0)
        held += low <= ratio <= high
    assert 0.935 - 4 * math.sqrt(0.935 * 0.065 / records) < held / records <= 1


def test_below_twenty_claims_there_is_no_interval() -> None:
    claims = measure_all(reports(FEWEST_FOR_INTERVAL, random()).tolist())
    assert together(claims, random=random()).interval is not None
    assert together(claims[1:], random=random()).interval is None


def test_where_uncertainty_rose_there_is_no_ratio_and_no_upper_limit() -> None:
    rising = together(measure_all([[0.9, 0.5 + k / 100] for k in range(30)]), random=random())
    assert rising.reduction < 0
    assert rising.ratio is None
    assert rising.interval == (math.inf, math.inf)


def test_where_it_may_have_risen_the_interval_has_a_lower_end_only() -> None:
    record = [[0.5, 0.8]] * 11 + [[0.8, 0.5]] * 10
    found = together(measure_all(record), random=random())
    low, high = found.interval or (0, 0)
    assert found.ratio == pytest.approx(21 * 0.09 / 0.09)
    assert 1 < low < 21
    assert high == math.inf


def test_the_same_seed_gives_the_same_interval() -> None:
    claims = measure_all(reports(40, random()).tolist())
    assert together(claims, random=random()) == together(claims, random=random())
