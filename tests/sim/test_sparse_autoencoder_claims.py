"""What the section and the presets say of dictionaries, by trainings of their own and by the stored run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from sim.run import run_to_end
from sim.spec import get, parse_settings
from sim.toys._dictionary_scores import score
from sim.toys._dictionary_training import DRAWS, JUMP, L1, Dictionaries, Recipe
from sim.toys._dictionary_world import directions, draw
from sim.toys.sparse_autoencoder import PRESETS, USUAL, Config, _recipe, preview

TOY = get("sparse_autoencoder")
HARDLY_ENOUGH, TOO_FEW_STEPS = (
    next(one.settings for one in PRESETS if one.title == title)
    for title in ("Hardly a latent to spare", "The same few steps for all sizes")
)

pytestmark = pytest.mark.usefixtures("one_thread")


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_numbers_of_the_run_that_the_section_opens_with() -> None:
    stored = preview(Config(), seed=0)
    recovered = dict(zip(stored.arrays["ratio"], stored.arrays["recovered"][0], strict=True))
    assert recovered == {1: 0.2, 2: 0.7, 2.5: 0.95, 4: 1, 8: 1}  # a fifth, most of forty, every one
    shares = {name: round(100 * float(stored.result[name])) for name in ("explained", "dead")}  # type: ignore[arg-type]
    assert shares == {"explained": 91, "dead": 35}
    assert np.round(100 * stored.arrays["partners"]).tolist() == [41, 46, 30]


def test_with_the_same_few_steps_the_curve_climbs_to_a_half_and_falls_to_a_sixth() -> None:
    frame = run_to_end(TOY, parse_settings(TOY, TOO_FEW_STEPS), seed=0, device="cpu").frame
    recovered, ratio = frame.arrays["recovered"][0], frame.arrays["ratio"]
    assert recovered[-1] == 0.175
    assert recovered.max() == recovered[ratio == 4] == 0.525
    assert (np.diff(recovered[ratio <= 4]) >= 0).all()
    assert (np.diff(recovered[ratio >= 4]) < 0).all()


def pentagons_found(latents: int, penalty: float, steps: int, seed: int, *, aligned: bool) -> list[int]:
    """How many of 16 dictionaries find all five features in the plane, with resampling and without."""
    random = generator(seed)
    w = torch.as_tensor(directions(2, 5, 0), dtype=torch.float32)
    resampled = [True] * 16 + [False] * 16
    made = Dictionaries(Recipe(L1, [penalty] * 32, resampled, steps, aligned=aligned), latents, 2, random)
    for _ in made.train(lambda: draw(32, 5, 0.025, random) @ w.T):
        pass
    nearest = score(made, w, draw(4096, 5, 0.025, random)).nearest
    return [int(found.sum()) for found in np.split((nearest > 0.98).all(axis=1), 2)]


@pytest.mark.parametrize("seed", [0, 1])
def test_from_anywhere_five_latents_find_five_features_with_resampling_only(seed: int) -> None:
    with_it, without = pentagons_found(5, 0.6, 6000, seed, aligned=False)
    assert with_it >= 14
    assert without <= 1


def test_latents_that_listen_where_they_point_need_none_if_there_are_some_to_spare() -> None:
    assert pentagons_found(8, 0.4, 4000, 0, aligned=True) == [16, 16]


@pytest.mark.parametrize(("more", "without"), [({}, 0.8), ({"ratio": 32, "steps": 300}, 1.0)])
def test_resampling_finds_all_ten_where_there_is_hardly_a_latent_to_spare(
    more: dict[str, int], without: float
) -> None:
    config = parse_settings(TOY, {**HARDLY_ENOUGH, **more})
    result = run_to_end(TOY, config, seed=0, device="cpu").frame.result
    assert result["recovered"] == 1
    assert result["recovered_without"] == without


def test_that_it_does_is_no_accident_of_one_start() -> None:
    config = Config.model_validate(HARDLY_ENOUGH)
    latents, random = config.dimensions * config.ratio, generator()
    strengths, resampled = [config.penalty] * 16, [True] * 8 + [False] * 8
    recipe = Recipe(L1, strengths, resampled, round(config.steps * 3**0.5), aligned=False)
    w = torch.as_tensor(directions(4, 10, 0), dtype=torch.float32)
    made = Dictionaries(recipe, latents, 4, random)
    for _ in made.train(lambda: draw(DRAWS, 10, config.density, random) @ w.T):
        pass
    found = score(made, w, draw(4096, 10, config.density, random)).recovered
    assert np.median(found[:8]) == 1
    assert found[:8].min() > np.median(found[8:])


def test_a_jump_explains_more_with_fewer_latents_than_l1() -> None:
    """The largest dictionaries of the default settings: the section says by how much."""
    config, random = Config(kind=JUMP), generator()
    w = torch.as_tensor(directions(16, 40, 0), dtype=torch.float32)
    whole = _recipe(config, 128)
    recipe = replace(whole, sparsity=whole.sparsity[USUAL : USUAL + 1], resampled=[True])
    made = Dictionaries(recipe, 128, 16, random)
    for _ in made.train(lambda: draw(DRAWS, 40, config.density, random) @ w.T):
        pass
    told = score(made, w, draw(4096, 40, config.density, random))
    (explained,), (active,) = told.explained, told.active
    l1 = preview(Config(), seed=0).result
    assert explained == pytest.approx(0.97, abs=0.005)
    assert active == pytest.approx(1.21, abs=0.05)
    assert l1["explained"] == pytest.approx(0.915, abs=0.005)
    assert l1["active_latents"] == pytest.approx(1.79, abs=0.005)
    assert active < float(l1["active_latents"])  # type: ignore[arg-type]
