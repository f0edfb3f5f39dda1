"""The order in which answers count.

An answer that is recorded here counts after all that were recorded before it, whatever its clock said.
Answers that were given elsewhere come later than they were given, all at once, and are merged: whatever their
card has then, they and the ones before, counts by when it was given. What is recorded after a merge counts
after it.

So rows are only ever added, and a log is read in the same order wherever, and however often, it is read.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, select

from cards.store.prepared import Prepared
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection

REVIEW = Row.metadata.tables["review"]
LAST_MERGED = Prepared(
    select(func.max(REVIEW.c.id)).where(
        REVIEW.c.learner_id == bindparam("learner"), REVIEW.c.merged_at.is_not(None)
    )
)
# What a row has to say first, so that it can be put in order.
PLACE = (REVIEW.c.id, REVIEW.c.at, REVIEW.c.merged_at)


def of_card(rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    """Return the rows of one card, each of which begins with `PLACE`, in the order in which they count."""
    recorded = sorted(rows, key=itemgetter(0))
    through = max((number for number, _, merged_at, *_ in recorded if merged_at is not None), default=0)
    merged = sorted((row for row in recorded if row[0] <= through), key=lambda row: (row[1], row[0]))
    return [*merged, *(row for row in recorded if row[0] > through)]


def oldest_first(connection: Connection, learner: int) -> list[ColumnElement[Any]]:
    """Return what puts the answers of all of a learner's cards in order together."""
    (through,) = LAST_MERGED.first(connection, {"learner": learner}) or (None,)
    if through is None:
        return [REVIEW.c.id]
    is_merged = REVIEW.c.id <= through
    return [case((is_merged, 0), else_=1), case((is_merged, REVIEW.c.at), else_=0), REVIEW.c.id]
