"""Which of the answers that arrive the log has already, taken back or not.

Two answers to one card are the same if they lie within a tenth of a second, whatever their rating: nobody
answers that fast, and what goes through another program may come back with its moment moved by milliseconds,
where that was taken.

All of the log that lies near is compared, a million answers or more. Reading a row as objects costs some
600 ns, half of it the row and not what is in it; so the database writes many rows' cards and moments into two
texts, which are taken apart here.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import String, bindparam, cast, func, literal_column, select

from cards.store import log
from cards.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from cards.replay.columns import Integers
    from cards.store.arrivals import Arriving

SAME = 100  # milliseconds within which two answers to one card are one
ELSEWHERE = -1  # the number of a card that nothing has arrived for
AT_A_TIME = 20_000  # rows of the log
BETWEEN_IDS, BETWEEN_MOMENTS = "\n", ","

REVIEW = log.REVIEW
LAST = Prepared(select(func.max(REVIEW.c.id)))
# Adding 0 keeps planners from the index on days, by which they would visit a whole log's rows out of order.
NEAR = (
    (REVIEW.c.learner_id + 0 == bindparam("learner"))
    & (REVIEW.c.id > bindparam("after"))
    & (REVIEW.c.id <= bindparam("through"))
    & REVIEW.c.at.between(bindparam("first"), bindparam("last"))
)
ROWS = Prepared(select(REVIEW.c.card_id, REVIEW.c.at).where(NEAR))
AT = REVIEW.c.at
# What stands in between is written out: given as a value, it would be looked at again for every row.
TEXTS = {
    dialect: Prepared(
        select(
            join(REVIEW.c.card_id, literal_column(f"'{BETWEEN_IDS}'")),
            join(at, literal_column(f"'{BETWEEN_MOMENTS}'")),
        ).where(NEAR)
    )
    for dialect, join, at in (
        ("sqlite", func.group_concat, AT),
        ("postgresql", func.string_agg, cast(AT, String)),
    )
}


def known(connection: Connection, learner: int, arrivals: Arriving) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether the log has each answer."""
    found = np.zeros(len(arrivals), dtype=bool)
    if not len(arrivals):
        return found
    first, last = int(arrivals.at.min()) - SAME, int(arrivals.at.max()) + SAME
    # Card and moment as one number: those of Anki's twenty years leave room for eight million cards.
    width = (last - first + SAME).bit_length()
    numbers = {card_id: number << width for number, card_id in enumerate(arrivals.card_ids)}
    near = {"learner": learner, "first": first, "last": last}
    ours = np.sort(np.concatenate([_keys(*part, numbers, first) for part in _parts(connection, near)]))
    if not len(ours):
        return found
    theirs = (arrivals.card << width) + arrivals.at - first
    order = np.argsort(theirs)  # looked up in order, neighbours are found where the one before was
    theirs = theirs[order]
    after = np.searchsorted(ours, theirs)
    found[order] = (np.abs(ours[np.minimum(after, len(ours) - 1)] - theirs) < SAME) | (
        np.abs(ours[np.maximum(after - 1, 0)] - theirs) < SAME
    )
    return found


def _keys(ids: Sequence[str], at: Integers, numbers: Mapping[str, int], first: int) -> Integers:
    """Return card and moment as one number, of the answers to cards that something has arrived for."""
    card = np.fromiter(map(numbers.get, ids, repeat(ELSEWHERE)), np.int64, len(ids))
    keys: Integers = (card + at - first)[card != ELSEWHERE]
    return keys


def _parts(connection: Connection, near: Mapping[str, int]) -> Iterator[tuple[Sequence[str], Integers]]:
    """Yield the cards and the moments of answers that are near, some at a time."""
    yield (), np.zeros(0, dtype=np.int64)
    (last,) = LAST.first(connection, {}) or (None,)
    for after in range(0, last or 0, AT_A_TIME):
        part = {**near, "after": after, "through": after + AT_A_TIME}
        yield _taken_apart(connection, part) or _row_by_row(connection, part)


def _taken_apart(connection: Connection, part: Mapping[str, int]) -> tuple[Sequence[str], Integers] | None:
    """Return cards and moments, or None where the database writes no texts or these cannot be taken apart."""
    texts = TEXTS.get(connection.dialect.name)
    ids, moments = (texts and texts.first(connection, part)) or (None, None)
    if ids is None or moments is None:
        return None
    names, at = ids.split(BETWEEN_IDS), np.fromstring(moments, dtype=np.int64, sep=BETWEEN_MOMENTS)
    return (names, at) if len(names) == len(at) else None  # an id from elsewhere may hold what is in between


def _row_by_row(connection: Connection, part: Mapping[str, int]) -> tuple[Sequence[str], Integers]:
    rows = ROWS.all(connection, part)
    return [card_id for card_id, _ in rows], np.array([at for _, at in rows], dtype=np.int64)
