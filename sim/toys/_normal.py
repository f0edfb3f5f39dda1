"""The Gaussian distribution over arrays, with what Python itself can compute.

    φ(z) = exp(−z²/2) / √2π        Φ(z) = ∫ φ from −∞ to z = erfc(−z/√2) / 2

NumPy has neither Φ nor its inverse. These call Python's once for each number, a tenth of a microsecond or
two, which is fast enough for the few thousand that a figure needs.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_erfc = np.frompyfunc(math.erfc, 1, 1)
_inverse = np.frompyfunc(NormalDist().inv_cdf, 1, 1)


def density(z: ArrayLike) -> NDArray[np.float64]:
    """Return φ(z)."""
    value: NDArray[np.float64] = np.exp(-(np.asarray(z, dtype=np.float64) ** 2) / 2) / math.sqrt(2 * math.pi)
    return value


def below(z: ArrayLike) -> NDArray[np.float64]:
    """Return Φ(z), the chance of a standard Gaussian to be below z; z may be infinite."""
    tail: NDArray[np.float64] = np.asarray(_erfc(np.asarray(z, dtype=np.float64) / -math.sqrt(2)), np.float64)
    return tail / 2


def quantile(share: ArrayLike) -> NDArray[np.float64]:
    """Return Φ⁻¹(share), which is infinite at 0 and at 1."""
    p = np.asarray(share, dtype=np.float64)
    inside = (p > 0) & (p < 1)
    value = np.asarray(_inverse(np.where(inside, p, 0.5)), dtype=np.float64)
    return np.where(inside, value, np.where(p > 0, np.inf, -np.inf))
