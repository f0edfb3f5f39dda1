"""What a reporter's movement and reduction come to on average, and how much they scatter, exactly.

The net count of signals is a Markov chain: from d it goes up with the chance that a Bayesian gives to the
next signal, π_d a + (1 − π_d)(1 − a). What is said at each time depends on the count and on noise of its
own, so E[M_t] and E[R_t] need only its first two moments. The excess after t updates is linear in the last
report, X_t = α − β r_t, and the next one makes of it

    α ← α − β r_t + (2 r_t − 1) r_t,    β ← 2 r_t − 1,

so the sums of α, β and their products over all histories that lead to d can be carried along.

Left out: the law of X itself, which has as many values as there are histories.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.toys._reporter import Reporter

Sums = dict[str, "NDArray[np.float64]"]


class Expected(NamedTuple):
    """Exact expectations.

    Attributes:
        movement: E[M] after 0, 1, … signals: [time].
        reduction: E[R] after 0, 1, … signals: [time].
        excess_sd: The standard deviation of X after the last.
    """

    movement: NDArray[np.float64]
    reduction: NDArray[np.float64]
    excess_sd: float


@lru_cache(maxsize=256)
def expected(reporter: Reporter, signals: int) -> Expected:
    """Follow all histories of `signals` signals at once."""
    net = np.arange(-signals, signals + 1)
    posterior = reporter.posterior(net)
    up = posterior * reporter.accuracy + (1 - posterior) * (1 - reporter.accuracy)  # [net]
    said = reporter.moments(reporter.belief(net))  # [k, net]
    first = np.full_like(up, float(reporter.said(np.array(reporter.prior))))
    now = np.stack([first**k for k in range(1, 5)])

    chance = np.where(net == 0, 1.0, 0.0)
    sums: Sums = {name: np.zeros_like(up) for name in ("a", "b", "aa", "ab", "bb")}
    moved, uncertain = [0.0], [_mean(chance, now[0] - now[1])]
    for _ in range(signals):
        sums = {name: _step(part, up) for name, part in _with_report(sums, chance, now).items()}
        products = chance * now[0]
        squares = _mean(chance, now[1])
        chance = _step(chance, up)
        moved.append(moved[-1] + squares + _mean(chance, said[1]) - 2 * _mean(_step(products, up), said[0]))
        uncertain.append(_mean(chance, said[0] - said[1]))
        now = said
    reduction = uncertain[0] - np.array(uncertain)
    return Expected(np.array(moved), reduction, _spread(sums, now))


def _with_report(sums: Sums, chance: NDArray[np.float64], report: NDArray[np.float64]) -> Sums:
    """Put the report that was made into α and β: E[rᵏ] are the rows of `report`, [k, net]."""
    r1, r2, r3, r4 = report
    slope, bend = 2 * r1 - 1, 2 * r2 - r1  # E[2r − 1], E[(2r − 1) r]
    return {
        "a": sums["a"] - sums["b"] * r1 + chance * bend,
        "b": chance * slope,
        "aa": sums["aa"]
        - 2 * sums["ab"] * r1
        + sums["bb"] * r2
        + 2 * sums["a"] * bend
        - 2 * sums["b"] * (2 * r3 - r2)
        + chance * (4 * r4 - 4 * r3 + r2),
        "ab": sums["a"] * slope - sums["b"] * bend + chance * (4 * r3 - 4 * r2 + r1),
        "bb": chance * (4 * r2 - 4 * r1 + 1),
    }


def _spread(sums: Sums, report: NDArray[np.float64]) -> float:
    r1, r2, *_ = report
    mean = (sums["a"] - sums["b"] * r1).sum()
    square = (sums["aa"] - 2 * sums["ab"] * r1 + sums["bb"] * r2).sum()
    return math.sqrt(max(square - mean**2, 0))


def _step(weight: NDArray[np.float64], up: NDArray[np.float64]) -> NDArray[np.float64]:
    """One signal more: the outermost counts are reached only at the end, so nothing falls off."""
    after = np.zeros_like(weight)
    after[1:] += (weight * up)[:-1]
    after[:-1] += (weight * (1 - up))[1:]
    return after


def _mean(chance: NDArray[np.float64], value: NDArray[np.float64]) -> float:
    return float(chance @ value)
