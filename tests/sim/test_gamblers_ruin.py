"""The gambler's ruin, with even and with shorter last steps, against the chain itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.toys._gamblers_ruin import (
    distances,
    mean_steps,
    quantile,
    sd_steps,
    survival,
    survival_curve,
)
from sim.toys._places import places
from sim.toys._ruin_spectrum import EVEN, Ends, loss, modes, powers

Walk = tuple[int, int, Ends]

sizes = st.one_of(st.just(1.0), st.floats(1e-6, 1))
ends = st.builds(Ends, sizes, sizes)
walks = st.integers(3, 30).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n), ends))
even_walks = walks.map(lambda walk: (*walk[:2], EVEN))


def chain(n: int, ends: Ends = EVEN, moving: float = 1.0) -> np.ndarray:
    """The chances of each period's leading from one place to another: [from 0 to n, to 0 to n]."""
    chances = np.eye(n + 1)
    for place in range(1, n):
        up = ends.first / (1 + ends.first) if place == 1 else 1 / 2
        up = 1 / (1 + ends.last) if place == n - 1 else up
        chances[place, place - 1 : place + 2] = moving * (1 - up), 1 - moving, moving * up
    return chances


def inner(n: int, ends: Ends, moving: float = 1.0) -> np.ndarray:
    return chain(n, ends, moving)[1:n, 1:n]


def counted_survival(walk: Walk, periods: int, moving: float = 1.0) -> np.ndarray:
    """The chance of still walking after 0, 1, … periods, by moving all the chance one period at a time."""
    k, n, ends = walk
    step, chance = inner(n, ends, moving), np.zeros(n - 1)
    chance[k - 1] = 1
    left = [1.0]
    for _ in range(periods):
        chance = chance @ step
        left.append(chance.sum())
    return np.array(left)


@given(walks)
def test_no_update_changes_the_mean(walk: Walk) -> None:
    _, n, ends = walk
    stands = [0.0, *(ends.first + np.arange(n - 1)), n - 2 + ends.first + ends.last]
    chances = chain(n, ends)
    np.testing.assert_allclose(chances @ stands, stands, atol=1e-12)
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    assert (chances >= 0).all()


@given(st.floats(0.01, 0.99), st.floats(0.001, 0.25))
@example(0.3, 0.1)
@example(0.99, 0.01)
@example(0.5, 0.03)
def test_a_credence_stands_where_whole_updates_from_its_start_lead(start: float, step: float) -> None:
    where = places(start, step)
    k, n, ends = where
    assert 0 < k < n
    assert all(0 < size <= 1 for size in ends)
    below, above = distances(k, n, ends)
    assert (below * step, above * step) == pytest.approx((start, 1 - start))
    stands = where.credence(np.arange(n + 1))
    assert stands[[0, n]].tolist() == [0, 1]
    assert stands[k] == pytest.approx(start)
    np.testing.assert_allclose(np.diff(stands), step * np.array([ends.first, *[1] * (n - 2), ends.last]))


def test_what_divides_but_for_rounding_divides() -> None:
    for start, step, k, n in ((0.3, 0.1, 3, 10), (0.99, 0.01, 99, 100), (0.07, 0.01, 7, 100)):
        assert places(start, step) == (k, n, EVEN)


@given(st.floats(0.01, 0.99), st.floats(0.005, 0.25))
@settings(max_examples=60)
def test_mean_and_spread_solve_the_chain(start: float, step: float) -> None:
    """E[T] = 1 + P E[T], and E[T²] = 2 E[T] − 1 + P E[T²], solved as they stand."""
    k, n, ends = places(start, step)
    system = np.eye(n - 1) - inner(n, ends)
    mean = np.linalg.solve(system, np.ones(n - 1))
    square = np.linalg.solve(system, 2 * mean - 1)
    assert mean_steps(k, n, ends) == pytest.approx(mean[k - 1], rel=1e-8)
    assert sd_steps(k, n, ends) == pytest.approx(math.sqrt(square[k - 1] - mean[k - 1] ** 2), rel=1e-6)
    assert -1e-6 < mean_steps(k, n, ends) - start * (1 - start) / step**2 < 1


@given(even_walks)
def test_even_steps_have_fellers_formulas(walk: Walk) -> None:
    k, n, _ = walk
    assert mean_steps(k, n) == k * (n - k)
    assert sd_steps(k, n) ** 2 == pytest.approx(k * (n - k) * (k**2 + (n - k) ** 2 - 2) / 3, rel=1e-9)


@given(walks, st.floats(0.05, 1))
@settings(max_examples=60)
def test_the_spectral_sum_is_the_recursion(walk: Walk, moving: float) -> None:
    k, n, ends = walk
    counted = counted_survival(walk, 400, moving)
    np.testing.assert_allclose(survival(np.arange(401), k, n, moving, ends), counted, rtol=0, atol=1e-10)
    np.testing.assert_allclose(
        survival_curve(7, 58, k, n, moving, ends), counted[: 7 * 58 : 7], rtol=0, atol=1e-10
    )


@pytest.mark.parametrize(
    ("walk", "moving"),
    [
        ((50, 100, EVEN), 1.0),
        ((1, 100, EVEN), 1.0),
        ((20, 101, EVEN), 0.3),
        ((34, 101, Ends(0.3, 0.7)), 1.0),
        ((2, 40, Ends(1e-9, 1e-9)), 1.0),
        ((2, 40, Ends(1e-9, 0.5)), 0.01),
    ],
    ids=str,
)
def test_the_whole_curve_is_the_recursion(walk: Walk, moving: float) -> None:
    k, n, ends = walk
    curve = survival_curve(1, 20_001, k, n, moving, ends)
    np.testing.assert_allclose(curve, counted_survival(walk, 20_000, moving), rtol=0, atol=1e-10)
    assert (np.diff(curve) < 1e-12).all()


def test_a_slow_walk_is_as_exact_as_a_fast_one() -> None:
    """With an update in a hundred periods all is over a hundred times later, to a part in a thousand."""
    late = survival(100 * np.array([10**5, 10**6]), 500, 1000, 0.01)
    np.testing.assert_allclose(late, survival([10**5, 10**6], 500, 1000), rtol=1e-3)


@given(walks)
def test_the_law_adds_up_to_one_and_ends_at_each_end_as_often_as_it_should(walk: Walk) -> None:
    k, n, ends = walk
    law = modes(k, n, ends)
    at_bottom, at_top = (law.flow / loss(law.angle)[:, None]).sum(axis=0)  # Σ λᵗ⁻¹ = 1/(1 − λ)
    below, above = distances(k, n, ends)
    assert at_bottom == pytest.approx(above / (below + above), abs=1e-9)
    assert at_top == pytest.approx(below / (below + above), abs=1e-9)
    assert law.total.sum() == pytest.approx(1, abs=1e-9)


@given(walks, st.integers(1, 60))
def test_each_end_has_its_own_law(walk: Walk, time: int) -> None:
    k, n, ends = walk
    chances = np.linalg.matrix_power(chain(n, ends), time)[k, [0, n]]
    chances -= np.linalg.matrix_power(chain(n, ends), time - 1)[k, [0, n]]
    law = modes(k, n, ends)
    np.testing.assert_allclose(powers(law.angle, np.array([time - 1]))[0] @ law.flow, chances, atol=1e-9)


@given(walks, st.floats(0.01, 0.99), st.floats(0.05, 1))
def test_a_quantile_is_the_first_time_that_reaches_its_share(walk: Walk, share: float, moving: float) -> None:
    k, n, ends = walk
    time = quantile(share, k, n, moving, ends)
    assert 1 - survival(time, k, n, moving, ends) >= share - 1e-9
    assert 1 - survival(time - 1, k, n, moving, ends) < share


def test_times_keep_their_shape() -> None:
    assert survival(7, 3, 10).shape == ()
    assert survival([[0, 1], [2, 3]], 3, 10).shape == (2, 2)
