"""An Anki collection with our notes in it, as an SQLite file.

genanki builds the note types, the decks, and the cards that each note has (`cards.anki.parts`). The tables
are filled here, because genanki 0.13 stamps every note with the time of the export, so that each import
overwrites the learner's own edits; leaves out the scheduler's version, so that Anki takes the file for one
from before its buttons changed; knows no schedule; and writes row by row. Here the rows of all notes are
made in the book's order, in which the cards lie in memory, and written in that of their numbers; then come
those of their cards; and the log of a million answers is written as the pages of its table
(`cards.anki.btree`).

Left out: sort fields, checksums and indexes. Anki works them out as it imports, and without the indexes it
does so in less time.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from contextlib import closing
from itertools import count
from operator import add, itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import genanki
import numpy as np
from genanki.apkg_col import APKG_COL
from genanki.apkg_schema import APKG_SCHEMA

from cards.anki import btree
from cards.anki.identity import FIRST_MILLISECOND, each_once, note_guid, past_milliseconds
from cards.anki.parts import Deck, Model, Note
from cards.anki.presets import preset, preset_id
from cards.anki.review_log import review_log
from cards.anki.scheduling import unseen
from cards.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from cards.anki.progress import Progress
    from cards.card import Card

    # A card of Anki's: of which of ours, the numbers of its note and deck, its template's place, and when its
    # note last changed.
    Made = tuple[Card, int, int, int, int]

# Anki counts the days of a review from the date on which the collection was made, at the offset from UTC that
# held there. Here both are UTC's, so that a day number is that of a date.
CREATED = FIRST_MILLISECOND // 1000 + 4 * 3600
SCHEDULER = {"schedVer": 2, "sched2021": True, "creationOffset": 0}

# -1 is Anki's update number of whatever has never been synchronised.
NEW_NOTE = """
INSERT INTO notes (id, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data)
VALUES (?, ?, ?, ?, -1, ?, ?, '', 0, 0, '')
"""
NEW_CARD = """
INSERT INTO cards (id, nid, did, ord, mod, usn, type, queue, due,
                   ivl, factor, reps, lapses, left, odue, odid, flags, data)
VALUES (?, ?, ?, ?, ?, -1, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?)
"""
ROOT_OF_LOG = "SELECT rootpage FROM sqlite_master WHERE name = 'revlog'"
# The file is thrown away if it does not become whole.
PRAGMAS = (
    f"page_size = {btree.PAGE}",
    "journal_mode = OFF",
    "synchronous = OFF",
    "locking_mode = EXCLUSIVE",
    "cache_size = -2048",
)
NUMBER = itemgetter(0)  # of a row
NO_ROOM = {sqlite3.SQLITE_FULL: errno.ENOSPC}


class Counts(NamedTuple):
    """How many notes there are, and how many cards Anki makes of them."""

    notes: int = 0
    cards: int = 0


class Collection(genanki.Package):  # type: ignore[misc]  # genanki ships no types
    """A collection of notes in decks, whose database has all that Anki reads.

    Args:
        decks: The decks.
        cards: The cards, in the book's order.
        note_of: Makes a card's note, and says in which deck it is and when its content last changed, in
            seconds since 1970.
        progress: What the learner takes along, if they do.

    Attributes:
        counts: What has been written.
        media: The files that the notes written so far show, by name.
    """

    def __init__(
        self,
        decks: Iterable[Deck],
        cards: Sequence[Card],
        note_of: Callable[[Card], tuple[Note, Deck, int]],
        progress: Progress | None = None,
    ) -> None:
        super().__init__(list(decks))
        self._cards = cards
        self._note_of = note_of
        self._progress = progress
        self._models: dict[int, Model] = {}
        self._first_cards: dict[str, int] = {}  # the number of each card's first card in Anki, by its id
        self.counts = Counts()
        self.media: dict[str, bytes] = {}

    def write(self, path: Path, now: datetime, *, settled_from: Callable[[int], None]) -> None:
        """Write the collection as a new SQLite file, dated `now`.

        Args:
            path: Where to.
            now: The date.
            settled_from: Is called when only the log is missing, with the place of the first byte that will
                not change any more.

        Raises:
            OSError: The file cannot be written.
        """
        try:
            with uncollected(), closing(sqlite3.connect(path, isolation_level=None)) as connection:
                for pragma in PRAGMAS:
                    connection.execute(f"PRAGMA {pragma}")
                connection.execute("BEGIN")
                self.write_to_db(connection.cursor(), now.timestamp(), count(1))
                (log,) = connection.execute(ROOT_OF_LOG).fetchone()
                connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise OSError(NO_ROOM.get(error.sqlite_errorcode, errno.EIO), str(error), str(path)) from error
        if self._progress is not None:
            settled_from(log * btree.PAGE)
            rows = review_log(self._progress.taken, self._first_cards)
            with path.open("r+b") as file:
                btree.fill(file, log, rows.id, rows[1:])

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        """Fill an empty database with all but the log."""
        del id_gen  # genanki's numbers count from the clock; ours come from the cards' ids
        tables, _, _ = APKG_SCHEMA.partition(
            "CREATE INDEX"
        )  # Anki reads each table through, and makes its own
        for statements in (tables, APKG_COL):
            _run(cursor, statements)
        self._fill_cards(cursor, self._fill_notes(cursor))
        self._fill_collection(cursor, milliseconds=int(timestamp * 1000))

    def _fill_notes(self, cursor: sqlite3.Cursor) -> list[Made]:
        """Fill in the notes, and return the cards that Anki makes of them.

        SQLite takes them in the order of their numbers, and cards too, in a third of the time.
        """
        rows: list[tuple[Any, ...]] = []
        made: list[Made] = []
        for card, number in zip(self._cards, _note_numbers(self._cards), strict=True):
            note, deck, modified = self._note_of(card)
            model = note.model
            self._models[model.model_id] = model
            if note.media:
                self.media |= note.media
            rows.append((number, note_guid(card.id), model.model_id, modified, note.tags, note.text))
            made += [
                (card, number, deck.deck_id, template, modified) for template in model.cards_of(note.fields)
            ]
        cursor.executemany(NEW_NOTE, sorted(rows, key=NUMBER))
        self.counts = Counts(len(rows), len(made))
        return made

    def _fill_cards(self, cursor: sqlite3.Cursor, made: list[Made]) -> None:
        """Fill in the cards, and where each stands."""
        cards, *columns = zip(*made, strict=True) if made else [()] * 5
        notes, _, templates, _ = columns
        numbers = each_once(map(add, notes, templates))
        in_order = np.argsort(numbers)
        if self._progress is None:
            stands = unseen([card.order for card in cards])
        else:
            stands = self._progress.stands(cards, templates)
            for card, number in zip(cards, numbers, strict=True):
                self._first_cards.setdefault(card.id, number)
        whole = (np.array(column, dtype=np.int64) for column in (numbers, *columns))
        values = (column[in_order].tolist() for column in (*whole, *stands))
        cursor.executemany(NEW_CARD, zip(*values, strict=True))

    def _fill_collection(self, cursor: sqlite3.Cursor, milliseconds: int) -> None:
        kept = cursor.execute("SELECT conf, decks, dconf FROM col").fetchone()
        conf, decks, presets = map(json.loads, kept)
        models = {
            str(key): model.to_json(model.revised, self.decks[0].deck_id)
            for key, model in self._models.items()
        }
        decks |= {str(deck.deck_id): deck.to_json() for deck in self.decks}
        presets |= {
            str(preset_id(deck.settings)): preset(deck.settings) for deck in self.decks if deck.settings
        }
        cursor.execute(
            "UPDATE col SET crt = ?, mod = ?, scm = ?, conf = ?, models = ?, decks = ?, dconf = ?",
            (
                CREATED,
                milliseconds,
                milliseconds,
                *(json.dumps(each) for each in (conf | SCHEDULER, models, decks, presets)),
            ),
        )


def _note_numbers(cards: Iterable[Card]) -> list[int]:
    """Return the number of each card's note: of two that want the same, the later one gives way."""
    return each_once(past_milliseconds(note_guid(card.id) for card in cards))


def _run(cursor: sqlite3.Cursor, statements: str) -> None:
    """Execute statements inside the transaction, which `executescript` would commit first."""
    for statement in statements.split(";\n"):
        cursor.execute(statement)
