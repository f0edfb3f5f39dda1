"""Movement of paths: worked examples, an identity, and martingales counted to the last branch."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.beliefs.movement import measure, measure_all
from sim.movement import movement, reduction
from tests.cards.beliefs.reporters import by_a_date, reports

credences = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_worked_examples() -> None:
    one, other, single = measure_all([[1 / 2, 1 / 4, 1 / 10], [1 / 2, 1 / 4, 1 / 2], [0.3]])
    assert (one.movement, one.reduction, one.excess) == pytest.approx((17 / 200, 4 / 25, -3 / 40))
    assert (other.movement, other.reduction, other.excess) == pytest.approx((1 / 8, 0, 1 / 8))
    assert (one.updates, one.up, one.down) == (2, 0, 2)
    assert (other.updates, other.up, other.down) == (2, 1, 1)
    assert single == (0, 0, 0, 0, 0)


@given(credences)
def test_the_excess_is_a_sum_that_no_martingale_can_tilt(path: list[float]) -> None:
    terms = [(2 * p - 1) * (p - after) for p, after in pairwise(path)]
    assert measure(path).excess == pytest.approx(math.fsum(terms), abs=1e-12)


@given(st.lists(credences, max_size=20))
def test_paths_of_unlike_length_are_measured_as_each_would_be(paths: list[list[float]]) -> None:
    for path, moved in zip(paths, measure_all(paths), strict=True):
        assert moved[:2] == pytest.approx((float(movement(path)), float(reduction(path))), abs=1e-15)
        assert moved.updates == len(path) - 1
        assert moved.up == sum(after > before for before, after in pairwise(path))
        assert moved.down == sum(after < before for before, after in pairwise(path))


@st.composite
def martingales(draw: st.DrawFn) -> list[tuple[float, list[float]]]:
    """All paths of a random martingale with their chances; a branch may be broken off at any credence."""
    found = []
    growing = [(1.0, [draw(st.floats(0.01, 0.99))])]
    while growing:
        chance, path = growing.pop()
        here = path[-1]
        if len(path) > 4 or here in {0.0, 1.0} or draw(st.integers(0, 4)) == 0:
            found.append((chance, path))
            continue
        low, high = here * draw(st.floats(0, 0.99)), here + (1 - here) * draw(st.floats(0.01, 1))
        up = (here - low) / (high - low)
        growing += [(chance * up, [*path, high]), (chance * (1 - up), [*path, low])]
    return found


@given(martingales())
def test_any_martingale_moves_on_average_as_much_as_uncertainty_falls(
    branches: list[tuple[float, list[float]]],
) -> None:
    """Exactly, by listing every path of a random tree that is broken off here and there."""
    moved = measure_all([path for _, path in branches])
    chances = [chance for chance, _ in branches]
    assert math.fsum(chances) == pytest.approx(1)
    assert math.fsum(c * one.excess for c, one in zip(chances, moved, strict=True)) == pytest.approx(
        0, abs=1e-12
    )


@given(martingales())
def test_a_martingale_that_is_followed_to_the_end_moves_by_its_first_uncertainty(
    branches: list[tuple[float, list[float]]],
) -> None:
    start = branches[0][1][0]
    settled = [(chance * path[-1], [*path, 1.0]) for chance, path in branches]
    settled += [(chance * (1 - path[-1]), [*path, 0.0]) for chance, path in branches]
    moved = measure_all([path for _, path in settled])
    total = math.fsum(chance * one.movement for (chance, _), one in zip(settled, moved, strict=True))
    assert total == pytest.approx(start * (1 - start), abs=1e-12)


@given(st.integers(0, 2**32), st.integers(1, 30))
@settings(max_examples=20)
def test_random_martingales_of_any_shape_agree_within_the_error_of_their_number(
    seed: int, steps: int
) -> None:
    """Each step goes to one of two random places; five standard errors, for twenty tries."""
    random, claims = np.random.default_rng(seed), 4000
    path = [random.uniform(0.05, 0.95, claims)]
    for _ in range(steps):
        low, high = path[-1] * random.random(claims), 1 - (1 - path[-1]) * random.random(claims)
        up = random.random(claims) * (high - low) < path[-1] - low
        path.append(np.where(up, high, low))
    excess = np.array([one.excess for one in measure_all(np.stack(path, axis=1).tolist())])
    assert abs(excess.mean()) <= 5 * excess.std() / math.sqrt(claims)


@pytest.mark.parametrize(
    ("manner", "ratio"),
    [
        ({}, 1.00),
        ({"rounding": 0.05}, 1.08),
        ({"noise": 0.02}, 1.13),
        ({"noise": 0.05}, 1.78),
        ({"reaction": 1.5}, 1.35),
        ({"reaction": 0.6}, 0.76),
    ],
    ids=str,
)
def test_the_table_of_reporters(manner: dict[str, float], ratio: float) -> None:
    """Within four standard errors of the simulation, and half of the table's last digit."""
    claims = 30_000
    moved = measure_all(reports(claims, np.random.default_rng(5), **manner).tolist())
    movements, reductions = (np.array([one[field] for one in moved]) for field in (0, 1))
    found = movements.mean() / reductions.mean()
    error = (movements - found * reductions).std() / math.sqrt(claims) / reductions.mean()
    assert error < 0.01
    assert found == pytest.approx(ratio, abs=4 * error + 0.005)


def test_a_bayesian_by_a_date_drifts_one_way_and_moves_as_much_as_uncertainty_falls() -> None:
    claims = 20_000
    moved = measure_all(by_a_date(claims, 0.1, 20, np.random.default_rng(6)).tolist())
    excess = np.array([one.excess for one in moved])
    assert sum(one.down for one in moved) > 0.99 * sum(one.up + one.down for one in moved)
    assert abs(excess.mean()) < 4 * excess.std() / math.sqrt(claims)


@pytest.mark.parametrize("paths", [[[0.5], []], [[0.5, 0.2], [0.5, 1.2]], [[math.nan]]])
def test_what_is_no_path_is_refused(paths: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="credence"):
        measure_all(paths)


def test_nothing_comes_to_nothing() -> None:
    assert measure_all([]) == []
