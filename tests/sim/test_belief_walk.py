"""The simulated walk against the exact law (which `test_gamblers_ruin` holds against the chain itself)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.__main__ import main
from sim.run import frames, run_to_end
from sim.spec import SettingError, get, moved_settings, parse_settings
from sim.toys._gamblers_ruin import survival_curve
from sim.toys.belief_walk import Config, facts, preview, readout

TOY = get("belief_walk")


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
    ("start", "step", "expected"),
    [
        (0.5, 0.03, 0.25 / 0.03**2 + 1 - (2 / 3) ** 2),  # both last updates are 2 points
        (0.333, 0.01, 0.333 * 0.667 / 0.01**2 + 0.667 * (1 - 0.3**2) + 0.333 * (1 - 0.7**2)),
        (0.3, 0.25, 3.36 + 0.7 * (1 - 0.2**2) + 0.3 * (1 - 0.8**2)),
        (0.01, 0.25, 0.01 * 0.99 / 0.25**2 + 0.99 * (1 - 0.04**2) + 0.01 * (1 - 0.96**2)),
    ],
)
def test_off_the_grid_the_last_update_is_short_and_the_mean_its_own(
    start: float, step: float, expected: float
) -> None:
    exact = facts(Config(start=start, step=step))
    assert exact["expected_updates"] == pytest.approx(expected)
    assert exact["variance"] == start * (1 - start)
    assert exact["share_ending_at_one"] == start


def test_a_start_within_a_step_of_the_end_is_likelier_done_at_once() -> None:
    """From half a step above 0 the walk goes down two times in three."""
    assert facts(Config(start=0.05, step=0.1))["share_done_at_once"] == pytest.approx(1 / 1.5)
    assert facts(Config(start=0.95, step=0.1))["share_done_at_once"] == pytest.approx(1 / 1.5)
    assert facts(Config(start=0.15, step=0.1))["share_done_at_once"] == 0


def test_the_share_that_has_ended_is_that_of_the_law() -> None:
    """From 1%, one walk in forty takes more than a thousand updates."""
    assert facts(Config(start=0.01))["share_ended_by"] == pytest.approx(1 - 0.0249, abs=5e-5)
    assert (
        facts(Config(by_update=1894))["share_ended_by"]
        >= 0.5
        > facts(Config(by_update=1893))["share_ended_by"]
    )
    assert facts(Config(by_update=49))["share_ended_by"] == 0
    assert facts(Config(start=0.01, by_update=1))["share_ended_by"] == pytest.approx(0.5)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.25), st.floats(0.05, 1))
@settings(max_examples=50)
def test_facts_agree_with_one_another(start: float, step: float, chance: float) -> None:
    exact = facts(Config(start=start, step=step, update_probability=chance, walkers=100))
    assert exact["updates_tenth"] <= exact["median_updates"] <= exact["updates_ninetieth"]
    assert exact["expected_periods"] == pytest.approx(exact["expected_updates"] / chance)
    assert exact["median_periods"] >= exact["median_updates"]
    every_update_full = exact["expected_updates"] * step**2
    assert every_update_full - step**2 <= exact["variance"] + 1e-9
    assert exact["variance"] <= every_update_full + 1e-9


@pytest.mark.parametrize(
    "config",
    [
        Config(walkers=50_000),
        Config(start=0.2),
        Config(start=0.99),
        Config(start=0.4, step=0.2),
        Config(step=0.1, update_probability=0.25),
        Config(start=0.9, step=0.02, update_probability=0.9),
        Config(start=0.333, step=0.03),
        Config(start=0.015, step=0.01, by_update=3),
        Config(start=0.3, step=0.25, update_probability=0.5),
        Config(walkers=1_000_000, from_law=1),
        Config(start=0.123, step=0.07, update_probability=0.3, from_law=1),
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
    assert result["sum_squared_updates"] == pytest.approx(
        exact["variance"], abs=(error + 2 / root) * config.step**2
    )
    assert result["share_ending_at_one"] == pytest.approx(config.start, abs=2 / root)
    assert result["share_ended_by"] == pytest.approx(exact["share_ended_by"], abs=2 / root)
    waiting = exact["expected_updates"] * (1 - chance) / chance**2  # its variance, beside that of the updates
    spread = math.hypot(exact["sd_updates"] / chance, math.sqrt(waiting))
    assert result["mean_periods"] == pytest.approx(exact["expected_periods"], abs=4 * spread / root)


@pytest.mark.parametrize("config", [Config(), Config(start=0.3, step=0.07)], ids=str)
def test_the_squared_updates_run_up_to_the_variance(config: Config) -> None:
    """After t updates they have come to what the credence's uncertainty has fallen by, on average."""
    shown = list(frames(TOY, config, seed=4, device="cpu"))
    paid = [frame.result["sum_squared_updates"] for frame in shown]
    assert paid == sorted(paid)
    assert paid[0] == 0
    error = 4 * config.step**2 * facts(config)["sd_updates"] / math.sqrt(config.walkers)
    assert paid[-1] == pytest.approx(config.start * (1 - config.start), abs=error)
    k, n, ends = config.places
    for frame, so_far in zip(shown[1:-1:4], paid[1:-1:4], strict=True):
        still = survival_curve(1, int(frame.result["updates_so_far"]), k, n, ends=ends)
        whole = still.sum() * config.step**2  # if the last updates were whole ones, too
        assert so_far == pytest.approx(whole, abs=error + config.step**2)


def test_the_bars_are_the_exact_shares() -> None:
    config = Config(start=0.37, step=0.03, walkers=50_000, update_probability=0.6)
    for from_law in (0, 1):
        drawn = config.model_copy(update={"from_law": from_law})
        arrays = run_to_end(TOY, drawn, seed=3, device="cpu").frame.arrays
        exact, share = arrays["exact_share"], arrays["simulated_share"]
        assert (np.abs(share - exact) < 4.5 * np.sqrt(exact / config.walkers) + 1e-9).all()


@given(st.floats(0.01, 0.99), st.floats(0.001, 0.25))
def test_no_start_and_no_step_is_moved(start: float, step: float) -> None:
    asked = {"start": start, "step": step, "walkers": 100}
    config = parse_settings(TOY, asked)
    assert moved_settings(config, asked) == {}
    assert Config.model_validate(config.model_dump()) == config


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"start": 0}, "belief_walk: start is 0, below the least allowed, 0.01."),
        ({"start": 1}, "belief_walk: start is 1, above the greatest allowed, 0.99."),
        ({"step": 0}, "belief_walk: step is 0, below the least allowed, 0.001."),
        ({"step": 0.3}, "belief_walk: step is 0.3, above the greatest allowed, 0.25."),
        ({"update_probability": 0}, "belief_walk: update_probability is 0, below the least allowed, 0.01."),
        ({"walkers": 10**7}, "belief_walk: walkers is 10000000, above the greatest allowed, 1000000."),
        ({"by_update": 0}, "belief_walk: by_update is 0, below the least allowed, 1."),
        (
            {"step": 0.001, "walkers": 1_000_000},
            (
                "belief_walk: 1000000 walkers from 0.5 in steps of 0.001 would take about 250 billion "
                "updates, above the 40 billion allowed. Take fewer walkers or a larger step, or draw them "
                "from the law with from_law 1."
            ),
        ),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_one_sentence(
    bad: dict[str, float], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SettingError) as refused:
        parse_settings(TOY, bad)
    assert str(refused.value) == sentence
    assert main(["run", "belief_walk", *(f"--set={name}={value}" for name, value in bad.items())]) == 2
    assert capsys.readouterr().err == f"{sentence}\n"


def test_a_step_that_does_not_divide_runs_and_says_what_happens_at_the_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["run", "belief_walk", "--set=step=0.07", "--set=walkers=100", "--device=cpu"]) == 0
    said = capsys.readouterr().out
    assert said.endswith("Where less than a step is left to 0% or 100%, the last update is that short.\n")


def test_from_the_law_a_million_walkers_take_any_number_of_steps() -> None:
    config = parse_settings(TOY, {"step": 0.001, "walkers": 1_000_000, "from_law": 1})
    result = run_to_end(TOY, config, seed=0, device="cpu").frame.result
    assert result["mean_updates"] == pytest.approx(250_000, abs=4 * result["standard_error"])


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
        "Half of all walks are over by update 1,894; one in ten needs more than 5,156. "
        "By update 1,000, 23% are."
    )
    shown = list(frames(TOY, Config(step=0.1, update_probability=0.5), seed=1, device="cpu"))
    assert "20,000 walkers are certain after 0 updates, whose squares come to 0 of 0.25." in readout(shown[0])
    said = readout(shown[-1])
    assert said.startswith("From 50% in steps of 10 points, the mean of 20,000 walkers is 2")
    assert "the exact answer is 25. Half of all walks are over by update 19. " in said
    assert "% of the walkers ended at 100%. The squares of a walk's updates came to 0.2" in said
    assert said.endswith("periods; exactly 50.")
