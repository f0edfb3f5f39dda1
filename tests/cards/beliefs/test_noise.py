"""The noise floor: what repeat ratings say of it, and what it does to movement, by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cards.beliefs.movement import measure_all
from cards.beliefs.noise import ENOUGH_PAIRS, Noise, noise

SD = 0.03


def test_two_reports_differ_by_two_errors() -> None:
    assert noise([(0.5, 0.54), (0.3, 0.27)]) == pytest.approx((0.025, 2))  # √((0.04² + 0.03²)/4)
    assert noise([(0.5, 0.5)]) == Noise(0.0, 1)
    assert noise([]) is None


def test_pairs_find_the_noise_within_the_error_that_they_claim() -> None:
    records, pairs = 2000, 50
    reported = 0.5 + SD * np.random.default_rng(1).standard_normal((records, pairs, 2))
    found = [noise([(a, b) for a, b in record]) for record in reported.tolist()]
    sds = np.array([one.sd for one in found if one])
    error = Noise(SD, pairs).relative_error
    assert (sds**2).mean() == pytest.approx(SD**2, rel=4 * 2 * error / math.sqrt(records))
    assert sds.std() / SD == pytest.approx(error, rel=0.1)


@pytest.mark.parametrize("updates", [1, 2, 15])
@pytest.mark.parametrize("settled", [False, True])
def test_noise_alone_adds_its_movement_and_its_excess(updates: int, *, settled: bool) -> None:
    """Reports of a steady 40%, with an end at 1 or 0 in its share of claims where they are settled."""
    claims, random = 8000, np.random.default_rng(2)
    steady = np.full((claims, updates + 1), 0.4)
    reported = steady + SD * random.standard_normal(steady.shape)
    if settled:
        steady[:, -1] = reported[:, -1] = random.random(claims) < 0.4
    pure, noisy = measure_all(steady.tolist()), measure_all(reported.tolist())
    for field, added in (
        ("movement", Noise(SD, 9).movement(updates, settled=settled)),
        ("excess", Noise(SD, 9).excess(updates)),
    ):
        each = np.array([getattr(b, field) - getattr(a, field) for a, b in zip(pure, noisy, strict=True)])
        assert each.mean() == pytest.approx(added, abs=4 * each.std() / math.sqrt(claims))


def test_enough_pairs_are_known_to_a_sixth() -> None:
    assert not Noise(SD, ENOUGH_PAIRS - 1).enough
    assert Noise(SD, ENOUGH_PAIRS).enough
    assert Noise(SD, ENOUGH_PAIRS).relative_error == pytest.approx(1 / 6, abs=0.01)
