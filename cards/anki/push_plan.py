"""What pushing the book's cards to a running Anki would change: found out by asking, before anything is done.

A card's note is the one of our note types whose field `CardId` holds its id, however it came to be there. Its
text is written again only if the card's has changed after the note last did: what the learner has edited
since stays, as it does with a package. The small print, which nobody edits, is kept as the book has it. Tags
of ours are added where they are missing, and those of a section that the card has left are taken away; others
are not touched.

Left out: notes' GUIDs, which AnkiConnect cannot set. A note that was pushed is another to the import of a
package; one that was imported is updated by a push. So whoever does both begins with a package.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from cards.anki.connect import VERSION, ConnectError
from cards.anki.note import deck_name, note_of
from cards.anki.package import BOOK_TITLE
from cards.kind import get

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from cards.anki.connect import Anki
    from cards.card import Card
    from cards.note_type import NoteType

SOME = 500  # notes that are asked for at a time
SECTION_TAGS = "martingale::"
ID = "CardId"
SMALL_PRINT = frozenset({"Section", "Link", "Sources", "Checked", ID})


@dataclass(frozen=True)
class Pushed:
    """A note as Anki is to have it.

    Attributes:
        card_id: Its card.
        deck: The name of the deck that it goes to, if it is new.
        note_type: The name of its note type.
        fields: Its fields by name.
        tags: Its tags.
        media: The files that it shows, by name.
    """

    card_id: str
    deck: str
    note_type: str
    fields: Mapping[str, str]
    tags: frozenset[str]
    media: Mapping[str, bytes]


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
        decks: Decks to be made.
        note_types: Note types to be made.
        fields: Fields to be added, by the name of their note type.
        styles: Note types whose templates or style are not the book's.
        new: Notes to be added, in the order of the book.
        changed: Notes to be changed.
        unchanged: How many notes are as they should be.
        edited: How many notes differ, but were edited in Anki after the book's card last changed.
        doubled: How many notes of a card there are beside its first, in all.
    """

    decks: list[str] = field(default_factory=list)
    note_types: list[NoteType] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    styles: list[NoteType] = field(default_factory=list)
    new: list[Pushed] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    edited: int = 0
    doubled: int = 0


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
    found, cards = Plan(), sorted(cards, key=lambda card: card.order)
    _note_types(anki, found, {card.kind: get(card.kind).note_type for card in cards}.values())
    there = _notes(anki, found, {note_type.name for note_type in found.note_types}, cards)
    for card in cards:
        note = _pushed(card, modified[card.id], base_url)
        _compare(found, note, there.get(note.fields[ID]), modified[card.id])
    decks = set(_texts(anki.ask("deckNames"), "deckNames"))
    found.decks = [deck for deck in dict.fromkeys(note.deck for note in found.new) if deck not in decks]
    return found


def _note_types(anki: Anki, found: Plan, note_types: Iterable[NoteType]) -> None:
    names = set(_texts(anki.ask("modelNames"), "modelNames"))
    for note_type in note_types:
        if note_type.name not in names:
            found.note_types.append(note_type)
            continue
        fields = _texts(anki.ask("modelFieldNames", modelName=note_type.name), "modelFieldNames")
        lacking = [one.name for one in note_type.fields if one.name not in fields]
        if lacking:
            found.fields[note_type.name] = lacking
        if not _is_styled(anki, note_type):
            found.styles.append(note_type)


def _is_styled(anki: Anki, note_type: NoteType) -> bool:
    templates = anki.ask("modelTemplates", modelName=note_type.name)
    style = anki.ask("modelStyling", modelName=note_type.name)
    ours = {one.name: {"Front": one.front, "Back": one.back} for one in note_type.templates}
    return bool(templates == ours and style == {"css": note_type.css})


def _notes(anki: Anki, found: Plan, missing: set[str], cards: Sequence[Card]) -> dict[str, dict[str, Any]]:
    """Return the notes that there are, by the id of their card; of several with one id the first."""
    names = dict.fromkeys(get(card.kind).note_type.name for card in cards)
    of_types = " OR ".join(f'"note:{name}"' for name in names if name not in missing)
    if not of_types:
        return {}
    numbers = anki.ask("findNotes", query=f"({of_types}) {ID}:_*")
    if not isinstance(numbers, list) or not all(isinstance(number, int) for number in numbers):
        raise _nonsense("findNotes")
    there: dict[str, dict[str, Any]] = {}
    for some in _parts(sorted(numbers)):
        for info in _infos(anki, some):
            if there.setdefault(info["fields"][ID]["value"], info) is not info:
                found.doubled += 1
    return there


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
        and isinstance(info["fields"][ID]["value"], str)
        and isinstance(info["noteId"], int)
        and isinstance(info.get("mod") or 0, int | float)
    )


def _pushed(card: Card, changed: datetime, base_url: str) -> Pushed:
    note = note_of(card, modified=changed, base_url=base_url)
    names = (one.name for one in get(card.kind).note_type.fields)
    return Pushed(
        card.id,
        deck_name(BOOK_TITLE, card.track_title, card.section_title),
        note.model.name,
        dict(zip(names, note.fields, strict=True)),
        frozenset(note.tags),
        note.media,
    )


def _compare(found: Plan, note: Pushed, info: dict[str, Any] | None, changed: datetime) -> None:
    if info is None:
        found.new.append(note)
        return
    there = {name: _composed(one.get("value")) for name, one in info["fields"].items()}
    differing = {name: value for name, value in note.fields.items() if there.get(name) != _composed(value)}
    is_newer = changed.timestamp() > (info.get("mod") or 0)
    fields = {name: value for name, value in differing.items() if is_newer or name in SMALL_PRINT}
    tags = frozenset(info.get("tags") or ())
    added = note.tags - tags
    removed = frozenset(tag for tag in tags - note.tags if tag.startswith(SECTION_TAGS))
    if fields or added or removed:
        found.changed.append(Change(info["noteId"], fields, note.media, added, removed))
    elif differing:
        found.edited += 1
    else:
        found.unchanged += 1


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
