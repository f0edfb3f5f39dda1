"""Training small networks to multiply, for every width, both activations and every seed at once.

A network with one layer of w neurons takes x and y from −1 to 1 and gives

    out = c + Σ_h write_h · act(read_h · (x, y, 1)),    act = relu or gelu,

to be 3xy, whose typical size is 1. The loss is the mean square of what it is off by, over a grid of Gauss's
nodes, so nothing but the start is random; the typical error as a share of the typical product is its root.
Networks of every width and both activations start alike. They share tensors and nothing else; Adam's rate
falls to nothing as half a cosine.

Source: D. P. Kingma and J. Ba (2015), "Adam: a method for stochastic optimization". Left out: inputs that
were not trained on.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch
    from numpy.typing import NDArray

RATE = 0.05
NODES, REPORT_NODES = 12, 40  # a side of the grid: to train on, and to report on


class Networks(NamedTuple):
    """Many networks; the activations are relu and gelu, and width v has v + 1 neurons.

    Attributes:
        read: [activation, width, seed, neuron, 3], the last for x, y and 1.
        write: [activation, width, seed, neuron].
        constant: [activation, width, seed].
    """

    read: torch.Tensor
    write: torch.Tensor
    constant: torch.Tensor


class Examples(NamedTuple):
    """Pairs of numbers with their weights, which add up to 1: inputs [3, pair], the others [pair]."""

    inputs: torch.Tensor
    target: torch.Tensor
    weight: torch.Tensor


def random_networks(widest: int, seeds: int, random: torch.Generator) -> Networks:
    """Untrained networks on the generator's device."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    device = random.device
    read = torch.randn(seeds, widest, 3, generator=random, device=device)
    read[..., 2] /= 2  # kinks near the middle
    write = torch.randn(seeds, widest, generator=random, device=device)
    width = torch.arange(1.0, widest + 1, device=device)
    return Networks(
        read.expand(2, widest, seeds, widest, 3).clone(),
        write / width[:, None, None].sqrt() * torch.ones(2, 1, 1, 1, device=device),
        torch.zeros(2, widest, seeds, device=device),
    )


def examples(nodes: int, device: torch.device) -> Examples:
    """Gauss's nodes for the average over the square."""
    import torch  # noqa: PLC0415 - as above

    place, weight = np.polynomial.legendre.leggauss(nodes)
    x, y = (part.ravel() for part in np.meshgrid(place, place))
    parts = np.stack([x, y, np.ones_like(x)]), 3 * x * y, np.outer(weight, weight).ravel() / 4
    return Examples(*(torch.as_tensor(part, dtype=torch.float32, device=device) for part in parts))


def errors(networks: Networks, given: Examples) -> torch.Tensor:
    """The mean squared error of each network, as a share of the mean squared product."""
    import torch  # noqa: PLC0415 - as above

    into_relu, into_gelu = networks.read @ given.inputs  # each [width, seed, neuron, pair]
    active = torch.stack([into_relu.relu(), torch.nn.functional.gelu(into_gelu)])
    widest = active.shape[1]
    present = torch.ones(widest, widest, device=active.device).tril()  # [width, neuron]
    write = networks.write * present[:, None]
    said = (write[..., None, :] @ active)[..., 0, :] + networks.constant[..., None]
    return (said - given.target).square() @ given.weight


def train(networks: Networks, given: Examples, steps: int) -> Iterator[tuple[Networks, torch.Tensor]]:
    """Yield the networks after each step, with their errors before it; they are those being trained."""
    import torch  # noqa: PLC0415 - as above

    parts = [part.clone().requires_grad_() for part in networks]
    adam = torch.optim.Adam(parts, lr=RATE)
    for step in range(steps):
        adam.param_groups[0]["lr"] = RATE * (1 + math.cos(math.pi * step / steps)) / 2
        error = errors(Networks(*parts), given)
        for part, gradient in zip(parts, torch.autograd.grad(error.sum(), parts), strict=True):
            part.grad = gradient
        adam.step()
        yield Networks(*(part.detach() for part in parts)), error.detach()


def typical(error: torch.Tensor) -> NDArray[np.float64]:
    """The typical error as a share of the typical product: [activation, width, seed]."""
    root: NDArray[np.float64] = error.cpu().double().sqrt().numpy()
    return root
