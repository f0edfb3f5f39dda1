"""A layer whose features are known: their directions, and draws of its activations.

    h = W x

with the features' directions as columns of W, unit vectors that keep away from each other: a pentagon for
five in the plane, and at right angles if each can have a dimension to itself. A feature is off with chance 1
− p and otherwise uniform on [0, 1]. Of inputs in which nothing is on there is nothing to learn, so only the
others are drawn, and exactly as often as they occur: the first feature that is on has the chance (1 − p)ʲ p /
(1 − (1 − p)ᶠ), those before it are off, and those after it are as they are.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

SHARP = 16  # how much more the nearest neighbours repel than others
PUSHES = 500
FIRST_PUSH = 0.1


@lru_cache(maxsize=8)
def directions(dimensions: int, features: int, seed: int) -> NDArray[np.float64]:
    """Unit vectors that have pushed each other apart, from a random start: [dimension, feature]."""
    random = np.random.default_rng(seed)
    start = random.standard_normal((dimensions, features))
    if features <= dimensions:  # pushed apart they would end opposite each other, with a dimension too few
        return np.linalg.qr(start).Q
    w: NDArray[np.float64] = _unit(start)
    for step in range(PUSHES):
        cosine = w.T @ w
        np.fill_diagonal(cosine, -np.inf)
        push = w @ np.exp(SHARP * (cosine - cosine.max()))
        w = _unit(w - FIRST_PUSH * (1 - step / PUSHES) * push / np.abs(push).max())
    return w


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    unit: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=0)
    return unit


def draw(count: int, features: int, density: float, random: torch.Generator) -> torch.Tensor:
    """Features of inputs in which at least one is on: [draw, feature]."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    device = random.device
    u = torch.rand(count, features, generator=random, device=device)
    first = _first_on(torch.rand(count, 1, generator=random, device=device), features, density)
    place = torch.arange(features, device=device)
    x = torch.relu(1 - u / density) * (place > first)
    return torch.where(place == first, u, x)


def _first_on(u: torch.Tensor, features: int, density: float) -> torch.Tensor:
    """The place of the first feature that is on, from uniform numbers."""
    import torch  # noqa: PLC0415 - as above

    if density == 1:
        return torch.zeros_like(u, dtype=torch.long)
    off = 1 - density
    place = torch.log1p(-u * (1 - off**features)) / math.log(off)
    return place.long().clamp(max=features - 1)


def silent_share(features: int, density: float) -> float:
    """The share of inputs in which no feature is on."""
    return float((1 - density) ** features)
