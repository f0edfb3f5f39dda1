"""Dictionaries where the truth is known: gradients, draws and scores by other means, and what is found."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sim.run import run_to_end
from sim.spec import Frame, SettingError, get, parse_settings
from sim.toys._dictionary_scores import _array, recovered, score
from sim.toys._dictionary_training import BANDWIDTH, JUMP, L1, TOP_K, Dictionaries, Recipe
from sim.toys._dictionary_world import directions, draw, silent_share
from sim.toys._partner_task import task_features
from sim.toys.sparse_autoencoder import Config, facts, preview, readout

TOY = get("sparse_autoencoder")
QUICK = Config(steps=300, ratio=4)

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def trained() -> Frame:
    return run_to_end(TOY, QUICK, seed=0, device="cpu").frame


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_five_features_in_the_plane_are_a_pentagon_and_six_in_space_an_octahedron() -> None:
    for dimensions, features, nearest in ((2, 5, math.cos(math.tau / 5)), (3, 6, 0.0), (2, 3, -0.5)):
        w = directions(dimensions, features, 1)
        np.testing.assert_allclose(np.linalg.norm(w, axis=0), 1)
        cosine = w.T @ w - 2 * np.eye(features)
        np.testing.assert_allclose(cosine.max(axis=0), nearest, atol=1e-3)


@given(st.integers(1, 16), st.integers(1, 16), st.integers(0, 2**32 - 1))
def test_features_with_a_dimension_each_are_at_right_angles(one: int, other: int, seed: int) -> None:
    features, dimensions = sorted((one, other))
    w = directions(dimensions, features, seed)
    np.testing.assert_allclose(w.T @ w, np.eye(features), atol=1e-12)


@given(st.integers(1, 8), st.floats(0.02, 1), st.integers(0, 2**32))
def test_something_is_on_in_every_draw(features: int, density: float, seed: int) -> None:
    x = draw(64, features, density, generator(seed))
    assert bool((x.max(dim=1).values > 0).all())
    assert 0 <= float(x.min()) <= float(x.max()) <= 1


@pytest.mark.parametrize(("features", "density"), [(5, 0.025), (6, 0.3), (3, 1.0)])
def test_draws_are_what_is_left_of_all_inputs_without_the_silent_ones(features: int, density: float) -> None:
    count = 200_000
    x = draw(count, features, density, generator()).numpy()
    everything = 1 - silent_share(features, density)
    for feature in range(features):
        chance = density / everything
        error = math.sqrt(chance * (1 - chance) / count)
        assert (x[:, feature] > 0).mean() == pytest.approx(chance, abs=5 * error + 1e-12)
    pairs = density**2 / everything
    both = ((x[:, 0] > 0) & (x[:, -1] > 0)).mean()
    assert both == pytest.approx(pairs, abs=5 * math.sqrt(pairs / count) + 1e-12)
    sizes = x[x > 0]
    assert sizes.mean() == pytest.approx(0.5, abs=5 * math.sqrt(1 / 12 / len(sizes)))


def slopes(kind: int, sparsity: float) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """The gradients of one step: as written out, and as torch traces them."""
    h = draw(256, 6, 0.3, generator(2)) @ torch.as_tensor(directions(3, 6, 0), dtype=torch.float32).T
    made = Dictionaries(Recipe(kind, [sparsity, 2 * sparsity], [False, False], 10), 7, 3, generator(1))
    made.bias -= 0.1
    ours: list[torch.Tensor] = []
    made._descend = ours.extend  # type: ignore[method-assign, assignment]
    parts = [part.clone().requires_grad_() for part in (made.encoder, made.bias, made.decoder)]
    encoder, bias, decoder = parts
    a = torch.relu(h @ encoder + bias)
    if kind == TOP_K:
        least = [a[at].topk(round(sparsity) * (at + 1), dim=1).values[:, -1:] for at in range(2)]
        a = a * (a >= torch.stack(least))
    loss = (a @ decoder - h).square().sum(2).mean(1)
    if kind == L1:
        loss = loss + torch.tensor([sparsity, 2 * sparsity]) * a.sum(2).mean(1)
    loss.sum().backward()  # type: ignore[no-untyped-call]
    made._learn(h)
    traced = [part.grad for part in parts if part.grad is not None]
    traced[2] = traced[2] - (traced[2] * decoder).sum(2, keepdim=True) * decoder  # along the sphere
    return ours, [part.detach() for part in traced]


@pytest.mark.parametrize(("kind", "sparsity"), [(L1, 0.2), (TOP_K, 1.0)])
def test_gradients_are_those_that_torch_traces(kind: int, sparsity: float) -> None:
    ours, traced = slopes(kind, sparsity)
    assert len(ours) == len(traced) == 3
    for written, found in zip(ours, traced, strict=True):
        torch.testing.assert_close(written, found, atol=1e-6, rtol=1e-4)


def test_the_gradient_of_a_threshold_is_that_of_the_mean_loss() -> None:
    """One latent that reads h in [0, 1] as it is: the mean loss is θ³ / 3 + λ (1 − θ), its slope θ² − λ.

    What is felt below θ is that of smaller values, by a quarter of the bandwidth on average.
    """
    theta, cost = 0.4, 0.05
    made = Dictionaries(Recipe(JUMP, [cost], [False], 10), 1, 1, generator())
    for part in (made.encoder, made.decoder):
        part.fill_(1)
    made.threshold.fill_(math.log(theta))
    given: list[torch.Tensor] = []
    made._descend = given.extend  # type: ignore[method-assign, assignment]
    made._learn(torch.linspace(0, 1, 200_001)[:, None])
    assert float(given[3]) == pytest.approx(theta * (theta * (theta - BANDWIDTH / 4) - cost), abs=1e-4)


def test_a_jump_passes_what_is_above_its_threshold_as_it_is_and_nothing_else() -> None:
    made = Dictionaries(Recipe(JUMP, [0.1], [False], 10), 1, 1, generator())
    made.encoder.fill_(1)
    made.threshold.fill_(math.log(0.5))
    h = torch.tensor([[-1.0], [0.25], [0.4999], [0.5001], [2.0]])
    torch.testing.assert_close(made.encode(h)[0], torch.tensor([[0.0], [0], [0], [0.5001], [2]]))


@given(st.integers(1, 6), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_no_more_latents_speak_than_are_kept_and_those_are_the_loudest(
    kept: int, latents: int, seed: int
) -> None:
    random = generator(seed)
    made = Dictionaries(Recipe(TOP_K, [kept, 1], [False] * 2, 10), latents, 3, random)
    h = torch.randn(32, 3, generator=random)
    a, loud = made.encode(h), torch.relu(h @ made.encoder + made.bias)
    for most, said, could in zip((kept, 1), a, loud, strict=True):
        assert int((said > 0).sum(dim=1).max()) <= most
        torch.testing.assert_close(said.sum(dim=1), could.topk(min(most, latents), dim=1).values.sum(dim=1))


def test_a_trained_dictionary_keeps_to_its_number() -> None:
    kept = 2
    config = Config(kind=TOP_K, kept=kept, steps=100, ratio=2)
    last = run_to_end(TOY, config, seed=0, device="cpu").frame
    assert float(last.result["active_latents"]) <= kept  # type: ignore[arg-type]
    assert (last.arrays["active"] <= np.maximum(kept + np.array([2, 1, 0, -1]), 1)).all()


def test_no_latent_is_counted_for_two_features() -> None:
    cosine = np.array([[[0.95, 0.92, 0.1], [0.2, 0.3, 0.91]]])  # two latents, three features
    assert recovered(cosine).tolist() == [2 / 3]
    assert recovered(np.full((1, 2, 3), 0.5)).tolist() == [0]


def test_a_dictionary_of_the_truth_scores_full_marks() -> None:
    w = torch.eye(4)
    made = Dictionaries(Recipe(L1, [0.1], [False], 10), 6, 4, generator())
    for part in (made.encoder, made.decoder):
        part.zero_()
    made.encoder[0, :, :4] = torch.eye(4)
    made.decoder[0, :4] = torch.eye(4)
    told = score(made, w, draw(2000, 4, 0.2, generator()))
    assert told.explained == pytest.approx([1])
    assert told.recovered.tolist() == [1]
    assert told.dead == pytest.approx([2 / 6])
    on = 4 * 0.2 / (1 - 0.8**4)
    assert told.active == pytest.approx([on], abs=0.1)


def test_scores_leave_a_device_before_they_become_doubles() -> None:
    """As Apple's GPUs have none."""

    class WithoutDoubles(torch.Tensor):
        def double(self) -> torch.Tensor:  # type: ignore[override]
            raise TypeError("There are no doubles here.")

        def cpu(self) -> torch.Tensor:  # type: ignore[override]
            return self.as_subclass(torch.Tensor)

    assert _array(torch.tensor([0.25]).as_subclass(WithoutDoubles)).tolist() == [0.25]


def test_resampling_moves_dead_latents_only_and_where_it_is_wanted() -> None:
    made = Dictionaries(Recipe(L1, [0.1, 0.1], [True, False], 100), 6, 4, generator())
    made.bias[:, :, :3], made.bias[:, :, 3:] = 10, -100  # the first always speak, the others never
    before = made.decoder.clone()
    h = draw(256, 4, 0.2, generator(1))
    made._fired.zero_()
    wrong = made._learn(h)
    after_step = made.decoder.clone()
    made._resample(wrong)
    torch.testing.assert_close(made.decoder[1], after_step[1])
    torch.testing.assert_close(made.decoder[0, :3], after_step[0, :3])
    assert bool((made.decoder[0, 3:] != before[0, 3:]).any(dim=1).all())
    torch.testing.assert_close(made.decoder.norm(dim=2), torch.ones(2, 6))
    assert float(made.bias[0, 0, 3:].abs().max()) == 0


@given(st.floats(0.02, 1))
def test_what_is_explained_apart_is_the_best_that_l1_can_do_with_one_feature(penalty: float) -> None:
    x = (np.arange(4000) + 0.5) / 4000
    a = np.maximum(x - penalty / 2, 0)
    best = ((x - a) ** 2 + penalty * a).mean()
    for scale, shift in ((1.02, 0), (0.98, 0), (1, 0.01), (1, -0.01)):
        other = np.maximum(scale * x - penalty / 2 - shift, 0)
        assert ((x - other) ** 2 + penalty * other).mean() >= best
    explained = 1 - ((x - a) ** 2).sum() / (x**2).sum()
    exact = facts(Config(penalty=penalty))
    assert exact["explained_apart"] == pytest.approx(explained, abs=1e-3)
    assert exact["active_apart"] / exact["active"] == pytest.approx((a > 0).mean(), abs=1e-3)


def test_the_ratios_of_the_large_model() -> None:
    assert [round(facts(Config())[f"ratio_{size}"]) for size in ("1m", "4m", "34m")] == [83, 333, 2833]
    wide = facts(Config(width=12_288))
    assert [round(wide[f"ratio_{size}"]) for size in ("1m", "4m", "34m")] == [81, 326, 2767]


def test_a_dictionary_with_room_finds_every_feature_and_one_without_cannot(trained: Frame) -> None:
    by_size = dict(zip(*(trained.result[f"{n}_by_size"] for n in ("latents", "recovered")), strict=True))  # type: ignore[arg-type]
    assert by_size[16.0] < 16 / 40
    assert by_size[64.0] > 0.9


def test_too_few_steps_make_larger_look_worse() -> None:
    """The largest of these finds nearly all with four times the steps that the smallest needs."""
    found = {}
    for budget in (0, 1):
        config = Config(dimensions=8, features=20, steps=200, ratio=16, budget=budget)
        last = run_to_end(TOY, config, seed=0, device="cpu").frame.result
        found[budget] = last["recovered_by_size"]
    grown, same = found[0], found[1]
    assert isinstance(grown, list)
    assert isinstance(same, list)
    assert grown[-1] > 0.9
    assert same[-1] < 0.5 * max(same)


def test_what_a_narrow_dictionary_gives_back_serves_its_task_better_than_the_original(trained: Frame) -> None:
    shares = [float(trained.result[f"partners_{name}"]) for name in ("broad", "original", "narrow")]  # type: ignore[arg-type]
    errors = [
        float(trained.result[f"partners_{name}_error"])  # type: ignore[arg-type]
        for name in ("broad", "original", "narrow")
    ]
    for lower, higher in ((0, 1), (1, 2)):
        gap = shares[higher] - shares[lower]
        assert gap > 3 * math.hypot(errors[lower], errors[higher])
    assert task_features(40) == 8


def test_more_sparsity_means_fewer_latents_and_less_explained(trained: Frame) -> None:
    assert (np.diff(trained.arrays["active"][-1]) < 0).all()
    assert (np.diff(trained.arrays["explained"][-1]) < 0).all()


@pytest.mark.parametrize(("features", "is_said"), [(16, True), (17, False)])
def test_the_words_say_where_there_is_no_superposition(features: int, is_said: bool) -> None:
    config = Config(features=features)
    assert ("nothing is in superposition" in readout(preview(config, seed=0))) is is_said
    assert facts(config)["linear"] == pytest.approx(16 / features)


def test_what_takes_too_long_is_refused_with_the_estimate() -> None:
    with pytest.raises(SettingError, match=r"would take about \d+ seconds, above the 90 allowed"):
        parse_settings(TOY, {"ratio": 32, "steps": 4000})


def test_the_stored_run_is_the_defaults_own() -> None:
    stored = preview(Config(), seed=0)
    assert stored.progress == 1
    assert "128 latents" in readout(stored)
    assert preview(Config(steps=900), seed=0).progress == 0
