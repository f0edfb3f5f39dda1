"""What is known about the toy model of superposition without training it.

A feature is on with chance p, and uniform on [0, 1] when it is: its variance is V = p/3 − p²/4. With
importances I_0 ≥ I_1 ≥ … of f features and h dimensions,

    one dimension each for the h most important, the best constant for the others:    Σ_{i ≥ h} I_i V / f

Two features x, x′ at opposite ends of one line, with b = 0, come back as relu(x − x′) and relu(x′ − x).
Either way min(x, x′) is lost of both, and E min(x, x′)² = p²/6. So to pair b with a, which had a line of
its own, is better than to give b up if

    (I_a + I_b) p²/6 < I_b V,    that is,    p < 4 I_b / (2 I_a + 5 I_b).

Where features come in couples, the two on a line meet with another chance than p² (`_superposition_couples`),
which takes its place, and the partner is the kept one with which pairing pays soonest.

A linear map of h dimensions, L(x) = M x + b, can at best lose what is left of the features' covariance C,
each counted by its importance,

    E Σ_i I_i (x_i − L_i(x))² = ‖ √I (1 − M) √C ‖² ≥ Σ_{k ≥ h} s_k²,

s_0 ≥ s_1 ≥ … being the singular values of √I √C. Independent features have s_k² = I_k V: a dimension each for
the most important is then the best that a linear read-out can do.

Source: C. Eckart and G. Young (1936), "The approximation of one matrix by another of lower rank".

Left out: the best bias and lengths for a pair, and arrangements of more than two features, which do a
little better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.toys._sparse_features import APART, INDEPENDENT, TOGETHER, densest
from sim.toys._superposition_couples import are_couple, both_on, shared_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray


def importances(features: int, decay: float) -> NDArray[np.float64]:
    """I_i = decayⁱ: [feature]."""
    return np.power(decay, np.arange(features, dtype=np.float64))


def nothing_said(importance: NDArray[np.float64], p: float) -> float:
    """The loss of answering 0 to everything: that of a model whose every ReLU has died."""
    return float(importance.mean() * p / 3)


def dedicated_loss(importance: NDArray[np.float64], hidden: int, p: float) -> float:
    """The loss with a dimension each for as many features as there are dimensions."""
    return float(importance[hidden:].sum() * _variance(p) / len(importance))


def paired_loss(
    importance: NDArray[np.float64], hidden: int, p: float, correlation: int = INDEPENDENT
) -> float:
    """The loss with as many further features as possible on lines that are shared by two."""
    pairs = max(min(len(importance) - hidden, hidden), 0)
    lines = shared_lines(hidden - pairs, pairs, correlation)
    lost = sum((importance[a] + importance[b]) * both_on(a, b, p, correlation) / 6 for a, b in lines)
    return float((lost + importance[hidden + pairs :].sum() * _variance(p)) / len(importance))


def pairing_pays_below(importance: NDArray[np.float64], hidden: int, correlation: int = INDEPENDENT) -> float:
    """The density below which one more feature is better paired than given up; 0 if none is left."""
    if hidden >= len(importance):
        return 0.0
    return max(_pays_below(importance, kept, hidden, correlation) for kept in range(hidden))


def linear_loss(
    importance: NDArray[np.float64], hidden: int, p: float, correlation: int = INDEPENDENT
) -> float:
    """The least loss of any linear map through so many dimensions."""
    features = range(len(importance))
    chance = [[both_on(a, b, p, correlation) for b in features] for a in features]
    covariance = (np.array(chance) - p**2) / 4  # of sizes with the mean ½
    np.fill_diagonal(covariance, _variance(p))
    weight = np.sqrt(importance)
    squares = np.linalg.eigvalsh(weight[:, None] * covariance * weight)[::-1]  # s²
    return float(max(squares[hidden:].sum(), 0) / len(importance))


def _pays_below(importance: NDArray[np.float64], kept: int, more: int, correlation: int) -> float:
    if correlation == APART and are_couple(kept, more):
        return densest(correlation)
    if correlation == TOGETHER and are_couple(kept, more):
        return 0.0
    below = 4 * importance[more] / (2 * importance[kept] + 5 * importance[more])
    return float(min(below, densest(correlation)))


def _variance(p: float) -> float:
    return p / 3 - p**2 / 4
