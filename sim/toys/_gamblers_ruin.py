"""The gambler's ruin, exactly.

A fair walk on 0, 1, …, n starts at k and stops at 0 or n; T is the number of steps it takes. Then

    E[T]     = k (n − k)
    Var[T]   = k (n − k) (k² + (n − k)² − 2) / 3
    P(T > t) = (2 / n) Σ_j odd  λ_jᵗ sin(π j k / n) cot(π j / 2n),   λ_j = 1 − m + m cos(π j / n)

where m is the chance that a period brings a step at all, so that t counts periods; with m = 1 it counts
steps. The sum is the walk's transition matrix in its own eigenvectors.

Source: W. Feller (1968), "An Introduction to Probability Theory and Its Applications", volume 1, chapter
XIV. Left out: unfair steps, and the law of T given which end was reached.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

ROUNDING = 1e-12  # the sum above carries errors of about 1e-14; a chance of exactly ½ must still count as ½


def mean_steps(k: int, n: int) -> float:
    """Return the expected number of steps."""
    return float(k * (n - k))


def sd_steps(k: int, n: int) -> float:
    """Return the standard deviation of the number of steps."""
    return math.sqrt(k * (n - k) * (k**2 + (n - k) ** 2 - 2) / 3)


def survival(times: ArrayLike, k: int, n: int, moving: float = 1.0) -> NDArray[np.float64]:
    """Return the chance of still walking after each of `times`.

    Args:
        times: Whole numbers of periods, of any shape.
        k: Where the walk starts, 0 < k < n.
        n: The upper end.
        moving: The chance that a period brings a step.
    """
    j = np.arange(1, n, 2)
    decay = 1 - moving + moving * np.cos(np.pi * j / n)
    amplitude = (2 / n) * np.sin(np.pi * j * k / n) / np.tan(np.pi * j / (2 * n))
    powers: NDArray[np.float64] = decay ** np.asarray(times, dtype=np.int64)[..., None]  # [time, j]
    return powers @ amplitude


@lru_cache(maxsize=4096)
def quantile(share: float, k: int, n: int, moving: float = 1.0) -> int:
    """Return the first period by whose end at least `share` (0 < share < 1) of walks have stopped."""

    def stopped(time: int) -> float:
        return 1 - float(survival(time, k, n, moving))

    latest = 1
    while stopped(latest) < share - ROUNDING:
        latest *= 2
    return bisect_left(range(latest), share - ROUNDING, key=stopped)
