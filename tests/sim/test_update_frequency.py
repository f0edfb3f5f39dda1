"""The simulated ledgers against the exact expectations, and those against counting every history."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.movement import FLAGGED, excess, movement, noise_floor, reduction
from sim.run import run_to_end
from sim.spec import SettingError, get, parse_settings
from sim.toys._expected_movement import expected
from sim.toys._normal import below
from sim.toys._reporter import HIGHEST, LOWEST, Reporter
from sim.toys.update_frequency import Config, facts, preview, readout

TOY = get("update_frequency")

priors = st.floats(0.05, 0.95)
accuracies = st.floats(0.55, 0.95)


@pytest.mark.parametrize(
    ("given_settings", "ratio"),
    [
        ({}, 1.00),
        ({"rounding": 5}, 1.08),
        ({"noise": 2}, 1.13),
        ({"noise": 5}, 1.77),
        ({"reaction": 1.5}, 1.35),
        ({"reaction": 0.6}, 0.76),
    ],
    ids=str,
)
def test_the_table_of_reporters(given_settings: dict[str, float], ratio: float) -> None:
    assert facts(parse_settings(TOY, given_settings))["ratio"] == pytest.approx(ratio, abs=0.005)


@given(priors, accuracies, st.integers(1, 30))
def test_the_calibrated_move_as_much_as_they_learn(prior: float, accuracy: float, signals: int) -> None:
    exact = expected(Reporter(prior, accuracy), signals)
    np.testing.assert_allclose(exact.movement, exact.reduction, rtol=0, atol=1e-12)
    assert exact.movement[-1] < prior * (1 - prior)


@given(priors, accuracies, st.floats(0.3, 2), st.sampled_from([0, 0.02, 0.05, 0.1]), st.integers(1, 7))
@settings(max_examples=50)
def test_following_counts_is_listing_every_history(
    prior: float, accuracy: float, reaction: float, rounding: float, signals: int
) -> None:
    reporter = Reporter(prior, accuracy, reaction, 0.0, rounding)
    signs = np.array(list(product([1, -1], repeat=signals)))  # [history, signal]
    net = np.insert(np.cumsum(signs, axis=1), 0, 0, axis=1)
    right = np.where(signs > 0, accuracy, 1 - accuracy).prod(axis=1)
    wrong = np.where(signs > 0, 1 - accuracy, accuracy).prod(axis=1)
    chance = prior * right + (1 - prior) * wrong
    said = reporter.said(reporter.belief(net))
    exact = expected(reporter, signals)
    assert chance @ movement(said) == pytest.approx(exact.movement[-1], abs=1e-12)
    assert chance @ reduction(said) == pytest.approx(exact.reduction[-1], abs=1e-12)
    variance = chance @ excess(said) ** 2 - (chance @ excess(said)) ** 2
    assert variance == pytest.approx(exact.excess_sd**2, abs=1e-12)


@pytest.mark.parametrize("rounding", [0.0, 0.03, 0.05])
def test_moments_of_noisy_reports_are_those_of_many(rounding: float) -> None:
    reporter, count = Reporter(0.5, 0.6, noise=0.08, rounding=rounding), 100_000
    belief = np.array([0.003, 0.1, 0.5, 0.96])
    random = np.random.default_rng(3)
    said = reporter.said(belief + reporter.noise * random.standard_normal((count, 1)))
    for k, moment in enumerate(reporter.moments(belief), 1):
        error = (said**k).std(axis=0) / math.sqrt(count)
        assert (np.abs((said**k).mean(axis=0) - moment) < 4 * error).all()


def test_reports_are_rounded_and_kept_from_certainty() -> None:
    intended = np.array([-0.2, 0.004, 0.12, 0.13, 0.999])
    assert Reporter(0.5, 0.6, rounding=0.05).said(intended).tolist() == pytest.approx(
        [LOWEST, LOWEST, 0.1, 0.15, HIGHEST]
    )
    assert Reporter(0.5, 0.6).said(intended[1:]).tolist() == intended[1:].tolist()


def test_small_noise_adds_its_floor() -> None:
    """Less one error: the prior is said without noise."""
    exact = facts(Config(noise=0.5, signals=10))
    assert exact["noise_floor"] == pytest.approx(noise_floor(0.005, 10) - 0.005**2, rel=0.01)


@pytest.mark.parametrize(
    "config",
    [
        Config(),
        Config(reaction=1.5, prior=0.2),
        Config(noise=5, accuracy=0.8),
        Config(rounding=5, claims=200, ledgers=500),
        Config(reaction=0.6, noise=2, rounding=10, signals=60),
        Config(signals=2, reaction=2),
    ],
    ids=str,
)
def test_what_is_simulated_is_what_is_exact(config: Config) -> None:
    exact = facts(config)
    frame = run_to_end(TOY, config, seed=9, device="cpu").frame
    result = frame.result
    root = math.sqrt(config.claims * config.ledgers)
    assert result["standard_error"] == pytest.approx(exact["excess_sd"] / root, rel=0.02)
    assert result["excess"] == pytest.approx(exact["excess"], abs=4 * exact["excess_sd"] / root)
    # R has a range of ¼, so a standard deviation of ⅛ at most; that of M = X + R is at most their sum.
    assert result["reduction"] == pytest.approx(exact["reduction"], abs=4 * 0.125 / root)
    assert result["movement"] == pytest.approx(exact["movement"], abs=4 * (exact["excess_sd"] + 0.125) / root)
    assert frame.arrays["mean_movement"][-1] == pytest.approx(result["movement"])
    assert frame.arrays["mean_reduction"][-1] == pytest.approx(result["reduction"])
    assert frame.arrays["z_share"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("claims", "reaction", "low", "high"),
    [
        (5, 1, 0.08, 0.23),
        (50, 1, 0.05, 0.07),
        (200, 1, 0.04, 0.06),
        (10, 1.5, 0.14, 0.20),
        (50, 1.5, 0.58, 0.64),
    ],
)
def test_how_often_ledgers_are_flagged(claims: int, reaction: float, low: float, high: float) -> None:
    config = Config(claims=claims, reaction=reaction, ledgers=8000)
    assert low < run_to_end(TOY, config, seed=2, device="cpu").frame.result["flagged"] < high


def test_the_theorem_promises_one_false_flag_in_twenty() -> None:
    exact = facts(Config(claims=5))
    assert exact["expected_z"] == 0
    assert exact["flagged_in_theory"] == pytest.approx(0.05, abs=1e-5)
    over = facts(Config(reaction=1.5))
    assert over["expected_z"] == pytest.approx(over["excess"] / over["excess_sd"] * math.sqrt(50))
    upper = 1 - float(below(FLAGGED - over["expected_z"]))
    assert over["flagged_in_theory"] == pytest.approx(upper + float(below(-FLAGGED - over["expected_z"])))


def test_who_never_moves_is_never_flagged() -> None:
    still = Config(rounding=10, accuracy=0.55, signals=2, reaction=0.3)
    exact = facts(still)
    assert (exact["movement"], exact["reduction"], exact["ratio"], exact["expected_z"]) == (0, 0, 1, 0)
    assert run_to_end(TOY, still, seed=0, device="cpu").frame.result["flagged"] == 0


def test_more_than_the_machine_can_do_is_refused_with_an_estimate() -> None:
    with pytest.raises(SettingError, match=r"10000 ledgers of 500 claims .* 300 million signals, above"):
        parse_settings(TOY, {"ledgers": 10_000, "claims": 500, "signals": 60})


def test_read_outs() -> None:
    assert readout(preview(Config(), seed=0)) == (
        "A calibrated forecaster moves 0.122 for a reduction of 0.122, a ratio of 1.00 on average. "
        "In theory 5% of ledgers of 50 claims are flagged; run it to count."
    )
    config = Config(reaction=1.5, noise=2, rounding=5)
    assert readout(preview(config, seed=0)).startswith(
        "A forecaster who counts evidence 1.5 times and errs by 2 points and rounds to 5 points moves "
    )
    said = readout(run_to_end(TOY, Config(claims=5), seed=1, device="cpu").frame)
    assert "ledgers of 5 claims, the movement is 0.12" in said
    assert "% of the ledgers are flagged, against 5% in theory." in said
