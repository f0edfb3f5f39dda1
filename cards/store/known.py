"""Which of the answers that arrive the log has already, taken back or not.

Two answers to one card are the same if they lie within a tenth of a second, whatever their rating: nobody
answers that fast, and what goes through another program may come back with its moment moved by milliseconds,
where that was taken.

All of the log that lies near is compared, a million answers or more. Reading a row as objects costs some
600 ns, half of it the row and not what is in it; so the database writes many rows' cards and moments into two
texts, and the text of cards is taken apart only where it is not the one that is expected.
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
AT_A_TIME = 10_000  # rows of the log
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
    near = {"learner": learner, "first": first, "last": last}
    parts = [np.zeros((2, 0), dtype=np.int64), *_parts(connection, near, _Cards(arrivals))]
    card, at = np.concatenate(parts, axis=1)
    ours = np.sort(((card << width) + at - first)[card != ELSEWHERE])
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


class _Cards:
    """The numbers of the cards that something has arrived for."""

    def __init__(self, arrivals: Arriving) -> None:
        self._numbers = {card_id: number for number, card_id in enumerate(arrivals.card_ids)}
        self._names = np.array(arrivals.card_ids, dtype=object)
        order = np.argsort(arrivals.at, kind="stable")
        self._at, self._card = arrivals.at[order], arrivals.card[order]

    def of(self, ids: Sequence[str]) -> Integers:
        """Return the number of each card, or `ELSEWHERE`."""
        return np.fromiter(map(self._numbers.get, ids, repeat(ELSEWHERE)), np.int64, len(ids))

    def answered(self, at: Integers) -> tuple[Integers, str]:
        """Return the cards that were answered at these moments, or at the next; and their ids as one text.

        Most of the log has arrived too: then its own text is this one, and need not be taken apart.
        """
        card = self._card[np.minimum(np.searchsorted(self._at, at), len(self._at) - 1)]
        return card, BETWEEN_IDS.join(self._names[card].tolist())


def _parts(connection: Connection, near: Mapping[str, int], cards: _Cards) -> Iterator[Integers]:
    """Yield the cards and the moments of answers that are near, some at a time."""
    (last,) = LAST.first(connection, {}) or (None,)
    for after in range(0, last or 0, AT_A_TIME):
        part = {**near, "after": after, "through": after + AT_A_TIME}
        taken = _taken_apart(connection, part, cards)
        yield _row_by_row(connection, part, cards) if taken is None else taken


def _taken_apart(connection: Connection, part: Mapping[str, int], cards: _Cards) -> Integers | None:
    """Return cards and moments, or None where the database writes no texts or these cannot be taken apart."""
    texts = TEXTS.get(connection.dialect.name)
    ids, moments = (texts and texts.first(connection, part)) or (None, None)
    if ids is None or moments is None:
        return None
    at = np.fromstring(moments, dtype=np.int64, sep=BETWEEN_MOMENTS)
    if ids.count(BETWEEN_IDS) + 1 != len(at):  # an id from elsewhere may hold what stands in between
        return None
    card, text = cards.answered(at)
    return np.stack([card if text == ids else cards.of(ids.split(BETWEEN_IDS)), at])


def _row_by_row(connection: Connection, part: Mapping[str, int], cards: _Cards) -> Integers:
    rows = ROWS.all(connection, part)
    return np.stack([cards.of([card_id for card_id, _ in rows]), np.array([at for _, at in rows], np.int64)])
