"""The credence that a Brownian motion will end above a line, exactly.

W is a Brownian motion over one unit of time and c a line. Given W(t), the chance that W(1) > c is

    p(t) = Φ(a(t)),   a(t) = (W(t) − c) / √(1 − t),   c = −Φ⁻¹(p₀)

a martingale that starts at p₀ and ends at 0 or 1. Its score a(t) is Gaussian with mean −c/√(1 − t) and
variance t/(1 − t), so

    P(p(t) ≤ x)  = Φ((√(1 − t) Φ⁻¹(x) − Φ⁻¹(p₀)) / √t)
    E[(dp)²]     = exp(−c²/(1 + t)) / (2π √(1 − t²)) dt,

the last because two paths that part at t both end above the line with chance E[p(t)²]. With p₀ = ½ the
credence at half-time is uniform, and the part of the budget p₀ (1 − p₀) that is spent by t is 2 arcsin(t)/π.

Updates between n evenly spread readings are all taken together: their distribution and fourth moment are
integrals over the score at the earlier reading, done by Gauss's rules, exact to nine digits or more.

Left out: lines that move, and evidence that does not arrive evenly.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from sim.toys._normal import below, density, quantile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NODES = 48  # of each Gauss rule
WIDEST_SCORE = 8.5  # a credence further out than this is 0 or 1 to the last digit
DEVIATIONS = 8.5
INSTANT = 1e-12  # stands for time 0, at which the score does not vary


def line(start: float) -> float:
    """Return the line c above which W ends with chance `start`."""
    return -NormalDist().inv_cdf(start)


def share_up_to(x: float, time: float, start: float) -> float:
    """Return the chance that the credence at `time`, 0 < time < 1, is at most x, 0 < x < 1."""
    normal = NormalDist()
    score = math.sqrt(1 - time) * normal.inv_cdf(x) - normal.inv_cdf(start)
    return normal.cdf(score / math.sqrt(time))


def median_distance_from_half(time: float, start: float) -> float:
    """Return how far from 50% half of all credences are at `time`, by halving the interval."""
    near, far = 0.0, 0.5
    while far - near > INSTANT:
        middle = (near + far) / 2
        inside = share_up_to(0.5 + middle, time, start) - share_up_to(0.5 - middle, time, start)
        near, far = (middle, far) if inside < 1 / 2 else (near, middle)
    return (near + far) / 2


def spent(time: float, start: float) -> float:
    """Return the expected sum of squared updates up to `time`; at time 1 it is start (1 − start)."""
    node, weight = _legendre()
    angle = math.asin(time) * (node + 1) / 2  # s = sin(angle) takes the root out of the integrand
    rate = np.exp(-(line(start) ** 2) / (1 + np.sin(angle))) / (2 * math.pi)
    return float(rate @ weight) * math.asin(time) / 2


@lru_cache(maxsize=256)
def update_kurtosis(updates: int, start: float) -> float:
    """Return E[(Δp)⁴] / E[(Δp)²]² over all `updates` updates together; a Gaussian has 3."""
    step, step_weight = _hermite()
    fourth = 0.0
    for reading in range(updates):
        score, weight = _scores(reading / updates, start, -math.inf)
        here = below(score)
        if reading == updates - 1:  # the claim is settled: p becomes 0 or 1
            moved = here * (1 - here) ** 4 + (1 - here) * here**4
        else:
            before, left = math.sqrt(updates - reading), math.sqrt(updates - reading - 1)
            after = below((score[:, None] * before + step) / left)
            moved = (after - here[:, None]) ** 4 @ step_weight
        fourth += float(weight @ moved) / updates
    return fourth * (updates / (start * (1 - start))) ** 2


@lru_cache(maxsize=256)
def drops(sizes: tuple[float, ...], updates: int, start: float) -> NDArray[np.float64]:
    """Return the chance that an update, any of `updates`, is a fall by each of `sizes` (0 to 1) or more.

    Rises from `start` are falls from 1 − start.
    """
    size = np.array(sizes)[:, None]
    total = np.zeros(len(sizes))
    for reading in range(updates):
        score, weight = _scores(reading / updates, start, quantile(size))
        if reading == updates - 1:
            chance = below(-score)
        else:
            before, left = math.sqrt(updates - reading), math.sqrt(updates - reading - 1)
            chance = below(quantile(below(score) - size) * left - score * before)
        total += (weight * chance).sum(axis=1)
    return total / updates


def _scores(time: float, start: float, least: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes and weights, [..., node], of averages over the score at `time` above `least`, [..., 1]."""
    elapsed = max(time, INSTANT)
    mean, sd = -line(start) / math.sqrt(1 - time), math.sqrt(elapsed / (1 - time))
    low = np.maximum(least, max(mean - DEVIATIONS * sd, -WIDEST_SCORE))
    high = np.maximum(low, min(mean + DEVIATIONS * sd, WIDEST_SCORE))
    node, weight = _legendre()
    score = (low + high) / 2 + (high - low) / 2 * node
    return score, weight * density((score - mean) / sd) / sd * (high - low) / 2


@cache
def _legendre() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    node, weight = np.polynomial.legendre.leggauss(NODES)
    return node, weight


@cache
def _hermite() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For averages over a standard Gaussian."""
    node, weight = np.polynomial.hermite_e.hermegauss(NODES)
    return node, weight / math.sqrt(2 * math.pi)
