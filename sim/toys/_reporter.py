"""How a forecaster turns evidence into a credence that is said aloud.

After signals that come to a net count of d for the claim (each counts +1 or −1), a Bayesian with prior p₀,
whose signals are right with chance a, believes

    π_d = 1 / (1 + exp(−(log p₀/(1 − p₀) + d log a/(1 − a))))

A reporter counts the evidence `reaction` times (below 1 stubborn, above 1 over-eager), errs by a Gaussian
amount, and rounds. What was noisy or rounded is kept within 1% and 99%: nobody means certainty by it. The
prior is said without noise.

Left out: errors that last from one report to the next, and rounding that is finer near 0 and 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.toys._normal import below, density

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOWEST, HIGHEST = 0.01, 0.99
TIE = 9  # decimals of a credence in units of rounding that can still be told from an exact half
MOMENTS = 4


@dataclass(frozen=True)
class Reporter:
    """One way of reporting; `noise` and `rounding` are shares, 0 for none.

    Attributes:
        prior: The credence before any signal.
        accuracy: The chance that a signal is right.
        reaction: How often the evidence is counted; 1 is what Bayes asks for.
        noise: The standard deviation of the error in a report.
        rounding: Reports are multiples of this.
    """

    prior: float
    accuracy: float
    reaction: float = 1.0
    noise: float = 0.0
    rounding: float = 0.0

    def posterior(self, net: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what a Bayesian believes after net counts of signals, [...]."""
        return self._counting(net, 1.0)

    def belief(self, net: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what this reporter believes after net counts of signals, [...]."""
        return self._counting(net, self.reaction)

    def said(self, intended: NDArray[np.float64]) -> NDArray[np.float64]:
        """Round what would be said, noise and all, and keep it from certainty: [...] → [...]."""
        rounded = intended
        if self.rounding:
            rounded = np.rint(np.round(intended / self.rounding, TIE)) * self.rounding
        return np.clip(rounded, LOWEST, HIGHEST) if self.rounding or self.noise else rounded

    def moments(self, belief: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return E[rᵏ], k = 1 … 4, of what is said with noise: [belief] → [k, belief]."""
        if not self.noise:
            return np.stack([self.said(belief) ** k for k in range(1, MOMENTS + 1)])
        return self._rounded_moments(belief) if self.rounding else self._clipped_moments(belief)

    def _counting(self, net: NDArray[np.int64], times: float) -> NDArray[np.float64]:
        prior = math.log(self.prior / (1 - self.prior))
        weight = math.log(self.accuracy / (1 - self.accuracy))
        belief: NDArray[np.float64] = 1 / (1 + np.exp(-(prior + times * weight * net)))
        return belief

    def _rounded_moments(self, belief: NDArray[np.float64]) -> NDArray[np.float64]:
        steps = np.arange(math.floor(LOWEST / self.rounding), math.ceil(HIGHEST / self.rounding) + 1)
        edges = (steps[:-1] + 0.5) * self.rounding  # between neighbouring multiples
        share = below((edges - belief[:, None]) / self.noise)  # [belief, edge]
        chance = np.diff(share, axis=1, prepend=0, append=1)  # [belief, multiple]
        values = np.clip(steps * self.rounding, LOWEST, HIGHEST)
        return np.stack([chance @ values**k for k in range(1, MOMENTS + 1)])

    def _clipped_moments(self, belief: NDArray[np.float64]) -> NDArray[np.float64]:
        """A Gaussian's moments between two bounds by the usual recursion, and its mass at each bound."""
        low, high = (LOWEST - belief) / self.noise, (HIGHEST - belief) / self.noise
        inside = [below(high) - below(low), density(low) - density(high)]  # E[zᵏ; low < z < high]
        for k in range(2, MOMENTS + 1):
            ends = low ** (k - 1) * density(low) - high ** (k - 1) * density(high)
            inside.append((k - 1) * inside[k - 2] + ends)
        moments = [
            sum(math.comb(k, j) * belief ** (k - j) * self.noise**j * inside[j] for j in range(k + 1))
            + LOWEST**k * below(low)
            + HIGHEST**k * below(-high)
            for k in range(1, MOMENTS + 1)
        ]
        return np.stack(moments)
