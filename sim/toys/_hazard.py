"""Waiting for an event that has a deadline, exactly.

S_t is the chance that the event has not come by the end of week t. Of N weeks the last ends the waiting, with
S_N = 1 − P. The credence in it coming at all, after t weeks without it, is

    p_t = 1 − S_N / S_t

so p_0 = P and p_N = 0. An even spread has S_t = 1 − P t / N; a constant hazard has S_t = (1 − P)^(t / N).

Left out: a deadline that nobody knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINTS = 100  # points in a credence of 1
ROUNDING = 1e-9  # points: a jump of exactly one point is not above one, whatever its last bit says


class Waiting(NamedTuple):
    """What each week may bring.

    Attributes:
        still: The chance that the event has not come by the end of each week: [week 0 to N].
        credence: The credence then, if it has not: [week 0 to N].
        fall: Points lost in each week without the event: [week 1 to N].
        jump: Points gained in each week with it: [week 1 to N].
    """

    still: NDArray[np.float64]
    credence: NDArray[np.float64]
    fall: NDArray[np.float64]
    jump: NDArray[np.float64]

    @property
    def falls(self) -> NDArray[np.float64]:
        """The chance that the fall of each week is lived through: [week 1 to N]."""
        return self.still[1:]

    @property
    def jumps(self) -> NDArray[np.float64]:
        """The chance that the event comes in each week: [week 1 to N]."""
        return -np.diff(self.still)


def waiting(prior: float, weeks: int, *, constant_hazard: bool) -> Waiting:
    """Work out every week.

    Args:
        prior: The chance that the event ever comes, 0 < prior < 1.
        weeks: The weeks in which it may come.
        constant_hazard: Whether each week is as dangerous as the next, rather than as likely beforehand.
    """
    elapsed = np.arange(weeks + 1) / weeks
    still = (1 - prior) ** elapsed if constant_hazard else 1 - prior * elapsed
    credence = 1 - still[-1] / still
    return Waiting(still, credence, fall=-POINTS * np.diff(credence), jump=POINTS * (1 - credence[:-1]))


def above(points: NDArray[np.float64], threshold: float) -> NDArray[np.bool_]:
    """Which of these updates are larger than a threshold, both in points."""
    larger: NDArray[np.bool_] = points > threshold + ROUNDING
    return larger


def weighted_median(values: NDArray[np.float64], weights: NDArray[Any]) -> float:
    """Return the least value that, with all below it, has at least half of the weight."""
    order = np.argsort(values)
    weight = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(weight, weight[-1] / 2)])
