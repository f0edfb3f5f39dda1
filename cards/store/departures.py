"""What a learner takes along to another program: where each card stands, and every answer that counts.

The answers are handed over in columns, because a million of them take some 40 MB so, and a gigabyte as
objects. The database's rows are read one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from sqlalchemy import bindparam, case, select

from cards.memory import Memory, State
from cards.store import log, memories
from cards.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt
    from sqlalchemy import Connection

MEMORY, REVIEW = memories.MEMORY, log.REVIEW

STATES = tuple(State)
NUMBERS = {str(state): number for number, state in enumerate(STATES)}
UNKNOWN = float("nan")
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
ANSWERS = Prepared(
    select(
        *(REVIEW.c[name] for name in ("card_id", "at", "rating", "elapsed_ms", "before_state")),
        INTERVAL,
        REVIEW.c.before_difficulty,
    )
    .select_from(log.WITH_UNDO)
    .where(REVIEW.c.learner_id == bindparam("learner"), log.COUNTS)
)
KEPT = Prepared(
    select(
        MEMORY.c.card_id,
        MEMORY.c.suspended_at,
        MEMORY.c.buried_until,
        MEMORY.c.withdrawn_at,
        *memories.COLUMNS,
    ).where(MEMORY.c.learner_id == bindparam("learner"))
)
ANSWER = np.dtype(
    [
        ("card", np.int32),
        ("at", np.int64),
        ("rating", np.int8),
        ("elapsed_ms", np.int64),
        ("state", np.int8),
        ("interval", np.int64),
        ("difficulty", np.float32),
    ]
)


class Kept(NamedTuple):
    """Where a card stands that a learner keeps, or kept once.

    Attributes:
        memory: How well it is remembered.
        is_suspended: Whether the learner has suspended it.
        buried_until: The day number on which it is asked again, if it was buried.
        is_withdrawn: Whether the learner keeps it no longer.
    """

    memory: Memory
    is_suspended: bool = False
    buried_until: int | None = None
    is_withdrawn: bool = False


@dataclass(frozen=True, eq=False)
class Departures:
    """What is taken along.

    Attributes:
        cards: Where each card stands, by its id.
        answers: [answer] in any order, with these columns: `card`, the place of its card in `cards`; `at`, in
            milliseconds since 1970; `rating`; `elapsed_ms`; and of the memory that it was given to, `state`,
            as its place in `STATES`, `interval`, in days above 0 and seconds below, and `difficulty`, not a
            number where it was new.
    """

    cards: Mapping[str, Kept]
    answers: npt.NDArray[np.void]


def departures(connection: Connection, learner: int) -> Departures:
    """Return what a learner has, of the cards that were withdrawn too; what was undone is left out."""
    cards = {
        card_id: Kept(memories.from_columns(memory), suspended is not None, buried, withdrawn is not None)
        for card_id, suspended, buried, withdrawn, *memory in KEPT.each(connection, {"learner": learner})
    }
    places = {card_id: place for place, card_id in enumerate(cards)}
    rows = ANSWERS.each(connection, {"learner": learner})
    return Departures(cards, np.fromiter(_answers(rows, places), dtype=ANSWER))


def _answers(rows: Iterator[tuple[Any, ...]], places: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    for card_id, at, rating, elapsed_ms, state, interval, difficulty in rows:
        yield (
            places[card_id],
            at,
            rating,
            elapsed_ms,
            NUMBERS[state],
            interval,
            UNKNOWN if difficulty is None else difficulty,
        )
