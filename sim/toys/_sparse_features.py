"""Sparse features, and averages over them.

Feature i is 0 with chance 1 − p and otherwise uniform on [0, 1], independently of the others; p is its
density. An instance is one density.

Averages over few features are sums over a grid, without noise: a feature is off, or on at one of q Gauss
points, and a node's weight is the product of its features' chances,

    E f(x) ≈ Σ_nodes w f(x),    w = Π_i  (1 − p) if feature i is off, else p w_Gauss(x_i).

Averages over more features are taken over draws, x = max(0, 1 − u / p) with u uniform: that is 0 with
chance 1 − p, and uniform on [0, 1] otherwise. All instances share the draws u.

Features may also come in couples, the first with the second, the third with the fourth and so on; the last
of an odd number stays alone. Sizes are independent all the same. Either a couple's features are on together,
with chance p, or they are never on together, though each is with chance p, which is then ½ at most: draws
share one u, and the second's is 1 − u.

Left out: features that depend on each other to a degree, and in groups of more than two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

INDEPENDENT, TOGETHER, APART = range(3)  # how the features of a couple are on

MOST_ON_A_GRID = 5  # features
LINE = 16  # numbers of 4 bytes in one line of the cache
STEPS_ON_DRAWS = 4  # drawing costs as much as a step of training, so that several share a batch


class Batch(NamedTuple):
    """Inputs and their weights.

    Attributes:
        x: [instance, feature, sample]; one instance stands for all where they share their inputs.
        weight: How much each sample counts, summing to 1: [instance, sample].
    """

    x: torch.Tensor
    weight: torch.Tensor


@dataclass(frozen=True)
class Effort:
    """How many samples averages are taken over, be they nodes or draws, and how fast to learn from them.

    Attributes:
        glance: Samples that are enough for a picture on the way.
        coarse: Samples that tell good from bad.
        fine: Samples to settle with.
        report: Samples to quote a loss from.
        rate: Adam's first learning rate; draws are noisy and need a smaller one.
    """

    glance: int
    coarse: int
    fine: int
    report: int
    rate: float


GRID = Effort(glance=32, coarse=1024, fine=7776, report=59_049, rate=0.1)
DRAWS = Effort(glance=64, coarse=256, fine=512, report=8192, rate=0.02)


def effort(features: int) -> Effort:
    """What so many features need."""
    return GRID if features <= MOST_ON_A_GRID else DRAWS


def densest(correlation: int) -> float:
    """The greatest density that features can have."""
    return 0.5 if correlation == APART else 1.0


def batch(
    density: NDArray[np.float64],
    features: int,
    samples: int,
    random: torch.Generator,
    correlation: int = INDEPENDENT,
) -> Batch:
    """At most `samples` samples of features at each density, [instance], on the generator's device."""
    if features <= MOST_ON_A_GRID:
        return _on_a_grid(density, features, samples, random.device, correlation)
    return _drawn(density, features, samples, random, correlation)


def batches(
    density: NDArray[np.float64],
    features: int,
    samples: int,
    random: torch.Generator,
    correlation: int = INDEPENDENT,
) -> Iterator[Batch]:
    """Yield batches to train on, for ever: the same grid each time, or fresh draws every few steps."""
    if features <= MOST_ON_A_GRID:
        yield from repeat(batch(density, features, samples, random, correlation))
    while True:
        yield from repeat(batch(density, features, samples, random, correlation), STEPS_ON_DRAWS)


def grid(
    density: NDArray[np.float64], features: int, nodes: int, correlation: int = INDEPENDENT
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The grid of at most `nodes` nodes: its points, [feature, node], and their weights, [instance, node].

    Nodes that no instance can come to are left out.
    """
    per_feature = int(nodes ** (1 / features) + 1e-9)  # levels; the root of 4^5 may come out just below 4
    points, weights = _gauss(per_feature - 1)
    levels = np.append(0.0, (points + 1) / 2)
    chosen = np.indices((per_feature,) * features).reshape(features, -1)  # [feature, node]
    p = density[:, None]
    on = p * weights / 2  # [instance, level but the first]
    alone = np.append(1 - p, on, axis=1)  # [instance, level]
    if correlation == INDEPENDENT:
        return levels[chosen], alone[:, chosen].prod(axis=1)
    couple = _couple(p[..., None], weights / 2, correlation)
    firsts, seconds = chosen[0 : features - 1 : 2], chosen[1::2]
    chance = couple[:, firsts, seconds].prod(axis=1)
    if features % 2:
        chance = chance * alone[:, chosen[-1]]
    possible = chance.any(axis=0)
    return levels[chosen[:, possible]], chance[:, possible]


def _couple(p: NDArray[np.float64], sizes: NDArray[np.float64], correlation: int) -> NDArray[np.float64]:
    """The chance of each two levels, [instance, level, level], from p, [instance, 1, 1], and of sizes."""
    both = np.zeros((len(p), len(sizes) + 1, len(sizes) + 1))
    if correlation == TOGETHER:
        both[:, :1, :1] = 1 - p
        both[:, 1:, 1:] = p * np.outer(sizes, sizes)
    else:
        both[:, :1, :1] = 1 - 2 * p
        both[:, :1, 1:] = p * sizes
        both[:, 1:, :1] = p * sizes[:, None]
    return both


@cache
def _gauss(points: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss's points and weights; hundreds of points take longer to find than a small model to train."""
    found: tuple[NDArray[np.float64], NDArray[np.float64]] = np.polynomial.legendre.leggauss(points)
    return found


def _on_a_grid(
    density: NDArray[np.float64], features: int, nodes: int, device: torch.device, correlation: int
) -> Batch:
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    x, weight = (_in_whole_lines(part) for part in grid(density, features, nodes, correlation))
    return Batch(
        torch.as_tensor(x[None], dtype=torch.float32, device=device),
        torch.as_tensor(weight, dtype=torch.float32, device=device),
    )


def _in_whole_lines(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same rows with zeros after them, which weigh nothing, so that each begins a line of the cache.

    Matrix products may do other arithmetic for rows that do not, and a model's numbers would then depend on
    which others it is trained beside.
    """
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % LINE)))


def _drawn(
    density: NDArray[np.float64], features: int, samples: int, random: torch.Generator, correlation: int
) -> Batch:
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    u = torch.rand(features, samples, generator=random, device=random.device)
    p = torch.as_tensor(density, dtype=torch.float32, device=random.device)[:, None, None]
    first, second = u[0 : features - 1 : 2], u[1::2]
    if correlation == APART:
        torch.sub(1, first, out=second)
    x = torch.mul(u, -1 / p).add_(1).relu_()
    if correlation == TOGETHER:
        x[:, 1::2] = second * (first < p)
    return Batch(x, torch.full((1, samples), 1 / samples, device=random.device))
