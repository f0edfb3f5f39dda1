"""Training many small models at once.

Each of the models, one for every restart and instance, squeezes its features into a few hidden dimensions
and reads them out again,

    y = relu(Wᵀ W x + b),    loss = E Σ_i I_i (x_i − y_i)² / features,

or without relu where the read-out is linear, and learns by Adam with a rate that falls to nothing as half a
cosine. The models share a tensor and nothing else; `_superposition_gradient` says how they slope.

Most trainings end in a local optimum. So the best of the restarts is kept for each density; then it and the
best of both neighbouring densities, which are often its own way out, are trained further on a finer
average, and the best of those three is the answer.

Source: N. Elhage and others (2022), "Toy Models of Superposition"; D. P. Kingma and J. Ba (2015), "Adam: a
method for stochastic optimization".
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._sparse_features import Batch
from sim.toys._superposition_gradient import Slopes, Task, in_whole_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

DECAYS = (0.9, 0.999)
TINY = 1e-8


class Models(NamedTuple):
    """Many models, and how good they are. Runs side by side are one more axis, before all others.

    Attributes:
        weights: W: [restart, instance, hidden, feature].
        bias: b: [restart, instance, feature].
        loss: [restart, instance].
    """

    weights: torch.Tensor
    bias: torch.Tensor
    loss: torch.Tensor


def random_models(
    restarts: int, instances: int, hidden: int, features: int, random: torch.Generator
) -> Models:
    """Untrained models on the generator's device: Xavier's normal weights, no bias, no loss yet."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    spread = math.sqrt(2 / (hidden + features))
    weights = torch.randn(restarts, instances, hidden, features, generator=random, device=random.device)
    bias = torch.zeros(restarts, instances, features, device=random.device)
    return Models(spread * weights, bias, torch.full_like(bias[..., 0], math.inf))


def losses(weights: torch.Tensor, bias: torch.Tensor, batch: Batch, task: Task) -> torch.Tensor:
    """The loss of each model: [restart, instance]."""
    hidden = weights @ batch.x  # [restart, instance, hidden, sample]
    output = weights.mT @ hidden + bias[..., None]
    output = output if task.linear else output.relu()
    error = task.importance @ (batch.x - output).square()  # [restart, instance, sample]
    return (error * batch.weight).sum(-1) / len(task.importance)


class Training:
    """Models that learn from one batch after another, for `steps` steps, first at Adam's rate `rate`."""

    def __init__(
        self, start: Models, batches: Iterator[Batch], task: Task, *, steps: int, rate: float
    ) -> None:
        import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

        self._start, self._batches = start, batches
        self._steps, self._rate = steps, rate
        joined = torch.cat([start.weights, start.bias[..., None, :]], dim=-2)
        ordered = joined.movedim(-4, 0)  # restarts first, then runs, if there are several, and instances
        self._shape = ordered.shape
        restarts, (*_, rows, features) = self._shape[0], self._shape
        count = ordered[..., 0, 0].numel()
        parts = joined.new_zeros(4, count, rows, in_whole_lines(features))
        self._models, self._slope, self._mean, self._square = parts
        self._models[..., :features] = ordered.flatten(0, -3)
        self._slopes = Slopes(task, count, count // restarts, rows - 1)

    def steps(self) -> Iterator[int]:
        """Take the steps, and yield how many are done after each."""
        for step, batch in zip(range(self._steps), self._batches, strict=False):
            self._slopes.write(self._models, batch, self._slope)
            self._adam(step + 1, self._rate * (1 + math.cos(math.pi * step / self._steps)) / 2)
            yield step + 1

    @property
    def models(self) -> Models:
        """The models as they are, with the losses that they came with.

        The tensors are those being trained: whoever keeps one copies it.
        """
        features = self._shape[-1]
        joined = self._models[..., :features].unflatten(0, self._shape[:-2]).movedim(0, -4)
        return Models(joined[..., :-1, :], joined[..., -1, :], self._start.loss)

    def _adam(self, step: int, rate: float) -> None:
        first, second = DECAYS
        self._mean.lerp_(self._slope, 1 - first)
        self._square.mul_(second).addcmul_(self._slope, self._slope, value=1 - second)
        spread = self._square.sqrt().mul_((1 - second**step) ** -0.5).add_(TINY)
        self._models.addcdiv_(self._mean, spread, value=-rate / (1 - first**step))


def measured(models: Models, batch: Batch, task: Task) -> Models:
    """The same models with their losses on another batch; one at a time, to spare memory."""
    loss = models.loss.clone()
    for restart, instance in np.ndindex(*loss.shape):
        weights, bias = (part[restart, instance][None, None] for part in models[:2])
        alone = Batch(*(part[min(instance, len(part) - 1)][None] for part in batch))
        loss[restart, instance] = losses(weights, bias, alone, task)[0, 0]
    return Models(models.weights, models.bias, loss)


def best(models: Models) -> Models:
    """The best restart of each instance, as the one restart that is left."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    restart = models.loss.argmin(0)
    instance = torch.arange(len(restart), device=restart.device)
    return Models(*(part[restart, instance][None] for part in models))


def with_neighbours(models: Models) -> Models:
    """Beside each instance's own model those of the instances before and after it, as restarts 1 and 2."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    own = torch.arange(models.loss.shape[1], device=models.loss.device)
    source = torch.stack([own, own - 1, own + 1]).clamp(0, len(own) - 1)  # [restart, instance]
    return Models(*(part[0, source] for part in models))
