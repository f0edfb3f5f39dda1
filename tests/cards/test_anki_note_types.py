"""Whose a note type in Anki is, and the notes that are ours by it, in whatever a collection holds."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from cards.anki.ours import card_named, note_type_of, note_types
from cards.anki.reading.note_types import named_cards
from cards.kind import get, names

RECALL = get("recall").note_type
FIELDS = [field.name for field in RECALL.fields]
MODEL = {"id": RECALL.id, "name": "Cards", "flds": [{"name": name} for name in FIELDS]}
SCHEMA = """
CREATE TABLE col (models TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY, guid, mid, flds);
"""


def test_every_kind_has_a_note_type_that_is_known_by_its_id_its_name_or_its_fields() -> None:
    assert len(note_types()) == len({ours.id for ours in note_types()}) == len(names())
    for ours in note_types():
        fields = [field.name for field in ours.fields]
        assert note_type_of(ours.id, "?") is ours
        assert note_type_of(7, ours.name) is ours
        assert note_type_of(7, f"{ours.name}++") is ours
        assert note_type_of(7, f"{ours.name}-1a2b3") is ours
        known = note_type_of(7, "?", ["Mine", *reversed(fields)])
        assert known is not None
        assert set(fields) >= {field.name for field in known.fields}
        assert note_type_of(7, "?", fields[1:]) is not ours


@pytest.mark.parametrize("name", ["Trading cards", "Martingale recall 2", "My Martingale recall", "", "+"])
def test_a_name_that_only_resembles_ours_is_a_strangers(name: str) -> None:
    assert note_type_of(7, name, ["CardId", "Front", "Back"]) is None


@pytest.mark.parametrize(
    ("value", "card_id"), [("one", "one"), (" one ", "one"), ("a&amp;b", "a&b"), ("&nbsp;", ""), ("", "")]
)
def test_a_field_is_html(value: str, card_id: str) -> None:
    assert card_named(value) == card_id


def read(models: object, *notes: tuple[object, object, object]) -> dict[str, str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        connection.execute("INSERT INTO col VALUES (?)", [models])
        connection.executemany("INSERT INTO notes (guid, mid, flds) VALUES (?, ?, ?)", notes)
        return named_cards(connection)


def values(card_id: str) -> str:
    return "\x1f".join(card_id if name == "CardId" else "" for name in FIELDS)


def test_a_note_is_known_by_its_field_where_its_guid_is_not_ours() -> None:
    notes = [
        ("abc", RECALL.id, values("one")),
        ("martingale:two", RECALL.id, values("another")),  # its GUID says which one it is
        ("def", RECALL.id, values("")),
        ("ghi", RECALL.id, "too\x1ffew"),
        ("jkl", 7, values("one")),
        (b"mno", RECALL.id, values("one")),
        (3, RECALL.id, values("one")),
        ("pqr", RECALL.id, b"\x1f\x1f"),
    ]
    assert read(json.dumps({"1": MODEL}), *notes) == {"abc": "one"}


@pytest.mark.parametrize(
    "models",
    [
        None,
        "",
        "{",
        "[]",
        "7",
        b"{}",
        "[" * 100_000,
        '{"1": 7}',
        '{"1": {"id": "x", "name": "n", "flds": []}}',
        '{"1": {"id": 1, "name": "n", "flds": 7}}',
        '{"1": {"id": 1, "name": "n", "flds": [7]}}',
        '{"1": {"id": 1e999, "name": "n", "flds": []}}',
        json.dumps({"1": MODEL | {"id": 2**70}}),
        json.dumps({"1": MODEL | {"flds": [{"name": "Front"}]}}),
    ],
)
def test_note_types_that_are_not_as_anki_writes_them_are_nobodys(models: object) -> None:
    assert read(models, ("abc", RECALL.id, values("one"))) == {}
