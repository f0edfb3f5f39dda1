"""Pushing the book's cards to a running Anki: what was planned is done, piece by piece.

New notes travel as a package (`cards.anki.package`), which Anki imports itself: AnkiConnect cannot set a
note's GUID, and a note that it had added would be another to the next package. The package lies among Anki's
media while it is imported, the one place that AnkiConnect can write to and Anki can surely read. What Anki
has already is changed note by note.

Each piece leaves Anki in order, and what is there already is found by the next plan. So a push that was
broken off is simply repeated, and goes on from where it was.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cards.anki.connect import ConnectError, RefusedError
from cards.anki.package import make_package
from cards.anki.push_plan import is_styled
from cards.written import why

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from cards.anki.connect import Anki
    from cards.anki.push_plan import Change, Plan
    from cards.note_type import NoteType

PACKAGE = "_martingale.apkg"  # Anki counts no file as unused whose name begins so, should it be left behind
BY_HAND = "Download the package and import it in Anki: that adds the same notes."


def _ignore(_done: int) -> None:
    """Nobody waits."""


def push(
    anki: Anki, plan: Plan, *, now: datetime, restyle: bool = False, done: Callable[[int], None] = _ignore
) -> None:
    """Do what was planned; what an import has restyled is taken out of the plan.

    Args:
        anki: The running Anki.
        plan: What is to be done.
        now: The present, with a time zone.
        restyle: Whether templates and styles that are not the book's are replaced.
        done: Told how many notes are done, now and then.

    Raises:
        ConnectError: If Anki refuses or breaks off, or there is no room to pack new notes; the message says
            how far it came.
    """
    notes = 0
    try:
        for name, fields in plan.fields.items():
            for field in fields:
                anki.ask("modelFieldAdd", modelName=name, fieldName=field)
        if plan.new:
            _add(anki, plan, now)
            notes += len(plan.new)
            done(notes)
        for name, note_type in plan.styles.items() if restyle else ():
            _restyle(anki, name, note_type)
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


def _add(anki: Anki, plan: Plan, now: datetime) -> None:
    try:
        package = make_package(plan.new, modified=plan.modified, base_url=plan.base_url, now=now)
    except OSError as error:
        raise ConnectError(
            f"The new notes cannot be packed: {why(error)}. Make room for temporary files."
        ) from error
    with _lent(anki, package.data) as path:
        try:
            imported = anki.ask("importPackage", path=path)
        except RefusedError as error:
            raise ConnectError(f"{error} {BY_HAND}") from error
    if imported is not True:
        raise ConnectError(f"Anki did not import the new notes. {BY_HAND}")
    # An import also renews templates and styles that the learner has not edited.
    plan.styles = {name: ours for name, ours in plan.styles.items() if not is_styled(anki, name, ours)}


@contextmanager
def _lent(anki: Anki, data: bytes) -> Iterator[str]:
    """Lay a file among Anki's media, give its path, and take it away again."""
    folder = anki.ask("getMediaDirPath")
    name = anki.ask("storeMediaFile", filename=PACKAGE, data=b64encode(data).decode())
    try:
        yield f"{folder}/{name}"
    except ConnectError:
        with suppress(ConnectError):  # what went wrong first is what is told
            anki.ask("deleteMediaFile", filename=name)
        raise
    anki.ask("deleteMediaFile", filename=name)


def _restyle(anki: Anki, name: str, note_type: NoteType) -> None:
    templates = {one.name: {"Front": one.front, "Back": one.back} for one in note_type.templates}
    anki.ask("updateModelTemplates", model={"name": name, "templates": templates})
    anki.ask("updateModelStyling", model={"name": name, "css": note_type.css})


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
