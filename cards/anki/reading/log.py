"""The review log of a collection, in columns: of all of it the cards and moments, of what is new the rest.

Most of a learner's reviews have come home before, and are known by their cards and moments; the rest of these
need not be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cards.anki.reading.database import explained
from cards.anki.reading.problem import AGAIN, PackageError
from cards.store.arrivals import Arrivals

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    import numpy.typing as npt

    from cards.replay.columns import Integers

FILTERED = 3  # the kind of a review in a filtered deck; its factor is 0 where it did not reschedule
COUNTS = f"ease BETWEEN 1 AND 4 AND type BETWEEN 0 AND {FILTERED} AND NOT (type = {FILTERED} AND factor = 0)"
BEFORE_ALL = -(2**63)  # as a row's number
AT_A_TIME = 20_000  # rows
BETWEEN = ","

LONGEST_ANSWER = 3_600_000  # milliseconds
LONGEST_INTERVAL = 36_500  # days


def moments(connection: sqlite3.Connection) -> tuple[Integers, Integers]:
    """Return of all reviews the number of the card, and when it was answered.

    Raises:
        PackageError: The log holds what is no number.
        sqlite3.Error: The collection is damaged.
    """
    card, at = _columns(connection, ("cid", "id"))
    return card, at


@dataclass(frozen=True, eq=False)
class Unread:
    """Reviews of which so far only the card and the moment have been read, while the collection is open.

    Attributes:
        card_ids: The cards.
        card: [review] which of them was answered.
        at: [review] when, in milliseconds since 1970.
        log_at: The moments of all reviews of the log, as `moments` gives them.
        place: [review] its place among these.
        connection: To the collection.
    """

    card_ids: Sequence[str]
    card: Integers
    at: Integers
    log_at: Integers
    place: Integers
    connection: sqlite3.Connection

    def __len__(self) -> int:
        return len(self.card)

    def these(self, rows: npt.NDArray[np.bool_] | Integers) -> Arrivals:
        """Read some of the reviews in full.

        Raises:
            PackageError: The log holds what is no number, or is damaged.
        """
        card, at, place = self.card[rows], self.at[rows], self.place[rows]
        if not len(at):
            return Arrivals(self.card_ids, card, at, rating=at, elapsed_ms=at, interval=at)
        first, last = int(at.min()), int(at.max())
        span = np.flatnonzero((self.log_at >= first) & (self.log_at <= last))
        with explained():
            rating, elapsed, interval = _columns(self.connection, ("ease", "time", "lastIvl"), (first, last))
        chosen = np.searchsorted(span, place)
        return Arrivals(
            self.card_ids,
            card,
            at,
            rating=rating[chosen],
            elapsed_ms=np.clip(elapsed[chosen], 0, LONGEST_ANSWER),
            interval=np.clip(interval[chosen], 0, LONGEST_INTERVAL),
        )


def _columns(
    connection: sqlite3.Connection, names: Sequence[str], span: tuple[int, int] | None = None
) -> list[Integers]:
    """Return columns of the log, of the reviews of some moments or of all, in the order of their rows.

    A row as an object costs more than what is in it; so SQLite writes each column of many rows into a text.
    """
    texts = ", ".join(f"group_concat({name})" for name in names)
    whole = " AND ".join(f"typeof({name}) = 'integer'" for name in names)
    # With 0 added, what is left to be read is found by its row, and not from the first moment on each time.
    near = "" if span is None else " AND id + 0 BETWEEN ? AND ?"
    part = (
        f"SELECT rowid AS place, {', '.join(names)} FROM revlog "  # noqa: S608 - our own names
        f"WHERE {COUNTS}{near} AND rowid > ? ORDER BY rowid LIMIT {AT_A_TIME}"
    )
    statement = f"SELECT count(*), total({whole}), max(place), {texts} FROM ({part})"  # noqa: S608 - our own names
    parts = [np.zeros((len(names), 0), dtype=np.int64)]
    after = BEFORE_ALL
    while True:
        count, numbers, after, *columns = connection.execute(statement, (*(span or ()), after)).fetchone()
        if not count:
            return list(np.concatenate(parts, axis=1))
        if numbers != count:
            raise _no_number()
        parts.append(np.array([np.fromstring(text, dtype=np.int64, sep=BETWEEN) for text in columns]))


def _no_number() -> PackageError:
    return PackageError(f"The review log in the package holds something that is no number; {AGAIN}.")
