"""Layers that agree neuron by neuron, what a linear map can read from them, and trainings within that."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.run import run_to_end
from sim.spec import Frame, SettingError, get, parse_settings
from sim.toys import _read_off_training
from sim.toys._neuron_layers import (
    NAMES,
    blocks,
    features,
    layers,
    linear_shares,
    neurons,
    variance,
)
from sim.toys._read_off_training import GLANCE, HELD_OUT, spread, train
from sim.toys.polysemantic_or_superposed import DEALS, Config, facts, figure, preview, readout

TOY = get("polysemantic_or_superposed")
ALL_SIZES = [
    (answers_to, ratio) for ratio in range(2, 5) for answers_to in range(2, 9) if answers_to >= ratio
]
sizes = st.sampled_from(ALL_SIZES)

Floats = NDArray[np.float64]

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def trained() -> Frame:
    return run_to_end(TOY, Config(steps=300), seed=1, device="cpu").frame


def best_affine_share(weights: Floats, density: float) -> float:
    """The regression of the features on the activations, by its normal equations: a brute-force oracle."""
    covariance = variance(density) * np.eye(weights.shape[1])
    joint = covariance @ weights.T
    explained = joint @ np.linalg.pinv(weights @ covariance @ weights.T) @ joint.T
    return float(np.trace(explained) / np.trace(covariance))


@given(sizes, st.integers(0, 2**32 - 1), st.floats(0.01, 1))
def test_the_exact_share_is_that_of_the_regression(size: tuple[int, int], seed: int, density: float) -> None:
    made = layers(*size, np.random.default_rng(seed))
    for weights, share, count in zip(made, linear_shares(*size), features(*size), strict=True):
        assert weights.shape == (neurons(*size), count)
        assert best_affine_share(weights, density) == pytest.approx(share, abs=1e-9)


@given(sizes, st.integers(0, 2**32 - 1))
def test_every_neuron_answers_to_as_many_features_with_as_much_weight(
    size: tuple[int, int], seed: int
) -> None:
    for weights in layers(*size, np.random.default_rng(seed)):
        assert ((weights != 0).sum(axis=1) == size[0]).all()
        np.testing.assert_allclose((weights**2).sum(axis=1), 1)


def test_a_neurons_weights_have_the_same_law_in_all_three_layers() -> None:
    """On the unit sphere in m dimensions its first four moments are 0, 1 / m, 0 and 3 / (m (m + 2))."""
    answers = 4
    drawn = [layers(answers, 2, np.random.default_rng(seed)) for seed in range(300)]
    for layer in range(len(NAMES)):
        weights = np.concatenate([made[layer][made[layer] != 0] for made in drawn])
        expected = (0, 1 / answers, 0, 3 / (answers * (answers + 2)))
        for power, moment in enumerate(expected, 1):
            raised = weights**power
            # Weights of one rotation depend on each other; counting the rotations alone is on the safe side.
            error = 2 * raised.std() / np.sqrt(len(raised))
            assert raised.mean() == pytest.approx(moment, abs=4 * error)


@given(sizes)
def test_only_the_crowded_layer_has_more_features_than_neurons(size: tuple[int, int]) -> None:
    rotated, copied, crowded = features(*size)
    assert copied * size[1] == rotated == neurons(*size) < crowded
    assert linear_shares(*size)[:2] == (1, 1)
    assert linear_shares(*size)[2] == neurons(*size) / crowded < 1


@pytest.mark.parametrize(("answers_to", "ratio"), ALL_SIZES)
def test_the_crowded_layer_has_exactly_the_ratio_however_muddled_its_neurons(
    answers_to: int, ratio: int
) -> None:
    config = Config.model_validate({"answers_to": answers_to, "ratio": ratio})
    exact = facts(config)
    assert exact["crowded_features"] / exact["neurons"] == ratio
    assert exact["crowded_linear"] == 1 / ratio
    weights = layers(answers_to, ratio, np.random.default_rng(0))[NAMES.index("crowded")]
    assert weights.shape[1] / weights.shape[0] == ratio
    assert (weights != 0).any(axis=0).all()  # no feature that the layer does not hold


@pytest.mark.parametrize(("answers_to", "ratio"), [(2, 3), (2, 4), (3, 4)])
def test_a_ratio_that_leaves_features_without_a_neuron_is_refused(answers_to: int, ratio: int) -> None:
    with pytest.raises(SettingError, match=rf"Raise answers_to to {ratio}, or lower ratio to {answers_to}"):
        parse_settings(TOY, {"answers_to": answers_to, "ratio": ratio})


def test_what_takes_too_long_is_refused_with_the_estimate() -> None:
    with pytest.raises(
        SettingError, match=r"160 features and 3000 steps would take about 51 seconds, above the 30"
    ):
        parse_settings(TOY, {"answers_to": 5, "ratio": 4, "steps": 3000})


@pytest.mark.parametrize(("answers_to", "ratio"), ALL_SIZES)
def test_every_size_is_trained_for_as_long_as_it_is_at_first(answers_to: int, ratio: int) -> None:
    config = parse_settings(TOY, {"answers_to": answers_to, "ratio": ratio})
    assert config == Config(answers_to=answers_to, ratio=ratio, steps=Config().steps)


@given(sizes, st.integers(0, 2**32 - 1))
def test_neurons_are_at_right_angles_but_for_copies(size: tuple[int, int], seed: int) -> None:
    rotated, _, crowded = layers(*size, np.random.default_rng(seed))
    for weights in (rotated, crowded):
        np.testing.assert_allclose(weights @ weights.T, np.eye(len(weights)), atol=1e-9)


@given(sizes)
def test_blocks_share_nothing_with_each_other(size: tuple[int, int]) -> None:
    answers_to, _ = size
    for weights, repeated in zip(layers(*size, np.random.default_rng(2)), blocks(*size), strict=True):
        together = (weights != 0).astype(int)
        shared = together @ together.T
        assert set(np.unique(shared)) <= {0, answers_to}
        times = len(weights) // sum(block.neurons for block in repeated)
        expected = [block.neurons for block in repeated for _ in range(block.neurons)] * times
        assert sorted((shared > 0).sum(axis=1)) == sorted(expected)


def test_training_finds_the_best_linear_map(trained: Frame) -> None:
    exact = facts(Config())
    for name in NAMES:
        assert trained.result[f"{name}_linear"] == pytest.approx(exact[f"{name}_linear"], abs=0.02)


def test_training_finds_it_where_blocks_are_uneven() -> None:
    last = run_to_end(TOY, Config(answers_to=5, steps=400), seed=0, device="cpu").frame.result
    assert last["crowded_linear"] == pytest.approx(1 / 2, abs=0.02)


def test_a_bend_reads_more_only_where_it_is_crowded_and_features_are_rare(trained: Frame) -> None:
    result = {name: float(value) for name, value in trained.result.items() if isinstance(value, float)}
    assert result["crowded_bent"] > result["crowded_linear"] + 0.2
    assert result["crowded_bent"] < 0.97
    for name in ("rotated", "copied"):
        assert result[f"{name}_bent"] == pytest.approx(1, abs=0.02)


def test_a_bend_reads_of_the_crowded_layer_what_the_section_tells() -> None:
    """Of 24 seeds: 0.867 on average, with a standard deviation of 0.021."""
    told = [
        run_to_end(TOY, Config(), seed=seed, device="cpu").frame.result["crowded_bent"] for seed in range(4)
    ]
    assert np.mean(told) == pytest.approx(0.867, abs=3 * 0.021 / 4**0.5)


def test_features_that_are_always_on_gain_less_from_a_bend() -> None:
    gains = []
    for density in (0.05, 1.0):
        last = run_to_end(TOY, Config(steps=200, density=density), seed=0, device="cpu").frame.result
        gains.append(float(last["crowded_bent"]) - float(last["crowded_linear"]))  # type: ignore[arg-type]
    assert gains[0] > 2 * gains[1]


def test_a_layer_that_says_nothing_gives_nothing_back() -> None:
    nothing = np.zeros((8, 8))
    *_, (step, shares) = train([nothing], 0.3, 200, torch.Generator().manual_seed(0), [0, 200])
    assert step == 200
    for share in shares:
        np.testing.assert_allclose(share.mean(axis=1), [0], atol=0.03)


def test_looking_on_the_way_changes_nothing_at_the_end() -> None:
    made = layers(3, 2, np.random.default_rng(0))
    ends = []
    for at in (range(21), [20]):
        *_, (step, shares) = train(made, 0.1, 20, torch.Generator().manual_seed(0), at)
        assert step == 20
        ends.append(shares)
    np.testing.assert_array_equal(ends[0], ends[1])


def test_the_way_is_told_of_a_glance_and_the_end_of_all_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is learned, what is told differs by its draws alone."""
    monkeypatch.setattr(_read_off_training, "RATE", 0.0)
    made = layers(3, 2, np.random.default_rng(0))
    ways, ends = [], []
    for all_draws in (GLANCE, HELD_OUT):
        monkeypatch.setattr(_read_off_training, "HELD_OUT", all_draws)
        told = list(train(made, 0.1, 3, torch.Generator().manual_seed(0), range(4)))
        ways.append([shares.bent for _, shares in told[:-1]])
        ends.append(told[-1][1].bent)
    for first, second, third in ways:
        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(first, third)
    assert (ends[0] != ends[1]).any()
    for way, end in zip(ways, ends, strict=True):
        assert (way[0] != end).any()
        np.testing.assert_allclose(np.nanmean(way[0]), np.nanmean(end), rtol=0.05)


@given(st.integers(1, 600), st.floats(0.01, 1), st.integers(0, 2**32 - 1))
def test_a_glance_has_every_feature_on_as_often_as_it_should_be(
    draws: int, density: float, seed: int
) -> None:
    weights = torch.zeros(2, 5, 3)
    x = spread(weights, density, draws, torch.Generator().manual_seed(seed))
    assert x.shape == (2, draws, 5)
    off = torch.tensor(-density / 2).div(variance(density) ** 0.5)
    on = (x > off).sum(1)
    assert ((on - density * draws).abs() <= 1).all()


@given(st.integers(1, 600), st.integers(0, 2**32 - 1))
def test_a_glance_has_one_draw_in_each_part_of_a_features_distribution(draws: int, seed: int) -> None:
    x = spread(torch.zeros(2, 5, 3), 1.0, draws, torch.Generator().manual_seed(seed)).double()
    parts = (x * variance(1.0) ** 0.5 + 0.5) * draws  # from 0, which counts from the end, to `draws`
    inner = (parts.sort(1).values - torch.arange(draws)[:, None]).numpy()
    assert ((inner > -1e-3) & (inner < 1 + 1e-3)).all()


@pytest.mark.parametrize("density", [0.05, 0.3, 1.0])
def test_the_variance_is_that_of_what_is_drawn(density: float) -> None:
    x = np.maximum(1 - np.random.default_rng(0).random(10**6) / density, 0)
    assert x.mean() == pytest.approx(density / 2, rel=0.02)
    assert x.var() == pytest.approx(variance(density), rel=0.02)


@pytest.mark.parametrize("deal", range(len(DEALS)))
def test_the_layers_have_no_names_until_the_test_is_over(trained: Frame, deal: int) -> None:
    config = Config(deal=deal)
    shown = figure(preview(config, seed=1)).to_json() + readout(preview(config, seed=1))
    assert not any(name in shown for name in NAMES)
    told = figure(Frame(1.0, config, trained.result, trained.arrays, 1)).layout.annotations
    titles = [note["text"] for note in told][: len(NAMES)]
    assert [title.split(":")[1].split("<br>")[0].strip() for title in titles] == [
        NAMES[layer] for layer in DEALS[deal]
    ]
    assert facts(config)["crowded_place"] == 1 + next(
        place for place, title in enumerate(titles) if "crowded" in title
    )
