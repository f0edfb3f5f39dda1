"""Predicted recall against what happened: bins of as many answers each, and how sure their shares are.

The band around a share of k in n is Wilson's: those shares p for which k lies within z standard deviations,

    (p̂ + z²/2n ± z·√(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n),    p̂ = k/n.

It stays between 0 and 1, holds the share itself, and says something where all were recalled.

Source: E. B. Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MOST_BINS = 10
LEAST = 25  # answers in a bin: with fewer, its band says nothing
Z95 = 1.959964


class Bin(NamedTuple):
    """Answers whose predictions were much alike.

    Attributes:
        predicted: The mean of their predicted chances of recall.
        recalled: How many were recalled.
        n: How many there are.
    """

    predicted: float
    recalled: int
    n: int


def binned(chance: NDArray[np.float64], recalled: NDArray[np.bool_]) -> list[Bin]:
    """Sort answers by their predictions into up to ten bins of as many each, 25 at the least; few are one."""
    if not len(chance):
        return []
    order = np.argsort(chance, kind="stable")
    parts = np.array_split(order, max(1, min(MOST_BINS, len(order) // LEAST)))
    return [Bin(float(chance[part].mean()), int(recalled[part].sum()), len(part)) for part in parts]


def wilson(recalled: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Return the band around a share, 95% of such bands holding the truth unless another z is given.

    Raises:
        ValueError: There are no answers, or more were recalled than there are.
    """
    if not 0 <= recalled <= n or n == 0:
        raise ValueError(f"{recalled} of {n} is not a share; give at least one answer")
    share = recalled / n
    middle = share + z**2 / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    # At 0 and at n one end is the share, which rounding would leave just outside.
    return min(share, max(0.0, (middle - reach) / scale)), max(share, min(1.0, (middle + reach) / scale))
