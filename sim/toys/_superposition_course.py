"""The course of one run's training, and of several runs in one tensor.

A run trains twice: all restarts at every density, then the best of each density beside its neighbours' best,
on finer averages. Each of these is a `Stretch`.

Small models are trained in a few dozen kernels a step that each take microseconds, so that most of the time
goes into starting kernels. Runs of the same settings and other seeds can share them: their models stand
along one more axis, [run, restart, instance, …], and each run keeps its own generator. No operation mixes
runs, and none does other arithmetic for more of them, so that the numbers are those of separate runs to the
last bit. Past the size of a core's cache sharing costs more than it saves; `together` stays below it.

Left out: sharing between runs of other settings, and on devices other than the processor, whose matrix
products may do other arithmetic for other sizes.
"""

from __future__ import annotations

from itertools import starmap
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._sparse_features import MOST_ON_A_GRID, Batch, batch, batches, densest, effort
from sim.toys._superposition_exact import importances
from sim.toys._superposition_gradient import FITS, Task
from sim.toys._superposition_training import (
    Models,
    Training,
    best,
    losses,
    measured,
    random_models,
    with_neighbours,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import torch
    from numpy.typing import NDArray

    from sim.toys._superposition_settings import Config

LINEAR = 1  # the read-out that is no relu
ALIKE = 0.01  # two losses this close, as a share of the smaller, are of the same arrangement
NOTHING = 1e-6  # a loss below this is rounding
LONGEST = 10.0  # a weight beyond this will not come back; features that are kept are about 1 long
SAFE_RATE = 1.0  # times the usual rate, at which nothing was seen to diverge


class Stretch(NamedTuple):
    """A training that is about to begin.

    Attributes:
        models: What is trained.
        inputs: What on, batch after batch.
        task: What they are asked for.
        samples: How many a batch holds, at most.
        steps: For how long.
        rate: Adam's first learning rate.
    """

    models: Models
    inputs: Iterator[Batch]
    task: Task
    samples: int
    steps: int
    rate: float

    def training(self) -> Training:
        """The training itself, no step of which has been taken."""
        return Training(self.models, self.inputs, self.task, steps=self.steps, rate=self.rate)


class Course:
    """One run: its random numbers, its two stretches and its answer, to be asked for in this order.

    Attributes:
        agreeing: The share of restarts that found the best, for each instance; known from the finish on.
    """

    def __init__(self, config: Config, seed: int, device: str) -> None:
        import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

        self.agreeing: list[float] = []
        self._config = config
        self._random = torch.Generator(device).manual_seed(seed)
        self._samples = effort(config.features)
        importance = importances(config.features, config.importance_decay)
        self._task = Task(
            torch.as_tensor(importance, dtype=torch.float32, device=device), linear=config.readout == LINEAR
        )
        aside = torch.Generator(device).manual_seed(seed)  # looking changes nothing that is trained on
        self._glance = _batch(config, self._samples.glance, aside)

    def start(self) -> Stretch:
        """Every restart at every density, untrained."""
        config, samples = self._config, self._samples
        models = random_models(
            config.restarts, config.instances, config.hidden, config.features, self._random
        )
        inputs = self._batches(samples.coarse)
        rate = samples.rate * config.rate
        return Stretch(models, inputs, self._task, samples.coarse, config.first_steps, rate)

    def finish(self, models: Models) -> Stretch:
        """The best of the trained restarts of each density, beside its neighbours' best."""
        config, samples = self._config, self._samples
        inputs = self._batches(samples.fine)
        models = measured(models, next(inputs), self._task)
        agreeing = models.loss <= (1 + ALIKE) * models.loss.amin(0) + NOTHING
        self.agreeing = agreeing.float().mean(0).tolist()
        models = with_neighbours(best(models))
        steps = config.steps - config.first_steps
        rate = samples.rate * config.rate / 10
        return Stretch(models, inputs, self._task, samples.fine, steps, rate)

    def answer(self, models: Models) -> Models:
        """The best of what the finish has trained, with losses to quote."""
        return best(measured(models, _batch(self._config, self._samples.report, self._random), self._task))

    def glanced(self, models: Models) -> Models:
        """The best models on the way, by a few samples."""
        return best(models._replace(loss=losses(models.weights, models.bias, self._glance, self._task)))

    def _batches(self, samples: int) -> Iterator[Batch]:
        config = self._config
        return batches(densities(config), config.features, samples, self._random, config.correlation)


def have_diverged(models: Models) -> bool:
    """Whether a weight of any model has left all bounds, or is no number."""
    return not bool((models.weights.abs() <= LONGEST).all())


def _batch(config: Config, samples: int, random: torch.Generator) -> Batch:
    return batch(densities(config), config.features, samples, random, config.correlation)


def densities(config: Config) -> NDArray[np.float64]:
    """The density of each instance, from the greatest that there can be down: [instance]."""
    return np.geomspace(densest(config.correlation), config.sparsest_density, config.instances)


def runs_at_once(config: Config) -> int:
    """How many runs of these settings are worth starting together; one, where it may have to be stopped."""
    if config.rate > SAFE_RATE:
        return 1
    return _fitting(config.restarts * config.instances * config.features, effort(config.features).coarse)


def together(stretches: Sequence[Stretch]) -> Iterator[Models]:
    """Yield each stretch's trained models, in order; as many share tensors as fit."""
    size = _fitting(stretches[0].models.bias.numel(), stretches[0].samples)
    for first in range(0, len(stretches), size):
        yield from _side_by_side(stretches[first : first + size])


def _fitting(features: int, samples: int) -> int:
    """How many runs fit that have so many features in all models together."""
    return max(FITS // (features * samples), 1)


def _side_by_side(stretches: Sequence[Stretch]) -> Iterator[Models]:
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    models = Models(*map(torch.stack, zip(*(stretch.models for stretch in stretches), strict=True)))
    shared = stretches[0]._replace(models=models, inputs=_abreast([stretch.inputs for stretch in stretches]))
    training = shared.training()
    for _ in training.steps():
        pass
    yield from starmap(Models, zip(*training.models, strict=True))


def _abreast(inputs: Sequence[Iterator[Batch]]) -> Iterator[Batch]:
    """The batches of several runs as one, [run, 1, instance, feature, sample]; one grid serves all."""
    held: tuple[Batch, ...] = ()
    for parts in zip(*inputs, strict=True):
        if not held or parts[0] is not held[0]:  # draws serve several steps, and need be stacked but once
            held, stacked = parts, _stacked(parts)
        yield stacked


def _stacked(parts: Sequence[Batch]) -> Batch:
    import torch  # noqa: PLC0415 - as above

    if parts[0].x.shape[-2] <= MOST_ON_A_GRID:
        return parts[0]
    return Batch(*(torch.stack(part)[:, None] for part in zip(*parts, strict=True)))
