"""The reviews in a collection, and whose they are.

A note is ours if its GUID is (`cards.anki.identity`), or if its note type is and its field says which card
it is (`cards.anki.ours`). Of a note that asks both ways Anki has two cards, and we have one memory: only the
first card's reviews are the same question. Two notes of one card are one card.

What counts as a review is what counts for Anki's own FSRS: an answer with a button, in learning, review,
relearning, or a filtered deck that reschedules. Dates that were set by hand and cards that were crammed have
rows in the same log, and do not count.

Left out: that a card was reset in Anki ("Forget"), after which Anki begins its memory anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from cards.anki.identity import card_of
from cards.anki.reading.note_types import named_cards
from cards.anki.reading.problem import PackageError
from cards.store.arrivals import Arrivals

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Iterable
    from datetime import datetime

    from cards.replay.columns import Integers

CARDS = (
    "SELECT cards.id, cards.ord, notes.guid FROM cards JOIN notes ON notes.id = cards.nid "
    "WHERE typeof(cards.id) = 'integer'"  # a table of a stranger's need not be Anki's own
)
NOTES = "SELECT count(*) FROM notes"
ROWS = "SELECT count(*) FROM revlog"
FILTERED = 3  # the kind of a review in a filtered deck; its factor is 0 where it did not reschedule
COUNTS = f"ease BETWEEN 1 AND 4 AND type BETWEEN 0 AND {FILTERED} AND NOT (type = {FILTERED} AND factor = 0)"
REVIEWS = f"SELECT cid, id, ease, time, lastIvl FROM revlog WHERE {COUNTS}"  # noqa: S608 - our own constant
COLUMNS = 5

FIRST_ANKI = 1_159_999_200_000  # 2006-10-05, in milliseconds since 1970: nothing was reviewed in Anki before
A_DAY_AHEAD = 86_400_000  # by which a clock elsewhere may be fast
LONGEST_ANSWER = 3_600_000  # milliseconds
LONGEST_INTERVAL = 36_500  # days


@dataclass(frozen=True)
class Found:
    """What a collection holds.

    Attributes:
        arrivals: The reviews of our cards.
        notes: How many of its notes are ours, of those with a card.
        foreign_notes: How many notes are not.
        foreign: Reviews of notes that are not ours, and of cards that are no longer there.
        backwards: Reviews of the second card of a note, which asks the other way round.
        unknown: Reviews of cards of ours that the book does not have.
        misdated: Reviews from before Anki or after the present.
        uncounted: Rows of the log that are no reviews.
    """

    arrivals: Arrivals
    notes: int
    foreign_notes: int
    foreign: int
    backwards: int
    unknown: int
    misdated: int
    uncounted: int


def found_in(connection: sqlite3.Connection, known: Container[str], now: datetime) -> Found:
    """Return the reviews in a collection.

    Args:
        connection: To the collection.
        known: The cards that are asked for, by id.
        now: The present, in UTC.

    Raises:
        PackageError: The log holds what is no number.
        sqlite3.Error: The collection is damaged.
    """
    cards: dict[int, int] = {}  # the number of each of our cards, by the number that Anki gives it
    numbers: dict[str, int] = {}  # the same by its id
    notes: set[str] = set()
    backwards: set[int] = set()
    unknown: set[int] = set()
    named = named_cards(connection)
    for number, place, guid in connection.execute(CARDS):
        card_id = card_of(guid) or named.get(guid)
        if card_id is None:
            continue
        notes.add(guid)
        if place:
            backwards.add(number)
        elif card_id not in known:
            unknown.add(number)
        else:
            cards[number] = numbers.setdefault(card_id, len(numbers))
    (all_notes,), (all_rows,) = connection.execute(NOTES).fetchone(), connection.execute(ROWS).fetchone()
    cid, at, rating, elapsed, interval = _columns(connection)
    is_ours = np.isin(cid, _numbers(cards))
    is_dated = (at >= FIRST_ANKI) & (at <= int(now.timestamp() * 1000) + A_DAY_AHEAD)
    ours = is_ours & is_dated
    names = np.array(sorted(cards), dtype=np.int64)
    places = np.array([cards[number] for number in names.tolist()], dtype=np.int64)
    of_others = np.isin(cid, _numbers(backwards)), np.isin(cid, _numbers(unknown))
    return Found(
        arrivals=Arrivals(
            list(numbers),
            card=places[np.searchsorted(names, cid[ours])],
            at=at[ours],
            rating=rating[ours],
            elapsed_ms=np.clip(elapsed[ours], 0, LONGEST_ANSWER),
            interval=np.clip(interval[ours], 0, LONGEST_INTERVAL),
        ),
        notes=len(notes),
        foreign_notes=all_notes - len(notes),
        foreign=int((~is_ours & ~of_others[0] & ~of_others[1]).sum()),
        backwards=int(of_others[0].sum()),
        unknown=int(of_others[1].sum()),
        misdated=int((is_ours & ~is_dated).sum()),
        uncounted=all_rows - len(cid),
    )


def _columns(connection: sqlite3.Connection) -> list[Integers]:
    try:
        numbers = np.fromiter(chain.from_iterable(connection.execute(REVIEWS)), dtype=np.int64)
    except (TypeError, ValueError, OverflowError) as error:
        raise PackageError("The review log in the package holds something that is no number.") from error
    return list(numbers.reshape(-1, COLUMNS).T)


def _numbers(cards: Iterable[int]) -> Integers:
    return np.array(list(cards), dtype=np.int64)
