"""The simulated walk against the gambler's ruin, and the gambler's ruin against an independent count."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.run import frames, run_to_end
from sim.spec import SettingError, get, moved_settings, parse_settings
from sim.toys._absorb import absorb
from sim.toys._coin_flips import flip_table
from sim.toys._gamblers_ruin import mean_steps, quantile, sd_steps, survival
from sim.toys._sample_walks import sample_walks
from sim.toys.belief_walk import Config, facts, preview, readout

TOY = get("belief_walk")

walks = st.integers(2, 30).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n)))


def counted_survival(k: int, n: int, periods: int, moving: float = 1.0) -> np.ndarray:
    """The chance of still walking after 0, 1, … periods, by moving all the chance one period at a time."""
    chance = np.zeros(n + 1)
    chance[k] = 1
    left = [1.0]
    for _ in range(periods):
        stay = (1 - moving) * chance
        stay[1:] += moving / 2 * chance[:-1]
        stay[:-1] += moving / 2 * chance[1:]
        stay[[0, n]] = 0
        chance = stay
        left.append(chance.sum())
    return np.array(left)


@pytest.mark.parametrize(("k", "n", "moving"), [(50, 100, 1.0), (1, 100, 1.0), (20, 101, 0.3), (2, 4, 1.0)])
def test_the_spectral_sum_is_the_count(k: int, n: int, moving: float) -> None:
    exact = survival(np.arange(3001), k, n, moving)
    np.testing.assert_allclose(exact, counted_survival(k, n, 3000, moving), rtol=0, atol=1e-10)


@given(walks)
@settings(deadline=None)
def test_mean_and_spread_are_those_of_the_law(walk: tuple[int, int]) -> None:
    k, n = walk
    times = np.arange(8 * n**2 + 20)  # beyond which less than 1e-16 is left
    left = survival(times, k, n)
    mean = left.sum()
    assert mean == pytest.approx(mean_steps(k, n), rel=1e-9)
    assert ((2 * times + 1) * left).sum() - mean**2 == pytest.approx(sd_steps(k, n) ** 2, rel=1e-7, abs=1e-7)


@given(walks, st.floats(0.01, 0.99), st.floats(0.05, 1))
@settings(deadline=None)
def test_a_quantile_is_the_first_time_that_reaches_its_share(
    walk: tuple[int, int], share: float, moving: float
) -> None:
    time = quantile(share, *walk, moving)
    assert 1 - survival(time, *walk, moving) >= share - 1e-9
    assert 1 - survival(time - 1, *walk, moving) < share


@pytest.mark.parametrize(
    ("start", "step", "expected", "spread", "tenth", "median", "ninetieth"),
    [
        (0.5, 0.01, 2500, 2040.83, 652, 1894, 5156),
        (0.2, 0.01, 1600, 1904.10, 148, 854, 4078),
        (0.8, 0.01, 1600, 1904.10, 148, 854, 4078),
        (0.01, 0.01, 99, 568.68, 1, 1, 63),
        (0.5, 0.1, 25, 20, 7, 19, 51),
    ],
)
def test_the_figures_that_the_book_quotes(
    start: float, step: float, expected: float, spread: float, tenth: float, median: float, ninetieth: float
) -> None:
    exact = facts(Config(start=start, step=step))
    assert exact["expected_updates"] == pytest.approx(expected)
    assert exact["sd_updates"] == pytest.approx(spread, abs=0.005)
    assert exact["variance"] == pytest.approx(start * (1 - start))
    assert [exact[f"updates_{name}"] for name in ("tenth", "ninetieth")] == [tenth, ninetieth]
    assert exact["median_updates"] == median


def test_from_one_per_cent_half_of_all_walks_are_over_at_once() -> None:
    assert facts(Config(start=0.01))["share_done_at_once"] == 0.5
    assert facts(Config(start=0.99))["share_done_at_once"] == 0.5
    assert facts(Config(start=0.02))["share_done_at_once"] == 0


@pytest.mark.parametrize("chance", [0.5, 0.25, 0.01])
def test_rare_updates_take_longer_in_proportion(chance: float) -> None:
    exact = facts(Config(update_probability=chance))
    assert exact["expected_periods"] == pytest.approx(2500 / chance)
    assert exact["expected_updates"] == 2500


@pytest.mark.parametrize(
    "config",
    [
        Config(walkers=50_000),
        Config(start=0.2),
        Config(start=0.99),
        Config(start=0.4, step=0.2),
        Config(step=0.1, update_probability=0.25),
        Config(start=0.9, step=0.02, update_probability=0.9),
    ],
    ids=str,
)
def test_what_is_simulated_is_what_is_exact(config: Config) -> None:
    exact = facts(config)
    result = run_to_end(TOY, config, seed=11, device="cpu").frame.result
    root, chance = math.sqrt(config.walkers), config.update_probability
    assert result["standard_error"] == pytest.approx(exact["sd_updates"] / root, rel=0.1)
    error = 4 * exact["sd_updates"] / root
    assert result["mean_updates"] == pytest.approx(exact["expected_updates"], abs=error)
    # Optional stopping: the squared updates add up to the variance of where the walk ends.
    assert result["sum_squared_updates"] == pytest.approx(exact["variance"], abs=error * config.step**2)
    assert result["share_ending_at_one"] == pytest.approx(config.start, abs=2 / root)
    waiting = exact["expected_updates"] * (1 - chance) / chance**2  # its variance, beside that of the updates
    spread = math.hypot(exact["sd_updates"] / chance, math.sqrt(waiting))
    assert result["mean_periods"] == pytest.approx(exact["expected_periods"], abs=4 * spread / root)


def test_the_whole_distribution_is_the_exact_one() -> None:
    k, n, walkers = 30, 100, 40_000
    steps = np.concatenate([ended.steps for ended in absorb(k, n, walkers=walkers, seed=1, device="cpu")])
    times = np.arange(0, 20_000, 25)
    simulated = np.searchsorted(np.sort(steps), times, side="right") / walkers
    distance = np.abs(simulated - (1 - survival(times, k, n))).max()
    assert (
        distance * math.sqrt(walkers) < 1.95
    )  # Kolmogorov and Smirnov: one seed in a thousand is further off


def test_every_walker_ends_once_and_in_order_of_the_rounds() -> None:
    rounds = list(absorb(3, 10, walkers=1000, seed=0, device="cpu"))
    assert sorted(np.concatenate([ended.walkers for ended in rounds])) == list(range(1000))
    since = 0
    for ended in rounds:
        assert ((since < ended.steps) & (ended.steps <= ended.elapsed)).all()
        assert (ended.steps % 2 == np.where(ended.at_top, 10 - 3, 3) % 2).all()
        since = ended.elapsed


def test_a_table_of_flips_is_every_short_walk() -> None:
    table = flip_table(5)
    for word in range(32):
        path = np.cumsum([1 if word >> flip & 1 else -1 for flip in range(5)])
        assert table.path[:, word].tolist() == path.tolist()
        assert (table.net[word], table.low[word], table.high[word]) == (path[-1], path.min(), path.max())


@given(walks, st.integers(0, 1000), st.integers(1, 3))
@settings(max_examples=50, deadline=None)
def test_drawn_walks_could_have_been_walked(walk: tuple[int, int], seed: int, horizons: int) -> None:
    k, n = walk
    horizon = horizons * n**2
    for steps, positions in sample_walks(k, n, horizon=horizon, count=5, random=np.random.default_rng(seed)):
        assert (steps[0], positions[0]) == (0, k)
        assert positions[-1] in {0, n} or steps[-1] >= horizon
        assert ((positions[:-1] > 0) & (positions[:-1] < n)).all()
        taken, moved = np.diff(steps), np.diff(positions)
        assert (taken > 0).all()
        assert (np.abs(moved) <= taken).all()
        assert ((taken - moved) % 2 == 0).all()


def test_drawn_walks_end_when_the_law_says() -> None:
    count, k, n, horizon = 4000, 37, 100, 2000
    drawn = sample_walks(k, n, horizon=horizon, count=count, random=np.random.default_rng(2))
    left = survival(2000, k, n)
    going = np.mean([walk.positions[-1] not in {0, n} for walk in drawn])
    assert going == pytest.approx(left, abs=4 * math.sqrt(left * (1 - left) / count))


@given(st.floats(0.01, 0.99), st.floats(0.001, 0.25))
def test_any_start_and_step_become_ones_that_land_on_both_ends(start: float, step: float) -> None:
    config = Config(start=start, step=step, walkers=100)
    k, n = config.steps_below, config.steps_across
    assert config.step == 1 / n
    assert config.start == k / n
    assert 0 < k < n
    assert abs(1 / step - n) <= 0.5
    assert abs(config.start - start) <= 1 / n
    assert Config.model_validate(config.model_dump()) == config


def test_what_was_moved_can_be_told() -> None:
    given_settings = {"start": "0.3333", "step": "0.1", "walkers": "100"}
    config = parse_settings(TOY, given_settings)
    assert moved_settings(config, given_settings) == {"start": (0.3333, 0.3)}


def test_more_than_the_machine_can_do_is_refused_with_an_estimate() -> None:
    with pytest.raises(SettingError, match=r"200000 walkers .* about 50 billion updates, above the 10"):
        parse_settings(TOY, {"step": 0.001, "walkers": 200_000})


def test_drawn_walks_grow_with_the_run() -> None:
    shown = list(frames(TOY, Config(), seed=0, device="cpu"))
    latest = [np.nanmax(frame.arrays["walk_time"]) for frame in shown]
    assert latest == sorted(latest)
    assert latest[0] == 0
    np.testing.assert_array_equal(
        shown[-1].arrays["walk_time"], preview(Config(), seed=0).arrays["walk_time"]
    )


def test_read_outs() -> None:
    assert readout(preview(Config(), seed=0)) == (
        "From 50% in steps of 1 point, certainty takes 2,500 updates on average. "
        "Half of all walks are over by update 1,894; one in ten needs more than 5,156."
    )
    said = readout(run_to_end(TOY, Config(step=0.1, update_probability=0.5), seed=1, device="cpu").frame)
    assert said.startswith("From 50% in steps of 10 points, the mean of 20,000 walkers is 2")
    assert "the exact answer is 25. Half of all walks are over by update 19. " in said
    assert "% of the walkers ended at 100%." in said
    assert said.endswith("periods; exactly 50.")
