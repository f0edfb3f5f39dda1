"""Trained models against what is known of them: exact losses, the best of fifty restarts, the pentagon."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.palette import DATA_1, DATA_2
from sim.run import run_to_end
from sim.spec import Frame, SettingError, get, parse_settings
from sim.toys import _stored
from sim.toys._drawing import number
from sim.toys._sparse_features import GRID, batch, batches, grid
from sim.toys._superposition_best import LOSSES
from sim.toys._superposition_course import runs_at_once
from sim.toys._superposition_exact import (
    dedicated_loss,
    importances,
    paired_loss,
    pairing_pays_below,
)
from sim.toys._superposition_figure import dimensions_per_feature, draw, represented, upright
from sim.toys._superposition_gradient import FITS, Task
from sim.toys._superposition_training import Models, Training, losses, random_models, with_neighbours
from sim.toys.toy_superposition import Config, facts, preview, readout
from sim.toys.toy_superposition import batch as run_batch

TOY = get("toy_superposition")

PENTAGON = np.stack([np.cos(2 * np.pi * np.arange(5) / 5), np.sin(2 * np.pi * np.arange(5) / 5)])


@pytest.fixture(scope="module")
def trained() -> Frame:
    return run_to_end(TOY, Config(), seed=1, device="cpu").frame


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def exact_loss(weights: list[list[float]], bias: list[float], importance: np.ndarray, p: float) -> float:
    """The loss of one model with W, [hidden, feature], by a fine grid."""
    inputs = batch(np.array([p]), len(bias), GRID.report, generator())
    model = (torch.tensor(part, dtype=torch.float32) for part in ([[weights]], [[bias]]))
    return float(losses(*model, inputs, Task(torch.tensor(importance, dtype=torch.float32))))


def test_a_grid_has_the_moments_of_sparse_features() -> None:
    p = np.array([1.0, 0.3, 0.05])
    x, weight = grid(p, 3, 1000)
    assert x.shape[1] == 1000
    np.testing.assert_allclose(weight.sum(axis=1), 1)
    np.testing.assert_allclose(weight @ x[0], p / 2)
    np.testing.assert_allclose(weight @ x[1] ** 2, p / 3)
    np.testing.assert_allclose(weight @ (x[0] * x[2]), p**2 / 4)
    np.testing.assert_allclose(weight @ (x[0] > 0), p)


def test_a_grid_keeps_within_its_nodes() -> None:
    for features in range(1, 6):
        nodes = grid(np.array([0.5]), features, GRID.coarse)[0].shape[1]
        assert nodes <= GRID.coarse < (round(nodes ** (1 / features)) + 1) ** features


def test_draws_have_the_moments_of_sparse_features() -> None:
    samples = 100_000
    p = np.array([1.0, 0.3, 0.05])
    x, weight = batch(p, 6, samples, generator(3))
    assert weight.sum() == pytest.approx(1, abs=1e-5)
    on = (x > 0).double()
    np.testing.assert_allclose(on.mean(-1)[:, 0], p, atol=4 * 0.5 / math.sqrt(samples))
    np.testing.assert_allclose(x.double().mean(-1)[:, 1], p / 2, atol=4 * 0.4 / math.sqrt(samples))
    np.testing.assert_allclose((on[:, 2] * on[:, 3]).mean(-1), p**2, atol=4 * 0.5 / math.sqrt(samples))
    uniform = x[1, 4][x[1, 4] > 0].double().numpy()
    assert uniform.mean() == pytest.approx(0.5, abs=4 * math.sqrt(1 / 12 / len(uniform)))
    assert uniform.var() == pytest.approx(1 / 12, rel=0.05)


def test_draws_are_renewed_and_a_grid_is_not() -> None:
    drawn, noiseless = batches(np.ones(1), 6, 8, generator()), batches(np.ones(1), 5, 1024, generator())
    assert len({next(drawn).x.sum().item() for _ in range(12)}) == 3
    assert len({id(next(noiseless).x) for _ in range(12)}) == 1


@pytest.mark.parametrize("p", [1.0, 0.4, 0.05])
def test_an_antipodal_pair_loses_a_third_of_the_square_of_the_density(p: float) -> None:
    pair = exact_loss([[1, -1]], [0, 0], np.ones(2), p)
    assert 2 * pair == pytest.approx(p**2 / 3, rel=1e-4)  # the sum over both
    assert paired_loss(np.ones(2), 1, p) == pytest.approx(p**2 / 6)


@pytest.mark.parametrize("p", [1.0, 0.4, 0.05])
def test_dedicated_dimensions_lose_the_variance_of_the_rest(p: float) -> None:
    importance = importances(5, 0.9)
    bias = [0, 0, p / 2, p / 2, p / 2]
    loss = exact_loss([[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]], bias, importance, p)
    assert loss == pytest.approx(dedicated_loss(importance, 2, p), rel=1e-5)


def test_two_pairs_and_one_given_up() -> None:
    importance, p = importances(5, 0.9), 0.05
    loss = exact_loss([[1, -1, 0, 0, 0], [0, 0, 1, -1, 0]], [0, 0, 0, 0, p / 2], importance, p)
    # Eight points a feature see the kink where both of a pair are equal to about a sixth of one per cent.
    assert loss == pytest.approx(paired_loss(importance, 2, p), rel=2e-3)


@pytest.mark.parametrize("decay", [1.0, 0.9, 0.6])
def test_pairing_pays_exactly_below_its_density(decay: float) -> None:
    importance = importances(2, decay)
    p = pairing_pays_below(importance, 1)
    assert paired_loss(importance, 1, p) == pytest.approx(dedicated_loss(importance, 1, p))
    assert paired_loss(importance, 1, 0.9 * p) < dedicated_loss(importance, 1, 0.9 * p)
    assert paired_loss(importance, 1, 1.1 * p) > dedicated_loss(importance, 1, 1.1 * p)


def test_equally_important_features_pair_below_four_sevenths() -> None:
    assert facts(Config(importance_decay=1.0))["pairing_pays_below"] == pytest.approx(4 / 7)


def test_with_room_for_all_nothing_is_lost_and_nothing_paired() -> None:
    exact = facts(Config(features=3, hidden=5))
    assert exact["dedicated_features"] == 3
    lost = ("dedicated_loss_dense", "dedicated_loss_sparsest", "paired_loss_sparsest", "pairing_pays_below")
    assert [exact[name] for name in lost] == [0, 0, 0, 0]


def test_the_default_run_finds_the_best_known_arrangement_everywhere(trained: Frame) -> None:
    ratio = np.array(trained.result["loss_by_instance"]) / LOSSES
    assert (ratio < 1.01).all()
    assert (ratio > 0.99).all()
    assert trained.result["mean_loss"] == pytest.approx(np.mean(trained.result["loss_by_instance"]))
    assert "No loss is more than 1% above the best known." in readout(trained)


def test_two_then_four_then_five_features_find_room(trained: Frame) -> None:
    assert trained.result["features_represented"] == [2, 2, 4, 4, 4, 4, 5, 5, 5, 5]
    assert trained.result["density_by_instance"] == pytest.approx(20.0 ** -np.linspace(0, 1, 10))


def test_always_on_features_leave_a_dimension_each(trained: Frame) -> None:
    assert trained.result["loss_by_instance"][0] == pytest.approx(
        facts(Config())["dedicated_loss_dense"], rel=1e-3
    )
    np.testing.assert_allclose(trained.arrays["weights"][0], np.eye(2, 5)[::-1], atol=0.03)


def test_pairs_are_antipodal_and_five_make_a_pentagon(trained: Frame) -> None:
    pairs, five = trained.arrays["weights"][4], trained.arrays["weights"][9]
    between = np.sort(
        np.diff(np.sort(np.degrees(np.arctan2(pairs[1], pairs[0]))[represented(pairs[None])[0]]))
    )
    np.testing.assert_allclose(between, 90, atol=2)
    turns = np.diff(np.sort(np.degrees(np.arctan2(five[1], five[0]))))
    np.testing.assert_allclose(turns, 72, atol=4)


def test_superposition_beats_what_can_be_written_down(trained: Frame) -> None:
    exact = facts(Config())
    assert trained.result["loss_by_instance"][-1] < exact["paired_loss_sparsest"]
    assert exact["paired_loss_sparsest"] < exact["dedicated_loss_sparsest"]


def test_restarts_disagree(trained: Frame) -> None:
    agreeing = np.array(trained.result["restarts_agreeing"])
    assert (agreeing >= 1 / Config().restarts).all()
    assert agreeing.min() < 0.5  # one training is not to be trusted: this is why there are restarts


def test_the_stored_run_is_what_a_run_finds(trained: Frame) -> None:
    stored = preview(Config(), seed=5)
    assert stored.config == Config()
    assert stored.result["loss_by_instance"] == pytest.approx(trained.result["loss_by_instance"], rel=2e-3)
    assert stored.result["features_represented"] == trained.result["features_represented"]
    np.testing.assert_allclose(
        np.linalg.norm(stored.arrays["weights"], axis=1)[:, :2],
        np.linalg.norm(trained.arrays["weights"], axis=1)[:, :2],
        atol=0.05,
    )


def test_a_stored_run_reads_back(trained: Frame, tmp_path: Path) -> None:
    path = _stored.write("kept", trained, tmp_path)
    back = _stored.read("kept", Config, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert (back.config, back.seed, back.progress) == (trained.config, trained.seed, 1)
    np.testing.assert_allclose(back.arrays["weights"], trained.arrays["weights"], atol=1e-6)
    assert readout(back) == readout(trained)


def test_other_settings_are_shown_untrained_and_say_so() -> None:
    shown = preview(Config(features=8), seed=0)
    assert shown.progress == 0
    assert readout(shown).startswith(
        "Not trained yet: these are random directions for 8 features in 2 dimensions."
    )


def test_more_features_than_a_grid_holds_are_drawn() -> None:
    config = Config(features=6, hidden=3, instances=4, restarts=6, steps=900)
    result = run_to_end(TOY, config, seed=0, device="cpu").frame.result
    exact = facts(config)
    assert result["features_represented"] == [3, 6, 6, 6]
    assert result["loss_by_instance"][0] == pytest.approx(exact["dedicated_loss_dense"], rel=0.03)
    assert result["loss_by_instance"][-1] == pytest.approx(exact["paired_loss_sparsest"], rel=0.1)


def test_training_of_one_model_does_not_depend_on_the_others() -> None:
    density, task = np.array([1.0, 0.1]), Task(torch.ones(3))
    models = random_models(3, 2, 2, 3, generator(1))
    alone = Models(*(part[1:2, 1:2] for part in models))

    def trained(models: Models, which: slice) -> Models:
        training = Training(models, batches(density[which], 3, 64, generator()), task, steps=20, rate=0.05)
        assert list(training.steps()) == list(range(1, 21))
        return training.models

    together, separate = trained(models, slice(None)), trained(alone, slice(1, 2))
    torch.testing.assert_close(together.weights[1, 1], separate.weights[0, 0])


def test_neighbours_stand_beside_each_instance() -> None:
    own = torch.arange(4.0)
    models = with_neighbours(Models(own[None, :, None, None], own[None, :, None], own[None]))
    assert models.loss.tolist() == [[0, 1, 2, 3], [0, 0, 1, 2], [1, 2, 3, 3]]
    assert models.weights[:, :, 0, 0].tolist() == models.loss.tolist()


def test_turning_upright_changes_no_loss() -> None:
    weights = np.random.default_rng(0).standard_normal((20, 2, 5))
    turned = upright(weights)
    gram = lambda w: np.einsum("ihf,ihg->ifg", w, w)  # noqa: E731 - a formula
    np.testing.assert_allclose(gram(turned), gram(weights))
    np.testing.assert_allclose(turned[:, 0, 0], 0, atol=1e-12)
    assert (turned[:, 1, 0] > 0).all()
    assert np.array_equal(upright(np.zeros((1, 2, 3))), np.zeros((1, 2, 3)))


def test_dimensions_per_feature_of_known_arrangements() -> None:
    np.testing.assert_allclose(dimensions_per_feature(np.array([[[1, 0, 0], [0, 2, 0]]])), [[1, 1, 0]])
    np.testing.assert_allclose(dimensions_per_feature(np.array([[[3, -3]]])), [[0.5, 0.5]])
    np.testing.assert_allclose(dimensions_per_feature(PENTAGON[None]), np.full((1, 5), 0.4))


def test_the_gram_matrix_shows_what_is_alike_and_what_is_opposed() -> None:
    weights = np.zeros((2, 3, 5))
    weights[1, 0, :2] = 1, -1  # a pair on one line,
    weights[1, 1:, 2] = 0.6, 0.8  # and two more that are alike by 0.6; the last is given up
    weights[1, 1, 3] = 1
    _, *dots = draw(weights, np.array([1.0, 0.1])).data
    drawn = {}
    for trace in dots:
        for place in zip(trace.y.astype(int).tolist(), trace.x.astype(int).tolist(), strict=True):
            drawn[place] = trace.marker.color, trace.marker.size
    assert set(drawn) == {(i, i) for i in range(4)} | {(0, 1), (1, 0), (2, 3), (3, 2)}
    assert drawn[0, 1] == (DATA_2, drawn[0, 0][1])
    assert drawn[2, 3][0] == drawn[0, 0][0] == DATA_1
    assert drawn[2, 3][1] < drawn[0, 0][1]


def test_a_gram_matrix_of_nothing_and_of_very_many_is_drawn() -> None:
    assert all(len(trace.x) == 0 for trace in draw(np.zeros((2, 3, 5)), np.array([1.0, 0.1])).data[1:])
    many = draw(np.tile(np.eye(50)[None], (2, 1, 1)), np.array([1.0, 0.1]))
    assert sum(len(trace.x) for trace in many.data[1:]) == 40
    assert any("50 kept, of which 40," in one.text for one in many.layout.annotations)


def test_every_picture_says_its_loss_next_to_the_best_known_or_by_itself() -> None:
    stored = TOY.module.preview(Config(), seed=0)
    over = np.array(stored.result["loss_by_instance"]) / LOSSES
    assert [one.text.split("<br>")[-1] for one in TOY.module.figure(stored).layout.annotations] == [
        f"{ratio:.2f} × best" for ratio in over
    ]
    other = run_to_end(TOY, Config(features=3, instances=2, restarts=2, steps=60), seed=0, device="cpu").frame
    assert [one.text.split("<br>")[-1] for one in TOY.module.figure(other).layout.annotations] == [
        f"loss {number(loss)}" for loss in other.result["loss_by_instance"]
    ]


def test_more_than_the_machine_can_do_is_refused_with_an_estimate() -> None:
    with pytest.raises(SettingError, match=r"5000 steps would take about \d+ seconds, above the 60 allowed"):
        parse_settings(TOY, {"features": 200, "hidden": 20, "steps": 5000})


@settings(max_examples=10, deadline=None)
@given(
    features=st.integers(2, 6),
    hidden=st.integers(1, 4),
    instances=st.integers(2, 3),
    restarts=st.integers(1, 3),
    seeds=st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=4, unique=True),
)
def test_runs_side_by_side_are_single_runs_to_the_last_bit(
    features: int, hidden: int, instances: int, restarts: int, seeds: list[int]
) -> None:
    config = Config(features=features, hidden=hidden, instances=instances, restarts=restarts, steps=30)
    for frame in (frame for group in run_batch(config, seeds=seeds, device="cpu") for frame in group):
        alone = run_to_end(TOY, config, seed=frame.seed, device="cpu").frame
        assert frame.result == alone.result
        assert np.array_equal(frame.arrays["weights"], alone.arrays["weights"])


def test_runs_are_trained_together_while_they_fit_into_the_cache() -> None:
    small = Config(features=2, hidden=1, instances=2, restarts=1)
    assert runs_at_once(small) == FITS // (2 * 2 * GRID.coarse)
    assert runs_at_once(Config()) == 1


@pytest.mark.parametrize("features", [2, 3, 4, 5, 6])
def test_rows_of_samples_begin_where_lines_of_the_cache_do(features: int) -> None:
    p = np.array([0.3, 0.05])
    inputs = batch(p, features, 1000, generator())
    if features <= 5:
        assert inputs.x.shape[-1] % 16 == inputs.weight.shape[-1] % 16 == 0
    np.testing.assert_allclose(inputs.weight.sum(-1), 1, atol=1e-5)  # what was added weighs nothing
