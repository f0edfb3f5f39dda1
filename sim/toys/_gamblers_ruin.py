"""The gambler's ruin, exactly.

A fair walk on 0, 1, …, n starts at k and stops at 0 or n; T is the number of steps it takes. Then

    E[T]     = k (n − k)
    Var[T]   = k (n − k) (k² + (n − k)² − 2) / 3
    P(T > t) = (2 / n) Σ_j odd  λ_jᵗ sin(π j k / n) cot(π j / 2n),   λ_j = 1 − m + m cos(π j / n)

where m is the chance that a period brings a step at all, so that t counts periods; with m = 1 it counts
steps. The last steps to 0 and n may be shorter ones, f and g of a whole step (`_ruin_spectrum`). With x and y
the distances from the start to 0 and n, in whole steps, and L = x + y,

    E[T]     = x y + (1 − f²) y / L + (1 − g²) x / L

for a walk of no matter how many steps squares to x y on average, and the last step alone is short of 1. The
variance is a polynomial of the fourth degree in between, and two conditions at the ends.

Source: W. Feller (1968), "An Introduction to Probability Theory and Its Applications", volume 1, chapter
XIV. Left out: unfair steps.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.toys._ruin_spectrum import EVEN, Ends, evenly_spaced, modes, powers

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

ROUNDING = 1e-12  # the sums carry errors of about 1e-14; a chance of exactly ½ must still count as ½


def mean_steps(k: int, n: int, ends: Ends = EVEN) -> float:
    """Return the expected number of steps."""
    below, above = distances(k, n, ends)
    return _expected(below, below + above, ends)


def sd_steps(k: int, n: int, ends: Ends = EVEN) -> float:
    """Return the standard deviation of the number of steps."""
    across = n - 2 + ends.first + ends.last
    tilt = (ends.first**2 - ends.last**2) / across

    def even(place: float) -> float:
        """A variance that grows as it should between the ends, where a step changes E[T] by this or that."""
        from_middle = place - (across + tilt) / 2
        return (2 / 3) * from_middle**2 * (1 - from_middle**2)

    def missing(size: float, sign: int) -> float:
        """What it lacks at an end, whose last step is of this size."""
        end = 0.0 if sign > 0 else across
        inner, further = end + sign * size, end + sign * (1 + size)
        spread = size / (1 + size) * _expected(further, across, ends) ** 2
        return spread - (1 + size) * even(inner) + size * even(further)

    below, above = distances(k, n, ends)
    lacks = missing(ends.first, 1) * above / across + missing(ends.last, -1) * below / across
    return math.sqrt(max(even(below) + lacks, 0))


def distances(k: int, n: int, ends: Ends = EVEN) -> tuple[float, float]:
    """Return how far place k is from 0 and from n, in whole steps."""
    return k - 1 + ends.first, n - k - 1 + ends.last


def survival(times: ArrayLike, k: int, n: int, moving: float = 1.0, ends: Ends = EVEN) -> NDArray[np.float64]:
    """Return the chance of still walking after each of `times`.

    Args:
        times: Whole numbers of periods, of any shape.
        k: Where the walk starts, 0 < k < n.
        n: The upper end.
        moving: The chance that a period brings a step.
        ends: The sizes of the last steps to 0 and n.
    """
    time = np.asarray(times, dtype=np.int64)
    angle, share = _lasting(k, n, ends)
    left: NDArray[np.float64] = powers(angle, time.reshape(-1), moving) @ share
    return left.reshape(time.shape)


def survival_curve(
    every: int, count: int, k: int, n: int, moving: float = 1.0, ends: Ends = EVEN
) -> NDArray[np.float64]:
    """Return the chance of still walking at the times 0, `every`, 2 `every`, …: [count]."""
    angle, share = _lasting(k, n, ends)
    return evenly_spaced(share, angle, every=every, count=count, moving=moving)


@lru_cache(maxsize=4096)
def quantile(share: float, k: int, n: int, moving: float = 1.0, ends: Ends = EVEN) -> int:
    """Return the first period by whose end at least `share` (0 < share < 1) of walks have stopped."""

    def stopped(time: int) -> float:
        return 1 - float(survival(time, k, n, moving, ends))

    latest = 1
    while stopped(latest) < share - ROUNDING:
        latest *= 2
    return bisect_left(range(latest), share - ROUNDING, key=stopped)


def _expected(place: float, across: float, ends: Ends) -> float:
    """The expected number of steps from a place that is so far above 0."""
    above = across - place
    return place * above + ((1 - ends.first**2) * above + (1 - ends.last**2) * place) / across


@lru_cache(maxsize=256)
def _lasting(k: int, n: int, ends: Ends) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The modes that keep walks walking, and the share of each; even steps have every second one alone."""
    leaving = modes(k, n, ends)
    kept = np.arange(0, n - 1, 2 if ends == EVEN else 1)
    return leaving.angle[kept], leaving.total[kept]
