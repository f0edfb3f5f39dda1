"""Slopes that are written out, against those of autograd, however the models are laid out."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sim.toys import _superposition_gradient as gradient
from sim.toys._sparse_features import batch, batches
from sim.toys._superposition_gradient import Slopes, Task, in_whole_lines
from sim.toys._superposition_training import Models, Training, losses, random_models

DENSITY = np.array([1.0, 0.3, 0.05])
SIZES = [(2, 1), (5, 2), (3, 5), (6, 4), (30, 5)]  # on a grid, by the Gram matrix of draws, and through W


@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize(("features", "hidden"), SIZES)
@pytest.mark.parametrize("fits", [1, 5000, 2**18])
def test_slopes_are_those_of_autograd(
    features: int, hidden: int, linear: bool, fits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradient, "FITS", fits)  # one model at a time, some, or all
    random = torch.Generator().manual_seed(0)
    models = random_models(4, len(DENSITY), hidden, features, random)
    weights = models.weights.requires_grad_()
    bias = (0.1 * torch.randn(models.bias.shape, generator=random)).requires_grad_()
    task = Task(0.1 + torch.rand(features, generator=random), linear)
    inputs = batch(DENSITY, features, 256, random)
    wanted = torch.autograd.grad(losses(weights, bias, inputs, task).sum(), [weights, bias])
    joined = torch.cat([weights, bias[..., None, :]], dim=2).detach().flatten(0, 1)
    rows = torch.nn.functional.pad(joined, (0, in_whole_lines(features) - features))
    found = torch.zeros_like(rows)
    Slopes(task, len(joined), len(DENSITY), hidden).write(rows, inputs, found)
    assert not found[..., features:].any()
    found = found[..., :features]
    for one, other in zip(wanted, (found[:, :-1], found[:, -1]), strict=True):
        torch.testing.assert_close(other.reshape(one.shape), one, atol=2e-6, rtol=2e-4)


@pytest.mark.parametrize(("features", "hidden"), [(4, 2), (12, 3)])
def test_training_is_torch_s_adam(features: int, hidden: int) -> None:
    steps, rate, task = 30, 0.03, Task(0.9 ** torch.arange(features))
    start = random_models(2, len(DENSITY), hidden, features, torch.Generator().manual_seed(1))

    def inputs() -> object:
        return batches(DENSITY, features, 64, torch.Generator().manual_seed(2))

    training = Training(start, inputs(), task, steps=steps, rate=rate)
    assert list(training.steps()) == list(range(1, steps + 1))
    parts = [start.weights.clone().requires_grad_(), start.bias.clone().requires_grad_()]
    adam = torch.optim.Adam(parts, lr=rate)
    for step, drawn in zip(range(steps), inputs(), strict=False):
        adam.param_groups[0]["lr"] = rate * (1 + np.cos(np.pi * step / steps)) / 2
        adam.zero_grad()
        losses(*parts, drawn, task).sum().backward()
        adam.step()
    for ours, theirs in zip(training.models, parts, strict=False):
        torch.testing.assert_close(ours, theirs.detach(), atol=2e-5, rtol=1e-3)


def test_runs_side_by_side_come_before_their_restarts() -> None:
    starts = [random_models(2, 3, 2, 4, torch.Generator().manual_seed(seed)) for seed in range(5)]
    joined = Models(*map(torch.stack, zip(*starts, strict=True)))
    training = Training(joined, iter(()), Task(torch.ones(4)), steps=1, rate=0.1)
    for ours, given in zip(training.models, joined, strict=True):
        assert torch.equal(ours, given)
