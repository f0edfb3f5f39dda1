"""Two features on one line, for every density and every importance at once.

    y_i = relu(w_i s + b_i),    s = w_1 x_1 + w_2 x_2,    loss = Σ_i I_i E (x_i − y_i)².

Averages are sums over a grid without noise (`_sparse_features`). Every cell of the diagram trains several
models side by side, with gradients that are written out: three begin near the plain solutions, which are the
first feature alone, the second alone, and both at opposite ends, and the rest anywhere.

Left out: more than two features.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._sparse_features import grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch
    from numpy.typing import NDArray

NODES = 36  # five Gauss points and off, for each of two features
PLAIN = ((1.0, 0.0), (0.0, 1.0), (1.0, -1.0))  # weights of the plain solutions
APART = 0.1  # how far from these training begins
RATE = 0.05
DECAYS = (0.9, 0.99)
TINY = 1e-8


class Found(NamedTuple):
    """What training has come to.

    Attributes:
        weights: Of each model: [cell, start, feature].
        loss: [cell, start].
    """

    weights: NDArray[np.float64]
    loss: NDArray[np.float64]


def train(
    density: NDArray[np.float64],
    importance: NDArray[np.float64],
    random_starts: int,
    steps: int,
    random: torch.Generator,
) -> Iterator[Found]:
    """Yield what the models have come to, before the first step and after each.

    Args:
        density: How often a feature is on, in each cell: [cell].
        importance: Of both features, in each cell: [cell, feature].
        random_starts: Models in each cell that begin anywhere.
        steps: How many to take.
        random: Where starts come from; its device is the one that is used.
    """
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    device = random.device
    x, chance = (
        torch.as_tensor(part, dtype=torch.float32, device=device) for part in grid(density, 2, NODES)
    )
    # Counted by how often a feature is on, every cell learns at the same pace.
    weight = (chance / chance.new_tensor(density)[:, None])[:, None, None]  # [cell, 1, 1, node]
    counts = torch.as_tensor(importance, dtype=torch.float32, device=device)[:, None, :, None]
    starts = torch.tensor(PLAIN, device=device).expand(len(density), -1, -1)
    anywhere = torch.randn(len(density), random_starts, 2, generator=random, device=device)
    near = APART * torch.randn(starts.shape, generator=random, device=device)
    w = torch.cat([starts + near, anywhere], dim=1)[..., None]  # [cell, start, feature, 1]
    b = torch.zeros_like(w)
    moments = [(torch.zeros_like(w), torch.zeros_like(w)) for _ in range(2)]
    for step in range(steps + 1):
        s = (w * x).sum(2, keepdim=True)  # [cell, start, 1, node]
        y = torch.relu(torch.addcmul(b, w, s))
        wrong = y - x
        loss = (weight * counts * wrong.square()).sum((2, 3)) * chance.new_tensor(density)[:, None]
        yield Found(w[..., 0].cpu().double().numpy(), loss.cpu().double().numpy())
        if step == steps:
            return
        pull = wrong.mul_(y > 0).mul_(weight).mul_(counts)
        through = (pull * w).sum(2, keepdim=True)
        slopes = (torch.addcmul(pull * s, x, through).sum(3, keepdim=True), pull.sum(3, keepdim=True))
        rate = RATE * (1 + math.cos(math.pi * step / steps)) / 2
        for part, slope, (mean, square) in zip((w, b), slopes, moments, strict=True):
            mean.lerp_(slope, 1 - DECAYS[0])
            square.mul_(DECAYS[1]).addcmul_(slope, slope, value=1 - DECAYS[1])
            warm = math.sqrt(1 - DECAYS[1] ** (step + 1)) / (1 - DECAYS[0] ** (step + 1))
            part.addcdiv_(mean, square.sqrt().add_(TINY), value=-rate * warm)
