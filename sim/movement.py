"""How much a credence moved, against how much it came to know.

For credences p₀, …, p_T in one claim,

    movement   M = Σ (p_{t+1} − p_t)²
    reduction  R = u₀ − u_T,   where u_t = p_t (1 − p_t) is the uncertainty
    excess     X = M − R = Σ (2 p_t − 1) (p_t − p_{t+1})

A calibrated credence is a martingale, so each term of X averages zero whatever came before: E[M] = E[R], and
E[M] = u₀ if the claim is followed until it is settled. Over n independent claims

    Z = mean(X) √n / sd(X)

is close to a standard Gaussian if all is well and n is large: below some fifty claims it is not close enough
for a verdict. Credences that are reported with an error of standard deviation σ move for no reason; two
errors meet in every update, which adds 2σ² to M. Rounding to multiples of w is an error of about w/√12.

Source: N. Augenblick and M. Rabin (2021), "Belief Movement, Uncertainty Reduction, and Rational Updating".
Left out: claims that share their evidence, for which Z counts the same news twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FLAGGED = 1.96  # a standard Gaussian is further out than this one time in twenty
FEWEST = 2  # claims that have a spread
ROUNDING = 1e-12  # what is left of a zero after sums of squares


def movement(credences: ArrayLike) -> NDArray[np.float64]:
    """Sum the squared updates.

    Args:
        credences: One claim after another, in the order of time along the last axis: [..., time].

    Returns:
        One number for each claim, [...]; 0 for a claim with one credence.

    Raises:
        ValueError: If there is no credence, or one that is not within 0 and 1.
    """
    total: NDArray[np.float64] = (np.diff(_credences(credences)) ** 2).sum(axis=-1)
    return total


def reduction(credences: ArrayLike) -> NDArray[np.float64]:
    """Say by how much p (1 − p) fell from first to last: [..., time] → [...]; negative if it rose.

    Raises:
        ValueError: If there is no credence, or one that is not within 0 and 1.
    """
    p = _credences(credences)
    uncertainty: NDArray[np.float64] = p * (1 - p)
    fall: NDArray[np.float64] = uncertainty[..., 0] - uncertainty[..., -1]
    return fall


def excess(credences: ArrayLike) -> NDArray[np.float64]:
    """Return movement less reduction: [..., time] → [...].

    Raises:
        ValueError: If there is no credence, or one that is not within 0 and 1.
    """
    return movement(credences) - reduction(credences)


def z_score(excesses: ArrayLike) -> NDArray[np.float64]:
    """Say how many standard errors the mean excess is from zero: [..., claim] → [...].

    It is infinite where all claims have the same excess, and 0 where that is zero.

    Raises:
        ValueError: If there are fewer than two claims, which have no spread.
    """
    each = np.asarray(excesses, dtype=np.float64)
    claims = each.shape[-1] if each.ndim else 1
    if claims < FEWEST:
        raise ValueError(f"A z-score needs two claims or more, and there is {claims}. Add claims.")
    mean, spread = _without_rounding(each.mean(axis=-1)), _without_rounding(each.std(axis=-1, ddof=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(mean == 0, 0.0, mean * np.sqrt(claims) / spread)


def noise_floor(sd: float, updates: int) -> float:
    """Return the movement that errors of standard deviation `sd` in every report add to `updates` updates."""
    return 2 * sd**2 * updates


def _credences(given: ArrayLike) -> NDArray[np.float64]:
    p = np.atleast_1d(np.asarray(given, dtype=np.float64))
    if not p.shape[-1]:
        raise ValueError("There is no credence to measure. Give at least one.")
    outside = ~((p >= 0) & (p <= 1))  # so that "not a number" is outside too
    if outside.any():
        raise ValueError(f"A credence is {p[outside][0]:g}; it has to lie between 0 and 1.")
    return p


def _without_rounding(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.abs(value) < ROUNDING, 0.0, value)
