"""The gambler's ruin in its own eigenvectors, also where the last step to an end is a shorter one.

The places are 0, 1, …, n. A step between two inner places has the size 1, the one between 0 and 1 the size f
and the one between n − 1 and n the size g, both above 0 and at most 1. The walk stops at 0 and at n. It goes
up or down with chance ½, except from its first and its last inner place, where the chances are those that
leave the mean alone:

    from 1      to 0 with 1/(1 + f),  to 2 with f/(1 + f)
    from n − 1  to n with 1/(1 + g),  to n − 2 with g/(1 + g)

In between, an eigenvector with eigenvalue cos θ is a sine, and the ends only shift its phase. From place k,
with v = sin((k − 1) θ + α), the angles and the chances of ending with step t are

    F(θ_j) = (n − 2) θ_j + α + β = j π,   tan α = f tan θ,   tan β = g tan θ,   j = 1, …, n − 1
    P(T = t, at 0) = Σ_j cosᵗ⁻¹ θ_j · v sin θ_j / (F'(θ_j) √(cos² θ_j + f² sin² θ_j))

and at n the same with g for f and the sign −(−1)ʲ. F rises from 0 to n π, so θ_j is found by halving; where
f = g = 1 it is π j / n. A lazy walk, which steps with chance m in a period, has 1 − m + m cos θ for cos θ.

Source: W. Feller (1968), "An Introduction to Probability Theory and Its Applications", volume 1, chapter
XIV, for even steps; the phases follow from the two rows above. Left out: unfair steps.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HALVINGS = 90  # of a right angle: to the last digit, also of the smallest tilt
MOST_LOST = 1 - 2**-53  # of a mode in one period; to lose all of it has no logarithm


class Ends(NamedTuple):
    """The sizes of the steps to the lower and to the upper end, as shares of a whole step."""

    first: float = 1.0
    last: float = 1.0


EVEN = Ends()


class Modes(NamedTuple):
    """The ways in which a walk leaves, each with its own eigenvalue.

    Attributes:
        angle: θ_j: [j].
        flow: What each adds to the chance of ending with the first step, at 0 and at n: [j, end].
    """

    angle: NDArray[np.float64]
    flow: NDArray[np.float64]

    @property
    def total(self) -> NDArray[np.float64]:
        """What each adds to the chance of walking at time 0, which is 1: [j]."""
        share: NDArray[np.float64] = self.flow.sum(axis=1) / loss(self.angle)
        return share


@lru_cache(maxsize=256)
def modes(k: int, n: int, ends: Ends = EVEN) -> Modes:
    """Return the modes of a walk from place k, 0 < k < n."""
    tilt = _tilts(n, ends)
    angle, cosine, sine = np.pi / 2 + tilt, -np.sin(tilt), np.cos(tilt)
    lower, upper = (cosine**2 + (size * sine) ** 2 for size in ends)
    slope = n - 2 + ends.first / lower + ends.last / upper
    start = np.sin((k - 1) * angle + np.pi / 2 + _phase(tilt, ends.first)) * sine / slope
    sign = np.where(np.arange(1, n) % 2, 1.0, -1.0)
    return Modes(angle, np.stack([start / np.sqrt(lower), sign * start / np.sqrt(upper)], axis=1))


def loss(angle: NDArray[np.float64], moving: float = 1.0) -> NDArray[np.float64]:
    """Return 1 − λ, the share of each mode that goes in a period that brings a step with chance `moving`."""
    lost: NDArray[np.float64] = 2 * moving * np.sin(angle / 2) ** 2
    return lost


def powers(angle: NDArray[np.float64], times: NDArray[np.int64], moving: float = 1.0) -> NDArray[np.float64]:
    """Return λᵗ: [time, j]. By the logarithm of 1 − (1 − λ), for λ is rounded, and t multiplies that."""
    lost = loss(angle, moving)
    left = 2 * (1 - moving) + 2 * moving * np.cos(angle / 2) ** 2  # 1 + λ
    logarithm = np.log1p(-np.minimum(np.minimum(lost, left), MOST_LOST))  # of |λ|
    size: NDArray[np.float64] = np.exp(times[:, None] * logarithm)
    size[np.ix_(times % 2 == 1, lost > 1)] *= -1
    return size


def evenly_spaced(
    weights: NDArray[np.float64],
    angle: NDArray[np.float64],
    *,
    every: int,
    count: int,
    moving: float = 1.0,
) -> NDArray[np.float64]:
    """Return Σ_j w_j λ_jᵗ at the times 0, `every`, 2 `every`, …, `count` of them.

    A time is a long stride and a short one, and the sum over j is a product of two small matrices: some
    2 √count powers of each λ make the whole curve.
    """
    short = math.isqrt(count - 1) + 1
    steps = powers(angle, every * np.arange(short), moving)  # [short, j]
    strides = powers(angle, every * short * np.arange(-(-count // short)), moving)  # [long, j]
    curve: NDArray[np.float64] = (strides * weights) @ steps.T  # [long, short]
    return curve.ravel()[:count]


@lru_cache(maxsize=64)
def _tilts(n: int, ends: Ends) -> NDArray[np.float64]:
    """θ_j − π/2, which a very short last step brings as near to 0 as that step is short: [j]."""
    if ends == EVEN:
        return np.pi * np.arange(2 - n, n, 2) / (2 * n)
    turns = np.pi * np.arange(2 - n, 0, 2) / 2  # of the lower half; the upper is its mirror image
    low, high = np.full(len(turns), -np.pi / 2), np.zeros(len(turns))
    for _ in range(HALVINGS):
        tilt = (low + high) / 2
        short = (n - 2) * tilt + _phase(tilt, ends.first) + _phase(tilt, ends.last) < turns
        low, high = np.where(short, tilt, low), np.where(short, high, tilt)
    return np.concatenate([high, np.zeros(1 - n % 2), -high[::-1]])


def _phase(tilt: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """α − π/2, where tan α = f tan θ and α is in the same half of the half-circle as θ."""
    phase: NDArray[np.float64] = np.arctan2(np.sin(tilt), size * np.cos(tilt))
    return phase
