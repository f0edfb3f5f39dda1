"""A power law through points, and how sure its exponent is.

    ln y = a + b ln x + error        b ± t · s / √Σ (ln x − mean)²

by ordinary least squares; s is the standard deviation of the errors, with two degrees of freedom taken off,
and t is Student's quantile, by the expansion of R. Fisher and E. Cornish (1960).

Source: any text on linear regression. Left out: errors in x, and a y that bends on logarithmic axes, whose b
is then an average over the range of x; the interval says how well that average is known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Z = 1.959963984540054  # 95% of a Gaussian lie within so many standard deviations


@dataclass(frozen=True)
class PowerLaw:
    """y = scale · x^exponent.

    Attributes:
        exponent: b.
        scale: e^a.
        error: The standard error of the exponent; 0 for two points.
        degrees: The degrees of freedom of that error.
    """

    exponent: float
    scale: float
    error: float
    degrees: int

    @property
    def margin(self) -> float:
        """Half the width of the exponent's 95% interval."""
        return student(self.degrees) * self.error if self.degrees else 0.0

    def at(self, x: ArrayLike) -> NDArray[np.float64]:
        """The fitted y."""
        y: NDArray[np.float64] = self.scale * np.asarray(x, dtype=np.float64) ** self.exponent
        return y


def fitted(x: ArrayLike, y: ArrayLike) -> PowerLaw:
    """Fit points, at two different x at the least, all above 0."""
    log_x, log_y = np.log(np.asarray(x, dtype=np.float64)), np.log(np.asarray(y, dtype=np.float64))
    away = log_x - log_x.mean()
    exponent = float(away @ log_y / (away @ away))
    residual = log_y - log_y.mean() - exponent * away
    degrees = len(log_x) - 2
    variance = float(residual @ residual) / degrees if degrees else 0.0
    return PowerLaw(
        exponent=exponent,
        scale=math.exp(log_y.mean() - exponent * log_x.mean()),
        error=math.sqrt(variance / float(away @ away)),
        degrees=degrees,
    )


def student(degrees: int) -> float:
    """The 97.5% quantile of Student's t; within 1% from 3 degrees of freedom on."""
    z, n = Z, degrees
    terms = (
        z,
        (z**3 + z) / (4 * n),
        (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2),
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3),
    )
    return sum(terms)
