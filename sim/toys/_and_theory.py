"""The AND of every pair of features, in as many neurons as there are: what can be known without training.

Of m features s are on at once, whichever they are. Neuron j listens to each feature with chance q, to a set
S_j in all, and says how many of these are on beyond the first,

    a_j = relu(Σ_{i in S_j} x_i − 1).

The read-off of a pair is the average over its N neurons, those that listen to both; N is binomial, with the
chance q² for each of d neurons. It is 1 if both are on and nothing else meets them. What else a neuron hears
makes it err: with K binomial, so many of the other features that are on,

    both on     1 + K, K of s − 2 with chance q
    one on      K, of s − 1
    neither     relu(K − 1), of s

The read-off is scaled and shifted for each N so as to err least. Errors count pairs with both, one and none
on the same, as a third each, for almost all pairs have none on; they are told as a share of the variance 2/9
that a fair coin's thirds have, so that 1 is what guessing the average comes to, and 0 is to know all.

The naive way gives a neuron to a pair, relu(x_i + x_k − 1), which is never wrong, and guesses the others.

Source: K. Hänni, J. Mendel, D. Vaintrob and L. Chan (2024), "Mathematical Models of Computation in
Superposition", whose neurons these are; the exact errors are ours. Left out: features that are on by degrees.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

VARIANCE = 2 / 9  # of whether both are on, if that is one kind of three
REACHES = np.geomspace(0.02, 1.0, 60)  # among which the best is looked for


class ReadOff(NamedTuple):
    """What one neuron of a pair says, for pairs with both, one and none on: [kind]."""

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]


def pairs(features: int) -> int:
    """How many pairs there are."""
    return comb(features, 2)


def chances(features: int, active: int) -> NDArray[np.float64]:
    """How often both, one and none of a pair are on: [kind]."""
    both = active * (active - 1)
    one = 2 * active * (features - active)
    none = (features - active) * (features - active - 1)
    return np.array([both, one, none]) / (features * (features - 1))


def read_off(active: int, reach: float) -> ReadOff:
    """What one neuron of a pair says, exactly.

    Args:
        active: Features on at once, at least 2.
        reach: The chance with which a neuron listens to a feature.
    """
    both = 1 + np.arange(active - 1)
    one = np.arange(active)
    none = np.maximum(np.arange(active + 1) - 1, 0)
    moments = [
        _moments(values.astype(float), _binomial(len(values) - 1, reach)) for values in (both, one, none)
    ]
    mean, variance = np.array(moments).T
    return ReadOff(mean, variance)


def scale_and_floor(said: ReadOff, neurons: NDArray[np.float64]) -> NDArray[np.float64]:
    """What to multiply a read-off's distance from its mean by, to err least, for each N: [N]; 0 for none.

    The mean is over the three kinds, and so is the answer's, which is ⅓.
    """
    together = (said.mean * np.array([1, 0, 0])).mean() - said.mean.mean() / 3
    spread = said.mean.var() + said.variance.mean() / np.maximum(neurons, 1)
    usable = (neurons > 0) & (spread > 0)
    return np.where(usable, together / np.where(usable, spread, 1), 0.0)


def superposed_error(width: int, active: int, reach: float) -> float:
    """The error of the read-offs, averaged over all circuits of this width: 0 to 1."""
    said = read_off(active, reach)
    neurons = np.arange(width + 1).astype(float)
    together = (said.mean * np.array([1, 0, 0])).mean() - said.mean.mean() / 3
    explained = scale_and_floor(said, neurons) * together / VARIANCE
    return float(1 - _binomial(width, reach**2) @ explained)


@lru_cache(maxsize=512)
def best_reach(width: int, active: int) -> tuple[float, float]:
    """The reach with the least error at this width, of those in `REACHES`, and that error."""
    errors = [superposed_error(width, active, reach) for reach in REACHES]
    best = int(np.argmin(errors))
    return float(REACHES[best]), errors[best]


def naive_error(width: int, features: int) -> float:
    """The error of a neuron to a pair, for as many pairs as there are neurons: 0 to 1."""
    return 1 - min(width, pairs(features)) / pairs(features)


def widths_up_to(width: int, count: int) -> Sequence[int]:
    """Widths to compare, doubling up to this one; fewer than `count` if they would be below 4."""
    down = [width >> power for power in range(count)]
    return sorted({max(narrow, 4) for narrow in down})


def _moments(values: NDArray[np.float64], chance: NDArray[np.float64]) -> tuple[float, float]:
    mean = float(chance @ values)
    return mean, float(chance @ (values - mean) ** 2)


@lru_cache(maxsize=4096)
def _binomial_cached(trials: int, chance: float) -> tuple[float, ...]:
    if chance >= 1:
        return (*(0.0,) * trials, 1.0)
    count = np.arange(trials + 1)
    ways = np.concatenate([[0.0], np.cumsum(np.log(np.arange(trials, 0, -1)) - np.log(count[1:]))])
    return tuple(np.exp(ways + count * np.log(chance) + (trials - count) * np.log1p(-chance)).tolist())


def _binomial(trials: int, chance: float) -> NDArray[np.float64]:
    """The chances of 0, 1, … successes: [trials + 1]."""
    return np.array(_binomial_cached(trials, chance))
