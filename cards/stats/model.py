"""The memory model of FSRS 6 on whole arrays of cards at once, without steps, dates or fuzz.

A memory has a stability S, days until recall falls to 90%, and a difficulty D from 1 to 10. After t days

    R(t, S) = (1 + F·t/S)^(−w₂₀),   F = 0.9^(−1/w₂₀) − 1,

and it is due at the t at which R has fallen to the desired retention r: t = S/F · (r^(−1/w₂₀) − 1). After a
review at R that was graded Good (g = 3; Hard, g = 2, is needed to keep intervals apart, see `cards.schedule`)

    S′ = S·(1 + e^w₈ (11 − D) S^(−w₉) (e^(w₁₀(1 − R)) − 1)·[w₁₅ if Hard])
    S′ = min(w₁₁ D^(−w₁₂) ((S + 1)^w₁₃ − 1) e^(w₁₄(1 − R)), S / e^(w₁₇w₁₈))        if forgotten
    S′ = S·max(1, e^(w₁₇(g − 3 + w₁₈)) S^(−w₁₉))                                   again the same day, g ≥ 2
    D′ = w₇ D₀(4) + (1 − w₇)(D − w₆ (g − 3)(10 − D)/9),   D₀(g) = w₄ − e^(w₅(g − 1)) + 1

These are the equations of py-fsrs (Open Spaced Repetition, "FSRS-6", 2025), which is the oracle of the tests;
`cards.model` has them for one card at a time.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cards.model import EASIEST, HARDEST, LEAST_STABILITY

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from cards.schedule import SchedulerSettings

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4


class Model:
    """FSRS with a learner's weights.

    Args:
        settings: The learner's scheduler settings.
    """

    def __init__(self, settings: SchedulerSettings) -> None:
        self.w = settings.parameters
        self.maximum_interval = settings.maximum_interval

    @cached_property
    def factor(self) -> float:
        """F, at which R(S, S) = 0.9."""
        return float(0.9 ** (-1 / self.w[20]) - 1)

    def retrievability(self, days: Any, stability: Any) -> Any:  # noqa: ANN401 - a number or an array of them
        """The chance of recall so many days after the last answer."""
        return (1 + self.factor * days / stability) ** -self.w[20]

    def interval(self, stability: Floats, desired_retention: ArrayLike) -> Ints:
        """Whole days until the chance of recall has fallen to the desired retention."""
        reach = np.asarray(desired_retention) ** (-1 / self.w[20]) - 1
        days: Ints = np.rint(stability / self.factor * reach).astype(np.int64)
        return np.clip(days, 1, self.maximum_interval)

    def first(self, rating: int) -> tuple[float, float]:
        """Stability and difficulty after the first answer to a card."""
        return max(self.w[rating - 1], LEAST_STABILITY), min(
            max(self._first_difficulty(rating), EASIEST), HARDEST
        )

    def after_recall(self, stability: Floats, difficulty: Floats, chance: Floats, rating: int) -> Floats:
        """Stability after a review that was recalled, at this chance."""
        w = self.w
        gain = (
            np.exp(w[8])
            * (11 - difficulty)
            * stability ** -w[9]
            * np.expm1((1 - chance) * w[10])
            * (w[15] if rating == HARD else 1.0)
        )
        return _stable(stability * (1 + gain))

    def after_lapse(self, stability: Floats, difficulty: Floats, chance: Floats) -> Floats:
        """Stability after a review that was forgotten, at this chance."""
        w = self.w
        long_term = (
            w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * np.exp((1 - chance) * w[14])
        )
        return _stable(np.minimum(long_term, stability / np.exp(w[17] * w[18])))

    def again_the_same_day(self, stability: Floats, rating: int) -> Floats:
        """Stability after a further answer on the day of the last one, graded Hard or better."""
        growth = np.exp(self.w[17] * (rating - GOOD + self.w[18])) * stability ** -self.w[19]
        return _stable(stability * np.maximum(growth, 1.0))

    def next_difficulty(self, difficulty: Floats, rating: int) -> Floats:
        """Difficulty after any answer but the first."""
        moved = difficulty - self.w[6] * (rating - GOOD) * (HARDEST - difficulty) / 9
        reverted = self.w[7] * self._first_difficulty(EASY) + (1 - self.w[7]) * moved
        return np.clip(reverted, EASIEST, HARDEST)

    def _first_difficulty(self, rating: int) -> float:
        return float(self.w[4] - np.exp(self.w[5] * (rating - 1)) + 1)


def _stable(stability: Floats) -> Floats:
    return np.maximum(stability, LEAST_STABILITY)
