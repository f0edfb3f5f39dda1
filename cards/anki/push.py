"""Pushing the book's cards to a running Anki: what was planned is done, piece by piece.

Each piece leaves Anki in order, and what is there already is found by the next plan. So a push that was
broken off is simply repeated, and goes on from where it was.
"""

from __future__ import annotations

from base64 import b64encode
from itertools import islice
from typing import TYPE_CHECKING

from cards.anki.connect import ConnectError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cards.anki.connect import Anki
    from cards.anki.push_plan import Change, Plan, Pushed
    from cards.note_type import NoteType

SOME = 100  # notes that are added at a time, which takes about half a second


def _ignore(_done: int) -> None:
    """Nobody waits."""


def push(anki: Anki, plan: Plan, *, restyle: bool = False, done: Callable[[int], None] = _ignore) -> None:
    """Do what was planned.

    Args:
        anki: The running Anki.
        plan: What is to be done.
        restyle: Whether templates and styles that are not the book's are replaced.
        done: Told how many notes are done, now and then.

    Raises:
        ConnectError: If Anki refuses or breaks off; the message says how far it came.
    """
    notes = 0
    try:
        for note_type in plan.note_types:
            _make(anki, note_type)
        for name, fields in plan.fields.items():
            for field in fields:
                anki.ask("modelFieldAdd", modelName=name, fieldName=field)
        for note_type in plan.styles if restyle else ():
            _restyle(anki, note_type)
        for deck in plan.decks:
            anki.ask("createDeck", deck=deck)
        new = iter(plan.new)
        while some := list(islice(new, SOME)):
            _add(anki, some)
            notes += len(some)
            done(notes)
        for change in plan.changed:
            _change(anki, change)
            notes += 1
            done(notes)
    except ConnectError as error:
        raise ConnectError(f"{error} {_so_far(notes)}") from error


def _so_far(notes: int) -> str:
    if not notes:
        return "No note was pushed."
    were = "note was" if notes == 1 else "notes were"
    return f"{notes:,} {were} pushed until then; push again to go on from there."


def _make(anki: Anki, note_type: NoteType) -> None:
    anki.ask(
        "createModel",
        modelName=note_type.name,
        inOrderFields=[one.name for one in note_type.fields],
        css=note_type.css,
        isCloze=note_type.cloze,
        cardTemplates=[
            {"Name": one.name, "Front": one.front, "Back": one.back} for one in note_type.templates
        ],
    )


def _restyle(anki: Anki, note_type: NoteType) -> None:
    templates = {one.name: {"Front": one.front, "Back": one.back} for one in note_type.templates}
    anki.ask("updateModelTemplates", model={"name": note_type.name, "templates": templates})
    anki.ask("updateModelStyling", model={"name": note_type.name, "css": note_type.css})


def _add(anki: Anki, notes: list[Pushed]) -> None:
    for note in notes:
        _store(anki, note.media)
    added = anki.ask("addNotes", notes=[_described(note) for note in notes])
    refused = [note.card_id for note, number in zip(notes, _numbers(added), strict=False) if number is None]
    if refused or not isinstance(added, list) or len(added) != len(notes):
        raise ConnectError(f"Anki did not add every note; the card '{(refused or [''])[0]}' is the first.")


def _numbers(added: object) -> Iterable[object]:
    return added if isinstance(added, list) else ()


def _described(note: Pushed) -> dict[str, object]:
    # Two cards may ask the same in two sections; which note is a card's, its id says.
    return {
        "deckName": note.deck,
        "modelName": note.note_type,
        "fields": note.fields,
        "tags": sorted(note.tags),
        "options": {"allowDuplicate": True},
    }


def _change(anki: Anki, change: Change) -> None:
    if change.fields:
        _store(anki, change.media)
        anki.ask("updateNoteFields", note={"id": change.number, "fields": change.fields})
    if change.added:
        anki.ask("addTags", notes=[change.number], tags=" ".join(sorted(change.added)))
    if change.removed:
        anki.ask("removeTags", notes=[change.number], tags=" ".join(sorted(change.removed)))


def _store(anki: Anki, media: Mapping[str, bytes]) -> None:
    """Store files that are not there yet: a name tells the content, so one that is there is right."""
    for name, data in media.items():
        if not anki.ask("getMediaFilesNames", pattern=name):
            anki.ask("storeMediaFile", filename=name, data=b64encode(data).decode())
