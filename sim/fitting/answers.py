"""A learner's answers as arrays, and lined up so that all cards can be taken one answer further at once.

An answer *counts* in the loss if it came at least one day, by the learner's own calendar, after the answer
before it to the same card. That leaves out a card's first answer, of which the model predicts nothing, and
every later answer of the same day, of which it predicts 1. py-fsrs counts the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
AGAIN, EASY = 1, 4


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers in the order in which they were given.

    Attributes:
        card: [answer] which card was answered, by any number that is its own.
        rating: [answer] 1 (Again) to 4 (Easy).
        day: [answer] the learner's day number then.

    Raises:
        ValueError: The arrays are not of one length, or hold a rating that there is not.
    """

    card: Integers
    rating: Integers
    day: Integers

    def __post_init__(self) -> None:
        if not len(self.card) == len(self.rating) == len(self.day):
            lengths = f"{len(self.card)} cards, {len(self.rating)} ratings and {len(self.day)} days"
            raise ValueError(f"{lengths} are not the same answers; give each answer all three")
        wrong = self.rating[(self.rating < AGAIN) | (self.rating > EASY)]
        if len(wrong):
            raise ValueError(f"a rating of {wrong[0]} is not one of {AGAIN} to {EASY}")

    def __len__(self) -> int:
        return len(self.card)

    @cached_property
    def elapsed(self) -> Integers:
        """[answer] days since the answer before to the same card, never negative; 0 for a card's first."""
        by_card = np.argsort(self.card, kind="stable")
        same = self.card[by_card][1:] == self.card[by_card][:-1]
        days = np.zeros(len(self), dtype=np.int64)
        days[by_card[1:]] = np.where(same, np.diff(self.day[by_card]), 0)
        return np.maximum(days, 0)

    @cached_property
    def counts(self) -> NDArray[np.bool_]:
        """[answer] whether it counts in the loss."""
        return self.elapsed > 0

    @cached_property
    def recalled(self) -> NDArray[np.bool_]:
        """[answer] whether the card was recalled: every rating but Again."""
        return self.rating > AGAIN

    @cached_property
    def steps(self) -> list[Integers]:
        """The places in the log of all first answers, all second answers, and so on.

        The cards stand in the same order in every step, those with the most answers first, so that the cards
        of a step are the first ones of the step before.
        """
        _, number = np.unique(self.card, return_inverse=True)
        lengths = np.bincount(number)
        rank = np.empty(len(lengths), dtype=np.int64)
        rank[np.argsort(-lengths, kind="stable")] = np.arange(len(lengths))
        by_card = np.argsort(number, kind="stable")
        turn = np.arange(len(self)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        order = by_card[np.lexsort((rank[number[by_card]], turn))]
        return np.split(order, np.cumsum(np.bincount(turn))[:-1]) if len(self) else []
