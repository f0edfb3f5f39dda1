"""Features find room in too few dimensions.

A model has to pass several features through fewer hidden dimensions and give them back,

    y = relu(Wᵀ W x + b),    loss = E Σ_i I_i (x_i − y_i)² / features,    I_i = decayⁱ,

where each x_i is 0 with chance 1 − p and otherwise uniform on [0, 1]; p is the density. Column i of W is
the direction of feature i, which counts as represented if it is longer than ½. If all features are always
on, the model keeps the most important, one for each dimension, and gives up the rest. As they grow rarer it
keeps more features than it has dimensions, in directions that are not at right angles: first pairs at
opposite ends of a line, then, for five in two dimensions, a pentagon.

Two things change the story. Without relu, where the read-out is linear, a shared dimension cannot be told
apart again, and the model keeps one feature for each dimension however rare they are. And features may come
in couples, 0 with 1, 2 with 3 and so on. Those that are never on together can lie at opposite ends of a line
at no cost. Those that are always on together had best lie at right angles, side by side; where there is no
room for that, they merge into one direction.

What can be known without training is in `_superposition_exact`, and how training works in
`_superposition_course`, `_superposition_training` and `_superposition_gradient`.

Source: N. Elhage, T. Hume, C. Olsson, N. Schiefer and others (2022), "Toy Models of Superposition". They
train once, for 10,000 steps; here many short trainings compete, and the toy says how many of them agreed.
Left out: features that depend on each other to a degree, and computing on features in superposition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from sim.spec import Frame, Measurement, Preset, Quantity, Result
from sim.toys import _stored
from sim.toys._sparse_features import densest
from sim.toys._superposition_couples import collision_chance
from sim.toys._superposition_course import Course, densities, have_diverged, runs_at_once, together
from sim.toys._superposition_exact import (
    dedicated_loss,
    importances,
    linear_loss,
    paired_loss,
    pairing_pays_below,
)
from sim.toys._superposition_figure import draw, represented, upright
from sim.toys._superposition_settings import Config
from sim.toys._superposition_training import Models
from sim.toys._superposition_words import losses_in_words, say

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

NAME = "toy_superposition"
SHOWS_STORED_RUN = True
COUPLES: dict[str, float] = {"features": 4, "importance_decay": 1.0}
STORED_BESIDE = ({**COUPLES, "correlation": 1}, {**COUPLES, "correlation": 2}, {"readout": 1})

FRAMES = 40  # at least, in a run of as many steps
BETWEEN_FRAMES = 10_000  # features trained for a step: some ten milliseconds

# What can be known without training follows a drag; the picture is of no training either, and says so.
SCRUBBABLE = ("sparsest_density", "importance_decay")

FACTS = {
    "dedicated_features": Quantity("features that can have a dimension each", "features"),
    "dedicated_loss_dense": Quantity(
        "loss with a dimension each for the most important features, at the greatest density"
    ),
    "dedicated_loss_sparsest": Quantity(
        "loss with a dimension each for the most important features, at the rarest"
    ),
    "paired_loss_sparsest": Quantity("loss with as many pairs as there is room for, at the sparsest density"),
    "linear_loss_sparsest": Quantity(
        "least loss of any linear map through the dimensions, at the sparsest density"
    ),
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
    "density_by_instance": Measurement("densities, down to the rarest", "share"),
    "restarts_agreeing": Measurement("restarts that found the best at each density", "share"),
    "steps_done": Measurement("steps of training", "steps"),
    "diverged_at": Measurement("step at which training had diverged; 0 for never", "steps"),
}

ARRAYS = {"weights": ""}

PRESETS = (
    Preset("Always on: nothing is shared", {"sparsest_density": 1.0}),
    Preset("All features count the same", {"importance_decay": 1.0}),
    Preset("Two features on one line", {"features": 2, "hidden": 1}),
    Preset("Linear: one feature for each dimension", {"readout": 1}),
    Preset("Couples that are on together", {**COUPLES, "correlation": 1}),
    Preset("Couples that are never on together", {**COUPLES, "correlation": 2}),
    Preset("On together, with one place: they merge", {"features": 2, "hidden": 1, "correlation": 1}),
    Preset("Room for all: nothing is lost", {"features": 3, "hidden": 5}),
    Preset("A rate at which training diverges", {"rate": 100.0}),
    Preset(
        "A hundred features in twenty dimensions",
        {"features": 100, "hidden": 20, "restarts": 2, "steps": 1500},
    ),
    Preset("Twenty features in five dimensions", {"features": 20, "hidden": 5, "restarts": 4}),
)


def facts(config: Config) -> dict[str, float]:
    """Return what is known without training; every unit is in `FACTS`."""
    features, hidden, p = config.features, config.hidden, config.sparsest_density
    correlation = config.correlation
    importance = importances(features, config.importance_decay)
    return {
        "dedicated_features": float(min(hidden, features)),
        "dedicated_loss_dense": dedicated_loss(importance, hidden, densest(correlation)),
        "dedicated_loss_sparsest": dedicated_loss(importance, hidden, p),
        "paired_loss_sparsest": paired_loss(importance, hidden, p, correlation),
        "linear_loss_sparsest": linear_loss(importance, hidden, p, correlation),
        "pairing_pays_below": pairing_pays_below(importance, hidden, correlation),
        "active_sparsest": features * p,
        "collision_sparsest": collision_chance(features, p, correlation),
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Train restarts at every density, then the best of them and their neighbours' best on finer averages.

    A training that diverges is stopped, and its last frame shows what it was before.
    """
    trained = config.restarts * config.instances * config.features
    every = max(min(config.steps // FRAMES, BETWEEN_FRAMES // trained), 1)
    course = Course(config, seed, device)
    stretch, done = course.start(), 0
    frame = _on_the_way(config, seed, course.glanced(stretch.models), 0)
    yield frame
    for stage in range(2):
        training = stretch.training()
        for step in training.steps():
            if (done + step) % every == 0 and done + step < config.steps:
                models = training.models
                if have_diverged(models):
                    yield _stopped(frame, done + step)
                    return
                frame = _on_the_way(config, seed, course.glanced(models), done + step)
                yield frame
        done += stretch.steps
        if stage == 0:
            stretch = course.finish(training.models)
    yield _at_the_end(config, seed, course.answer(training.models), course.agreeing)


def batch(config: Config, *, seeds: Sequence[int], device: str) -> Iterator[list[Frame]]:
    """Train runs that are small enough side by side; see `_superposition_course`."""
    size = runs_at_once(config) if device == "cpu" else 1
    if size == 1:
        for seed in seeds:
            *_, last = run(config, seed=seed, device=device)
            yield [last]
        return
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
    """Show the stored run of these settings, or else random directions, which `readout` says."""
    for stored in (_stored.read(NAME, Config), *_stored.read_others(NAME, Config)):
        if config == stored.config:
            return stored
    shape = config.instances, config.hidden, config.features
    spread = np.sqrt(2 / (config.hidden + config.features))
    weights = spread * np.random.default_rng(seed).standard_normal(shape)
    return _frame(config, seed, 0.0, {}, weights)


def figure(frame: Frame) -> Figure:
    """Draw each density's directions, or how they share dimensions."""
    return draw(frame.arrays["weights"], densities(cast("Config", frame.config)), losses_in_words(frame))


def readout(frame: Frame) -> str:
    """Say how many features are represented at each density, and how sure that is."""
    return say(cast("Config", frame.config), frame.result)


def _on_the_way(config: Config, seed: int, models: Models, step: int) -> Frame:
    weights = models.weights[0].cpu().double().numpy()
    counts = represented(weights).sum(axis=1).tolist()
    result: Result = {"steps_done": step, "features_represented": counts}
    return _frame(config, seed, step / config.steps, result, weights)


def _stopped(before: Frame, step: int) -> Frame:
    return replace(before, progress=1.0, result={"steps_done": step, "diverged_at": step})


def _at_the_end(config: Config, seed: int, models: Models, agreeing: list[float]) -> Frame:
    weights = models.weights[0].cpu().double().numpy()
    loss = models.loss[0].tolist()
    result: Result = {
        "loss_by_instance": loss,
        "mean_loss": float(np.mean(loss)),
        "features_represented": represented(weights).sum(axis=1).tolist(),
        "density_by_instance": densities(config).tolist(),
        "restarts_agreeing": agreeing,
        "diverged_at": 0,
    }
    return _frame(config, seed, 1.0, result, weights)


def _frame(config: Config, seed: int, progress: float, result: Result, weights: NDArray[np.float64]) -> Frame:
    return Frame(progress, config, result, {"weights": upright(weights)}, seed)
