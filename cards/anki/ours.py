"""Which note types in a learner's Anki are ours, and which card a note of theirs is, where no GUID says so.

A note that came in a package has our GUID. One that was added by AnkiConnect, copied by the learner, or read
from a text file has a GUID of Anki's; there its field `CardId` says which card it is. Anybody may have a
field of that name, so it is believed only in a note type of ours. Learners rename note types, AnkiConnect
gives those that it makes ids of its own, and an import appends to names that are taken. So one is ours

- if its id is;
- or if its name is, but for `+` or `-1a2b3` at its end, by which Anki tells note types of one name apart;
- or if it has every field of one of ours, the spare ones too.

Left out: a note type whose field `CardId` has another name.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import TYPE_CHECKING

from cards.kind import get, names

if TYPE_CHECKING:
    from collections.abc import Collection

    from cards.note_type import NoteType

ID = "CardId"
_TOLD_APART = re.compile(r"\++$|-[0-9a-f]{5}$")


@cache
def note_types() -> tuple[NoteType, ...]:
    """Return the note types of all kinds."""
    return tuple(get(name).note_type for name in names())


def note_type_of(number: int | None, name: str, fields: Collection[str] = ()) -> NoteType | None:
    """Return which of our note types one of Anki's is, or None if it is somebody else's.

    Args:
        number: Its id in Anki, if that is known.
        name: Its name in Anki.
        fields: The names of its fields, if they are known.
    """
    plain = _TOLD_APART.sub("", name)
    for ours in note_types():
        if number == ours.id or plain == ours.name:
            return ours
    has = set(fields)
    return next((ours for ours in note_types() if has.issuperset(one.name for one in ours.fields)), None)


def card_named(value: str) -> str:
    """Return the id of the card that a field `CardId` names, or nothing."""
    return unescape(value).strip()
