"""Movement against reduction: worked examples, an identity, and the theorem that they agree on average."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.movement import FLAGGED, excess, movement, noise_floor, reduction, z_score

credences = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("path", "moved", "reduced"),
    [
        ([1 / 2, 1 / 4, 1 / 10], 17 / 200, 4 / 25),
        ([1 / 2, 1 / 4, 1 / 2], 1 / 8, 0),
        ([0.3], 0, 0),
        ([0.2, 1], 0.64, 0.16),
    ],
)
def test_worked_examples(path: list[float], moved: float, reduced: float) -> None:
    assert movement(path) == pytest.approx(moved)
    assert reduction(path) == pytest.approx(reduced)
    assert excess(path) == pytest.approx(moved - reduced)


@given(credences)
def test_the_excess_is_a_sum_that_no_martingale_can_tilt(path: list[float]) -> None:
    p = np.array(path)
    assert excess(path) == pytest.approx(((2 * p[:-1] - 1) * (p[:-1] - p[1:])).sum(), abs=1e-12)


@given(credences)
def test_a_claim_and_its_denial_move_alike(path: list[float]) -> None:
    denial = [1 - p for p in path]
    assert movement(denial) == pytest.approx(movement(path))
    assert reduction(denial) == pytest.approx(reduction(path), abs=1e-12)


@given(st.floats(0.05, 0.95), st.floats(0.55, 0.95), st.integers(1, 6))
def test_a_bayesian_moves_on_average_as_much_as_uncertainty_falls(
    prior: float, accuracy: float, signals: int
) -> None:
    """By listing every sequence of signals with its chance."""
    right = np.array(list(product([True, False], repeat=signals)))  # [sequence, signal]: does it say yes?
    if_true = np.cumprod(np.where(right, accuracy, 1 - accuracy), axis=1)
    if_false = np.cumprod(np.where(right, 1 - accuracy, accuracy), axis=1)
    chance = prior * if_true + (1 - prior) * if_false
    path = np.insert(prior * if_true / chance, 0, prior, axis=1)
    assert chance[:, -1] @ movement(path) == pytest.approx(chance[:, -1] @ reduction(path), abs=1e-12)
    settled = np.concatenate([np.append(path, np.full((len(path), 1), end), axis=1) for end in (1.0, 0.0)])
    weight = np.concatenate([chance[:, -1] * path[:, -1], chance[:, -1] * (1 - path[:, -1])])
    assert weight @ movement(settled) == pytest.approx(prior * (1 - prior))


def test_many_claims_are_measured_at_once() -> None:
    ledger = np.random.default_rng(0).random((3, 4, 6))
    for measure in (movement, reduction, excess):
        assert measure(ledger).shape == (3, 4)
        assert measure(ledger)[1, 2] == pytest.approx(measure(ledger[1, 2]))


def test_errors_move_a_steady_credence_by_the_noise_floor() -> None:
    sd, updates, claims = 0.03, 12, 20_000
    reported = 0.5 + sd * np.random.default_rng(1).standard_normal((claims, updates + 1))
    moved = movement(reported)
    error = 4 * moved.std() / math.sqrt(claims)
    assert moved.mean() == pytest.approx(noise_floor(sd, updates), abs=error)


def test_the_z_score_is_the_mean_in_standard_errors() -> None:
    assert z_score([1.0, 2.0, 3.0, 6.0]) == pytest.approx(3 / (math.sqrt(14 / 3) / 2))
    assert z_score([[0.0, 0.0, 0.0], [0.1, 0.1, 0.1]]).tolist() == [0, math.inf]


def test_the_z_score_of_many_fair_claims_is_flagged_one_time_in_twenty() -> None:
    ledgers = 20_000
    flagged = np.abs(z_score(np.random.default_rng(2).standard_normal((ledgers, 200)))) > FLAGGED
    assert flagged.mean() == pytest.approx(0.0514, abs=4 * math.sqrt(0.05 / ledgers))  # Student, 199 degrees


@pytest.mark.parametrize(
    ("path", "said"),
    [([], "no credence"), ([0.5, 1.2], r"is 1\.2; .* between 0 and 1"), ([math.nan], "is nan")],
)
def test_what_is_no_credence_is_refused(path: list[float], said: str) -> None:
    for measure in (movement, reduction, excess):
        with pytest.raises(ValueError, match=said):
            measure(path)


def test_a_score_needs_two_claims() -> None:
    with pytest.raises(ValueError, match="two claims or more, and there is 1"):
        z_score([0.1])
