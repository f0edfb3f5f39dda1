"""What a kind of card is, and where kinds are found.

A kind is a module `cards/kinds/<name>.py` with one member, `KIND`; nothing else registers it. It says what
an author writes, what can be wrong with that, what a learner sees on each side, and how the card is laid
out in Anki.

The book renders each part of a card to sanitised HTML and hands it over as *fields*; a kind never sees
markdown.
"""

from __future__ import annotations

import difflib
import importlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, NamedTuple

if TYPE_CHECKING:
    from cards.card import Card
    from cards.note_type import NoteType

KINDS = Path(__file__).parent / "kinds"

Fields = Mapping[str, str]
Options = Mapping[str, str]

NO_OPTIONS: Options = MappingProxyType({})


class UnknownKindError(LookupError):
    """No kind has this name; the message offers the nearest one."""


class Finding(NamedTuple):
    """One thing that is wrong with a card: the code that `check` prints, a sentence, and how to mend it."""

    code: str
    message: str
    hint: str


class Faces(NamedTuple):
    """The two sides of a card, as HTML."""

    front: str
    back: str


class Kind(ABC):
    """A kind of card.

    Attributes:
        name: The name of its file.
        directive: What an author writes after `:::`.
        title: What a learner reads.
        parts: What stands between the `---` lines of its block, in order; these are the names of its fields.
        optional_parts: The parts that may be left out.
        options: The directive's options that it understands.
        note_type: How it is laid out in Anki.
    """

    name: ClassVar[str]
    directive: ClassVar[str]
    title: ClassVar[str]
    parts: ClassVar[tuple[str, ...]]
    optional_parts: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[frozenset[str]] = frozenset()
    note_type: ClassVar[NoteType]

    @abstractmethod
    def check(self, fields: Fields, options: Options = NO_OPTIONS) -> list[Finding]:
        """Return all that is wrong; empty when the card can be asked. A missing part counts as empty."""

    @abstractmethod
    def faces(self, fields: Fields) -> Faces:
        """Return what is shown before and after the answer, for fields that have passed `check`."""

    @abstractmethod
    def note_fields(self, card: Card) -> dict[str, str]:
        """Return the values of the note type's fields by name, as HTML; a field that is not named is empty.

        Fields that every note type has (`cards.note_type.small_print`) are filled elsewhere.
        """


def names() -> list[str]:
    """List every kind, by file name, without importing any."""
    return sorted(path.stem for path in KINDS.glob("*.py") if not path.stem.startswith("_"))


@cache
def get(name: str) -> Kind:
    """Import one kind.

    Raises:
        UnknownKindError: If no file has that name.
    """
    if name not in names():
        close = difflib.get_close_matches(name, names(), n=1)
        hint = f"Did you mean '{close[0]}'?" if close else f"There are {', '.join(names())}."
        raise UnknownKindError(f"There is no kind of card called '{name}'. {hint}")
    kind = importlib.import_module(f"cards.kinds.{name}").KIND
    if not isinstance(kind, Kind):
        raise TypeError(f"cards/kinds/{name}.py: KIND is a {type(kind).__name__}, not a Kind.")
    return kind


@cache
def by_directive() -> Mapping[str, Kind]:
    """Return every kind under the name of its directive."""
    return MappingProxyType({get(name).directive: get(name) for name in names()})
