"""The simulated motions against closed forms, and the closed forms against one another."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.run import frames, run_to_end
from sim.spec import SettingError, get, parse_settings
from sim.toys._brownian_limit_figure import credences, drawn_paths, update_sizes
from sim.toys._ending_above import drops, median_distance_from_half, share_up_to, spent, update_kurtosis
from sim.toys._flip_sums import flip_sum
from sim.toys._normal import below, density, quantile
from sim.toys._path_tally import NEAR
from sim.toys.brownian_limit import Config, facts, preview, readout

TOY = get("brownian_limit")
NORMAL = NormalDist()

starts = st.floats(0.01, 0.99)
times = st.floats(0.01, 0.99)


def test_the_gaussian_over_arrays_is_pythons() -> None:
    z = np.linspace(-8, 8, 65)
    np.testing.assert_allclose(below(z), [NORMAL.cdf(x) for x in z], rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(density(z), [NORMAL.pdf(x) for x in z], rtol=1e-12)
    np.testing.assert_allclose(quantile(below(z[:40])), z[:40], rtol=1e-9, atol=1e-12)
    assert quantile([0, 0.5, 1]).tolist() == [-math.inf, 0, math.inf]
    assert below([-math.inf, math.inf]).tolist() == [0, 1]


@pytest.mark.parametrize("flips", [1, 2, 3, 10, 101, 1000])
def test_a_sum_of_flips_is_the_binomial(flips: int) -> None:
    law = flip_sum(flips)
    exact = [math.comb(flips, heads) / 2**flips for heads in range(flips + 1)]
    np.testing.assert_allclose(law.chance, exact, rtol=1e-9, atol=1e-300)
    assert law.chance @ law.value**2 == pytest.approx(1)
    assert law.chance @ law.value**4 == pytest.approx(law.kurtosis)
    # A Gaussian falls between neighbouring thresholds as often as the sum takes the value that is paired.
    paired = np.diff(below(law.threshold), prepend=0, append=1)
    np.testing.assert_allclose(paired, law.chance, rtol=0, atol=1e-12)


def test_a_sum_of_flips_nears_the_gaussian_as_its_largest_chance_falls() -> None:
    """The distribution functions are furthest apart at the middle; for even sums, by half that chance."""
    for flips in (2, 10, 100, 1000):
        assert flip_sum(flips).distance == pytest.approx(math.comb(flips, flips // 2) / 2 ** (flips + 1))
    assert flip_sum(1).distance == pytest.approx(NORMAL.cdf(1) - 0.5)
    assert flip_sum(1).gap == pytest.approx(math.sqrt(2 - 2 * math.sqrt(2 / math.pi)))
    # Between fine steps the Gaussian is spread evenly over each, and lies h/√12 from where the sum is.
    assert flip_sum(1000).gap == pytest.approx(2 / math.sqrt(1000) / math.sqrt(12), rel=1e-3)


def test_the_figures_that_the_book_quotes() -> None:
    exact = facts(Config())
    assert exact["near_half_at_half_time"] == pytest.approx(0.2)
    assert exact["median_distance_at_half_time"] == pytest.approx(0.25)
    assert exact["near_half_late"] == pytest.approx(2 * NORMAL.cdf(NORMAL.inv_cdf(0.6) / 3) - 1)
    assert exact["near_half_late"] == pytest.approx(0.0673, abs=5e-5)
    assert exact["sure_late"] == pytest.approx(0.583, abs=5e-4)
    assert exact["budget_by_half_time"] == pytest.approx(1 / 3)
    assert exact["budget_last_tenth"] == pytest.approx(1 - 2 * math.asin(0.9) / math.pi)
    assert exact["credence_kurtosis"] == pytest.approx(11.49, abs=0.005)


@given(times)
def test_from_a_half_the_budget_is_an_arc_sine(time: float) -> None:
    assert spent(time, 0.5) == pytest.approx(math.asin(time) / (2 * math.pi))


@given(starts)
def test_at_the_end_the_whole_budget_is_spent(start: float) -> None:
    assert spent(1.0, start) == pytest.approx(start * (1 - start))
    assert spent(0.0, start) == 0


@given(starts, times)
@settings(max_examples=50)
def test_the_law_of_the_credence_is_a_martingales(start: float, time: float) -> None:
    """Its mean is where it started; its second moment exceeds that by what was spent."""
    x, weight = np.polynomial.legendre.leggauss(400)
    angle = np.pi / 2 * (x + 1) / 2  # crowds the nodes where the credence does, at 0 and at 1
    place, rate = np.sin(angle) ** 2, np.sin(2 * angle) * np.pi / 4 * weight
    above = 1 - np.array([share_up_to(float(p), time, start) for p in place])
    assert rate @ above == pytest.approx(start, abs=2e-4)
    assert rate @ (2 * place * above) == pytest.approx(start**2 + spent(time, start), abs=2e-4)


@given(starts, times)
def test_half_of_all_credences_are_within_the_median_distance(start: float, time: float) -> None:
    distance = median_distance_from_half(time, start)
    if 1e-6 < distance < 0.5 - 1e-6:
        inside = share_up_to(0.5 + distance, time, start) - share_up_to(0.5 - distance, time, start)
        assert inside == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("start", [0.5, 0.1, 0.97])
def test_one_update_settles_everything(start: float) -> None:
    assert drops((0.9 * start, min(1.1 * start, 0.999)), 1, start).tolist() == pytest.approx([1 - start, 0])
    odds = 1 - 3 * start * (1 - start)
    assert update_kurtosis(1, start) == pytest.approx(odds / (start * (1 - start)))


@pytest.mark.parametrize(("updates", "start"), [(2, 0.5), (20, 0.5), (7, 0.1), (50, 0.9)])
def test_kurtosis_and_drops_are_of_one_law(updates: int, start: float) -> None:
    """E[Δ⁴] = ∫ 4x³ P(|Δ| ≥ x) dx over the whole range of sizes."""
    x, weight = np.polynomial.legendre.leggauss(100)
    size = tuple((x + 1) / 2)
    tail = drops(size, updates, start) + drops(size, updates, 1 - start)
    fourth = float((4 * np.array(size) ** 3 * tail) @ weight / 2)
    assert fourth == pytest.approx(
        update_kurtosis(updates, start) * (start * (1 - start) / updates) ** 2, rel=1e-3
    )


def test_the_finer_the_reading_the_heavier_the_tails() -> None:
    kurtosis = [update_kurtosis(updates, 0.5) for updates in range(2, 51)]
    assert kurtosis == sorted(kurtosis)


@pytest.mark.parametrize(
    "config",
    [
        Config(walkers=50_000),
        Config(start=0.1, flips=1),
        Config(start=0.9, updates=50),
        Config(flips=1000, updates=10),
    ],
    ids=str,
)
def test_what_is_simulated_is_what_is_exact(config: Config) -> None:
    exact = facts(config)
    frame = run_to_end(TOY, config, seed=5, device="cpu").frame
    result, root = frame.result, math.sqrt(config.walkers)
    assert result["budget"] == pytest.approx(exact["budget"], abs=4 * result["budget_error"])
    assert result["sd_at_end"] == pytest.approx(1, abs=4 / root / math.sqrt(2))
    assert result["walk_sd_at_end"] == pytest.approx(1, abs=4 / root / math.sqrt(2))
    assert result["walk_gap"] == pytest.approx(exact["walk_gap"], rel=4 / root)
    assert result["ended_above"] == pytest.approx(config.start, abs=2 / root)
    steps = math.sqrt(24 / (config.walkers * config.updates))  # of a sample kurtosis; a Gaussian has most
    assert result["walk_kurtosis"] == pytest.approx(exact["walk_kurtosis"], abs=4 * steps)
    for done, share in enumerate(result["near_half"][:-1], 1):
        time = done / config.updates
        law = share_up_to(0.5 + NEAR, time, config.start) - share_up_to(0.5 - NEAR, time, config.start)
        assert share == pytest.approx(law, abs=4 * math.sqrt(law * (1 - law) / config.walkers) + 1e-4)


def test_updates_have_the_exact_law() -> None:
    config = Config(start=0.3, walkers=100_000, updates=10)
    share = run_to_end(TOY, config, seed=6, device="cpu").frame.arrays["update_share"]
    sizes = update_sizes(config.updates, config.start)
    falls, rises = tuple(-sizes[sizes < 0]), tuple(sizes[sizes > 0])
    exact = np.concatenate([drops(falls, 10, config.start), 1 - drops(rises, 10, 1 - config.start)])
    error = np.sqrt(exact * (1 - exact) / config.walkers)  # as if a path's updates were all alike: at most
    assert (np.abs(share - exact) < 4 * error / math.sqrt(10) + 1e-5).all()


def test_a_credence_is_the_chance_that_is_left() -> None:
    motion, time = np.array([[0.0, 0.4, -0.1], [0.0, 1.0, 0.2]]), np.array([0, 0.5, 1])
    shown = credences(motion, time, 0.5)
    assert shown[:, 0].tolist() == [0.5, 0.5]
    assert shown[:, 1].tolist() == pytest.approx([NORMAL.cdf(x / math.sqrt(0.5)) for x in (0.4, 1.0)])
    assert shown[:, 2].tolist() == [0, 1]


@given(st.integers(1, 300), st.integers(2, 50), st.integers(0, 1000))
@settings(max_examples=30)
def test_the_drawn_walk_takes_even_steps_and_keeps_to_its_motion(flips: int, updates: int, seed: int) -> None:
    paths = drawn_paths(0.5, flips, updates, np.random.default_rng(seed))
    time, walk = paths["walk_time"], paths["walk"]
    assert (time[0], time[-1], walk[0]) == (0, 1, 0)
    steps = flips * updates
    taken, moved = np.diff(time) * steps, np.diff(walk) * math.sqrt(steps)
    assert np.allclose(moved, np.rint(moved))
    assert (np.abs(moved) <= taken + 1e-6).all()
    ends = paths["motion"][-1] - walk[-1]
    assert abs(ends) < 6 * flip_sum(flips).gap


def test_more_than_the_machine_can_do_is_refused_with_an_estimate() -> None:
    with pytest.raises(SettingError, match=r"200000 paths .* 10 million updates, above the 5"):
        parse_settings(TOY, {"walkers": 200_000, "updates": 50})


def test_drawn_paths_grow_with_the_run() -> None:
    shown = list(frames(TOY, Config(walkers=100), seed=0, device="cpu"))
    latest = [np.nanmax(frame.arrays["time"]) for frame in shown[1:]]
    assert latest == pytest.approx(np.arange(1, 21) / 20)


def test_read_outs() -> None:
    assert readout(preview(Config(), seed=0)) == (
        "An update of the walk is 4 flips, at most 19% from Gaussian. "
        "The credence's have heavy tails: kurtosis 11.5, where a Gaussian has 3. "
        "20% of credences are near 50% at half-time and 6.7% with a tenth of the time left."
    )
    said = readout(run_to_end(TOY, Config(flips=1), seed=1, device="cpu").frame)
    assert said.startswith("Over 20,000 paths, updates of 1 flip have kurtosis 1, exactly 1; ")
    assert "exactly 0.25, and " in said
