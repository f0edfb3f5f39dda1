"""ANDs in superposition: every set of neurons by brute force, drawn circuits, and trainings beside them."""

from __future__ import annotations

from itertools import combinations, product
from math import comb

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sim.run import run_to_end
from sim.spec import Frame, SettingError, get, parse_settings
from sim.toys import _and_training
from sim.toys._and_theory import (
    REACHES,
    VARIANCE,
    best_reach,
    chances,
    naive_error,
    pairs,
    read_off,
    scale_and_floor,
    superposed_error,
    widths_up_to,
)
from sim.toys._and_training import GLANCE, HELD_OUT, Size, measured_errors, train
from sim.toys.superposed_and import Config, facts, preview, readout

TOY = get("superposed_and")
reaches = st.floats(0.05, 1)
actives = st.integers(2, 6)

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def trained() -> Frame:
    return run_to_end(TOY, Config(steps=250), seed=1, device="cpu").frame


def by_listening(active: int, reach: float, of_pair_on: int) -> tuple[float, float]:
    """Mean and variance of a neuron that listens to a pair, by trying every set of the others that are on."""
    others = active - of_pair_on
    total = square = 0.0
    for heard in product((0, 1), repeat=others):
        chance = np.prod([reach if one else 1 - reach for one in heard], initial=1.0)
        says = max(of_pair_on + sum(heard) - 1, 0)
        total, square = total + chance * says, square + chance * says**2
    return total, square - total**2


@given(actives, reaches)
def test_what_a_neuron_says_is_what_every_set_of_others_makes_it_say(active: int, reach: float) -> None:
    said = read_off(active, reach)
    for kind, of_pair_on in enumerate((2, 1, 0)):
        mean, variance = by_listening(active, reach, of_pair_on)
        assert said.mean[kind] == pytest.approx(mean, abs=1e-12)
        assert said.variance[kind] == pytest.approx(variance, abs=1e-10)


@given(st.integers(8, 40), actives)
def test_chances_are_counts_of_pairs(features: int, active: int) -> None:
    on = set(range(active))
    kinds = [len(on & set(pair)) for pair in combinations(range(features), 2)]
    counted = [kinds.count(of_pair_on) / len(kinds) for of_pair_on in (2, 1, 0)]
    assert chances(features, active) == pytest.approx(counted)
    assert pairs(features) == len(kinds)


@given(st.integers(1, 5), actives, st.floats(0.05, 0.95))
def test_the_error_is_the_sum_over_every_number_of_neurons(width: int, active: int, reach: float) -> None:
    """Each term by least squares over what N neurons may say of the three kinds together."""
    said = read_off(active, reach)
    error = 0.0
    for neurons in range(width + 1):
        chance = comb(width, neurons) * reach ** (2 * neurons) * (1 - reach**2) ** (width - neurons)
        left = VARIANCE
        if neurons:
            spread = said.mean.var() + said.variance.mean() / neurons
            left -= ((said.mean - said.mean.mean())[0] / 3) ** 2 / spread if spread else 0
        error += chance * left / VARIANCE
    assert superposed_error(width, active, reach) == pytest.approx(error, abs=1e-9)


@given(actives, reaches, st.integers(1, 50), st.floats(-0.1, 0.1))
def test_no_other_scale_errs_less(active: int, reach: float, neurons: int, other: float) -> None:
    said = read_off(active, reach)
    wanted = np.array([1.0, 0, 0])

    def error(scale: float) -> float:
        told = 1 / 3 + scale * (said.mean - said.mean.mean())
        return float(((told - wanted) ** 2 + scale**2 * said.variance / neurons).mean())

    (best,) = scale_and_floor(said, np.array([float(neurons)]))
    assert error(float(best)) <= error(float(best) + other) + 1e-12


@pytest.mark.parametrize(("width", "active", "reach"), [(32, 2, 0.42), (64, 3, 0.3), (12, 4, 0.5)])
def test_circuits_that_are_drawn_err_as_they_should(width: int, active: int, reach: float) -> None:
    random = torch.Generator().manual_seed(3)
    found = measured_errors(20, Size(width, active), reach, random)
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert found.mean() == pytest.approx(superposed_error(width, active, reach), abs=4.5 * error)
    assert error < 0.02


def test_with_a_neuron_for_every_pair_there_is_no_error() -> None:
    assert naive_error(pairs(20), 20) == naive_error(1000, 20) == 0
    assert naive_error(0, 20) == 1
    assert naive_error(19, 20) == pytest.approx(0.9)


def test_more_features_cost_superposition_nothing() -> None:
    few, many = (facts(Config(features=features)) for features in (20, 40))
    assert few["superposed_error"] == many["superposed_error"]
    assert few["naive_error"] < many["naive_error"]


@given(st.integers(8, 200), actives)
def test_the_error_falls_with_width_and_the_best_reach_with_it(width: int, active: int) -> None:
    reach, error = best_reach(width, active)
    assert error <= min(superposed_error(width, active, other) for other in REACHES)
    assert best_reach(2 * width, active)[1] < error
    assert best_reach(2 * width, active)[0] <= reach


def test_neurons_that_listen_to_everything_tell_no_pair_from_another() -> None:
    """All say s − 1, whatever is on."""
    said = read_off(4, 1.0)
    assert said.mean.tolist() == [3, 3, 3]
    assert superposed_error(100, 4, 1.0) == pytest.approx(1)


def test_training_beats_chance_and_chance_beats_a_neuron_to_a_pair(trained: Frame) -> None:
    exact = facts(Config())
    error = trained.result["trained_error"]
    assert isinstance(error, float)
    assert 0 < error < 0.6 * exact["best_superposed_error"]
    assert exact["best_superposed_error"] < 0.6 * exact["naive_error"]


def test_wider_circuits_err_less_and_more_features_on_make_them_err_more(trained: Frame) -> None:
    by_width, by_active = (trained.arrays[f"trained_by_{what}"] for what in ("width", "active"))
    assert (np.diff(by_width) < 0).all()
    assert (np.diff(by_active) > 0).all()


def test_a_circuit_with_a_neuron_for_every_pair_learns_them_all() -> None:
    *_, (_, (error,)) = train(5, [Size(40, 2)], 400, torch.Generator().manual_seed(0), {400})
    assert error < 1e-3


def test_looking_on_the_way_changes_nothing_at_the_end() -> None:
    ends = []
    for told in (range(21), [20]):
        *_, (step, errors) = train(8, [Size(4, 2), Size(8, 3)], 20, torch.Generator().manual_seed(0), told)
        assert step == 20
        ends.append(errors)
    np.testing.assert_array_equal(ends[0], ends[1])


def test_the_way_is_told_of_few_draws_and_the_end_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is learned, what is told differs by its draws alone."""
    monkeypatch.setattr(_and_training, "RATE", 0.0)
    told = {}
    for glance in (HELD_OUT, GLANCE):
        monkeypatch.setattr(_and_training, "GLANCE", glance)
        random = torch.Generator().manual_seed(0)
        told[glance] = [errors for _, errors in train(8, [Size(4, 2), Size(8, 3)], 3, random, range(4))]
    for errors in told[HELD_OUT]:
        np.testing.assert_array_equal(errors, told[GLANCE][-1])
    for errors in told[GLANCE][:-1]:
        np.testing.assert_array_equal(errors, told[GLANCE][0])
        assert (errors != told[GLANCE][-1]).all()


def test_widths_double() -> None:
    assert widths_up_to(64, 4) == [8, 16, 32, 64]
    assert widths_up_to(8, 4) == [4, 8]


def test_what_takes_too_long_is_refused_with_the_estimate() -> None:
    with pytest.raises(SettingError, match=r"would take about \d+ seconds, above the 60 allowed"):
        parse_settings(TOY, {"features": 40, "width": 256, "steps": 3000})


def test_the_readout_has_the_errors() -> None:
    exact = facts(Config())
    said = readout(preview(Config(), seed=0))
    assert f"{exact['naive_error']:.3g}" in said
    assert f"{exact['superposed_error']:.3g}" in said
