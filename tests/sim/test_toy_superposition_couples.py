"""Features in couples, and a linear read-out: chances counted one by one, bounds that training comes to."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sim.run import run_to_end
from sim.spec import Frame, SettingError, get, parse_settings
from sim.toys._sparse_features import APART, INDEPENDENT, TOGETHER, batch, densest, grid
from sim.toys._superposition_couples import are_couple, both_on, collision_chance, shared_lines
from sim.toys._superposition_exact import (
    dedicated_loss,
    importances,
    linear_loss,
    paired_loss,
    pairing_pays_below,
)
from sim.toys.toy_superposition import STORED_BESIDE, Config, facts, preview, readout

TOY = get("toy_superposition")
CORRELATIONS = [INDEPENDENT, TOGETHER, APART]
P = np.array([0.5, 0.2, 0.05])


def trained(**given: float) -> Frame:
    return run_to_end(TOY, parse_settings(TOY, given), seed=1, device="cpu").frame


def chances(features: int, p: float, correlation: int) -> dict[tuple[int, ...], float]:
    """How likely each set of features is to be on, by writing every one down."""
    couple = {
        INDEPENDENT: {(0, 0): (1 - p) ** 2, (0, 1): p * (1 - p), (1, 0): p * (1 - p), (1, 1): p**2},
        TOGETHER: {(0, 0): 1 - p, (1, 1): p},
        APART: {(0, 0): 1 - 2 * p, (0, 1): p, (1, 0): p},
    }[correlation]
    parts = [couple] * (features // 2) + [{(0,): 1 - p, (1,): p}] * (features % 2)
    chosen = itertools.product(*(part.items() for part in parts))
    return {
        tuple(i for on, _ in one for i in on): float(np.prod([chance for _, chance in one])) for one in chosen
    }


@pytest.mark.parametrize("correlation", CORRELATIONS)
@pytest.mark.parametrize("features", [1, 2, 4, 5])
def test_a_grid_has_the_chances_of_couples(features: int, correlation: int) -> None:
    x, weight = grid(P, features, 1024, correlation)
    np.testing.assert_allclose(weight.sum(axis=1), 1)
    np.testing.assert_allclose(weight @ x.T, np.tile(P[:, None] / 2, features))
    np.testing.assert_allclose(weight @ (x**2).T, np.tile(P[:, None] / 3, features))
    for a, b in itertools.combinations(range(features), 2):
        together = [both_on(a, b, p, correlation) for p in P]
        np.testing.assert_allclose(weight @ ((x[a] > 0) & (x[b] > 0)), together, atol=1e-12)
        np.testing.assert_allclose(weight @ (x[a] * x[b]), np.array(together) / 4, atol=1e-12)


@pytest.mark.parametrize("correlation", [TOGETHER, APART])
def test_draws_have_the_moments_of_couples(correlation: int) -> None:
    samples = 100_000
    x = batch(P, 7, samples, torch.Generator().manual_seed(3), correlation).x.double()
    error = 4 / np.sqrt(samples)
    np.testing.assert_allclose((x > 0).double().mean(-1), np.tile(P[:, None], 7), atol=error / 2)
    np.testing.assert_allclose(x.mean(-1), np.tile(P[:, None] / 2, 7), atol=error / 3)
    for a, b in ((0, 1), (4, 5), (1, 2), (5, 6)):
        together = np.array([both_on(a, b, p, correlation) for p in P])
        np.testing.assert_allclose(
            ((x[:, a] > 0) & (x[:, b] > 0)).double().mean(-1), together, atol=error / 2
        )
        np.testing.assert_allclose((x[:, a] * x[:, b]).mean(-1), together / 4, atol=error / 3)


@given(st.integers(1, 7), st.floats(0.01, 0.5), st.sampled_from(CORRELATIONS))
def test_collisions_counted_one_by_one(features: int, p: float, correlation: int) -> None:
    counted = sum(chance for on, chance in chances(features, p, correlation).items() if sum(on) >= 2)
    assert collision_chance(features, p, correlation) == pytest.approx(counted, abs=1e-12)


@given(st.integers(0, 6), st.integers(1, 4), st.sampled_from(CORRELATIONS))
def test_lines_are_shared_by_those_that_meet_least(first: int, pairs: int, correlation: int) -> None:
    lines = shared_lines(first, pairs, correlation)
    assert sorted(itertools.chain(*lines)) == list(range(first, first + 2 * pairs))
    meet = sum(both_on(a, b, 0.1, correlation) for a, b in lines)
    every = matchings(list(range(first, first + 2 * pairs)))
    assert meet == pytest.approx(min(sum(both_on(a, b, 0.1, correlation) for a, b in one) for one in every))


def matchings(left: list[int]) -> list[list[tuple[int, int]]]:
    if not left:
        return [[]]
    first, *others = left
    return [
        [(first, other), *rest]
        for other in others
        for rest in matchings([one for one in others if one != other])
    ]


@pytest.mark.parametrize("correlation", CORRELATIONS)
def test_two_on_one_line_lose_a_sixth_of_their_meetings(correlation: int) -> None:
    importance, p = np.ones(2), 0.3
    x, weight = grid(np.array([p]), 2, 10_000, correlation)
    lost = np.maximum(np.stack([x[0] - x[1], x[1] - x[0]]), 0) - x
    counted = float((weight @ (lost**2).T).sum() / 2)
    assert paired_loss(importance, 1, p, correlation) == pytest.approx(counted, rel=5e-3, abs=1e-12)


def test_a_couple_that_is_never_on_together_always_shares_and_one_that_is_always_never() -> None:
    importance = importances(2, 0.9)
    assert pairing_pays_below(importance, 1, APART) == densest(APART) == 0.5
    assert pairing_pays_below(importance, 1, TOGETHER) == 0
    # With a second line there is another feature to share with.
    assert (
        0 < pairing_pays_below(importances(4, 0.9), 3, TOGETHER) < pairing_pays_below(importances(4, 0.9), 3)
    )


@pytest.mark.parametrize("correlation", CORRELATIONS)
def test_no_linear_map_loses_less(correlation: int) -> None:
    """Against a search over maps with the best that alternating least squares can do."""
    features, hidden, p = 4, 2, 0.2
    importance = importances(features, 0.8)
    x, weight = grid(np.array([p]), features, 1024, correlation)
    centred = (x - p / 2) * np.sqrt(weight[0])
    scaled = np.sqrt(importance)[:, None] * centred
    back = np.random.default_rng(0).standard_normal((features, hidden))
    for _ in range(300):
        into = np.linalg.lstsq(back, scaled @ np.linalg.pinv(centred), rcond=None)[0]
        back = scaled @ np.linalg.pinv(into @ centred)
    found = float(((scaled - back @ into @ centred) ** 2).sum() / features)
    assert linear_loss(importance, hidden, p, correlation) == pytest.approx(found, rel=1e-6)


def test_a_linear_map_of_independent_features_gives_each_of_the_first_a_dimension() -> None:
    for hidden in (1, 2, 5, 7):
        importance = importances(5, 0.9)
        assert linear_loss(importance, hidden, 0.2) == pytest.approx(dedicated_loss(importance, hidden, 0.2))


def test_a_linear_read_out_keeps_the_most_important_and_nothing_more() -> None:
    config = Config(readout=1, instances=4)
    frame = trained(readout=1, instances=4)
    importance = importances(config.features, config.importance_decay)
    for p, loss in zip(frame.result["density_by_instance"], frame.result["loss_by_instance"], strict=True):
        assert loss == pytest.approx(dedicated_loss(importance, config.hidden, p), rel=2e-3)
    assert frame.result["features_represented"] == [2, 2, 2, 2]
    gram = np.einsum("ihf,ihg->ifg", *[frame.arrays["weights"]] * 2)
    np.testing.assert_allclose(gram, np.tile(np.diag([1, 1, 0, 0, 0]), (4, 1, 1)), atol=0.05)
    exact = facts(config)
    assert exact["linear_loss_sparsest"] == pytest.approx(exact["dedicated_loss_sparsest"])


def test_couples_that_are_on_together_lie_at_right_angles() -> None:
    frame = trained(features=4, correlation=1, importance_decay=1.0, instances=3)
    gram = frame.arrays["weights"][-1].T @ frame.arrays["weights"][-1]
    assert frame.result["features_represented"][-1] == 4
    for a, b in itertools.combinations(range(4), 2):
        if are_couple(a, b):
            assert abs(gram[a, b]) < 0.15
    across = np.sort(gram[:2, 2:].ravel())
    np.testing.assert_allclose(across[:2], -1, atol=0.15)
    np.testing.assert_allclose(across[2:], 0, atol=0.15)


def test_couples_that_are_never_on_together_lie_opposite_and_lose_nothing() -> None:
    frame = trained(features=4, correlation=2, importance_decay=1.0, instances=3)
    assert frame.result["density_by_instance"][0] == 0.5
    assert frame.result["features_represented"] == [4, 4, 4]
    np.testing.assert_allclose(frame.result["loss_by_instance"], 0, atol=1e-5)
    assert facts(frame.config)["paired_loss_sparsest"] == 0
    for weights in frame.arrays["weights"]:
        angles = np.degrees(np.arccos([direction_cosine(weights, a, a + 1) for a in (0, 2)]))
        np.testing.assert_allclose(angles, 180, atol=3)


def direction_cosine(weights: np.ndarray, a: int, b: int) -> float:
    lengths = np.linalg.norm(weights, axis=0)
    return float(np.clip(weights[:, a] @ weights[:, b] / lengths[a] / lengths[b], -1, 1))


def test_a_couple_that_is_on_together_and_has_one_dimension_merges() -> None:
    frame = trained(features=2, hidden=1, correlation=1, importance_decay=1.0, instances=3)
    merged = frame.arrays["weights"][-1][0]
    assert merged[0] * merged[1] > 0
    # Both are read as their mean, as by the best linear map: the first principal component.
    np.testing.assert_allclose(np.abs(merged), np.sqrt(0.5), atol=0.05)
    exact = facts(frame.config)
    assert frame.result["loss_by_instance"][-1] <= exact["linear_loss_sparsest"] * 1.01
    assert exact["linear_loss_sparsest"] < exact["dedicated_loss_sparsest"]


@pytest.mark.parametrize("given", STORED_BESIDE)
def test_runs_of_couples_are_stored_too(given: dict[str, float]) -> None:
    shown, now = preview(Config(**given), seed=3), trained(**given)
    assert shown.config == now.config
    assert shown.result["loss_by_instance"] == pytest.approx(
        now.result["loss_by_instance"], rel=5e-3, abs=1e-4
    )


def test_fewer_features_than_dimensions_are_all_kept_as_was_said() -> None:
    config = Config(features=3, hidden=5, instances=3, restarts=4)
    said = readout(preview(config, seed=0))
    assert said.endswith(
        "There is room for every one, so that all will be kept at every density and nothing lost."
    )
    result = run_to_end(TOY, config, seed=0, device="cpu").frame.result
    assert result["features_represented"] == [3, 3, 3]
    np.testing.assert_allclose(result["loss_by_instance"], 0, atol=1e-5)


@pytest.mark.parametrize("features", [4, 8])  # on a grid, and drawn
def test_a_rate_far_too_high_is_stopped_and_says_so(features: int) -> None:
    frame = trained(features=features, rate=300.0, instances=2, restarts=2)
    assert 0 < frame.result["diverged_at"] < frame.config.steps
    assert frame.progress == 1
    assert np.abs(frame.arrays["weights"]).max() < 10
    assert set(frame.result) == {"steps_done", "diverged_at"}, "the picture is of before"
    assert readout(frame) == (
        f"It diverged: by step {frame.result['diverged_at']} some weights were beyond 10, where a feature "
        "that is kept is about 1 long, and the training stopped. Set the rate back to 1."
    )


def test_a_rate_that_kills_every_model_is_said_to() -> None:
    frame = trained(rate=30.0, steps=150, instances=3, restarts=2)
    nothing = [importances(5, 0.9).mean() * p / 3 for p in frame.result["density_by_instance"]]
    dead = sum(loss > 0.98 * one for loss, one in zip(frame.result["loss_by_instance"], nothing, strict=True))
    said = readout(frame)
    assert dead > 0
    assert "found the best" not in said
    if dead == len(nothing):
        assert "at no density is it better than always answering 0" in said
        assert "keep" not in said
    else:
        assert f"At {dead} of 3 densities that is no better than always answering 0" in said


def test_the_preset_that_promises_to_diverge_does() -> None:
    (preset,) = (one for one in TOY.module.PRESETS if "diverges" in one.title)
    for seed in range(3):
        config = parse_settings(TOY, preset.settings)
        assert run_to_end(TOY, config, seed=seed, device="cpu").frame.result["diverged_at"] > 0


def test_runs_that_diverge_are_stopped_one_by_one() -> None:
    config = Config(features=3, rate=300.0, instances=2, restarts=1, steps=60)
    both = [frame for group in TOY.module.batch(config, seeds=[0, 1], device="cpu") for frame in group]
    alone = [run_to_end(TOY, config, seed=seed, device="cpu").frame for seed in (0, 1)]
    assert [frame.result for frame in both] == [frame.result for frame in alone]


def test_never_on_needs_no_training_and_is_refused() -> None:
    with pytest.raises(SettingError, match=r"sparsest_density is 0.0, below the least allowed, 0.01"):
        parse_settings(TOY, {"sparsest_density": 0.0})


def test_couples_cannot_be_apart_above_one_half() -> None:
    with pytest.raises(SettingError, match=r"sparsest_density is 0.6, but .* Lower it to 0.5"):
        parse_settings(TOY, {"sparsest_density": 0.6, "correlation": 2})
    assert parse_settings(TOY, {"sparsest_density": 0.5, "correlation": 2})
    assert parse_settings(TOY, {"sparsest_density": 1.0, "correlation": 1})


def test_always_on_at_every_density_keeps_one_for_each_dimension() -> None:
    frame = trained(sparsest_density=1.0, instances=2)
    assert frame.result["features_represented"] == [2, 2]
    assert frame.result["loss_by_instance"] == pytest.approx(
        [facts(frame.config)["dedicated_loss_dense"]] * 2, rel=1e-3
    )


def test_twenty_features_in_five_dimensions_beat_pairs() -> None:
    frame = trained(features=20, hidden=5, instances=3, restarts=2, steps=900)
    exact = facts(frame.config)
    assert frame.result["loss_by_instance"][0] == pytest.approx(exact["dedicated_loss_dense"], rel=0.02)
    assert frame.result["loss_by_instance"][-1] < exact["paired_loss_sparsest"]
    lengths = (frame.arrays["weights"] ** 2).sum(axis=(1, 2))
    assert (np.diff(lengths) > 0).all()  # the rarer they are, the more is kept
