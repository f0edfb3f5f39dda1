"""How many pairs a linear map gives back, worked out for random directions.

A map W of width d is to turn each of n random unit keys into its own random unit value; an output is read as
the value nearest to it. With S_m = v_m · W k_j, pair j is given back if S_j is the largest. Let g = v_m · v_j
and let c be what key m has in common with key j, after W. For the sum of outer products, W = Σ v_i k_iᵀ,

    S_j − S_m = (1 − g)(1 − c) + (1 − g) a − √(1 − g²) r w        recall = E (1 − P(S_m > S_j))ⁿ⁻¹

where a is what the other n − 2 pairs add along v_j, Gaussian with variance τ² = (n − 1) / d²; r is the length
of what they add at right angles to it, τ times a χ variable; and g, c and w are cosines of random directions,
with density ∝ (1 − x²)^((d − 3)/2), in d − 1 dimensions for w. Least squares replaces the matrix of keys'
products by a projection of rank d: then τ² = (n − d) / d², and c shrinks by √((n − d)/(n − 1)).

The one approximation is that the wrong pairs fail independently and the sums are Gaussian: recall is right
to about half a point for widths from 32, and for outer products 2 points too low at a width of 16.

Asymptotically n = d² / (2 ln n), which is 1 / (2 ln 2) bits for each of the d² entries.

Source: derived here; the limit is that of A. Giorlandino, S. Goldt and A. Maillard (2026), "Factual recall in
linear associative memories: sharp asymptotics and mechanistic insights". Left out: keys that are alike.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FARTHEST = 6.5  # standard deviations of a cosine, beyond which it is not looked for
FINE = 4001  # points of a table of tails
COSINES = 13
ALONG = np.polynomial.hermite_e.hermegauss(61)
ACROSS = np.polynomial.hermite_e.hermegauss(2)
CLOSE = 1e-4  # relative, of a capacity
MOST_ROUNDS = 60

BITS_LIMIT = 1 / (2 * math.log(2))


def predicted_recall(pairs: float, width: int, *, least_squares: bool) -> float:
    """The share of pairs that is given back; `pairs` may be between two whole numbers."""
    others = pairs - (width if least_squares else 1)
    if others <= 0:
        return 1.0  # no interference: one pair, or as many as there are dimensions
    spread = math.sqrt(others) / width
    shrunk = math.sqrt(others / (pairs - 1))
    along, along_weight = ALONG
    across, across_weight = ACROSS
    a = spread * along[:, None]
    degrees = width - 1
    r = spread * math.sqrt(degrees) * _cube_root_normal(across, degrees)  # Wilson and Hilferty's χ²
    cosine, chance = _cosines(width)
    room = 1 - shrunk * cosine
    scale = np.sqrt((1 - cosine) / (1 + cosine))
    needed = scale[:, None, None, None] * (room[:, None, None] + a) / r  # w, at the least: [g, c, a, r]
    table, tail = _tail(width - 1)
    beaten = np.interp(needed.ravel(), table, tail).reshape(needed.shape)
    beaten_by_one = np.einsum("gcar,g,c->ar", beaten, chance, chance)
    right = np.exp((pairs - 1) * np.log1p(-np.minimum(beaten_by_one, 1 - 1e-12)))
    return float(along_weight @ right @ across_weight / along_weight.sum() / across_weight.sum())


@lru_cache(maxsize=1024)
def predicted_capacity(width: int, recall: float, *, least_squares: bool) -> float:
    """The number of pairs at which recall has fallen to a share below 1; there may be part of a pair."""
    wanted = _probit(recall)

    def excess(log_pairs: float) -> float:
        pairs = math.exp(log_pairs)
        return _probit(predicted_recall(pairs, width, least_squares=least_squares)) - wanted

    least = width if least_squares else 1
    low, high = math.log(least + 0.01), math.log(2.0 * width**2)
    at_low, at_high = excess(low), excess(high)
    for _ in range(MOST_ROUNDS):
        # Nearly a straight line in these units; a step is kept off the ends, which would stall.
        share = min(max(at_low / (at_low - at_high), 0.02), 0.98)
        middle = low + share * (high - low)
        value = excess(middle)
        if abs(value) < CLOSE:
            return math.exp(middle)
        if value > 0:
            low, at_low = middle, value
        else:
            high, at_high = middle, value
    return math.exp(low)


def bits_stored(pairs: float, recall: float) -> float:
    """Bits that such a map saves someone who has to write down which value belongs to which key.

    There are n! ways to pair them, so the whole list takes log₂ n! bits. Mending a share 1 − p of wrong
    answers takes n H(p) bits to say which they are, and the logarithm of the ways to pair those.
    """
    wrong = (1 - recall) * pairs
    unsure = -sum(p * math.log2(p) for p in (recall, 1 - recall) if p > 0)
    return _log2_factorial(pairs) - pairs * unsure - _log2_factorial(wrong)


def _log2_factorial(n: float) -> float:
    return math.lgamma(n + 1) / math.log(2)


def _probit(share: float) -> float:
    return NormalDist().inv_cdf(min(max(share, 1e-12), 1 - 1e-12))


def _cube_root_normal(normal: NDArray[np.float64], degrees: int) -> NDArray[np.float64]:
    """A χ variable over √degrees at given Gaussian numbers, by the cube root that is nearly Gaussian."""
    part = 2 / (9 * degrees)
    root: NDArray[np.float64] = np.maximum(1 - part + math.sqrt(part) * normal, 0.05) ** 1.5
    return root


@lru_cache(maxsize=64)
def _cosines(width: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values of the cosine of two random directions, and their chances."""
    point, weight = np.polynomial.legendre.leggauss(COSINES)
    point = point * min(1.0, FARTHEST / math.sqrt(width))
    chance = weight * np.exp((width - 3) / 2 * np.log1p(-(point**2)))
    return point, chance / chance.sum()


@lru_cache(maxsize=64)
def _tail(width: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cosines in order, and the chance of each to be exceeded."""
    most = min(12 / math.sqrt(width), 1 - 1e-9)
    point = np.linspace(-most, most, FINE)
    density = np.exp((width - 3) / 2 * np.log1p(-(point**2)))
    above = np.cumsum(density[::-1])[::-1] - density / 2
    return point, above / density.sum()
