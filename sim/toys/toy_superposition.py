"""Features find room in too few dimensions.

A model has to pass several features through fewer hidden dimensions and give them back,

    y = relu(Wᵀ W x + b),    loss = E Σ_i I_i (x_i − y_i)² / features,    I_i = decayⁱ,

where each x_i is 0 with chance 1 − p and otherwise uniform on [0, 1]; p is the density. Column i of W is
the direction of feature i, which counts as represented if it is longer than ½. If all features are always
on, the model keeps the most important, one for each dimension, and gives up the rest. As they grow rarer it
keeps more features than it has dimensions, in directions that are not at right angles: first pairs at
opposite ends of a line, then, for five in two dimensions, a pentagon.

What can be known without training is in `_superposition_exact`, and how training works in
`_superposition_course` and `_superposition_training`.

Source: N. Elhage, T. Hume, C. Olsson, N. Schiefer and others (2022), "Toy Models of Superposition". They
train once, for 10,000 steps; here many short trainings compete, and the toy says how many of them agreed.
Left out: correlated features, and computing on features in superposition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from pydantic import model_validator

from sim.spec import Frame, Measurement, Preset, Quantity, Result, Settings, setting
from sim.toys import _stored
from sim.toys._drawing import number, percent
from sim.toys._sparse_features import effort
from sim.toys._superposition_course import NOTHING, Course, densities, runs_at_once, together
from sim.toys._superposition_exact import (
    collision_chance,
    dedicated_loss,
    importances,
    paired_loss,
    pairing_pays_below,
)
from sim.toys._superposition_figure import draw, represented, upright
from sim.toys._superposition_training import Models, best

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

NAME = "toy_superposition"
SHOWS_STORED_RUN = True

FRAMES = 150  # at least, in a run of as many steps
BETWEEN_FRAMES = 2400  # features trained for a step: some ten milliseconds
MOST_SECONDS = 60
SECONDS_PER_NUMBER = 7e-9  # on one core, for one feature of one sample in one step of one model; measured

# What can be known without training follows a drag; the picture is of no training either, and says so.
SCRUBBABLE = ("sparsest_density", "importance_decay")

FACTS = {
    "dedicated_features": Quantity("features that can have a dimension each", "features"),
    "dedicated_loss_dense": Quantity(
        "loss with a dimension each for the most important features, all always on"
    ),
    "dedicated_loss_sparsest": Quantity(
        "loss with a dimension each for the most important features, at the rarest"
    ),
    "paired_loss_sparsest": Quantity("loss with as many pairs as there is room for, at the sparsest density"),
    "pairing_pays_below": Quantity(
        "density below which the next feature is better paired than given up", "share"
    ),
    "active_sparsest": Quantity("features on at once, on average, at the sparsest density", "features"),
    "collision_sparsest": Quantity(
        "chance that two features or more are on at once, at the sparsest density", "share"
    ),
}

RESULTS = {
    "mean_loss": Measurement("loss, the mean over all densities"),
    "features_represented": Measurement("features represented at each density", "features"),
    "loss_by_instance": Measurement("loss at each density"),
    "density_by_instance": Measurement("densities, from always on to the rarest", "share"),
    "restarts_agreeing": Measurement("restarts that found the best at each density", "share"),
    "steps_done": Measurement("steps of training", "steps"),
}

ARRAYS = {"weights": ""}

PRESETS = (
    Preset("Always on: nothing is shared", {"sparsest_density": 1.0}),
    Preset("All features count the same", {"importance_decay": 1.0}),
    Preset("Two features on one line", {"features": 2, "hidden": 1}),
    Preset("Twenty features in five dimensions", {"features": 20, "hidden": 5, "restarts": 4}),
)


class Config(Settings):
    """How much has to fit into how little, how rare it is, and how hard to try."""

    features: int = setting(
        5, low=2, high=100, unit="features", title="Features", help="How many numbers have to pass through."
    )
    hidden: int = setting(
        2,
        low=1,
        high=20,
        unit="dimensions",
        title="Dimensions",
        help="How many dimensions they pass through.",
    )
    instances: int = setting(
        10, low=2, high=20, title="Densities", help="How many densities to compare, from always on down."
    )
    sparsest_density: float = setting(
        0.05,
        low=0.01,
        high=1.0,
        scale="log",
        unit="share",
        title="Rarest",
        help="How often a feature is on at the sparsest.",
    )
    importance_decay: float = setting(
        0.9,
        low=0.5,
        high=1.0,
        step=0.01,
        title="Importance",
        help="What each feature counts for, next to the last.",
    )
    restarts: int = setting(
        12, low=1, high=32, title="Restarts", help="Trainings at each density, of which the best is kept."
    )
    steps: int = setting(
        600, low=30, high=5000, scale="log", unit="steps", title="Steps", help="How long to train."
    )

    @property
    def first_steps(self) -> int:
        """The steps that every restart takes; only the best take the others."""
        return self.steps * 2 // 3

    @model_validator(mode="after")
    def _fits_the_machine(self) -> Self:
        samples = effort(self.features)
        first = self.first_steps * self.restarts * samples.coarse
        then = (self.steps - self.first_steps) * 3 * samples.fine
        seconds = (first + then) * self.instances * self.features * SECONDS_PER_NUMBER
        if seconds > MOST_SECONDS:
            raise ValueError(
                f"{self.features} features, {self.instances} densities, {self.restarts} restarts and "
                f"{self.steps} steps would take about {seconds:.0f} seconds, above the {MOST_SECONDS} "
                "allowed. Lower one of them."
            )
        return self


def facts(config: Config) -> dict[str, float]:
    """Return what is known without training; every unit is in `FACTS`."""
    features, hidden, p = config.features, config.hidden, config.sparsest_density
    importance = importances(features, config.importance_decay)
    return {
        "dedicated_features": float(min(hidden, features)),
        "dedicated_loss_dense": dedicated_loss(importance, hidden, 1.0),
        "dedicated_loss_sparsest": dedicated_loss(importance, hidden, p),
        "paired_loss_sparsest": paired_loss(importance, hidden, p),
        "pairing_pays_below": pairing_pays_below(importance, hidden),
        "active_sparsest": features * p,
        "collision_sparsest": collision_chance(features, p),
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Train restarts at every density, then the best of them and their neighbours' best on finer averages."""
    trained = config.restarts * config.instances * config.features
    every = max(min(config.steps // FRAMES, BETWEEN_FRAMES // trained), 1)
    course = Course(config, seed, device)
    start = course.start()
    models = start.models
    yield _on_the_way(config, seed, models, 0)
    for step, models in enumerate(start.train(), 1):
        if step % every == 0:
            yield _on_the_way(config, seed, models, step)
    finish = course.finish(models)
    for step, models in enumerate(finish.train(), config.first_steps + 1):
        if step % every == 0 and step < config.steps:
            yield _on_the_way(config, seed, models, step)
    yield _at_the_end(config, seed, course.answer(models), course.agreeing)


def batch(config: Config, *, seeds: Sequence[int], device: str) -> Iterator[list[Frame]]:
    """Train runs that are small enough side by side; see `_superposition_course`."""
    size = runs_at_once(config) if device == "cpu" else 1
    for first in range(0, len(seeds), size):
        group = seeds[first : first + size]
        courses = [Course(config, seed, device) for seed in group]
        trained = together([course.start() for course in courses])
        finishes = [course.finish(models) for course, models in zip(courses, trained, strict=True)]
        yield [
            _at_the_end(config, seed, course.answer(models), course.agreeing)
            for seed, course, models in zip(group, courses, together(finishes), strict=True)
        ]


def preview(config: Config, *, seed: int) -> Frame:
    """Show the stored run of the default settings; for others, random directions, which `readout` says."""
    stored = _stored.read(NAME, Config)
    if config == stored.config:
        return stored
    shape = config.instances, config.hidden, config.features
    spread = np.sqrt(2 / (config.hidden + config.features))
    weights = spread * np.random.default_rng(seed).standard_normal(shape)
    return _frame(config, seed, 0.0, {}, weights)


def figure(frame: Frame) -> Figure:
    """Draw each density's directions, or how they share dimensions."""
    return draw(frame.arrays["weights"], densities(cast("Config", frame.config)))


def readout(frame: Frame) -> str:
    """Say how many features are represented at each density, and how sure that is."""
    config = cast("Config", frame.config)
    dimensions, keep = (
        ("1 dimension", "keeps") if config.hidden == 1 else (f"{config.hidden} dimensions", "keep")
    )
    if not frame.result:
        size = f"{config.features} features in {dimensions}"
        return f"Not trained yet: these are random directions for {size}. Run it to see which are kept."
    *counts, last = (f"{count:.0f}" for count in cast("list[float]", frame.result["features_represented"]))
    kept = f"{dimensions} {keep} {', '.join(counts)} and {last} of {config.features} features"
    if "mean_loss" not in frame.result:
        return f"After {frame.result['steps_done']:.0f} of {config.steps} steps, {kept}."
    loss = cast("float", frame.result["mean_loss"])
    said = f"From always on (first) to on {percent(config.sparsest_density)} of the time (last), {kept}. "
    said += f"The mean loss is {number(loss if loss > NOTHING else 0)}."
    if config.restarts > 1:
        agreeing = cast("list[float]", frame.result["restarts_agreeing"])
        found = sorted({round(share * config.restarts) for share in (min(agreeing), max(agreeing))})
        said += f" Of {config.restarts} restarts each, {' to '.join(map(str, found))} found the best."
    return said


def _on_the_way(config: Config, seed: int, models: Models, step: int) -> Frame:
    weights = best(models).weights[0].cpu().numpy()
    counts = represented(weights).sum(axis=1).tolist()
    result: Result = {"steps_done": step, "features_represented": counts}
    return _frame(config, seed, step / config.steps, result, weights)


def _at_the_end(config: Config, seed: int, models: Models, agreeing: list[float]) -> Frame:
    weights = models.weights[0].cpu().numpy()
    loss = models.loss[0].tolist()
    result: Result = {
        "loss_by_instance": loss,
        "mean_loss": float(np.mean(loss)),
        "features_represented": represented(weights).sum(axis=1).tolist(),
        "density_by_instance": densities(config).tolist(),
        "restarts_agreeing": agreeing,
    }
    return _frame(config, seed, 1.0, result, weights)


def _frame(config: Config, seed: int, progress: float, result: Result, weights: NDArray[np.float64]) -> Frame:
    return Frame(progress, config, result, {"weights": upright(weights)}, seed)
