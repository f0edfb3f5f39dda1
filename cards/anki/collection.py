"""An Anki collection with our notes in it, as the bytes of an SQLite file.

genanki builds the note types, the decks, and the cards that each note has. The tables are filled here,
because genanki 0.13 stamps every note with the time of the export, so that each import overwrites the
learner's own edits; leaves out the scheduler's version, so that Anki takes the file for one from before its
buttons changed; and writes row by row through a temporary file that it never deletes. This database is made
in memory, with all notes in one statement; 10,000 of them take about 10 MB.

Left out: scheduling. All cards arrive new, and Anki ignores the schedule of a card that it already has.
Anki works out sort fields and checksums as it imports.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING, Any

import genanki
from genanki.apkg_col import APKG_COL
from genanki.apkg_schema import APKG_SCHEMA

from cards.anki.field import FIELD_SEPARATOR
from cards.anki.identity import FIRST_MILLISECOND, Numbers, past_millisecond

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

# Anki counts a review's days from 04:00 on the collection's first day. New cards have none, so any past day
# serves.
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
VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')
"""


class Model(genanki.Model):  # type: ignore[misc]  # genanki ships no types
    """A note type that knows when it was last revised."""

    def __init__(self, *, revised: datetime, **given: Any) -> None:  # noqa: ANN401 - genanki's own
        super().__init__(**given)
        self.revised = int(revised.timestamp())


class Note(genanki.Note):  # type: ignore[misc]  # genanki ships no types
    """A note that knows when its content last changed, the files that it shows by name, and its number."""

    def __init__(
        self,
        *,
        modified: datetime,
        media: Mapping[str, bytes],
        **given: Any,  # noqa: ANN401 - genanki's own
    ) -> None:
        super().__init__(**given)
        self.modified = int(modified.timestamp())
        self.media = media
        self.number = 0  # given by the collection, in which it must be unique


class Collection(genanki.Package):  # type: ignore[misc]  # genanki ships no types
    """A package of decks of `Note`, whose database has all that Anki reads."""

    def to_bytes(self, now: datetime) -> bytes:
        """Return the collection as an SQLite file, dated `now`."""
        with closing(sqlite3.connect(":memory:")) as connection:
            self.write_to_db(connection.cursor(), now.timestamp(), count(1))
            connection.commit()
            return connection.serialize()

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        """Fill an empty database."""
        del id_gen  # genanki's numbers count from the clock; ours come from the cards' ids
        tables, first, indexes = APKG_SCHEMA.partition("CREATE INDEX")
        cursor.executescript(tables)
        cursor.executescript(APKG_COL)
        self._fill_collection(cursor, milliseconds=int(timestamp * 1000))
        self._fill_notes(cursor)
        # An index is made from a full table in less time than it is kept while the table fills.
        cursor.executescript(first + indexes)

    def _fill_collection(self, cursor: sqlite3.Cursor, milliseconds: int) -> None:
        conf, decks = map(json.loads, cursor.execute("SELECT conf, decks FROM col").fetchone())
        used = {note.model.model_id: note.model for deck in self.decks for note in deck.notes}
        models = {
            str(key): model.to_json(model.revised, self.decks[0].deck_id) for key, model in used.items()
        }
        decks |= {str(deck.deck_id): deck.to_json() for deck in self.decks}
        cursor.execute(
            "UPDATE col SET crt = ?, mod = ?, scm = ?, conf = ?, models = ?, decks = ?",
            (
                CREATED,
                milliseconds,
                milliseconds,
                json.dumps(conf | SCHEDULER),
                json.dumps(models),
                json.dumps(decks),
            ),
        )

    def _fill_notes(self, cursor: sqlite3.Cursor) -> None:
        numbers = Numbers()
        for deck in self.decks:
            for note in deck.notes:
                note.number = numbers.claim(past_millisecond(note.guid))
        cursor.executemany(NEW_NOTE, self._note_rows())
        cursor.executemany(NEW_CARD, self._card_rows())

    def _note_rows(self) -> Iterator[tuple[int, str, int, int, str, str]]:
        for deck in self.decks:
            for note in deck.notes:
                tags, fields = f" {' '.join(note.tags)} ", FIELD_SEPARATOR.join(note.fields)
                yield note.number, note.guid, note.model.model_id, note.modified, tags, fields

    def _card_rows(self) -> Iterator[tuple[int, int, int, int, int, int]]:
        numbers = Numbers()
        for deck in self.decks:
            for note in deck.notes:
                for card in note.cards:
                    number = numbers.claim(note.number + card.ord)
                    yield number, note.number, deck.deck_id, card.ord, note.modified, note.due
