"""What a learner takes along to another program: where each card stands, and every answer that counts.

The answers are handed over in columns, because a million of them take 26 MB so, and a gigabyte as objects.
The database's rows are read some at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sqlalchemy import bindparam, case, func, select

from cards.replay.columns import STATES
from cards.store import log, memories
from cards.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from sqlalchemy import Connection

MEMORY, REVIEW = memories.MEMORY, log.REVIEW

NONE = 0.0  # the difficulty of what was never answered
A_SECOND = 1000  # milliseconds

# The interval that an answer ended: days above 0, seconds below 0, and 0 where a card had none yet.
INTERVAL = case(
    (REVIEW.c.before_due_day.is_not(None), REVIEW.c.before_due_day - REVIEW.c.before_last_day),
    (
        REVIEW.c.before_last_review.is_not(None),
        (REVIEW.c.before_last_review - REVIEW.c.before_due) // A_SECOND,
    ),
    else_=0,
)
STATE = case(*((REVIEW.c.before_state == state, place) for place, state in enumerate(STATES)), else_=0)
ANSWERS = Prepared(
    select(
        *(REVIEW.c[name] for name in ("card_id", "at", "rating", "elapsed_ms")),
        STATE,
        INTERVAL,
        func.coalesce(REVIEW.c.before_difficulty, NONE),
    )
    .select_from(log.WITH_UNDO)
    .where(REVIEW.c.learner_id == bindparam("learner"), log.COUNTS)
)
COUNT = Prepared(
    select(func.count())
    .select_from(log.WITH_UNDO)
    .where(REVIEW.c.learner_id == bindparam("learner"), log.COUNTS)
)
KEPT = Prepared(
    select(
        MEMORY.c.card_id,
        *memories.COLUMNS,
        MEMORY.c.suspended_at.is_not(None),
        MEMORY.c.buried_until,
        MEMORY.c.withdrawn_at.is_not(None),
    ).where(MEMORY.c.learner_id == bindparam("learner"))
)
ANSWER = np.dtype(
    [
        ("card", np.int32),
        ("at", np.int64),
        ("rating", np.int8),
        ("elapsed_ms", np.int32),
        ("state", np.int8),
        ("interval", np.int32),
        ("difficulty", np.float32),
    ]
)


class Kept(NamedTuple):
    """Where a card stands that a learner keeps, or kept once: a memory as the tables have it, and decisions.

    Attributes:
        state: As in `cards.memory.Memory`, and so are those that follow.
        due: In milliseconds since 1970.
        due_day: A day number, or None.
        step: From 0, or None.
        stability: In days, or None.
        difficulty: 1 to 10, or None.
        last_review: In milliseconds since 1970, or None.
        last_day: A day number, or None.
        reps: Answers so far.
        lapses: Times it was forgotten.
        is_suspended: Whether the learner has suspended it.
        buried_until: The day number on which it is asked again, if it was buried.
        is_withdrawn: Whether the learner keeps it no longer.
    """

    state: str
    due: int
    due_day: int | None
    step: int | None
    stability: float | None
    difficulty: float | None
    last_review: int | None
    last_day: int | None
    reps: int
    lapses: int
    is_suspended: bool
    buried_until: int | None
    is_withdrawn: bool


@dataclass(frozen=True, eq=False)
class Departures:
    """What is taken along.

    Attributes:
        cards: Where each card stands, by its id.
        answers: [answer] by when they were given, with these columns: `card`, the place of its card in
            `cards`; `at`, in milliseconds since 1970; `rating`; `elapsed_ms`; and of the memory that was
            answered `state`, as its place in `cards.replay.columns.STATES`, `interval`, in days above 0 and
            in seconds below, and `difficulty`, 0 where it was new.
    """

    cards: Mapping[str, Kept]
    answers: npt.NDArray[np.void]


def departures(connection: Connection, learner: int) -> Departures:
    """Return what a learner has, of the cards that were withdrawn too; what was undone is left out."""
    named = {"learner": learner}
    cards = {row[0]: Kept._make(row[1:]) for rows in KEPT.batches(connection, named) for row in rows}
    places = {card_id: place for place, card_id in enumerate(cards)}
    (count,) = COUNT.first(connection, named) or (0,)
    rows = (
        (places[card_id], at, rating, elapsed_ms, state, interval, difficulty)
        for some in ANSWERS.batches(connection, named)
        for card_id, at, rating, elapsed_ms, state, interval, difficulty in some
    )
    answers = np.fromiter(rows, dtype=ANSWER, count=count)
    return Departures(cards, answers[np.argsort(answers["at"], kind="stable")])
