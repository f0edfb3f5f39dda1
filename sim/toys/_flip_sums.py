"""Sums of fair coin flips, next to the Gaussian.

The sum of m flips of ±1/√m has mean 0 and variance 1, as a standard Gaussian has. Its law is the binomial,

    P(sum = (2j − m)/√m) = C(m, j) / 2ᵐ,   j = 0, …, m

and with m it comes as close to the Gaussian as one likes. To see a walk and a Brownian motion side by side
the two are made from the same chance: where the Gaussian is at its share q from below, so is the sum. Of all
ways to pair the two this one keeps them closest.

Source: A. de Moivre (1733), "Approximatio ad summam terminorum binomii"; the pairing is the idea of J.
Komlós, P. Major and G. Tusnády (1975), "An approximation of partial sums of independent RV's". Left out:
unfair flips.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.toys._normal import below, density, quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class FlipSum:
    """The law of a standardised sum of flips.

    Attributes:
        value: What it can be, in order: [j].
        chance: With which chance: [j].
        threshold: Between which values of a Gaussian it is paired with each: [j], one fewer.
    """

    value: NDArray[np.float64]
    chance: NDArray[np.float64]
    threshold: NDArray[np.float64]

    @property
    def distance(self) -> float:
        """The largest gap between its distribution function and the Gaussian's."""
        gaussian = below(self.value)
        up_to = np.cumsum(self.chance)
        return float(np.maximum(np.abs(up_to - gaussian), np.abs(up_to - self.chance - gaussian)).max())

    @property
    def kurtosis(self) -> float:
        """Its mean fourth power, 3 − 2/m; a Gaussian has 3."""
        return 3 - 2 / (len(self.value) - 1)

    @property
    def gap(self) -> float:
        """The root mean square of its difference from the Gaussian it is paired with."""
        together = float(density(self.threshold) @ np.diff(self.value))  # E[sum × Gaussian], by parts
        return math.sqrt(max(2 - 2 * together, 0))


@lru_cache(maxsize=64)
def flip_sum(flips: int) -> FlipSum:
    """Return the law of a standardised sum of `flips` flips."""
    ups = np.arange(flips + 1)
    logs = [math.lgamma(flips + 1) - math.lgamma(j + 1) - math.lgamma(flips - j + 1) for j in ups]
    chance = np.exp(np.array(logs) - flips * math.log(2))
    chance /= chance.sum()
    lower = quantile(np.cumsum(chance)[: (flips + 1) // 2])  # the upper half by symmetry, where 1 − q is lost
    upper = -lower[: flips // 2][::-1]
    return FlipSum((2 * ups - flips) / math.sqrt(flips), chance, np.concatenate([lower, upper]))
