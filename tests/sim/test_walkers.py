"""Stepped walkers, drawn walks, and ends drawn from the law, against the gambler's ruin and single flips."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.toys._absorb import TOGETHER, Round, absorb
from sim.toys._coin_flips import flip_table
from sim.toys._exact_times import draw_times
from sim.toys._gamblers_ruin import distances, mean_steps, sd_steps, survival, survival_curve
from sim.toys._last_words import last_flips
from sim.toys._ruin_spectrum import EVEN, Ends, evenly_spaced, modes
from sim.toys._sample_walks import sample_walks

RARE = 1.95  # Kolmogorov and Smirnov's distance, times √count, that one seed in a thousand exceeds
UNEVEN = Ends(0.3, 0.75)
LAWS = [
    (30, 100, EVEN),
    (1, 100, EVEN),
    (50, 101, Ends(0.4, 0.9)),
    (1, 40, Ends(0.5, 0.5)),  # starts beside an end, where the first flip may turn it back
    (3, 6, Ends(0.01, 1.0)),
    (2, 4, UNEVEN),
]


def stepped(k: int, n: int, ends: Ends, *, walkers: int, seed: int) -> Iterator[Round]:
    return absorb(k, n, walkers=walkers, seed=seed, device="cpu", ends=ends)


def drawn(k: int, n: int, ends: Ends, *, walkers: int, seed: int) -> Iterator[Round]:
    return draw_times(k, n, walkers=walkers, seed=seed, ends=ends)


@pytest.mark.parametrize("way", [stepped, drawn])
@pytest.mark.parametrize(("k", "n", "ends"), LAWS, ids=str)
def test_walkers_end_when_and_where_the_law_says(
    k: int, n: int, ends: Ends, way: Callable[..., Iterator[Round]]
) -> None:
    walkers = 40_000
    rounds = list(way(k, n, ends, walkers=walkers, seed=1))
    steps, at_top = (np.concatenate([getattr(some, part) for some in rounds]) for part in ("steps", "at_top"))
    times = np.arange(30 * n**2 // 4)
    simulated = np.searchsorted(np.sort(steps), times, side="right") / walkers
    distance = np.abs(simulated - (1 - survival_curve(1, len(times), k, n, ends=ends))).max()
    assert distance * math.sqrt(walkers) < RARE
    below, above = distances(k, n, ends)
    share = below / (below + above)
    error = math.sqrt(share * (1 - share) / walkers)
    assert at_top.mean() == pytest.approx(share, abs=4 * error)
    spread = sd_steps(k, n, ends) / math.sqrt(walkers)
    assert steps.mean() == pytest.approx(mean_steps(k, n, ends), abs=4 * spread)


def test_another_device_draws_its_own_words_and_the_law_is_the_same() -> None:
    """By its number the processor counts as one: only plain "cpu" has the faster source of flips."""
    (k, n), walkers = (30, 100), 20_000
    rounds = list(absorb(k, n, walkers=walkers, seed=1, device="cpu:0"))
    steps = np.concatenate([some.steps for some in rounds])
    assert steps.mean() == pytest.approx(mean_steps(k, n), abs=4 * sd_steps(k, n) / math.sqrt(walkers))
    plain = next(stepped(k, n, EVEN, walkers=walkers, seed=1))
    assert plain.steps.tolist() != rounds[0].steps.tolist()


@pytest.mark.parametrize(("k", "n", "ends"), [(3, 10, EVEN), (4, 9, UNEVEN)], ids=str)
def test_a_million_ends_drawn_from_the_law_pass_a_chi_square_test(k: int, n: int, ends: Ends) -> None:
    walkers = 1_000_000
    rounds = list(draw_times(k, n, walkers=walkers, seed=5, ends=ends))
    law, longest = modes(k, n, ends), 400
    chances = np.stack([evenly_spaced(flow, law.angle, every=1, count=longest) for flow in law.flow.T])
    counts = np.zeros((2, longest))
    for some in rounds:
        np.add.at(counts, (some.at_top.astype(int), some.steps - 1), 1)
    assert (counts[chances < 1e-12] == 0).all()  # an end that is an odd number of steps away, say
    expected = walkers * chances
    common = expected > 5
    squares = ((counts - expected)[common] ** 2 / expected[common]).sum()
    freedom = np.count_nonzero(common) - 1
    assert squares == pytest.approx(freedom, abs=4 * math.sqrt(2 * freedom))


def test_no_walk_is_too_long_for_the_law() -> None:
    """One of a million takes 14 times the mean: block after block is drawn until all have ended."""
    rounds = list(draw_times(5, 10, walkers=1_000_000, seed=0))
    assert sum(len(some.steps) for some in rounds) == 1_000_000
    late = np.concatenate([some.steps for some in rounds]) > 200
    chance = float(survival(200, 5, 10))
    assert late.mean() == pytest.approx(chance, abs=4 * math.sqrt(chance / 1e6))
    assert len(rounds) > 2


@pytest.mark.parametrize("way", [stepped, drawn])
@pytest.mark.parametrize(("k", "n", "ends"), [(3, 10, EVEN), (3, 10, UNEVEN)], ids=str)
def test_every_walker_ends_once_and_in_order_of_the_rounds(
    k: int, n: int, ends: Ends, way: Callable[..., Iterator[Round]]
) -> None:
    walkers = TOGETHER + 1000  # more than are taken at a time
    rounds = list(way(k, n, ends, walkers=walkers, seed=0))
    assert sorted(np.concatenate([ended.walkers for ended in rounds])) == list(range(walkers))
    since = 0
    for ended in rounds:
        assert ((since < ended.steps) & (ended.steps <= ended.elapsed)).all()
        if ends == EVEN:
            assert (ended.steps % 2 == np.where(ended.at_top, n - k, k) % 2).all()
        since = ended.elapsed


def test_a_table_of_flips_is_every_short_walk() -> None:
    table = flip_table(5)
    for word in range(32):
        path = np.cumsum([1 if word >> flip & 1 else -1 for flip in range(5)])
        assert table.path[word].tolist() == path.tolist()
        assert (table.net[word], table.low[word], table.high[word]) == (
            path[-1],
            min(*path, 0),
            max(*path, 0),
        )


def flip_by_flip(
    k: int, n: int, words: list[int], width: int, ends: Ends, turned_back: float
) -> tuple[int, int, bool] | None:
    """The word in which a walk ends, after how many of its flips, and whether at the top."""
    place = k
    for number, word in enumerate(words):
        for flip in range(width):
            up = bool(word >> flip & 1)
            if place == 1 and (not up or turned_back < (1 - ends.first) / (1 + ends.first)):
                return number, flip + 1, False
            if place == n - 1 and (up or turned_back < (1 - ends.last) / (1 + ends.last)):
                return number, flip + 1, True
            place += 1 if up else -1
    return None


class Always:
    """A source of random numbers that are all the same."""

    def __init__(self, number: float) -> None:
        self.number = number

    def random(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return that number, so many times."""
        return np.full(shape, self.number)


@given(
    st.integers(4, 20).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))),
    st.lists(st.lists(st.integers(0, 15), min_size=6, max_size=6), min_size=1, max_size=4),
    st.sampled_from([EVEN, UNEVEN, Ends(1.0, 0.2), Ends(0.2, 1.0)]),
    st.sampled_from([0.0, 0.5, 0.999]),
)
def test_the_last_flip_is_the_one_that_single_flips_find(
    walk: tuple[int, int], rows: list[list[int]], ends: Ends, turned_back: float
) -> None:
    k, n = walk
    table, words = flip_table(4), np.array(rows, dtype=np.int64)
    after = k + np.cumsum(table.net[words], axis=1)
    found = last_flips(
        after.ravel(),
        words.ravel(),
        np.arange(words.size),
        length=6,
        table=table,
        n=n,
        ends=ends,
        random=Always(turned_back),  # type: ignore[arg-type] # stands in for a generator
    )
    ended = {row: flip_by_flip(k, n, words, 4, ends, turned_back) for row, words in enumerate(rows)}
    row, word = np.divmod(found.number, 6)
    told = zip(row.tolist(), word.tolist(), found.flips.tolist(), found.at_top.tolist(), strict=True)
    assert {row: tuple(how) for row, *how in told} == {row: how for row, how in ended.items() if how}


@given(
    st.integers(4, 30).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))),
    st.sampled_from([EVEN, UNEVEN]),
    st.integers(0, 1000),
    st.integers(1, 3),
)
@settings(max_examples=50)
def test_drawn_walks_could_have_been_walked(
    walk: tuple[int, int], ends: Ends, seed: int, horizons: int
) -> None:
    k, n = walk
    horizon, random = horizons * n**2, np.random.default_rng(seed)
    for steps, positions in sample_walks(k, n, horizon=horizon, count=5, random=random, ends=ends):
        assert (steps[0], positions[0]) == (0, k)
        assert positions[-1] in {0, n} or steps[-1] >= horizon
        assert ((positions[:-1] > 0) & (positions[:-1] < n)).all()
        taken, moved = np.diff(steps), np.diff(positions)
        assert (taken > 0).all()
        assert (np.abs(moved) <= taken).all()
        if ends == EVEN:
            assert ((taken - moved) % 2 == 0).all()


@pytest.mark.parametrize("ends", [EVEN, UNEVEN], ids=str)
def test_drawn_walks_end_when_the_law_says(ends: Ends) -> None:
    count, k, n, horizon = 4000, 37, 100, 2000
    walks = sample_walks(k, n, horizon=horizon, count=count, random=np.random.default_rng(2), ends=ends)
    left = survival(horizon, k, n, ends=ends)
    going = np.mean([walk.positions[-1] not in {0, n} for walk in walks])
    assert going == pytest.approx(left, abs=4 * math.sqrt(left * (1 - left) / count))
