"""Pushed activations against closed forms, exact averages over directions, and pushes in all dimensions."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.run import frames, run_to_end
from sim.spec import Frame, SettingError, get, parse_settings
from sim.toys._activation_plateau_figure import BEFORE, MOST_DISTANCES, distances
from sim.toys._mean_change import (
    EXAMPLE,
    KINDS,
    MIXTURE,
    NODES,
    RANDOM,
    READ_OFF,
    Reader,
    _chi_squared,
    mean_change,
    reach,
    softmax,
)
from sim.toys._pushed_examples import Tally, pushed, random_directions, read_offs
from sim.toys.activation_plateau import WIDTHS, Config, facts, preview, readout

TOY = get("activation_plateau")
QUADRATURE = 0.01  # what the docstring of the integration vouches for, relative, in a distance

readers = st.builds(
    Reader,
    width=st.integers(16, 1024),
    options=st.integers(3, 16),
    sharpness=st.floats(4, 30),
    noise=st.just(0.0),
)
changes = st.floats(0.01, 0.3)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def pushed_often() -> Frame:
    return run_to_end(TOY, Config(trials=20_000), seed=11, device="cpu").frame


@given(readers, changes)
@settings(deadline=None, max_examples=30)
def test_along_another_read_off_the_distance_is_in_closed_form(reader: Reader, change: float) -> None:
    """Without noise only the other option gains, so that its probability has to rise by the change."""
    k, beta = reader.options, reader.sharpness
    rest = math.exp(beta) + k - 2
    wanted = 1 / (math.exp(beta) + k - 1) + change
    distance = math.log(rest * wanted / (1 - wanted)) / beta
    assert reach(reader, READ_OFF, change) == pytest.approx(distance, rel=1e-3)


@given(readers, changes)
@settings(deadline=None, max_examples=30)
def test_towards_another_example_only_the_own_option_loses(reader: Reader, change: float) -> None:
    beta, others = reader.sharpness, reader.options - 2
    part = reach(reader, EXAMPLE, change) / math.sqrt(2)  # of the way, which is √2 long
    own, other = math.exp(beta * (1 - part)), math.exp(beta * part)
    lost = math.exp(beta) / (math.exp(beta) + others + 1) - own / (own + other + others)
    assert lost == pytest.approx(change, rel=1e-3)


@given(readers, changes)
@settings(deadline=None, max_examples=30)
def test_along_a_mixture_both_gain_alike(reader: Reader, change: float) -> None:
    k, beta = reader.options, reader.sharpness
    rest = math.exp(beta) + k - 3
    wanted = 2 / (math.exp(beta) + k - 1) + change
    distance = math.sqrt(2) / beta * math.log(rest * wanted / (1 - wanted) / 2)
    assert reach(reader, MIXTURE, change) == pytest.approx(distance, rel=1e-3)


def test_a_random_push_goes_as_the_root_of_the_width() -> None:
    """Readings of a random direction are independent of the width but for a factor 1/√d, if d is large."""
    ratio = [reach(Reader(4 * d, 8, 12.0, 0.0), RANDOM, 0.05) for d in (64, 256)]
    narrow = [reach(Reader(d, 8, 12.0, 0.0), RANDOM, 0.05) for d in (64, 256)]
    np.testing.assert_allclose(np.divide(ratio, narrow), 2, rtol=QUADRATURE)


@pytest.mark.parametrize("config", [Config(), Config(width=16, directions=16), Config(noise=0, change=0.2)])
def test_the_integral_is_what_pushes_in_all_dimensions_measure(config: Config) -> None:
    exact = facts(config)
    result = cast("dict[str, float]", run_to_end(TOY, config, seed=5, device="cpu").frame.result)
    for kind in KINDS:
        distance = exact[f"{kind}_reach"]
        error = 4 * result[f"{kind}_error"] + QUADRATURE * distance
        assert result[f"{kind}_reach"] == pytest.approx(distance, abs=error), kind


def test_whole_curves_agree_with_pushes(pushed_often: Frame) -> None:
    """A share varies by no more than ½, and a curve is drawn from fewer nodes than a number is read from."""
    error = 4 * 0.5 / math.sqrt(20_000) + 0.01
    for kind in KINDS:
        arrays = pushed_often.arrays
        np.testing.assert_allclose(arrays[f"{kind}_seen"], arrays[f"{kind}_change"], atol=error)


def test_measured_errors_are_those_of_repeated_runs() -> None:
    config = Config(trials=400)
    runs = [run_to_end(TOY, config, seed=seed, device="cpu").frame.result for seed in range(16)]
    for kind in (READ_OFF, RANDOM):
        found = np.array([result[f"{kind}_reach"] for result in runs])
        claimed = np.mean([result[f"{kind}_error"] for result in runs])
        assert 0.4 < found.std(ddof=1) / claimed < 1.7  # 16 runs know a spread to 18%; some four of those


def test_a_random_direction_is_read_by_one_in_the_root_of_the_width(pushed_often: Frame) -> None:
    """The mean square of a reading of a random unit vector is exactly 1/d; its spread is below √2/d."""
    ratios = np.array(pushed_often.result["reading_ratios"])
    error = 4 * math.sqrt(2 / 20_000) / 2
    np.testing.assert_allclose(ratios * np.sqrt(WIDTHS), 1, atol=error)
    assert error < 0.03
    assert facts(Config(width=256))["reading_ratio"] == 1 / 16


@given(st.integers(3, 16), st.integers(0, 1000))
@settings(deadline=None, max_examples=20)
def test_the_outputs_derivative_favours_read_offs_by_the_root_of_width_over_options(
    k: int, seed: int
) -> None:
    """|J|² is shared among k read-offs, and among all d dimensions by a random direction: whatever J is."""
    width, random = 64, np.random.default_rng(seed)
    rows = np.linalg.qr(random.standard_normal((width, k)))[0].T
    at = random.standard_normal(width)

    def answer(h: torch.Tensor) -> torch.Tensor:
        return (12 * torch.tensor(rows) @ h).softmax(-1)

    derivative = cast("torch.Tensor", torch.autograd.functional.jacobian(answer, torch.tensor(at))).numpy()
    along_read_offs = ((derivative @ rows.T) ** 2).sum(axis=0).mean()
    basis = np.linalg.qr(random.standard_normal((width, width)))[0]  # its mean over columns is the sphere's
    at_random = ((derivative @ basis) ** 2).sum(axis=0).mean()
    assert math.sqrt(at_random / along_read_offs) == pytest.approx(
        facts(Config(directions=k))["output_ratio"], rel=1e-9
    )


def test_the_plateau_needs_no_superposition() -> None:
    exact = facts(Config())
    assert exact["spare_dimensions"] == 56
    assert exact["plateau_ratio"] > 5
    assert exact["example_reach"] < exact["read_off_reach"] < exact["mixture_reach"] < exact["random_reach"]


def test_the_accuracy_is_counted() -> None:
    reader = Reader(16, 8, 12.0, 1.0)
    random = np.random.default_rng(0)
    readings = np.eye(8)[0] + reader.spread * random.standard_normal((200_000, 8))
    right = (readings.argmax(axis=1) == 0).mean()
    error = 4 * math.sqrt(right * (1 - right) / 200_000)
    assert reader.accuracy() == pytest.approx(right, abs=error)
    assert Reader(16, 8, 12.0, 0.0).accuracy() == 1


def test_read_offs_are_orthonormal() -> None:
    rows = read_offs(64, 8, generator()).double()
    torch.testing.assert_close(rows @ rows.T, torch.eye(8, dtype=torch.float64), atol=1e-6, rtol=0)


def test_random_directions_have_length_one_and_lean_nowhere() -> None:
    drawn = random_directions(10_000, 16, generator()).double()
    torch.testing.assert_close(drawn.norm(dim=1), torch.ones(10_000, dtype=torch.float64))
    assert drawn.mean(0).abs().max() < 5 / math.sqrt(16 * 10_000)


def test_a_mixture_is_of_two_other_options() -> None:
    """Pushed far enough along both, an example has nothing left of its own answer."""
    reader = Reader(16, 3, 30.0, 0.0)
    rows = read_offs(16, 3, generator())
    change = pushed(reader, MIXTURE, rows, torch.tensor([100.0]), 500, generator())
    torch.testing.assert_close(change, torch.ones_like(change))


def test_no_push_changes_nothing() -> None:
    reader = Reader(32, 5, 12.0, 0.5)
    rows = read_offs(32, 5, generator())
    for kind in KINDS:
        assert not pushed(reader, kind, rows, torch.zeros(1), 50, generator()).any()
        assert mean_change(reader, kind, np.zeros(1), NODES)[0] == 0


@pytest.mark.parametrize("degrees", [1, 2, 8, 56, 1008])
def test_chi_squared_quantiles_have_the_right_moments(degrees: int) -> None:
    share = (np.arange(100_000) + 0.5) / 100_000
    value = _chi_squared(share, degrees)
    assert value.mean() == pytest.approx(degrees, rel=0.01)
    assert value.var() == pytest.approx(2 * degrees, rel=0.03)


def test_softmax_is_torchs() -> None:
    logits = np.random.default_rng(0).standard_normal((20, 5)) * 30
    np.testing.assert_allclose(softmax(logits), torch.tensor(logits).softmax(-1).numpy(), atol=1e-12)


def test_a_tally_finds_the_crossing_and_its_error() -> None:
    random = np.random.default_rng(3)
    values = np.array([0.0, 1.0, 2.0]) + random.standard_normal((10_000, 3))
    at, error = (
        Tally.empty(3).plus(values[:4000]).plus(values[4000:]).passes(0.5, np.array([0.0, 10.0, 20.0]))
    )
    assert error == pytest.approx(10 / 100, rel=0.05)
    assert at == pytest.approx(5, abs=4 * error)


def test_means_that_stay_below_pass_at_the_end() -> None:
    flat = Tally.empty(2).plus(np.zeros((10, 2)))
    assert flat.passes(0.5, np.array([0.0, 1.0])) == (1.0, 0.0)


@given(st.floats(0.01, 5), st.floats(0.01, 20))
def test_the_reach_is_among_the_distances(own: float, random: float) -> None:
    places = distances(own, random)
    assert len(places) == MOST_DISTANCES
    assert (np.diff(places) > 0).all()
    assert places[(BEFORE - 1) // 2] == pytest.approx(own)


def test_pushes_are_added_frame_by_frame() -> None:
    so_far = [
        frame.result.get("trials_so_far", 0)
        for frame in frames(TOY, Config(trials=201), seed=0, device="cpu")
    ]
    assert so_far[0] == 0
    assert so_far[-1] == 201
    assert so_far == sorted(set(so_far))


def test_fewer_than_three_directions_are_refused() -> None:
    with pytest.raises(SettingError, match="directions is 2, below the least allowed, 3"):
        parse_settings(TOY, {"directions": 2})


def test_read_outs() -> None:
    assert readout(preview(Config(), seed=0)) == (
        "A push of 0.662 along another read-off moves 5% of the probability; so does one of 0.607 towards "
        "another example, and one of 2.11 along a random direction. From a random activation 0.121 is enough."
    )
    said = readout(run_to_end(TOY, Config(), seed=1, device="cpu").frame)
    assert said.startswith("In 4,000 pushes of each kind, 5% of the probability had moved after 0.66")
    assert said.endswith("With 56 spare dimensions, nothing is in superposition.")
