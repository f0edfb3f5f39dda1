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
from typing import TYPE_CHECKING

import numpy as np

from cards.anki.identity import card_of
from cards.anki.reading.database import explained
from cards.anki.reading.log import Unread, moments
from cards.anki.reading.note_types import named_cards

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Mapping
    from datetime import datetime

    from cards.replay.columns import Integers
    from cards.store.arrivals import Arriving

CARDS = (
    "SELECT cards.id, cards.ord, notes.guid FROM cards JOIN notes ON notes.id = cards.nid "
    "WHERE typeof(cards.id) = 'integer'"  # a table of a stranger's need not be Anki's own
)
NOTES = "SELECT count(*) FROM notes"
ROWS = "SELECT count(*) FROM revlog"

FIRST_ANKI = 1_159_999_200_000  # 2006-10-05, in milliseconds since 1970: nothing was reviewed in Anki before
A_DAY_AHEAD = 86_400_000  # by which a clock elsewhere may be fast
FOREIGN, BACKWARDS, UNKNOWN = -1, -2, -3  # stand for a card of ours where Anki's is none that is asked for
NOBODY = (np.iinfo(np.int64).max, FOREIGN)  # the last of Anki's cards, so that every number has one after it


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

    arrivals: Arriving
    notes: int
    foreign_notes: int
    foreign: int
    backwards: int
    unknown: int
    misdated: int
    uncounted: int


@explained()
def found_in(connection: sqlite3.Connection, known: Container[str], now: datetime) -> Found:
    """Return the reviews in a collection, to be read in full while it is open.

    Args:
        connection: To the collection.
        known: The cards that are asked for, by id.
        now: The present, in UTC.

    Raises:
        PackageError: The collection is damaged, or its log holds what is no number.
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
    cid, at = moments(connection)
    of_others = {**dict.fromkeys(unknown, UNKNOWN), **dict.fromkeys(backwards, BACKWARDS)}
    card = _translated(cid, {**of_others, **cards})
    is_dated = (at >= FIRST_ANKI) & (at <= int(now.timestamp() * 1000) + A_DAY_AHEAD)
    ours = np.flatnonzero((card >= 0) & is_dated)
    return Found(
        arrivals=Unread(list(numbers), card[ours], at[ours], log_at=at, place=ours, connection=connection),
        notes=len(notes),
        foreign_notes=all_notes - len(notes),
        foreign=int((card == FOREIGN).sum()),
        backwards=int((card == BACKWARDS).sum()),
        unknown=int((card == UNKNOWN).sum()),
        misdated=int(((card >= 0) & ~is_dated).sum()),
        uncounted=all_rows - len(cid),
    )


def _translated(cid: Integers, whose: Mapping[int, int]) -> Integers:
    """Return the number of our card for each of Anki's numbers."""
    names, ours = np.array([*whose.items(), NOBODY], dtype=np.int64).T
    order = np.argsort(names)
    names, ours = names[order], ours[order]
    place = np.searchsorted(names, cid)
    return np.where(names[place] == cid, ours[place], FOREIGN)
