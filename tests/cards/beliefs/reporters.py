"""Simulated reporters, written again from the table's caption: the oracle owes the app nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIGNALS, ACCURACY, PRIOR = 20, 0.6, 0.5
LOWEST, HIGHEST = 0.01, 0.99


def reports(
    claims: int,
    random: np.random.Generator,
    *,
    reaction: float = 1.0,
    noise: float = 0.0,
    rounding: float = 0.0,
) -> NDArray[np.float64]:
    """What is said of each claim after each signal, [claim, time]; noise and rounding are shares."""
    true = random.random((claims, 1)) < PRIOR
    signs = np.where((random.random((claims, SIGNALS)) < ACCURACY) == true, 1, -1)
    odds = (ACCURACY / (1 - ACCURACY)) ** (reaction * np.cumsum(signs, axis=1))  # the prior's are 1
    said = odds / (1 + odds)
    if noise:
        said = said + noise * random.standard_normal(said.shape)
    if rounding:
        said = np.round(said / rounding) * rounding
    if noise or rounding:
        said = np.clip(said, LOWEST, HIGHEST)
    return np.insert(said, 0, PRIOR, axis=1)


def by_a_date(claims: int, prior: float, steps: int, random: np.random.Generator) -> NDArray[np.float64]:
    """A Bayesian on whether something happens by a date, at any moment alike: [claim, time]."""
    time = np.arange(steps + 1)
    still_to_come = prior * (1 - time / steps)
    waiting = still_to_come / (1 - prior + still_to_come)
    happens = random.random((claims, 1)) < prior
    when = random.integers(1, steps + 1, (claims, 1))
    return np.where(happens & (time >= when), 1.0, waiting)
