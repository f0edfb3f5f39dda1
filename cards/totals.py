"""What a learner's answers and cards add up to: plain data, as the store keeps it.

A card is *mature* once it was last given an interval of three weeks or more, as Anki has it; a reviewed card
with a shorter one is *young*, and one in its steps is being *learned*. An answer counts by what the card was
before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple

MATURE_FROM = 21  # days of the interval


class Maturity(StrEnum):
    """How well a card was established when it was answered."""

    LEARNING = "learning"
    YOUNG = "young"
    MATURE = "mature"


class Stage(IntEnum):
    """Where a card stands now; the numbers are those of the tables."""

    NEW = 0
    LEARNING = 1
    YOUNG = 2
    MATURE = 3


class Total(NamedTuple):
    """What some answers add up to.

    Attributes:
        answers: How many there are.
        recalled: How many of them were not "Forgot".
        introduced: How many were the first to their card.
        timed: For how many it is known how long they took.
        elapsed_ms: How long those took together, in milliseconds.
    """

    answers: int = 0
    recalled: int = 0
    introduced: int = 0
    timed: int = 0
    elapsed_ms: int = 0

    def plus(self, other: Total) -> Total:
        """Return what these answers and others add up to."""
        answers, recalled, introduced, timed, elapsed_ms = other
        return Total(
            self.answers + answers,
            self.recalled + recalled,
            self.introduced + introduced,
            self.timed + timed,
            self.elapsed_ms + elapsed_ms,
        )


class DayTotal(NamedTuple):
    """What the answers of a day to cards of one maturity add up to."""

    day: int
    maturity: Maturity
    total: Total


class Seen(NamedTuple):
    """Cards that were last answered on one day, and whose stabilities are alike.

    Attributes:
        last_day: The day number.
        octave: 0 for stabilities below a day, and n from 2ⁿ⁻¹ to 2ⁿ days.
        cards: How many there are.
        stability: Their mean stability, in days.
    """

    last_day: int
    octave: int
    cards: int
    stability: float


@dataclass(frozen=True)
class Standing:
    """Where the cards stand that a learner keeps and has not suspended.

    Attributes:
        due: How many come back on each day number; a card in its steps, on the day of its last answer.
        seen: Those that were answered at least once, by last answer and stability.
        stages: How many there are by stage, and by difficulty from 1 to 9 rounded down (10 counts as 9); 0
            for cards that have none.
        waited: By how many more or fewer than on the day before had come due and were answered only later;
            of all cards together, and of no section.
    """

    due: Mapping[int, int]
    seen: Sequence[Seen]
    stages: Mapping[tuple[Stage, int], int]
    waited: Mapping[int, int]

    @property
    def kept(self) -> int:
        """How many cards there are."""
        return sum(self.stages.values())

    def at(self, *stages: Stage) -> int:
        """How many cards are at these stages."""
        return sum(cards for (stage, _), cards in self.stages.items() if stage in stages)


class CardState(NamedTuple):
    """What a forecast needs to know of one card; of a new card, only that it is there."""

    due_day: int | None
    last_day: int | None
    stability: float | None
    difficulty: float | None
