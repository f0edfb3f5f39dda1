"""Training two ways of reading features off a layer, for several layers at once.

    linear    x̂ = A h + a
    bent      x̂ = B relu(C h + c) + b

Both see the layer's activations h, and learn to give back the features x, all counted from their mean in
standard deviations, which any map could undo and which makes training quick. How well they do is told
feature by feature, as the share of its variance that is given back, on draws that training has not seen: 1 is
all of it, 0 no more than guessing the average would give.

At the end these draws are many. On the way a glance at few has to do, in which rare features would be on too
often or hardly at all by chance: it is a Latin hypercube, with each feature on as often as it should be.

Source: M. McKay, R. Beckman and W. Conover (1979), "A Comparison of Three Methods for Selecting Values of
Input Variables", for the hypercube. Left out: maps with more than one bend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._neuron_layers import variance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import torch
    from numpy.typing import NDArray

DRAWS = 512  # in one step of training
HELD_OUT = 8192
GLANCE = 512  # draws, on the way: looking must cost next to nothing
BENDS = 4  # for each feature of the fullest layer
RATE = 0.01


class Shares(NamedTuple):
    """What is given back: [layer, feature], of the features' variance; a layer's missing features are NaN."""

    linear: NDArray[np.float64]
    bent: NDArray[np.float64]


class _Maps(NamedTuple):
    """The parameters of both maps, for every layer."""

    linear: torch.Tensor  # [layer, neuron, feature]
    linear_bias: torch.Tensor  # [layer, 1, feature]
    into: torch.Tensor  # [layer, neuron, bend]
    into_bias: torch.Tensor  # [layer, 1, bend]
    out: torch.Tensor  # [layer, bend, feature]
    out_bias: torch.Tensor  # [layer, 1, feature]


def train(
    layers: Sequence[NDArray[np.float64]],
    density: float,
    steps: int,
    random: torch.Generator,
    at: Sequence[int],
) -> Iterator[tuple[int, Shares]]:
    """Train both maps on every layer, and yield the step and the shares at those steps that are asked for.

    The last step's shares are of all the held-out draws, those before it of a glance.

    Args:
        layers: The layers' weights, each [neuron, feature], all with as many neurons.
        density: How often each feature is on, 0 to 1.
        steps: How many to take.
        random: Where draws come from; its device is the one that is used.
        at: The steps to tell of, from 0 to `steps`.
    """
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    weights, is_there = _padded(layers, random.device)
    maps = _maps(weights, random)
    optimiser = torch.optim.Adam(maps, lr=RATE)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(steps, 1))
    told = set(at)
    held_out = _drawn(weights, density, HELD_OUT, random)
    glance = spread(weights, density, GLANCE, random)
    if 0 in told:
        yield 0, _shares(maps, weights, glance if steps else held_out, is_there)
    for step in range(1, steps + 1):
        x = _drawn(weights, density, DRAWS, random)
        loss = sum((((read - x) ** 2) * is_there).mean() for read in _read(maps, x @ weights))
        optimiser.zero_grad()
        torch.as_tensor(loss).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        cosine.step()
        if step in told:
            yield step, _shares(maps, weights, glance if step < steps else held_out, is_there)


def _padded(layers: Sequence[NDArray[np.float64]], device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """The layers' weights, [layer, feature, neuron], and which features there are, [layer, 1, feature]."""
    import torch  # noqa: PLC0415 - as above

    most = max(layer.shape[1] for layer in layers)
    weights = np.stack([np.pad(layer.T, ((0, most - layer.shape[1]), (0, 0))) for layer in layers])
    is_there = np.stack([np.arange(most) < layer.shape[1] for layer in layers])[:, None]
    return (
        torch.as_tensor(weights, dtype=torch.float32, device=device),
        torch.as_tensor(is_there, dtype=torch.float32, device=device),
    )


def _maps(weights: torch.Tensor, random: torch.Generator) -> _Maps:
    import torch  # noqa: PLC0415 - as above

    count, most, neurons = weights.shape
    bends = BENDS * most

    def normal(*shape: int) -> torch.Tensor:
        scale = (2 / shape[1]) ** 0.5
        drawn = torch.randn(*shape, generator=random, device=random.device)
        drawn *= scale
        drawn.requires_grad_()
        return drawn

    def zeros(size: int) -> torch.Tensor:
        return torch.zeros(count, 1, size, device=random.device, requires_grad=True)

    return _Maps(
        normal(count, neurons, most),
        zeros(most),
        normal(count, neurons, bends),
        zeros(bends),
        normal(count, bends, most),
        zeros(most),
    )


def _drawn(weights: torch.Tensor, density: float, draws: int, random: torch.Generator) -> torch.Tensor:
    """Features of every layer, standardised, [layer, draw, feature]; no neuron reads what a layer has not."""
    import torch  # noqa: PLC0415 - as above

    count, most, _ = weights.shape
    return _standardised(torch.rand(count, draws, most, generator=random, device=random.device), density)


def spread(weights: torch.Tensor, density: float, draws: int, random: torch.Generator) -> torch.Tensor:
    """The same, but of each feature's draws one lies in each of as many equal parts of its distribution."""
    import torch  # noqa: PLC0415 - as above

    count, most, _ = weights.shape
    order, within = torch.rand(2, count, draws, most, generator=random, device=random.device)
    return _standardised((order.argsort(1) + within) / draws, density)


def _standardised(u: torch.Tensor, density: float) -> torch.Tensor:
    """Features of the quantiles 1 - u."""
    import torch  # noqa: PLC0415 - as above

    return (torch.relu(1 - u / density) - density / 2).div(variance(density) ** 0.5)


def _read(maps: _Maps, h: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    import torch  # noqa: PLC0415 - as above

    linear = h @ maps.linear + maps.linear_bias
    bent = torch.relu(h @ maps.into + maps.into_bias) @ maps.out + maps.out_bias
    return linear, bent


def _shares(maps: _Maps, weights: torch.Tensor, held_out: torch.Tensor, is_there: torch.Tensor) -> Shares:
    import torch  # noqa: PLC0415 - as above

    with torch.no_grad():
        missing = torch.where(is_there[:, 0] > 0, 0.0, torch.nan)
        wrong = torch.zeros(2, *missing.shape, device=missing.device)  # [map, layer, feature]
        for x in held_out.tensor_split(held_out.shape[1] // DRAWS, dim=1):  # as many at once as fit a cache
            wrong += torch.stack([((read - x) ** 2).sum(1) for read in _read(maps, x @ weights)])
        told = 1 - wrong / held_out.shape[1] + missing
    return Shares(*told.cpu().double().numpy())
