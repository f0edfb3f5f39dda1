"""What pushing the book's cards to a running Anki would change: found out by asking, before anything is done.

A card's note is the one of our note types (`cards.anki.ours`) whose field `CardId` holds its id, however it
came to be there; where none does, the one with the number that a package gave it. Its text is written again
only if the card's has changed after the note last did: what the learner has edited since stays, as it does
with a package. The small print, which nobody edits, is kept as the book has it. Tags of ours are added where
they are missing, and those of a section that the card has left are taken away; others are not touched. A note
that the learner has given another note type is theirs.

Left out: which notes have our GUID, of which AnkiConnect does not tell. A note that the learner has copied,
or that another program has added, is updated like any; to the import of a package it is another.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from cards.anki.connect import VERSION, ConnectError
from cards.anki.identity import note_guid, past_millisecond
from cards.anki.note import Notes
from cards.anki.ours import ID, card_named, note_type_of
from cards.kind import get

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from cards.anki.connect import Anki
    from cards.anki.parts import Note
    from cards.card import Card
    from cards.note_type import NoteType

SOME = 500  # notes that are asked for at a time
SECTION_TAGS = "martingale::"
SMALL_PRINT = frozenset({"Section", "Link", "Sources", "Checked", ID})
WITH_A_CARD = f"{ID}:_*"  # the search for all notes that say which card they are, ours or not


@dataclass(frozen=True)
class Change:
    """What is to change about a note that Anki has.

    Attributes:
        number: The note's id in Anki.
        fields: The fields that are to change, by name.
        media: The files that it shows then, by name.
        added: Tags that it lacks.
        removed: Tags that it has too many.
    """

    number: int
    fields: Mapping[str, str]
    media: Mapping[str, bytes]
    added: frozenset[str]
    removed: frozenset[str]


@dataclass
class Plan:
    """What a push would do.

    Attributes:
        modified: When the content of each card last changed, by id.
        base_url: The app's address, for links back into the book.
        fields: Fields to be added, by the name of their note type in Anki.
        styles: Note types whose templates or style are not the book's, by their names in Anki.
        new: Cards to be added, in the order of the book.
        changed: Notes to be changed.
        unchanged: How many notes are as they should be.
        edited: How many notes differ, but were edited in Anki after the book's card last changed.
        doubled: How many notes of a card there are beside its first, in all.
        elsewhere: How many cards have a note to which the learner has given another note type.
    """

    modified: Mapping[str, datetime]
    base_url: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    styles: dict[str, NoteType] = field(default_factory=dict)
    new: list[Card] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    edited: int = 0
    doubled: int = 0
    elsewhere: int = 0


def plan(anki: Anki, cards: Iterable[Card], *, modified: Mapping[str, datetime], base_url: str) -> Plan:
    """Find out what a push would do.

    Args:
        anki: The running Anki.
        cards: The cards, each id once.
        modified: When the content of each card last changed, by id, with a time zone.
        base_url: The app's address without a slash at its end, or empty.

    Raises:
        ConnectError: If Anki cannot be asked.
        UnknownKindError: If a card is of a kind that is not there.
    """
    version = anki.ask("version")
    if not isinstance(version, int) or version < VERSION:
        raise ConnectError(f"Anki's add-on AnkiConnect is of version {version}; update it to {VERSION}.")
    found, cards = Plan(modified, base_url), sorted(cards, key=lambda card: card.order)
    note_types = _note_types(anki)
    there = _notes(anki, found, note_types)
    wanted = {get(card.kind).note_type.id for card in cards}
    for name, ours in note_types.items():
        if ours.id in wanted:
            _compare_note_type(anki, found, name, ours)
    lost = _by_number(anki, [card.id for card in cards if card.id not in there])
    for card in cards:
        info = there.get(card.id) or lost.get(card.id)
        if info is None:
            found.new.append(card)
        elif info["modelName"] in note_types:
            _compare(found, card, info)
        else:
            found.elsewhere += 1
    return found


def _note_types(anki: Anki) -> dict[str, NoteType]:
    """Return the note types in Anki that are ours by their id or name, by the names that they have there."""
    numbers = anki.ask("modelNamesAndIds")
    if not isinstance(numbers, dict) or not all(isinstance(number, int) for number in numbers.values()):
        raise _nonsense("modelNamesAndIds")
    found = {name: note_type_of(number, name) for name, number in numbers.items()}
    return {name: ours for name, ours in found.items() if ours is not None}


def _compare_note_type(anki: Anki, found: Plan, name: str, ours: NoteType) -> None:
    fields = _texts(anki.ask("modelFieldNames", modelName=name), "modelFieldNames")
    lacking = [one.name for one in ours.fields if one.name not in fields]
    if lacking:
        found.fields[name] = lacking
    if not is_styled(anki, name, ours):
        found.styles[name] = ours


def is_styled(anki: Anki, name: str, ours: NoteType) -> bool:
    """Whether a note type in Anki has the templates and the style that the book has for it."""
    templates = anki.ask("modelTemplates", modelName=name)
    style = anki.ask("modelStyling", modelName=name)
    wanted = {one.name: {"Front": one.front, "Back": one.back} for one in ours.templates}
    return bool(templates == wanted and style == {"css": ours.css})


def _numbers(anki: Anki) -> list[int]:
    numbers = anki.ask("findNotes", query=WITH_A_CARD)
    if not isinstance(numbers, list) or not all(isinstance(number, int) for number in numbers):
        raise _nonsense("findNotes")
    return sorted(numbers)


def _notes(anki: Anki, found: Plan, note_types: dict[str, NoteType]) -> dict[str, dict[str, Any]]:
    """Return the notes that there are, by the id of their card; of several with one id the first.

    A note type that turns out to be ours by its fields is added to `note_types`.
    """
    there: dict[str, dict[str, Any]] = {}
    for some in _parts(_numbers(anki)):
        for info in _infos(anki, some):
            name, fields = info["modelName"], info["fields"]
            ours = note_types.get(name) or note_type_of(None, name, fields)
            if ours is None or ID not in fields:
                continue
            note_types.setdefault(name, ours)
            if there.setdefault(card_named(fields[ID]["value"]), info) is not info:
                found.doubled += 1
    return there


def _by_number(anki: Anki, card_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the notes of cards that no field names, by the number that they got from a package."""
    lost: dict[str, dict[str, Any]] = {}
    numbers = {past_millisecond(note_guid(card_id)): card_id for card_id in card_ids}
    for some in _parts(numbers):
        for info in _infos(anki, some):
            card_id = numbers.get(info["noteId"])
            if card_id and not card_named(info["fields"].get(ID, {}).get("value", "")):
                lost[card_id] = info
    return lost


def _infos(anki: Anki, numbers: list[int]) -> list[dict[str, Any]]:
    infos = anki.ask("notesInfo", notes=numbers)
    try:
        for info in infos:
            if info and not _is_a_note(info):
                raise _nonsense("notesInfo")
        return [info for info in infos if info]  # a note that was deleted meanwhile is an empty one
    except (TypeError, KeyError, AttributeError) as error:
        raise _nonsense("notesInfo") from error


def _is_a_note(info: dict[str, Any]) -> bool:
    return (
        all(isinstance(one, dict) for one in info["fields"].values())
        and isinstance(info["fields"].get(ID, {}).get("value", ""), str)
        and isinstance(info["noteId"], int)
        and isinstance(info["modelName"], str)
        and isinstance(info.get("mod") or 0, int | float)
    )


def _compare(found: Plan, card: Card, info: dict[str, Any]) -> None:
    changed = found.modified[card.id]
    note = Notes(found.base_url).of(card)
    ours = frozenset(note.tags.split())
    there = {name: _composed(one.get("value")) for name, one in info["fields"].items()}
    differing = {name: value for name, value in _fields(card, note) if there.get(name) != _composed(value)}
    is_newer = changed.timestamp() > (info.get("mod") or 0)
    fields = {name: value for name, value in differing.items() if is_newer or name in SMALL_PRINT}
    tags = frozenset(info.get("tags") or ())
    added = ours - tags
    removed = frozenset(tag for tag in tags - ours if tag.startswith(SECTION_TAGS))
    if fields or added or removed:
        found.changed.append(Change(info["noteId"], fields, note.media, added, removed))
    elif differing:
        found.edited += 1
    else:
        found.unchanged += 1


def _fields(card: Card, note: Note) -> Iterator[tuple[str, str]]:
    names = (one.name for one in get(card.kind).note_type.fields)
    return zip(names, note.fields, strict=True)


def _composed(text: str | None) -> str:
    """A text with its characters composed, as Anki keeps it."""
    return unicodedata.normalize("NFC", text or "")


def _texts(result: object, action: str) -> list[str]:
    if not isinstance(result, list) or not all(isinstance(one, str) for one in result):
        raise _nonsense(action)
    return result


def _nonsense(action: str) -> ConnectError:
    return ConnectError(f"Anki's answer makes no sense ({action}); update the add-on AnkiConnect.")


def _parts(numbers: Iterable[int]) -> Iterator[list[int]]:
    left = iter(numbers)
    while some := list(islice(left, SOME)):
        yield some
