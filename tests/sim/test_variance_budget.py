"""A credence with two sizes of update, against optional stopping, a count by hand, and simulated walkers."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.run import frames, run_to_end
from sim.spec import get, moved_settings, parse_settings
from sim.toys._two_step_walkers import walk
from sim.toys._two_steps import Steps, counts_so_far, expected_counts, transitions
from sim.toys._variance_budget_figure import drawn_walks, simulated_ledger
from sim.toys.variance_budget import Config, facts, preview, readout

TOY = get("variance_budget")

rules = st.integers(4, 40).flatmap(
    lambda n: st.builds(Steps, st.just(n), st.integers(2, n // 2), st.floats(0.001, 1))
)
starts_and_rules = rules.flatmap(lambda steps: st.tuples(st.integers(1, steps.across - 1), st.just(steps)))


def counted(start: int, steps: Steps, updates: int) -> np.ndarray:
    """The expected small and large updates among the first so many, by moving chances about: [update, 2]."""
    n, m, chance = steps
    at, small, large = {start: 1.0}, 0.0, 0.0
    so_far = [(small, large)]
    for _ in range(updates):
        after: dict[int, float] = defaultdict(float)
        for place, share in at.items():
            big = share * chance if m <= place <= n - m else 0.0
            small, large = small + share - big, large + big
            for size, part in ((1, share - big), (m, big)):
                for to in (place - size, place + size):
                    if 0 < to < n:
                        after[to] += part / 2
        at = after
        so_far.append((small, large))
    return np.array(so_far)


@given(rules)
def test_up_and_down_are_mirror_images_so_the_credence_is_exactly_a_martingale(steps: Steps) -> None:
    """Whole numbers, and each kind's chance is its mirror image's: the expected change is 0, not nearly 0."""
    place = np.arange(steps.across + 1)
    large_down, small_down, small_up, large_up = steps.moves().T
    assert (large_down + large_up == 2 * place).all()
    assert (small_down + small_up == 2 * place).all()
    assert ((steps.moves() >= 0) & (steps.moves() <= steps.across)).all()
    low, middle, high = steps.kind_edges
    assert low == pytest.approx(1 - high, abs=1e-15)
    assert middle == 0.5


@given(rules)
def test_chances_add_up_and_leave_the_mean_alone(steps: Steps) -> None:
    chances = transitions(steps)
    place = np.arange(steps.across + 1)
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-15)
    np.testing.assert_allclose(chances @ place, place, atol=1e-12)


@given(starts_and_rules)
def test_squared_updates_add_up_to_the_variance(walk_of: tuple[int, Steps]) -> None:
    start, steps = walk_of
    small, large = expected_counts(steps)[start]
    assert small + large * steps.large**2 == pytest.approx(start * (steps.across - start), rel=1e-9)


@pytest.mark.parametrize("steps", [Steps(10, 3, 0.3), Steps(12, 6, 1.0), Steps(9, 2, 0.05)], ids=str)
@pytest.mark.parametrize("start", [1, 4, 7])
def test_the_linear_system_is_the_sum_over_all_walks(start: int, steps: Steps) -> None:
    by_hand = counted(start, steps, updates=1500)
    np.testing.assert_allclose(expected_counts(steps)[start], by_hand[-1], rtol=1e-9)
    np.testing.assert_allclose(
        counts_so_far(start, steps, every=7, times=20), by_hand[: 7 * 20 : 7], atol=1e-9
    )


@given(st.integers(1, 9), st.integers(2, 10))
def test_large_steps_alone_are_the_gamblers_ruin_on_a_coarser_grid(k: int, m: int) -> None:
    steps = Steps(10 * m, m, 1.0)
    np.testing.assert_allclose(expected_counts(steps)[k * m], [0, k * (10 - k)], atol=1e-9)


def test_large_steps_that_never_fit_leave_the_even_walk() -> None:
    """From one step below the middle, a step of half the way fits nowhere until the walk is at the middle."""
    counts = expected_counts(Steps(5, 3, 1.0))
    np.testing.assert_allclose(counts, [[k * (5 - k), 0] for k in range(6)], atol=1e-12)


@given(starts_and_rules, st.integers(1, 60))
def test_a_ledger_closed_early_has_paid_what_uncertainty_fell(
    walk_of: tuple[int, Steps], updates: int
) -> None:
    """Stopping after a fixed number of updates: Σ (Δp)² is p₀ (1 − p₀) less what is left, on average."""
    start, steps = walk_of
    n, place = steps.across, np.arange(steps.across + 1)
    left = np.linalg.matrix_power(transitions(steps), updates)[start] @ (place * (n - place))
    paid = counts_so_far(start, steps, every=updates, times=2)[-1] @ [1, steps.large**2]
    assert paid == pytest.approx(start * (n - start) - left, abs=1e-8 * n**2)


@given(starts_and_rules, st.data())
@settings(max_examples=50)
def test_optional_stopping_holds_for_whoever_stops_on_leaving_a_band(
    walk_of: tuple[int, Steps], data: st.DataObject
) -> None:
    """The squared updates until the credence leaves any band are the variance of where it leaves to."""
    start, steps = walk_of
    n, place = steps.across, np.arange(steps.across + 1)
    low = data.draw(st.integers(0, start - 1), label="low")
    high = data.draw(st.integers(start + 1, n), label="high")
    chances, band = transitions(steps), slice(low + 1, high)
    visits = np.linalg.solve((np.eye(high - low - 1) - chances[band, band]).T, (place == start)[band])
    squares = np.where(steps.fits(), 1 - steps.chance + steps.chance * steps.large**2, 1)[band]
    leaves_to = np.delete(visits @ chances[band], np.r_[band])
    outside = np.delete(place, np.r_[band])
    assert leaves_to @ outside == pytest.approx(start)
    assert visits @ squares == pytest.approx(leaves_to @ (outside - start) ** 2)


def test_the_figures_that_the_book_quotes() -> None:
    exact = facts(Config())
    assert exact["updates_if_all_small"] == 2500
    assert exact["expected_small_updates"] == pytest.approx(1277.7496, abs=1e-4)
    assert exact["expected_large_updates"] == pytest.approx(12.2225, abs=1e-4)
    assert exact["small_share"] == pytest.approx(0.5111, abs=1e-4)
    assert exact["variance"] == 0.25
    assert facts(Config(large_chance=1))["expected_updates"] == pytest.approx(25)


@given(st.floats(0.05, 0.95), st.floats(0.01, 0.05), st.floats(0.02, 0.5), st.floats(0.001, 1))
@settings(max_examples=50)
def test_the_share_that_small_updates_pay_sets_how_many_there_must_be(
    start: float, small: float, large: float, chance: float
) -> None:
    config = Config(start=start, small_step=small, large_step=large, large_chance=chance)
    exact = facts(config)
    assert exact["variance"] == pytest.approx(config.start * (1 - config.start))
    needed = exact["small_share"] * exact["variance"] / config.small_step**2
    assert exact["expected_small_updates"] == pytest.approx(needed)
    paid = 1 - exact["expected_large_updates"] * config.large_step**2 / exact["variance"]
    assert exact["small_share"] == pytest.approx(paid, abs=1e-9)


@pytest.mark.parametrize(
    "config",
    [
        Config(walkers=10_000),
        Config(start=0.2),
        Config(start=0.95, large_chance=0.2),
        Config(small_step=0.05, large_step=0.5),
        Config(small_step=0.03, large_step=0.07, large_chance=1),
        Config(large_chance=0.001, walkers=1000),
    ],
    ids=str,
)
def test_what_is_simulated_is_what_is_exact(config: Config) -> None:
    exact = facts(config)
    result = run_to_end(TOY, config, seed=2, device="cpu").frame.result
    for size in ("small", "large"):
        error = 4 * result[f"{size}_error"] + 1e-9  # where the exact number is 0, it is so within rounding
        assert result[f"mean_{size}_updates"] == pytest.approx(exact[f"expected_{size}_updates"], abs=error)
    squared = result["sum_squared_updates"]
    assert squared == pytest.approx(exact["variance"], abs=4 * result["sum_squared_error"])
    error = 4 * math.sqrt(exact["variance"] / config.walkers)
    assert result["share_ending_at_one"] == pytest.approx(config.start, abs=error)


def test_the_simulated_ledger_fills_as_the_exact_one_does() -> None:
    config = Config(walkers=10_000)
    shown = run_to_end(TOY, config, seed=5, device="cpu").frame.arrays
    exact = shown["paid"][np.searchsorted(shown["time"], shown["dot_time"])]
    # At any time, the spread of what a walker has paid is no larger than about the budget itself.
    assert np.abs(shown["dot_paid"] - exact).max() < 4 * 0.25 / math.sqrt(config.walkers)
    assert len(shown["dot_time"]) > 10


def test_a_ledger_by_hand() -> None:
    made = np.array([[2, 0], [1, 1]])
    shown = simulated_ledger(made, np.array([0, 1, 2, 3]), walkers=2, steps=Steps(10, 3, 0.5))
    assert shown["dot_time"].tolist() == [1, 2]
    np.testing.assert_allclose(shown["dot_paid"], [[0.01, 0], [0.015, 0.045]])


def test_every_walker_ends_once_and_its_updates_are_all_counted() -> None:
    ends, counts = np.zeros(500, dtype=int), np.zeros((500, 2), dtype=int)
    made = np.zeros(2, dtype=int)
    for done in walk(4, Steps(10, 3, 0.3), walkers=500, seed=0, device="cpu"):
        ends[done.walkers[(done.place == 0) | (done.place == 10)]] += 1
        counts[done.walkers] += done.counts
        made += done.made.sum(axis=0)
    assert (ends == 1).all()
    assert (counts.sum(axis=0) == made).all()
    assert (counts.sum(axis=1) >= 2).all()  # 4 → 1 → 0 is the shortest


@given(starts_and_rules, st.integers(0, 1000))
@settings(max_examples=30)
def test_drawn_walks_could_have_been_walked(walk_of: tuple[int, Steps], seed: int) -> None:
    start, steps = walk_of
    drawn = drawn_walks(start, steps, 200, np.random.default_rng(seed))
    time, place = drawn["featured_time"], drawn["featured_credence"] * steps.across
    assert (time[0], place[0]) == (0, pytest.approx(start))
    assert place[-1] == pytest.approx(0) or place[-1] == pytest.approx(steps.across) or time[-1] == 200
    assert (np.diff(time) == 1).all()  # so short a walk is drawn whole
    sizes = np.abs(np.diff(place)).round(9)
    assert set(sizes) <= {1, steps.large}
    assert np.count_nonzero(sizes == steps.large) == np.count_nonzero(np.isnan(drawn["jump_time"]))


@given(st.floats(0.05, 0.95), st.floats(0.01, 0.05), st.floats(0.02, 0.5))
def test_any_sizes_become_ones_that_stand_on_the_grid(start: float, small: float, large: float) -> None:
    config = Config(start=start, small_step=small, large_step=large)
    n, m, _ = config.steps
    assert config.small_step == 1 / n
    assert config.large_step == m / n
    assert config.start == config.steps_below / n
    assert 2 <= m <= n / 2
    assert Config.model_validate(config.model_dump()) == config


def test_what_was_moved_can_be_told() -> None:
    given_settings = {"small_step": "0.05", "large_step": "0.12"}
    assert moved_settings(parse_settings(TOY, given_settings), given_settings) == {"large_step": (0.12, 0.1)}


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
        "From 50% in steps of 1 and 10 points, certainty takes 1,278 small and 12.2 large updates "
        "on average. The small ones pay 51% of a variance of 0.25."
    )
    said = readout(run_to_end(TOY, Config(), seed=1, device="cpu").frame)
    assert said.startswith("From 50% in steps of 1 and 10 points, 5,000 walkers made 1,2")
    assert said.endswith(
        "1,278 and 12.2 are exact. Their squares add up to 0.250 ± 0.003, and 0.25 is the variance."
    )
