"""Dictionaries for a crowded layer.

A layer holds more features than it has dimensions. A sparse autoencoder is to find them: a dictionary of
directions, its latents, of which few at a time are to add up to each activation,

    h ≈ ĥ = Σ_j a_j d_j,    few a_j above 0.

Here the features are known (`_dictionary_world`), so that one can count how many a dictionary has found.
Three things pull against each other: its size, how few latents it may use at once, and whether it can be
trained at all in the steps that it is given. Dictionaries of several sizes are trained
(`_dictionary_training`), each with four strengths of sparsity, and once without resampling. Last, one
dictionary is trained on part of what the layer was made for, and what it gives back serves a task better than
the layer's own activations (`_partner_task`).

If features never met, L1 would do best by subtracting c = λ / 2 from each, which explains 1 − 3 c² + 2 c³ of
them.

Source: H. Cunningham and others (2023), "Sparse Autoencoders Find Highly Interpretable Features in Language
Models"; A. Templeton and others (2024), "Scaling Monosemanticity", for sizes of 1, 4 and 34 million; L. Chan
(2024), who supposed the width that they are divided by. Left out: features that come in families, and
everything about a real network, where nobody knows the list.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from pydantic import model_validator

from sim.spec import Frame, Measurement, Preset, Quantity, Result, Settings, setting
from sim.toys import _stored
from sim.toys._dictionary_scores import Scores, score
from sim.toys._dictionary_training import DRAWS, JUMP, TOP_K, Dictionaries, Recipe
from sim.toys._dictionary_world import directions, draw, silent_share
from sim.toys._drawing import number, percent
from sim.toys._partner_task import CANDIDATES, Partners, partners, task_features
from sim.toys._sparse_autoencoder_figure import draw as drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

NAME = "sparse_autoencoder"
SHOWS_STORED_RUN = True

STRENGTHS = (1 / 3, 2 / 3, 1.0, 4 / 3)  # of the sparsity that is set
MORE_KEPT = (2, 1, 0, -1)  # latents, for TopK
USUAL = 2  # which of these is as set
WITHOUT = 4  # the dictionary that is not resampled
JUMP_SCALE = 0.1  # a latent that speaks costs so much for each unit of the penalty
HELD_OUT = 2048
GLANCE = 512  # of these, for a frame on the way: all would cost a fifteenth of the training
FRAMES = 12  # for each size
TASK_SHARE = 0.15  # of the progress that is shown
MOST_SECONDS = 90
SECONDS_A_STEP, SECONDS_A_LATENT = 1.5e-4, 6e-6  # of five dictionaries with 16 dimensions; measured
DIMENSIONS_MEASURED = 16
TOP_K_FACTOR = 2.5
LARGE_DICTIONARIES = {"ratio_1m": 1e6, "ratio_4m": 4e6, "ratio_34m": 34e6}

FACTS = {
    "features_per_dimension": Quantity("features to a dimension"),
    "active": Quantity("features on at once, of inputs in which something is on", "features"),
    "silent": Quantity("inputs in which nothing is on", "share"),
    "largest": Quantity("latents of the largest dictionary", "latents"),
    "explained_apart": Quantity("explained by L1 at best, if features never met", "share"),
    "active_apart": Quantity("latents at once by L1, if features never met", "latents"),
    "linear": Quantity("given back by the best linear map to the features", "share"),
    "task_features": Quantity("features that the task is about", "features"),
    "by_chance": Quantity("partners found by chance", "share"),
    "ratio_1m": Quantity("latents to a dimension, of a million in the large model"),
    "ratio_4m": Quantity("latents to a dimension, of four million"),
    "ratio_34m": Quantity("latents to a dimension, of 34 million"),
}

RESULTS = {
    "recovered": Measurement("features recovered by the largest dictionary", "share"),
    "recovered_without": Measurement("recovered without resampling", "share"),
    "dead": Measurement("latents of the largest dictionary that are dead", "share"),
    "dead_without": Measurement("latents dead without resampling", "share"),
    "explained": Measurement("explained by the largest dictionary", "share"),
    "active_latents": Measurement("latents that speak at once", "latents"),
    "recovered_by_size": Measurement("features recovered, by size", "share"),
    "latents_by_size": Measurement("sizes", "latents"),
    "steps_by_size": Measurement("steps of training, by size", "steps"),
    "partners_original": Measurement(
        "partners found by the activations", "share", error="partners_original_error"
    ),
    "partners_narrow": Measurement(
        "partners found through a dictionary of the task's inputs", "share", error="partners_narrow_error"
    ),
    "partners_broad": Measurement(
        "partners found through a dictionary of all inputs", "share", error="partners_broad_error"
    ),
}

ARRAYS = {
    "ratio": "latents to a dimension",
    **dict.fromkeys(("recovered", "dead", "explained", "partners"), "share"),
    "active": "latents",
    "nearest": "",
}

PRESETS = (
    Preset("The same few steps for all sizes", {"budget": 1, "steps": 300, "ratio": 16}),
    Preset(
        "Hardly a latent to spare",
        {"dimensions": 4, "features": 10, "ratio": 3, "penalty": 0.5, "start": 1, "steps": 1700},
    ),
    Preset("JumpReLU: more explained by fewer", {"kind": 2}),
    Preset("Exactly two latents at a time", {"kind": 1, "kept": 2}),
)


class Config(Settings):
    """What there is to find, how it is looked for, and how long."""

    dimensions: int = setting(
        16, low=2, high=16, unit="dimensions", title="Dimensions", help="How many the layer has."
    )
    features: int = setting(
        40, low=2, high=64, unit="features", title="Features", help="How many it holds; nobody tells."
    )
    density: float = setting(
        0.025,
        low=0.005,
        high=0.3,
        scale="log",
        unit="share",
        title="Density",
        help="How often a feature is on. The rarer, the fewer are on at once, which tells them apart.",
    )
    ratio: int = setting(
        8,
        low=1,
        high=32,
        scale="log",
        title="Largest ratio",
        help="Latents for each dimension, in the largest dictionary; others have half as many, and so on.",
    )
    kind: int = setting(0, low=0, high=2, step=1, title="Kind", help="0 is L1, 1 TopK, 2 JumpReLU.")
    penalty: float = setting(
        0.3,
        low=0.02,
        high=1.0,
        scale="log",
        title="Penalty",
        help="What latents that speak cost, for L1 and JumpReLU.",
    )
    kept: int = setting(
        2, low=1, high=6, unit="latents", title="Kept", help="How many speak at once, for TopK."
    )
    start: int = setting(
        0,
        low=0,
        high=1,
        step=1,
        title="Start",
        help="0 lets a latent listen where it points; 1 starts it anywhere, so that more of them die.",
    )
    budget: int = setting(
        0,
        low=0,
        high=1,
        step=1,
        title="Budget",
        help="0 gives larger dictionaries more steps, 1 gives all the same.",
    )
    steps: int = setting(
        800, low=20, high=4000, scale="log", unit="steps", title="Steps", help="For the smallest dictionary."
    )
    width: int = setting(
        12_000,
        low=1000,
        high=20_000,
        unit="dimensions",
        title="Large width",
        help="Of the large model that real dictionaries were made for, which is a guess.",
    )

    @model_validator(mode="after")
    def _is_done_in_time(self) -> Self:
        seconds = sum(_seconds(self, latents) for latents in _sizes(self))
        if seconds > MOST_SECONDS:
            raise ValueError(
                f"Dictionaries up to {_sizes(self)[-1]} latents and {self.steps} steps would take about "
                f"{seconds:.0f} seconds, above the {MOST_SECONDS} allowed. Lower ratio or steps."
            )
        return self


def _sizes(config: Config) -> list[int]:
    """How many latents each dictionary has: one to a dimension, two and so on, and one to a feature."""
    doubling = {config.dimensions << power for power in range(int(math.log2(config.ratio)) + 1)}
    largest = config.dimensions * config.ratio
    return sorted(doubling | {largest} | ({config.features} if config.features < largest else set()))


def _steps(config: Config, latents: int) -> int:
    """Training needs more steps the larger the dictionary: about as the square root of its size."""
    grown = max(latents / config.dimensions, 1) ** 0.5 if config.budget == 0 else 1.0
    return round(config.steps * grown)


def _seconds(config: Config, latents: int) -> float:
    wide = (config.dimensions + DIMENSIONS_MEASURED) / (2 * DIMENSIONS_MEASURED)
    a_step = SECONDS_A_STEP + SECONDS_A_LATENT * latents * wide
    return _steps(config, latents) * a_step * (TOP_K_FACTOR if config.kind == TOP_K else 1)


def facts(config: Config) -> dict[str, float]:
    """Return what is known without training; every unit is in `FACTS`."""
    silent = silent_share(config.features, config.density)
    active = config.features * config.density / (1 - silent)
    shy = min(config.penalty / 2, 1.0)
    return {
        "features_per_dimension": config.features / config.dimensions,
        "active": active,
        "silent": silent,
        "largest": float(_sizes(config)[-1]),
        "explained_apart": 1 - 3 * shy**2 + 2 * shy**3,
        "active_apart": active * (1 - shy),
        "linear": min(config.dimensions / config.features, 1.0),
        "task_features": float(task_features(config.features)),
        "by_chance": 1 / CANDIDATES,
        **{name: latents / config.width for name, latents in LARGE_DICTIONARIES.items()},
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Train a dictionary of each size and strength, the smallest first, and then those for the task."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    known = directions(config.dimensions, config.features, seed % 2**32)
    w = torch.as_tensor(known, dtype=torch.float32, device=device)
    held_out = draw(HELD_OUT, config.features, config.density, random)
    sizes = _sizes(config)
    costs = np.cumsum([0.0, *(_seconds(config, latents) for latents in sizes)])
    done: list[Scores] = []
    for at, latents in enumerate(sizes):
        trained = Dictionaries(_recipe(config, latents), latents, config.dimensions, random)
        steps = trained.recipe.steps
        every = max(steps // FRAMES, 1)
        for step in trained.train(lambda: draw(DRAWS, config.features, config.density, random) @ w.T):
            if step % every == 0 and step < steps:
                share = (costs[at] + (costs[at + 1] - costs[at]) * step / steps) / costs[-1]
                shown = [*done, score(trained, w, held_out[:GLANCE])]
                yield _frame(config, seed, (1 - TASK_SHARE) * share, shown, None)
        done.append(score(trained, w, held_out))
    told = 0
    for part in partners(w, config.density, random):
        if isinstance(part, Partners):
            yield _frame(config, seed, 1.0, done, part)
        elif int(part * FRAMES) > told:
            told += 1
            yield _frame(config, seed, 1 - TASK_SHARE * (1.0 - 0.99 * part), done, None)


def _recipe(config: Config, latents: int) -> Recipe:
    """Four strengths of sparsity with resampling, and the usual one without."""
    if config.kind == TOP_K:
        most = [float(min(max(config.kept + more, 1), latents)) for more in MORE_KEPT]
    else:
        scale = JUMP_SCALE if config.kind == JUMP else 1.0
        most = [scale * config.penalty * strength for strength in STRENGTHS]
    resampled = [True] * len(most)
    return Recipe(
        config.kind,
        [*most, most[USUAL]],
        [*resampled, False],
        _steps(config, latents),
        aligned=config.start == 0,
    )


def _frame(
    config: Config, seed: int, progress: float, scores: Sequence[Scores], found: Partners | None
) -> Frame:
    return Frame(progress, config, _result(config, scores, found), _arrays(config, scores, found), seed)


def _result(config: Config, scores: Sequence[Scores], found: Partners | None) -> Result:
    last = scores[-1]
    sizes = _sizes(config)[: len(scores)]
    result: dict[str, float | list[float]] = {
        "recovered": float(last.recovered[USUAL]),
        "recovered_without": float(last.recovered[WITHOUT]),
        "dead": float(last.dead[USUAL]),
        "dead_without": float(last.dead[WITHOUT]),
        "explained": float(last.explained[USUAL]),
        "active_latents": float(last.active[USUAL]),
        "recovered_by_size": [float(score.recovered[USUAL]) for score in scores],
        "latents_by_size": [float(latents) for latents in sizes],
        "steps_by_size": [float(_steps(config, latents)) for latents in sizes],
    }
    if found is not None:
        names = ("partners_original", "partners_narrow", "partners_broad")
        for name, share, error in zip(names, found.found, found.error, strict=True):
            result |= {name: float(share), f"{name}_error": float(error)}
    return result


def _arrays(
    config: Config, scores: Sequence[Scores], found: Partners | None
) -> dict[str, NDArray[np.float64]]:
    both = [USUAL, WITHOUT]
    sizes = np.array(_sizes(config)[: len(scores)], float)
    return {
        "ratio": sizes / config.dimensions,
        "recovered": np.array([score.recovered[both] for score in scores]).reshape(-1, 2).T,
        "dead": np.array([score.dead[both] for score in scores]).reshape(-1, 2).T,
        "active": np.array([score.active[: len(STRENGTHS)] for score in scores]),
        "explained": np.array([score.explained[: len(STRENGTHS)] for score in scores]),
        "nearest": scores[-1].nearest[both] if scores else np.zeros((2, 0)),
        "partners": np.zeros(0) if found is None else found.found,
    }


def preview(config: Config, *, seed: int) -> Frame:
    """Show the stored run of the default settings; for others nothing is trained yet."""
    stored = _stored.read(NAME, Config)
    if config == stored.config:
        return stored
    return Frame(0.0, config, arrays=_arrays(config, [], None), seed=seed)


def figure(frame: Frame) -> Figure:
    """Draw the trade, the sizes, what was found, and the task."""
    config = cast("Config", frame.config)
    return drawn(frame.arrays, ratio=_sizes(config)[-1] / config.dimensions)


def readout(frame: Frame) -> str:
    """Say what the largest dictionary has found so far, and what the narrow one is good for."""
    config = cast("Config", frame.config)
    exact = facts(config)
    world = (
        f"{config.features} features in {config.dimensions} dimensions, {number(exact['active'])} of them on "
        f"at once when any is"
    )
    if config.features <= config.dimensions:
        world += ", each in a dimension of its own, so that nothing is in superposition"
    if not frame.result:
        return f"There are {world}. Run it to see how many of them dictionaries find."
    result = cast("dict[str, float]", frame.result)
    latents = cast("list[float]", frame.result["latents_by_size"])[-1]
    found = (
        f"a dictionary of {latents:.0f} latents has found {percent(result['recovered'])} of them, with "
        f"{number(result['active_latents'])} latents at once, {percent(result['explained'])} explained and "
        f"{percent(result['dead'])} of its latents dead"
    )
    if frame.progress < 1:
        return f"Of {world}: so far {found}."
    task = (
        f"Partners are found {percent(result['partners_original'])} of the time by the activations, "
        f"{percent(result['partners_narrow'])} through a dictionary of the task's own inputs, "
        f"{percent(result['partners_broad'])} through one of all inputs."
    )
    return f"Of {world}, {found}. {task}"
