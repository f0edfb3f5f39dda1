"""What is known about the toy model of superposition without training it.

A feature is on with chance p, and uniform on [0, 1] when it is: its variance is V = p/3 − p²/4. With
importances I_0 ≥ I_1 ≥ … of f features and h dimensions,

    one dimension each for the h most important, the best constant for the others:    Σ_{i ≥ h} I_i V / f

Two features x, x′ at opposite ends of one line, with b = 0, come back as relu(x − x′) and relu(x′ − x).
Either way min(x, x′) is lost of both, and E min(x, x′)² = p²/6. So to pair b with a, which had a line of
its own, is better than to give b up if

    (I_a + I_b) p²/6 < I_b V,    that is,    p < 4 I_b / (2 I_a + 5 I_b).

Left out: the best bias and lengths for a pair, and arrangements of more than two features, which do a
little better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def importances(features: int, decay: float) -> NDArray[np.float64]:
    """I_i = decayⁱ: [feature]."""
    return np.power(decay, np.arange(features, dtype=np.float64))


def dedicated_loss(importance: NDArray[np.float64], hidden: int, p: float) -> float:
    """The loss with a dimension each for as many features as there are dimensions."""
    return float(importance[hidden:].sum() * _variance(p) / len(importance))


def paired_loss(importance: NDArray[np.float64], hidden: int, p: float) -> float:
    """The loss with as many further features as possible paired with the least important of those."""
    pairs = max(min(len(importance) - hidden, hidden), 0)
    paired, given_up = importance[hidden - pairs : hidden + pairs], importance[hidden + pairs :]
    return float((paired.sum() * p**2 / 6 + given_up.sum() * _variance(p)) / len(importance))


def pairing_pays_below(importance: NDArray[np.float64], hidden: int) -> float:
    """The density below which one more feature is better paired than given up; 0 if none is left."""
    if hidden >= len(importance):
        return 0.0
    kept, more = importance[hidden - 1 : hidden + 1]
    return float(4 * more / (2 * kept + 5 * more))


def collision_chance(features: int, p: float) -> float:
    """The chance that two features or more are on at once."""
    return 1 - (1 - p) ** features - features * p * (1 - p) ** (features - 1)


def _variance(p: float) -> float:
    return p / 3 - p**2 / 4
