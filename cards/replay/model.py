"""FSRS 6 for many answers at once, under the same settings: the formulas of `cards.model`.

They are evaluated in the same order, so that the results are the same to the last bit. Sums and products are
the same in NumPy and in Python; powers are not, for NumPy has its own, and so Python's are taken.
"""

from __future__ import annotations

from itertools import repeat
from math import e
from typing import TYPE_CHECKING

import numpy as np

from cards.memory import Rating
from cards.model import EASIEST, HARDEST, LEAST_STABILITY

if TYPE_CHECKING:
    from cards.replay.columns import Floats, Integers
    from cards.schedule import SchedulerSettings

AGAIN, HARD, GOOD, EASY = Rating


class Model:
    """The model under some settings."""

    def __init__(self, settings: SchedulerSettings) -> None:
        self._w = w = settings.parameters
        self._decay = -w[20]
        self._factor = 0.9 ** (1 / self._decay) - 1
        self._stretch = settings.desired_retention ** (1 / self._decay) - 1
        self._longest = settings.maximum_interval
        first = [w[4] - e ** (w[5] * (rating - 1)) + 1 for rating in Rating]
        self._easy_difficulty = first[-1]
        self._first_difficulty = np.array([min(max(one, EASIEST), HARDEST) for one in first])
        self._first_stability = np.array([max(one, LEAST_STABILITY) for one in w[:4]])
        self._gain = [e ** (w[17] * (rating - 3 + w[18])) for rating in Rating]
        self._delta = np.array([-(w[6] * (rating - 3)) for rating in Rating])

    def days(self, stability: Floats) -> Integers:
        """Return the interval after which recall falls to the desired retention, in whole days."""
        days = np.rint((stability / self._factor) * self._stretch)
        whole: Integers = np.clip(days, 1, self._longest).astype(np.int64)
        return whole

    def difficulty(self, difficulty: Floats, rating: Integers) -> Floats:
        """Return the difficulty after each answer; NaN was there before the first."""
        w = self._w
        moved = difficulty + (10.0 - difficulty) * self._delta[rating - 1] / 9.0
        after = np.clip(w[7] * self._easy_difficulty + (1 - w[7]) * moved, EASIEST, HARDEST)
        return np.where(np.isnan(difficulty), self._first_difficulty[rating - 1], after)

    def stabilities(
        self, stability: Floats, difficulty: Floats, elapsed: Integers, rating: Integers
    ) -> Floats:
        """Return the stability after each answer, and what other ratings would have led to.

        Args:
            stability: Before the answer; NaN before the first.
            difficulty: Before the answer.
            elapsed: Days since the answer before; less than 1 on the same day.
            rating: The rating given.

        Returns:
            [rating, answer]: after Again only where that was the rating; after the others only where it was
            not.
        """
        found = np.full((len(Rating), len(stability)), np.nan)
        first, forgotten = np.isnan(stability), rating == AGAIN
        same_day = ~first & (elapsed < 1)
        later = ~first & ~same_day
        for these, to in (
            (np.flatnonzero(first), self._after_first),
            (np.flatnonzero(same_day), self._after_same_day),
        ):
            found[:, these] = to(stability[these])
        recalled = np.flatnonzero(later & ~forgotten)
        found[1:, recalled] = self._after_recall(stability[recalled], difficulty[recalled], elapsed[recalled])
        lost = np.flatnonzero(later & forgotten)
        found[0, lost] = self._after_forgetting(stability[lost], difficulty[lost], elapsed[lost])
        clamped: Floats = np.maximum(found, LEAST_STABILITY)
        return clamped

    def _after_first(self, stability: Floats) -> Floats:
        return np.repeat(self._first_stability[:, None], len(stability), axis=1)

    def _after_same_day(self, stability: Floats) -> Floats:
        power = _powers(stability, -self._w[19])
        increase = np.array([gain * power for gain in self._gain])
        increase[1:] = np.maximum(increase[1:], 1.0)
        after: Floats = stability * increase
        return after

    def _after_recall(self, stability: Floats, difficulty: Floats, elapsed: Integers) -> Floats:
        w, lost = self._w, 1 - self._recall(stability, elapsed)
        growth = e ** w[8] * (11 - difficulty) * _powers(stability, -w[9]) * (_exponentials(lost * w[10]) - 1)
        return np.array([stability * (1 + growth * by) for by in (w[15], 1.0, w[16])])

    def _after_forgetting(self, stability: Floats, difficulty: Floats, elapsed: Integers) -> Floats:
        w, lost = self._w, 1 - self._recall(stability, elapsed)
        long_term = (
            w[11]
            * _powers(difficulty, -w[12])
            * (_powers(stability + 1, w[13]) - 1)
            * _exponentials(lost * w[14])
        )
        after: Floats = np.minimum(long_term, stability / e ** (w[17] * w[18]))
        return after

    def _recall(self, stability: Floats, elapsed: Integers) -> Floats:
        return _powers(1 + self._factor * elapsed / stability, self._decay)


def _powers(bases: Floats, exponent: float) -> Floats:
    return np.fromiter(map(pow, bases.tolist(), repeat(exponent)), dtype=np.float64, count=len(bases))


def _exponentials(exponents: Floats) -> Floats:
    return np.fromiter(map(pow, repeat(e), exponents.tolist()), dtype=np.float64, count=len(exponents))
