"""What is known of how well a learner remembers a card: plain data that the scheduler maps to plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from cards.days import as_utc


class Rating(IntEnum):
    """How well a card was recalled; the numbers are those of the keys, of Anki and of py-fsrs."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class State(StrEnum):
    """Where a memory stands: never answered, in its first steps, reviewed by the day, or forgotten."""

    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of how well one learner remembers one card.

    Attributes:
        state: Where it stands.
        due: When it comes back, in UTC; of a new card, when it was enrolled.
        due_day: The day number it comes back on, or None while it comes back within the day.
        step: The learning step it is at, or None outside learning and relearning.
        stability: Days until recall falls to 90%, or None while new.
        difficulty: 1 (easy) to 10 (hard), or None while new.
        last_review: When it was last answered, in UTC.
        last_day: The day number it was last answered on.
        reps: Answers so far.
        lapses: Times it was forgotten after it had been learned.
    """

    state: State
    due: datetime
    due_day: int | None = None
    step: int | None = None
    stability: float | None = None
    difficulty: float | None = None
    last_review: datetime | None = None
    last_day: int | None = None
    reps: int = 0
    lapses: int = 0

    @classmethod
    def new(cls, enrolled_at: datetime) -> Memory:
        """Return the memory of a card that was never answered."""
        return cls(State.NEW, as_utc(enrolled_at))


@dataclass(frozen=True, slots=True)
class ReviewLog:
    """One answer: all that is needed to undo it, or to compute it again.

    Attributes:
        rating: The rating given.
        at: When, in UTC.
        day: The learner's day number then.
        before: The memory that was answered.
    """

    rating: Rating
    at: datetime
    day: int
    before: Memory

    @property
    def elapsed_days(self) -> int:
        """Days since the answer before, never negative; 0 for a new card."""
        last_day = self.before.last_day
        return 0 if last_day is None else max(0, self.day - last_day)
