"""Where a learner's cards stand, in columns, for whoever takes them elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sqlalchemy import BigInteger, Integer, bindparam, case, cast, func, literal, select

from cards.replay.columns import NEW, STATES
from cards.store.arrays import (
    NOT_THERE,
    NOTHING,
    Floats,
    Integers,
    as_array,
    number_of,
    numbers,
    parts_of,
    reals,
)
from cards.store.memories import MEMORY
from cards.store.prepared import Prepared

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

NOWHERE = -1  # the place of a card that was never kept


def place_of(state: ColumnElement[str]) -> ColumnElement[int]:
    """Return a state's place in `cards.replay.columns.STATES`; what is none is new."""
    return case(*((state == one, place) for place, one in enumerate(STATES)), else_=0)


def _or_not_there(column: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(column, literal(NOT_THERE, BigInteger))


PARTS, RESTS = zip(*map(parts_of, (MEMORY.c.stability, MEMORY.c.difficulty)), strict=True)
WHOLE = (
    number_of(MEMORY),
    place_of(MEMORY.c.state),
    MEMORY.c.due,
    *map(_or_not_there, (MEMORY.c.due_day, MEMORY.c.step, MEMORY.c.last_review, MEMORY.c.last_day)),
    MEMORY.c.reps,
    MEMORY.c.lapses,
    _or_not_there(MEMORY.c.buried_until),
    *(cast(since.is_not(None), Integer) for since in (MEMORY.c.suspended_at, MEMORY.c.withdrawn_at)),
)
MEMORIES = Prepared(
    select(*map(as_array, (MEMORY.c.card_id, *WHOLE, *PARTS, *RESTS))).where(
        MEMORY.c.learner_id == bindparam("learner")
    )
)


class Kept(NamedTuple):
    """Where cards stand, in columns: [card]. What a memory has not is `NOT_THERE`, or not a number.

    Attributes:
        state: The place of its state in `cards.replay.columns.STATES`.
        due: In milliseconds since 1970.
        due_day: A day number.
        step: From 0.
        last_review: In milliseconds since 1970.
        last_day: A day number.
        reps: Answers so far.
        lapses: Times it was forgotten.
        buried_until: The day number on which it is asked again, if it was buried.
        is_suspended: 1 if the learner has suspended it, else 0.
        is_withdrawn: 1 if the learner keeps it no longer, else 0.
        stability: In days.
        difficulty: 1 to 10.
    """

    state: Integers
    due: Integers
    due_day: Integers
    step: Integers
    last_review: Integers
    last_day: Integers
    reps: Integers
    lapses: Integers
    buried_until: Integers
    is_suspended: Integers
    is_withdrawn: Integers
    stability: Floats
    difficulty: Floats

    def at(self, places: Integers) -> Kept:
        """Return where cards stand, by their places; one that is `NOWHERE` is new."""
        return Kept(*(np.append(column, last)[places] for column, last in zip(self, NEVER_KEPT, strict=True)))


NEVER_KEPT = (NEW, *[NOT_THERE] * 5, 0, 0, NOT_THERE, 0, 0, np.nan, np.nan)  # as the columns of `Kept`


def cards_of(connection: Connection, learner: int) -> tuple[dict[str, int], Kept, Integers]:
    """Return the place of each of a learner's cards by its id, where each stands, and its row's number.

    They are in the order of these numbers.
    """
    ids, *texts = MEMORIES.first(connection, {"learner": learner}) or (None,)
    if ids in NOTHING:
        nothing = np.empty((1 + len(Kept._fields), 0), dtype=np.int64)
        return {}, Kept(*nothing[1:]), nothing[0]
    columns, names = numbers(texts), json.loads(ids)
    in_order = np.argsort(columns[0])
    columns = columns[:, in_order]  # all at once, as they were taken apart: those of `kept` are its rows
    number, *whole = columns[: len(WHOLE)]
    parts, rests = np.split(columns[len(WHOLE) :], 2)
    cards = {names[place]: card for card, place in enumerate(in_order.tolist())}
    return cards, Kept(*whole, *reals(parts, rests)), number
