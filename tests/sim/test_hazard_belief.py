"""A credence that waits, against Bayes' rule in fractions, sums by hand, and simulated lives."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.run import frames, run_to_end
from sim.spec import get
from sim.toys._hazard import above, waiting, weighted_median
from sim.toys._hazard_belief_figure import calibration
from sim.toys.hazard_belief import Config, facts, preview, readout

TOY = get("hazard_belief")

priors = st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=100)
configs = st.builds(
    Config,
    prior=st.floats(0.01, 0.99),
    weeks=st.integers(10, 400),
    constant_hazard=st.integers(0, 1),
    threshold=st.floats(0.05, 10),
)


def by_bayes(prior: Fraction, weeks: int) -> list[Fraction]:
    """The credence after each week without an event that is as likely in one week as in another."""
    credences = [prior]
    for week in range(weeks):
        quiet_if_it_comes = Fraction(weeks - week - 1, weeks - week)
        held = credences[-1]
        credences.append(held * quiet_if_it_comes / (held * quiet_if_it_comes + 1 - held))
    return credences


@given(priors, st.integers(1, 60))
@settings(max_examples=40)
def test_the_even_spread_is_bayes_week_by_week(prior: Fraction, weeks: int) -> None:
    credences = by_bayes(prior, weeks)
    wait = waiting(float(prior), weeks, constant_hazard=False)
    np.testing.assert_allclose(wait.credence, [float(credence) for credence in credences], atol=1e-12)


@given(priors, st.integers(1, 60))
def test_the_credence_is_an_exact_martingale(prior: Fraction, weeks: int) -> None:
    """In fractions: the chance of the event that week, as the believer sees it, weighs jump against fall."""
    credences = by_bayes(prior, weeks)
    for week, (held, next_held) in enumerate(pairwise(credences)):
        hazard = held / (weeks - week)
        assert hazard + (1 - hazard) * next_held == held


@given(configs)
def test_falls_and_jumps_cancel_in_every_week(config: Config) -> None:
    wait = waiting(config.prior, config.weeks, constant_hazard=bool(config.constant_hazard))
    np.testing.assert_allclose(wait.jumps * wait.jump, wait.falls * wait.fall, rtol=1e-6)
    assert wait.credence[0] == pytest.approx(config.prior)
    assert wait.credence[-1] == 0
    assert (np.diff(wait.fall) > -1e-9).all()


@given(configs)
def test_squared_updates_add_up_to_the_variance(config: Config) -> None:
    wait = waiting(config.prior, config.weeks, constant_hazard=bool(config.constant_hazard))
    squared = wait.jumps @ (wait.jump / 100) ** 2 + wait.falls @ (wait.fall / 100) ** 2
    assert squared == pytest.approx(config.prior * (1 - config.prior), rel=1e-9)


@given(st.floats(0.01, 0.99), st.integers(10, 1000))
def test_a_constant_hazard_is_constant(prior: float, weeks: int) -> None:
    wait = waiting(prior, weeks, constant_hazard=True)
    hazard = wait.jumps / wait.still[:-1]
    np.testing.assert_allclose(hazard, 1 - (1 - prior) ** (1 / weeks), rtol=1e-6)


def test_the_figures_that_the_book_quotes() -> None:
    exact = facts(Config())
    quoted = {
        "first_fall": 0.0481,
        "last_fall": 0.1919,
        "mean_fall": 0.0962,
        "median_fall": 0.0855,
        "median_update_lived": 0.0771,
    }
    for name, points in quoted.items():
        assert exact[name] == pytest.approx(points, abs=1e-4), name
    assert exact["mean_fall"] == pytest.approx(50 / 520)
    assert exact["expected_large_updates"] == 0.5
    assert exact["expected_large_falls"] == 0
    assert exact["credence_halfway"] == pytest.approx(1 / 3)


def test_from_ninety_per_cent_some_falls_are_large() -> None:
    exact = facts(Config(prior=0.9))
    assert exact["expected_large_falls"] == pytest.approx(2.0648, abs=1e-4)
    assert exact["expected_large_jumps"] == pytest.approx(0.9)
    assert exact["expected_large_updates"] == pytest.approx(2.9648, abs=1e-4)


@given(priors, st.integers(10, 60), st.floats(0.05, 10))
@settings(max_examples=30)
def test_weeks_whose_fall_is_large_are_counted_along_the_quiet_path(
    prior: Fraction, weeks: int, threshold: float
) -> None:
    falls = [100 * float(held - next_held) for held, next_held in pairwise(by_bayes(prior, weeks))]
    exact = facts(Config(prior=float(prior), weeks=weeks, threshold=threshold))
    assert exact["large_falls_if_quiet"] == sum(fall > threshold + 1e-9 for fall in falls)
    assert exact["expected_large_falls"] <= exact["large_falls_if_quiet"] + 1e-9


@given(configs)
@settings(max_examples=25)
def test_facts_are_sums_over_every_possible_life(config: Config) -> None:
    wait = waiting(config.prior, config.weeks, constant_hazard=bool(config.constant_hazard))
    chance = [*wait.jumps, wait.still[-1]]  # of the event in week 1, 2, …, or never
    large, squares, lived = 0.0, 0.0, 0.0
    for quiet, share in enumerate(chance):
        path = [*wait.credence[: quiet + 1], *([1.0] if quiet < config.weeks else [])]
        points = 100 * np.abs(np.diff(path))
        large += share * np.count_nonzero(points > config.threshold + 1e-9)
        squares += share * float(points @ points) / 100**2
        lived += share * len(points)
    exact = facts(config)
    assert exact["expected_large_updates"] == pytest.approx(large, abs=1e-9)
    assert exact["variance"] == pytest.approx(squares)
    assert exact["expected_weeks"] == pytest.approx(lived)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), min_size=1))
def test_a_weighted_median_is_the_lower_median_of_what_is_written_out(pairs: list[tuple[int, int]]) -> None:
    written_out = sorted(value for value, times in pairs for _ in range(times))
    values, weights = np.array(pairs, dtype=float).T
    assert weighted_median(values, weights) == written_out[(len(written_out) - 1) // 2]
    assert weighted_median(values, weights) <= median(written_out)


def test_an_update_of_exactly_the_threshold_is_not_above_it() -> None:
    jump = waiting(0.99, 520, constant_hazard=False).jump
    assert jump[0] > 1  # by a last bit, though it is one point
    assert not above(jump, 1.0)[0]
    assert above(jump, 1.0)[1]


@pytest.mark.parametrize(
    "config",
    [
        Config(walkers=100_000),
        Config(constant_hazard=1),
        Config(prior=0.9),
        Config(prior=0.9, constant_hazard=1, weeks=40),
        Config(prior=0.02, weeks=1560, threshold=0.05),
    ],
    ids=str,
)
def test_what_is_simulated_is_what_is_exact(config: Config) -> None:
    exact = facts(config)
    result = run_to_end(TOY, config, seed=7, device="cpu").frame.result
    error = 4 * math.sqrt(config.prior * (1 - config.prior) / config.walkers)
    assert result["share_with_event"] == pytest.approx(config.prior, abs=error)
    expected = exact["expected_large_updates"]
    assert result["mean_large_updates"] == pytest.approx(expected, abs=4 * result["standard_error"])
    squares = result["sum_squared_updates"]
    assert squares == pytest.approx(exact["variance"], abs=4 * result["sum_squared_error"])
    weeks = 4 * config.weeks / 2 / math.sqrt(config.walkers)  # no spread is above half of the range
    assert result["mean_weeks"] == pytest.approx(exact["expected_weeks"], abs=weeks)
    assert result["median_update_lived"] == pytest.approx(exact["median_update_lived"], rel=0.05)


@pytest.mark.parametrize("constant_hazard", [0, 1])
def test_those_who_still_wait_are_calibrated(constant_hazard: int) -> None:
    """Counting lives, which knows nothing of the formula, gives the credence."""
    config = Config(prior=0.6, weeks=100, constant_hazard=constant_hazard, walkers=100_000)
    shown = run_to_end(TOY, config, seed=1, device="cpu").frame.arrays
    wait = waiting(0.6, 100, constant_hazard=bool(constant_hazard))
    week, share = shown["checked_week"], shown["checked_share"]
    held, waiting_lives = wait.credence[week], config.walkers * wait.still[week]
    error = np.sqrt(held * (1 - held) / waiting_lives)
    assert (np.abs(share - held) <= 4 * error + 1e-12).all()


def test_counting_by_hand() -> None:
    shown = calibration(np.array([1, 0, 2]), lives=4)
    assert shown["checked_week"].tolist() == [0, 1, 2, 3]
    assert shown["checked_share"].tolist() == [3 / 4, 2 / 3, 2 / 3, 0]


def test_lives_without_survivors_have_no_last_dot() -> None:
    assert calibration(np.array([1, 1]), lives=2)["checked_week"].tolist() == [0, 1]


def test_lives_are_added_frame_by_frame() -> None:
    lived = [frame.result["lives_so_far"] for frame in frames(TOY, Config(walkers=101), seed=0, device="cpu")]
    assert lived[0] == 0
    assert lived[-1] == 101
    assert lived == sorted(set(lived))


def test_read_outs() -> None:
    assert readout(preview(Config(), seed=0)) == (
        "If nothing happens, 50% melts away in 520 weeks: 0.0481 points in the first, 0.192 in the last, "
        "0.0962 on average. Updates above 1 point to expect: 0.5, all of them the jump."
    )
    assert readout(preview(Config(prior=0.9), seed=0)).endswith("expect: 2.96, of which 2.06 are falls.")
    said = readout(run_to_end(TOY, Config(), seed=1, device="cpu").frame)
    assert said.startswith("In 20,000 lives there were 0.496 ± 0.004 updates above 1 point a life")
    assert "exactly 0.5 are expected" in said
