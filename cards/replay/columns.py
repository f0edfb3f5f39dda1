"""What a replay takes and gives: a log and its memories, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cards.memory import State
from cards.schedule import SchedulerSettings

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

STATES = (State.NEW, State.LEARNING, State.REVIEW, State.RELEARNING)
NEW, REVIEW = STATES.index(State.NEW), STATES.index(State.REVIEW)
NONE = -1  # stands for no step, and for no interval or day
DAY_MS = 86_400_000


@dataclass(frozen=True)
class Log:
    """The answers of many cards, those of each card together and in order.

    Attributes:
        card: The number of each answer's card, from 0 on, ascending; every card has an answer.
        rating: Its rating, 1 to 4.
        at: When it was given, in milliseconds since 1970.
        day: The learner's day number then.
        preset: The number of the settings that it was given under.
        settings: The settings, by number.
        seeds: What the fuzz of each card is drawn from, usually its id.
    """

    card: Integers
    rating: Integers
    at: Integers
    day: Integers
    preset: Integers
    settings: Sequence[SchedulerSettings]
    seeds: Sequence[str]

    @property
    def first(self) -> Integers:
        """Where the answers of each card begin."""
        return np.flatnonzero(np.diff(self.card, prepend=-1))

    @property
    def count(self) -> Integers:
        """How many answers each card has."""
        return np.diff(self.first, append=len(self.card))


@dataclass(frozen=True)
class Memories:
    """Memories in columns, one a row; what a memory has not is NaN, or `NONE`.

    Attributes:
        state: The number of its state in `STATES`.
        step: The step it is at.
        stability: In days.
        difficulty: 1 to 10.
        last_day: The day number of the last answer.
        reps: Answers so far.
        lapses: Times it was forgotten after it had been learned.
    """

    state: Integers
    step: Integers
    stability: Floats
    difficulty: Floats
    last_day: Integers
    reps: Integers
    lapses: Integers

    @classmethod
    def new(cls, count: int) -> Memories:
        """Return so many memories of cards that were never answered."""
        return cls(
            state=np.full(count, NEW),
            step=np.full(count, NONE),
            stability=np.full(count, np.nan),
            difficulty=np.full(count, np.nan),
            last_day=np.full(count, NONE),
            reps=np.zeros(count, dtype=np.int64),
            lapses=np.zeros(count, dtype=np.int64),
        )


@dataclass(frozen=True)
class Replayed:
    """What a log leads to.

    Attributes:
        before: The memory before each answer.
        after: The memory of each card after its last.
        due: When each card comes back, in milliseconds since 1970.
        due_day: The day number it comes back on, or `NONE` within the day.
    """

    before: Memories
    after: Memories
    due: Integers
    due_day: Integers
