"""Maps that remember pairs, against what is proved of one pair or d, a power law, and predicted recall."""

from __future__ import annotations

import math
from itertools import permutations
from statistics import NormalDist
from typing import cast

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sim.run import frames, run_to_end
from sim.spec import Frame, SettingError, get, parse_settings
from sim.toys._linear_memory import (
    LEAST_SQUARES,
    OUTER_PRODUCTS,
    RULES,
    TESTED,
    TRAINED,
    Attempt,
    capacity,
    recall,
    search,
)
from sim.toys._power_fit import fitted, student
from sim.toys._recall_theory import BITS_LIMIT, bits_stored, predicted_capacity, predicted_recall
from sim.toys.memory_capacity import Config, facts, preview, readout

TOY = get("memory_capacity")
TRAINING = Config(rule=TRAINED, narrowest=12, widest=32, widths=3, repeats=3)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def mean_recall(width: int, pairs: int, rule: int, attempts: int, seed: int = 0) -> float:
    random = generator(seed)
    return float(np.mean([recall(width, pairs, 0.9, rule, random) for _ in range(attempts)]))


@pytest.fixture(scope="module")
def found() -> Frame:
    return run_to_end(TOY, Config(widest=128, widths=5), seed=2, device="cpu").frame


@pytest.fixture(scope="module")
def trained() -> Frame:
    return run_to_end(TOY, TRAINING, seed=2, device="cpu").frame


@pytest.mark.parametrize("rule", RULES)
def test_one_pair_is_always_given_back(rule: int) -> None:
    assert recall(8, 1, 0.9, rule, generator()) == 1
    assert predicted_recall(1, 8, least_squares=rule == LEAST_SQUARES) == 1


@pytest.mark.parametrize("width", [8, 16, 64])
def test_least_squares_gives_back_as_many_pairs_as_dimensions(width: int) -> None:
    """So many independent keys can be sent anywhere, and nothing is left to confuse."""
    assert mean_recall(width, width, LEAST_SQUARES, 5) == 1
    assert predicted_recall(width, width, least_squares=True) == 1


@pytest.mark.parametrize("rule", [OUTER_PRODUCTS, LEAST_SQUARES])
@pytest.mark.parametrize(("width", "fillings"), [(32, (0.03, 0.05, 0.09)), (96, (0.03, 0.044, 0.07))])
def test_recall_is_as_predicted(rule: int, width: int, fillings: tuple[float, ...]) -> None:
    """Within half a point, which is what the derivation vouches for, and four standard errors."""
    for filling in fillings:
        pairs, attempts = round(filling * width**2), 6
        expected = predicted_recall(pairs, width, least_squares=rule == LEAST_SQUARES)
        # Pairs in one map share its luck; their number stands in for the maps, which overstates the error.
        error = 4 * math.sqrt(max(expected * (1 - expected), 1e-3) / (attempts * TESTED)) + 0.01
        assert mean_recall(width, pairs, rule, attempts) == pytest.approx(expected, abs=error), filling


@pytest.mark.parametrize("least_squares", [False, True])
@pytest.mark.parametrize("wanted", [0.5, 0.9, 0.99])
def test_the_predicted_capacity_has_the_recall_that_was_wanted(*, wanted: float, least_squares: bool) -> None:
    for width in (8, 100, 8192):
        pairs = predicted_capacity(width, wanted, least_squares=least_squares)
        held = predicted_recall(pairs, width, least_squares=least_squares)
        assert held == pytest.approx(wanted, abs=1e-3)


def test_outer_products_follow_the_square_over_the_logarithm() -> None:
    """In a wide map, half come back where the largest of n Gaussians, some √(2 ln n), is d/√n."""
    ratio = []
    for width in (512, 8192, 65_536):
        pairs = predicted_capacity(width, 0.5, least_squares=False)
        largest = NormalDist().inv_cdf(0.5 ** (1 / pairs))  # the median of the largest
        ratio.append(math.sqrt(pairs) * largest / width)
    assert ratio == sorted(ratio)
    assert ratio[-1] == pytest.approx(1, abs=0.01)


def test_with_ever_wider_maps_bits_come_to_rest_and_pairs_gain_on_the_square() -> None:
    widths = (256, 2048, 16_384)
    pairs = [predicted_capacity(width, 0.9, least_squares=False) for width in widths]
    bits = [bits_stored(n, 0.9) / width**2 for n, width in zip(pairs, widths, strict=True)]
    assert bits == sorted(bits)
    assert bits[-1] < 0.9 * BITS_LIMIT
    local = np.diff(np.log(pairs)) / np.diff(np.log(widths))
    assert (local < 2).all()
    assert (local > 1.8).all()


def test_least_squares_is_worth_a_pair_for_each_dimension() -> None:
    """It takes the keys' own overlaps out, which is as if d of the pairs did not interfere."""
    for width in (64, 256, 1024):
        plain, better = (predicted_capacity(width, 0.9, least_squares=rule) for rule in (False, True))
        assert (better - plain) / width == pytest.approx(1, abs=0.1)


def test_bits_of_a_whole_directory_are_those_of_its_arrangements() -> None:
    for n in range(1, 7):
        assert bits_stored(n, 1.0) == pytest.approx(math.log2(len(list(permutations(range(n))))))


def test_a_directory_with_mistakes_is_worth_what_mending_it_costs_less() -> None:
    whole, mistakes = bits_stored(1000, 1.0), bits_stored(1000, 0.9)
    which = math.log2(math.comb(1000, 100))  # n H(p) is Stirling's upper bound to it
    order = math.lgamma(101) / math.log(2)
    assert whole - which - order - 6 < mistakes < whole - which - order


@pytest.mark.parametrize("rule", [OUTER_PRODUCTS, LEAST_SQUARES])
def test_the_search_finds_the_predicted_capacity(rule: int) -> None:
    width, random = 64, generator(4)
    found = [capacity(list(search(width, 0.9, rule, random)), 0.9, width, rule) for _ in range(5)]
    expected = predicted_capacity(width, 0.9, least_squares=rule == LEAST_SQUARES)
    error = 4 * np.std(found, ddof=1) / math.sqrt(5)
    assert np.mean(found) == pytest.approx(expected, abs=error + 0.03 * expected)  # half a point of recall


def test_a_capacity_lies_between_the_closest_attempts() -> None:
    attempts = [Attempt(2, 1.0), Attempt(8, 0.4), Attempt(4, 0.95), Attempt(5, 0.85)]
    assert capacity(attempts, 0.9, 8, OUTER_PRODUCTS) == pytest.approx(4.5)
    assert capacity([Attempt(2, 0.8)], 0.9, 8, OUTER_PRODUCTS) == pytest.approx(1.5)
    assert capacity([Attempt(16, 0.8)], 0.9, 8, LEAST_SQUARES) == pytest.approx(12)


@given(st.floats(0.2, 3), st.floats(0.01, 100), st.integers(3, 12))
def test_an_exact_power_law_is_found_exactly(exponent: float, scale: float, points: int) -> None:
    x = np.geomspace(2, 300, points)
    law = fitted(x, scale * x**exponent)
    assert law.exponent == pytest.approx(exponent, rel=1e-9)
    assert law.scale == pytest.approx(scale, rel=1e-8)
    assert law.margin == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(law.at(x), scale * x**exponent)


def test_the_interval_of_an_exponent_holds_it_in_95_of_100_fits() -> None:
    random = np.random.default_rng(8)
    x, fits = np.geomspace(10, 100, 6), 4000
    inside = 0
    for _ in range(fits):
        law = fitted(x, x**1.7 * np.exp(0.1 * random.standard_normal(6)))
        inside += abs(law.exponent - 1.7) < law.margin
    assert inside / fits == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / fits) + 0.005)


def test_students_quantiles_are_the_tabulated_ones() -> None:
    tabulated = {4: 2.776, 5: 2.571, 10: 2.228, 30: 2.042, 120: 1.980}
    for degrees, quantile in tabulated.items():
        assert student(degrees) == pytest.approx(quantile, rel=0.004)


def test_two_points_have_no_interval() -> None:
    assert fitted([1, 2], [1, 4]).margin == 0


def test_the_run_measures_the_predicted_exponents(found: Frame) -> None:
    config = cast("Config", found.config)
    exact, result = facts(config), cast("dict[str, float]", found.result)
    for name in ("exponent", "bits_exponent"):
        # Half a point of recall is up to 3% of a capacity, and the widths span a factor of four.
        error = 4 * result[f"{name}_error"] + 0.03 / math.log(4)
        assert result[name] == pytest.approx(exact[name], abs=error)
        assert result[f"{name}_low"] < result[name] < result[f"{name}_high"]
    error = 4 * result["capacity_error"] + 0.03 * exact["capacity"]
    assert result["capacity"] == pytest.approx(exact["capacity"], abs=error)


def test_a_trained_map_holds_more_and_its_bits_grow_as_its_entries(trained: Frame) -> None:
    result = cast("dict[str, float]", trained.result)
    best_known = predicted_capacity(32, 0.9, least_squares=True)
    assert result["capacity"] > 1.8 * best_known
    assert result["bits_exponent"] == pytest.approx(2, abs=4 * result["bits_exponent_error"])
    assert result["exponent_high"] < 2
    assert 0.8 < result["bits_per_parameter"] < 1.2


def test_training_is_watched_attempt_by_attempt() -> None:
    config = Config(rule=TRAINED, narrowest=8, widest=16, widths=3, repeats=2)
    attempts = [frame.result.get("attempts_so_far", 0) for frame in frames(TOY, config, seed=0, device="cpu")]
    assert set(attempts) == set(range(int(attempts[-1]) + 1))


def test_the_arithmetic_behind_67_million() -> None:
    exact = facts(Config())
    assert exact["square_of_width"] == 67_108_864
    assert exact["features_by_parameters"] == pytest.approx(8.54, abs=0.005)
    assert facts(Config(large_width=8200))["square_of_width"] == 67_240_000
    assert exact["large_model_bits"] == pytest.approx(70 * exact["large_bits"])
    assert exact["bits_limit"] == pytest.approx(0.7213, abs=1e-4)


def test_a_range_too_short_to_fit_is_refused() -> None:
    with pytest.raises(SettingError, match="widest is 60, less than twice narrowest, 32"):
        parse_settings(TOY, {"widest": 60})


def test_more_than_the_machine_can_do_is_refused_with_an_estimate() -> None:
    with pytest.raises(SettingError, match=r"by training would take about \d+ seconds, above the 90 allowed"):
        parse_settings(TOY, {"rule": TRAINED})


def test_read_outs(found: Frame, trained: Frame) -> None:
    assert readout(preview(Config(), seed=0)) == (
        "By outer products, a map of width 256 should give back 90% of up to 2,534 pairs: 0.338 bits for "
        "each of its 65,536 numbers. Pairs should grow as the width to the power 1.88."
    )
    assert readout(preview(TRAINING, seed=0)).endswith("Run it to train maps, which hold more.")
    said = readout(found)
    assert said.startswith("By outer products, a map of width 128 gives back 90% of up to ")
    assert "(95% interval 1.8" in said
    assert readout(trained).startswith("By training, a map of width 32 gives back 90% of up to ")
