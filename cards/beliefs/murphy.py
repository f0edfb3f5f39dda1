"""Where a Brier score comes from: Murphy's decomposition, with what is lost by binning, and without its bias.

For forecasts f and outcomes o (0 or 1) in bins of n_k, with means f̄_k and ō_k in a bin and ō of all,

    BS = REL − RES + UNC + WBV − WBC
    REL = Σ n_k (f̄_k − ō_k)² / n            reliability: how far forecasts are from what came true; 0 is best
    RES = Σ n_k (ō_k − ō)² / n               resolution: how well they tell claims apart; the more the better
    UNC = ō (1 − ō)                          uncertainty: what always saying ō would score
    WBV = ΣΣ (f − f̄_k)² / n                  variance of the forecasts within bins
    WBC = 2 ΣΣ (f − f̄_k)(o − ō_k) / n        twice their covariance with the outcomes there

exactly, for any forecasts; without the last two only if all forecasts of a bin are equal (Stephenson et al.).

REL is never negative, and so is above 0 even for a perfectly calibrated person: with ten bins about .076 at n
= 20, .033 at 50 and .017 at 100. Ferro and Fricker take from it, and from RES, what chance puts there,

    REL − c,   RES − c + d,   UNC + d,   c = Σ n_k ō_k (1 − ō_k) / (n_k − 1) / n,   d = ō (1 − ō) / (n − 1)

which leaves their sum as it was. REL − c may be negative, and is unbiased if the forecasts of each bin are
equal, and so are their chances; else it is too small by about Σ n_k s²_k/(n_k − 1)/n for a calibrated person,
s² being the variance of the forecasts in a bin: .0001 at n = 100. A forecast alone in its bin says nothing of
chance, and joins the bin below, or the one above if there is none below. It still scatters by about .02 at n
= 100, so that below a hundred claims there is nothing to be shown.

Sources: G. W. Brier (1950), "Verification of forecasts expressed in terms of probability"; A. H. Murphy
(1973), "A new vector partition of the probability score"; D. B. Stephenson, C. A. S. Coelho and I. T.
Jolliffe (2008), "Two extra components in the Brier score decomposition"; C. A. T. Ferro and T. E. Fricker
(2012), "A bias-corrected decomposition of the Brier score".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cards.beliefs.calibration import TENTHS, Forecast, binned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Group = tuple[NDArray[np.float64], NDArray[np.float64]]

ENOUGH = 100  # claims


class Decomposition(NamedTuple):
    """The terms of a Brier score, one-sided: 0 is best, 0.25 is a coin's, 1 is worst.

    Attributes:
        reliability: REL; 0 is best.
        resolution: RES; the more the better.
        uncertainty: UNC, which is the claims' and not the forecaster's.
        within_variance: WBV.
        within_covariance: WBC.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within_variance: float
    within_covariance: float

    @property
    def brier(self) -> float:
        """The score that the terms add up to."""
        return (
            self.reliability
            - self.resolution
            + self.uncertainty
            + self.within_variance
            - self.within_covariance
        )


class Murphy(NamedTuple):
    """A Brier score taken apart.

    Attributes:
        n: How many claims.
        plain: Its terms as they stand.
        corrected: Its terms without their bias.
    """

    n: int
    plain: Decomposition
    corrected: Decomposition


def murphy(forecasts: Sequence[Forecast], bins: int = TENTHS) -> Murphy | None:
    """Take a Brier score apart; None below a hundred claims.

    Raises:
        ValueError: A claim has two forecasts, or a forecast is not within 0 and 1.
    """
    if len(forecasts) < ENOUGH:
        return None
    return Murphy(len(forecasts), decompose(forecasts, bins), bias_corrected(forecasts, bins))


def decompose(forecasts: Sequence[Forecast], bins: int = TENTHS) -> Decomposition:
    """Return the terms as they stand, for any number of claims.

    Raises:
        ValueError: There is no forecast, a claim has two, or a forecast is not within 0 and 1.
    """
    groups = _groups(forecasts, bins)
    n = len(forecasts)
    mean = sum(one.happened for one in forecasts) / n
    terms = np.zeros(5)
    for said, true in groups:
        off, lift = said.mean() - true.mean(), true.mean() - mean
        spread, along = said - said.mean(), true - true.mean()
        terms += (len(said) * off**2, len(said) * lift**2, 0, spread @ spread, 2 * spread @ along)
    terms /= n
    reliability, resolution, _, variance, covariance = terms.tolist()
    return Decomposition(reliability, resolution, mean * (1 - mean), variance, covariance)


def bias_corrected(forecasts: Sequence[Forecast], bins: int = TENTHS) -> Decomposition:
    """Return the terms without their bias, for any number of claims.

    Raises:
        ValueError: There is no forecast, a claim has two, or a forecast is not within 0 and 1.
    """
    plain, n = decompose(forecasts, bins), len(forecasts)
    in_bins = sum(float(true.var(ddof=1)) for _, true in _groups(forecasts, bins) if len(true) > 1) / n
    of_all = plain.uncertainty / (n - 1) if n > 1 else 0.0
    return plain._replace(
        reliability=plain.reliability - in_bins,
        resolution=plain.resolution - in_bins + of_all,
        uncertainty=plain.uncertainty + of_all,
    )


def _groups(forecasts: Sequence[Forecast], bins: int) -> list[Group]:
    """Return forecasts and outcomes of each bin, none of them alone unless it is the only one."""
    if not forecasts:
        raise ValueError("There is no forecast to judge. Settle a claim first.")
    groups: list[list[Forecast]] = []
    for inside in binned(forecasts, bins).values():
        if groups and (len(inside) == 1 or len(groups[-1]) == 1):
            groups[-1] = [*groups[-1], *inside]
        else:
            groups.append(inside)
    return [
        (np.array([one.probability for one in group]), np.array([float(one.happened) for one in group]))
        for group in groups
    ]
