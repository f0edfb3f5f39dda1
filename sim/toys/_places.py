"""Where a credence that moves by even steps can stand.

From the start p₀ it is at p₀ ± s, p₀ ± 2s, …, as far as 0 and 1 allow, and at 0 and 1. Where the distance to
an end is no whole number of steps the last step there is a shorter one, f or g of a whole step. These places
are numbered 0, 1, …, n, and the start is place k.

Left out: steps of unequal size in between.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._ruin_spectrum import Ends

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

ROUNDING = 1e-9  # of a step: 0.3 / 0.1 is to count as 3


class Places(NamedTuple):
    """The places of a walk, and its start among them.

    Attributes:
        below: The number of the start: k.
        across: The number of the upper end: n.
        ends: The sizes of the last steps to both ends, as shares of a whole step.
    """

    below: int
    across: int
    ends: Ends

    def credence(self, place: ArrayLike) -> NDArray[np.float64]:
        """Return the credences at some of the places."""
        number = np.asarray(place)
        width = self.across - 2 + sum(self.ends)
        inner = (number - 1 + self.ends.first) / width
        return np.where(number <= 0, 0.0, np.where(number >= self.across, 1.0, inner))


def places(start: float, step: float) -> Places:
    """Number the places of a credence that starts at `start` and moves by `step`."""
    below, first = _steps(start / step)
    above, last = _steps((1 - start) / step)
    return Places(below, below + above, Ends(first, last))


def _steps(distance: float) -> tuple[int, float]:
    """How many steps a distance takes, and the size of the last, above 0 and at most 1."""
    whole = round(distance)
    if abs(distance - whole) < ROUNDING * max(distance, 1):
        return whole, 1.0
    return math.ceil(distance), distance - math.floor(distance)
