"""Training many small models at once.

Each of the models, one for every restart and instance, squeezes its features into a few hidden dimensions
and reads them out again,

    y = relu(Wᵀ W x + b),    loss = E Σ_i I_i (x_i − y_i)² / features,

and learns by Adam with a rate that falls to nothing as half a cosine. The models share a tensor and nothing
else.

Most trainings end in a local optimum. So the best of the restarts is kept for each density; then it and the
best of both neighbouring densities, which are often its own way out, are trained further on a finer
average, and the best of those three is the answer.

Source: N. Elhage and others (2022), "Toy Models of Superposition"; D. P. Kingma and J. Ba (2015), "Adam: a
method for stochastic optimization".
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

    from sim.toys._sparse_features import Batch


class Models(NamedTuple):
    """Many models, and how good they are.

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


def losses(weights: torch.Tensor, bias: torch.Tensor, batch: Batch, importance: torch.Tensor) -> torch.Tensor:
    """The loss of each model: [restart, instance]."""
    hidden = weights @ batch.x  # [restart, instance, hidden, sample]
    output = (weights.mT @ hidden + bias[..., None]).relu()
    error = importance @ (batch.x - output).square()  # [restart, instance, sample]
    return (error * batch.weight).sum(-1) / len(importance)


def train(
    start: Models, batches: Iterator[Batch], importance: torch.Tensor, *, steps: int, rate: float
) -> Iterator[Models]:
    """Yield the models after each of `steps` steps, with their losses before it.

    The tensors are those being trained: whoever keeps one copies it.
    """
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    weights = start.weights.clone().requires_grad_()
    bias = start.bias.clone().requires_grad_()
    adam = torch.optim.Adam([weights, bias], lr=rate)
    for step, batch in zip(range(steps), batches, strict=False):
        adam.param_groups[0]["lr"] = rate * (1 + math.cos(math.pi * step / steps)) / 2
        loss = losses(weights, bias, batch, importance)
        weights.grad, bias.grad = torch.autograd.grad(loss.sum(), [weights, bias])
        adam.step()
        yield Models(weights.detach(), bias.detach(), loss.detach())


def measured(models: Models, batch: Batch, importance: torch.Tensor) -> Models:
    """The same models with their losses on another batch; one restart at a time, to spare memory."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    with torch.no_grad():
        pairs = zip(models.weights, models.bias, strict=True)
        loss = torch.cat([losses(weights[None], bias[None], batch, importance) for weights, bias in pairs])
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
