"""The whole days after which cards come back, kept apart as the scheduler keeps them, for many at once.

Hard comes back before Good and Good before Easy, an interval that grew at all grows by a day, and fuzz moves
it within the bounds of `cards.fuzz`. All of it is what `cards.schedule` does for one answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cards.fuzz import RANGES, SHORTEST
from cards.memory import Rating
from cards.replay.columns import NONE

if TYPE_CHECKING:
    from cards.replay.columns import Floats, Integers

ALWAYS_A_CHOICE_ABOVE = 2  # days


@dataclass(frozen=True)
class Asked:
    """Answers whose intervals are asked for, one of each card.

    Attributes:
        model: [rating, answer] what the model alone gives, in days.
        rating: The rating given.
        last: The interval before, in days; `NONE` where the card came back within the day.
        factor: What the fuzz draws, in [0, 1); NaN for none.
        longest: The longest interval, in days.
    """

    model: Integers
    rating: Integers
    last: Integers
    factor: Floats
    longest: Integers


def apart(asked: Asked) -> Integers:
    """Return the interval of each answer, in days."""
    from_hard = np.where(asked.last == NONE, 1, 0)  # outside review, Good need not come after Hard
    hard = _limited(asked, Rating.HARD, np.ones_like(asked.last))
    good = _limited(asked, Rating.GOOD, np.where(from_hard, 1, hard + 1))
    easy = _limited(asked, Rating.EASY, good + 1)
    again = _fuzzed(asked, asked.model[0], np.ones_like(asked.last))
    return np.choose(asked.rating - 1, [again, hard, good, easy])


def _limited(asked: Asked, rating: Rating, shortest: Integers) -> Integers:
    days = asked.model[rating - 1]
    grew = (asked.last != NONE) & (days > asked.last)
    return _fuzzed(asked, days, np.where(grew, np.maximum(shortest, asked.last + 1), shortest))


def _fuzzed(asked: Asked, days: Integers, minimum: Integers) -> Integers:
    maximum = asked.longest
    minimum = np.minimum(minimum, maximum)
    kept = np.minimum(np.maximum(days, minimum), maximum)
    reach = _reach(kept)
    first, last = (
        np.minimum(np.maximum(np.floor(end + 0.5), minimum), maximum) for end in (kept - reach, kept + reach)
    )
    last = last + ((first == last) & (last > ALWAYS_A_CHOICE_ABOVE) & (last < maximum))
    moved = np.floor(first + np.nan_to_num(asked.factor) * (1 + last - first))
    return np.where(np.isnan(asked.factor), kept, moved).astype(np.int64)


def _reach(days: Integers) -> Floats:
    spread = sum(share * np.maximum(np.minimum(days, end) - start, 0.0) for start, end, share in RANGES)
    return np.where(days < SHORTEST, 0.0, 1.0 + spread)
