"""The notes in a collection that are ours by their note type and their field `CardId`, not by their GUID.

Anki's schema 11 has note types as JSON in `col.models`; since schema 15 they have tables of their own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from cards.anki.field import FIELD_SEPARATOR
from cards.anki.identity import OURS
from cards.anki.ours import ID, card_named, note_type_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

# Numbers are those of Anki's tables; a stranger's need not hold numbers, and such rows are nobody's.
FIELDS = (
    "SELECT notetypes.id, notetypes.name, fields.name FROM notetypes "
    "JOIN fields ON fields.ntid = notetypes.id "
    "WHERE typeof(notetypes.id) = 'integer' ORDER BY notetypes.id, fields.ord"
)
NOTES = (
    "SELECT guid, flds FROM notes WHERE mid = ? AND typeof(guid) = 'text' AND typeof(flds) = 'text' "
    "AND substr(guid, 1, length(?)) <> ?"  # most GUIDs are ours, and then the fields are not read
)
LARGEST_BITS = 64  # of a number in a table, with its sign


class Kept(NamedTuple):
    """A note type as a collection has it: its id, its name, and the names of its fields in order."""

    number: int
    name: str
    fields: list[str]


def named_cards(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the cards of the notes that are ours although their GUID is not, by that GUID.

    Raises:
        sqlite3.Error: The collection is damaged.
    """
    cards: dict[str, str] = {}
    for kept in _note_types(connection):
        if ID not in kept.fields or note_type_of(*kept) is None:
            continue
        place = kept.fields.index(ID)
        for guid, values in connection.execute(NOTES, [kept.number, OURS, OURS]):
            fields = values.split(FIELD_SEPARATOR, place + 1)
            card_id = card_named(fields[place]) if len(fields) > place else ""
            if card_id:
                cards[guid] = card_id
    return cards


def _note_types(connection: sqlite3.Connection) -> Iterator[Kept]:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if {"notetypes", "fields"} <= tables:
        by_number: dict[int, Kept] = {}
        for number, name, field in connection.execute(FIELDS):
            by_number.setdefault(number, Kept(number, str(name), [])).fields.append(str(field))
        yield from by_number.values()
    elif "models" in {column for _, column, *_ in connection.execute("PRAGMA table_info(col)")}:
        (written,) = connection.execute("SELECT models FROM col").fetchone()
        yield from _from_json(written)


def _from_json(written: object) -> Iterator[Kept]:
    """Go through the note types in `col.models`; what is not as Anki writes it is left out."""
    try:
        models = json.loads(written) if isinstance(written, str) else {}
        values = list(models.values())
    except (ValueError, AttributeError, RecursionError):
        return
    for model in values:
        try:
            kept = Kept(int(model["id"]), str(model["name"]), [str(field["name"]) for field in model["flds"]])
        except (TypeError, ValueError, KeyError, OverflowError):
            continue
        if kept.number.bit_length() < LARGEST_BITS:
            yield kept
