"""FSRS 6 for one answer: what it makes of a stability and a difficulty (`cards.schedule` has the source).

With S the stability in days, D the difficulty, G the rating and R the chance of recall after t days,

    recall:     R  = (1 + F·t/S)^−w20,   F = 0.9^(−1/w20) − 1
    first:      S′ = w[G−1],                      D′ = w4 − e^(w5·(G−1)) + 1
    same day:   S′ = S·e^(w17·(G−3+w18))·S^−w19   (never less than S, unless G is Again)
    recalled:   S′ = S·(1 + e^w8·(11−D)·S^−w9·(e^((1−R)·w10) − 1)·(w15 if Hard)·(w16 if Easy))
    forgotten:  S′ = min(w11·D^−w12·((S+1)^w13 − 1)·e^((1−R)·w14), S/e^(w17·w18))
    difficulty: D′ = w7·D(Easy) + (1−w7)·(D − w6·(G−3)·(10−D)/9)

in the order of operations of py-fsrs 6.3, so that the results are its own to the last bit. What depends on
the weights alone is worked out once; an answer then takes a tenth of py-fsrs's time. `cards.replay.model` has
the same for many answers at once.
"""

from __future__ import annotations

from math import e
from typing import TYPE_CHECKING

from cards.memory import Rating

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_STABILITY = 0.001
EASIEST, HARDEST = 1.0, 10.0


class Model:
    """The model under some weights.

    Args:
        weights: w, all 21.
        desired_retention: The chance of recall at which a card comes back.
        maximum_interval: The longest interval, in days.
    """

    def __init__(self, weights: Sequence[float], desired_retention: float, maximum_interval: int) -> None:
        self._w = w = tuple(weights)
        self._decay = -w[20]
        self._factor = 0.9 ** (1 / self._decay) - 1
        self._stretch = desired_retention ** (1 / self._decay) - 1
        self._longest = maximum_interval
        # By rating, from Again to Easy.
        first = [w[4] - e ** (w[5] * (rating - 1)) + 1 for rating in Rating]
        self._first_difficulty = [_difficulty(of_rating) for of_rating in first]
        self._delta = [-(w[6] * (rating - 3)) for rating in Rating]
        self._same_day = [e ** (w[17] * (rating - 3 + w[18])) for rating in Rating]
        self._reward = [0.0, w[15], 1.0, w[16]]  # nobody is rewarded for having forgotten
        self._towards = w[7] * first[-1]
        self._growth = e ** w[8]
        self._loss = e ** (w[17] * w[18])

    def recall(self, stability: float, elapsed: int) -> float:
        """Return the chance, 0 to 1, that a card is recalled so many days after the answer before."""
        return float((1 + self._factor * elapsed / stability) ** self._decay)

    def days(self, stability: float) -> int:
        """Return the interval after which recall falls to the desired retention, in whole days."""
        days: int = round((stability / self._factor) * self._stretch)
        return min(max(days, 1), self._longest)

    def difficulty(self, difficulty: float | None, rating: Rating) -> float:
        """Return the difficulty after an answer; None was there before the first."""
        if difficulty is None:
            return self._first_difficulty[rating - 1]
        moved = difficulty + (10.0 - difficulty) * self._delta[rating - 1] / 9.0
        return _difficulty(self._towards + (1 - self._w[7]) * moved)

    def stability(
        self, stability: float | None, difficulty: float | None, elapsed: int, rating: Rating
    ) -> float:
        """Return the stability after an answer.

        Args:
            stability: Before the answer; None before the first.
            difficulty: Before the answer; None before the first.
            elapsed: Days since the answer before.
            rating: The rating given.
        """
        if stability is None or difficulty is None:
            after = self._w[rating - 1]
        elif elapsed < 1:
            after = self._after_same_day(stability, rating)
        elif rating is Rating.AGAIN:
            after = self._after_forgetting(stability, difficulty, elapsed)
        else:
            after = self._after_recall(stability, difficulty, elapsed, rating)
        return max(after, LEAST_STABILITY)

    def _after_same_day(self, stability: float, rating: Rating) -> float:
        increase = self._same_day[rating - 1] * stability ** -self._w[19]
        return float(stability * (increase if rating is Rating.AGAIN else max(increase, 1.0)))

    def _after_recall(self, stability: float, difficulty: float, elapsed: int, rating: Rating) -> float:
        w, lost = self._w, 1 - self.recall(stability, elapsed)
        growth = self._growth * (11 - difficulty) * stability ** -w[9] * (e ** (lost * w[10]) - 1)
        return float(stability * (1 + growth * self._reward[rating - 1]))

    def _after_forgetting(self, stability: float, difficulty: float, elapsed: int) -> float:
        w, lost = self._w, 1 - self.recall(stability, elapsed)
        long_term = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * e ** (lost * w[14])
        return float(min(long_term, stability / self._loss))


def _difficulty(of_model: float) -> float:
    return min(max(of_model, EASIEST), HARDEST)
