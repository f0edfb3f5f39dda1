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

from cards.instance import NOBODY, Instance

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
    """One thing that is wrong with a card.

    Attributes:
        code: The code that `check` prints.
        message: A sentence.
        hint: How to mend it.
        option: The option that is at fault, if one is.
        span: Where in that option's value it stands; `None` for all of it.
        words: Words of the card's text that are at fault, if any are.
    """

    code: str
    message: str
    hint: str
    option: str = ""
    span: tuple[int, int] | None = None
    words: str = ""


class Faces(NamedTuple):
    """The two sides of a card, as HTML."""

    front: str
    back: str


class Example(NamedTuple):
    """What any card of a kind needs besides a text in each part: words in that text, and options."""

    words: str = ""
    options: Options = NO_OPTIONS


class Kind(ABC):
    """A kind of card.

    Attributes:
        name: The name of its file.
        directive: What an author writes after `:::`.
        title: What a learner reads.
        parts: What stands between the `---` lines of its block, in order; these are the names of its fields.
        optional_parts: The parts that may be left out.
        options: The directive's options that it understands; `None` where `check` judges their names too.
        example: What makes any text a card of it.
        asks_for_guess: Whether it is answered with a guess, from which the grade follows.
        is_remembered: Whether it is graded as memory; if not, it is never kept, nor asked at the desk as one.
        note_type: How it is laid out in Anki.
    """

    name: ClassVar[str]
    directive: ClassVar[str]
    title: ClassVar[str]
    parts: ClassVar[tuple[str, ...]]
    optional_parts: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[frozenset[str] | None] = frozenset()
    example: ClassVar[Example] = Example()
    asks_for_guess: ClassVar[bool] = False
    is_remembered: ClassVar[bool] = True
    note_type: ClassVar[NoteType]

    @abstractmethod
    def check(self, fields: Fields, options: Options = NO_OPTIONS) -> list[Finding]:
        """Return all that is wrong; empty when the card can be asked. A missing part counts as empty."""

    @abstractmethod
    def faces(self, fields: Fields) -> Faces:
        """Return what is shown before and after the answer, for fields that have passed `check`."""

    def instance(self, card: Card, learner: int = NOBODY, repetition: int = 0) -> Instance:
        """Return what a card asks this time, which for most kinds is what it always asks.

        Args:
            card: The card.
            learner: Who is asked, by id.
            repetition: How often they have answered it; below 0 for what is asked beside the schedule.
        """
        del learner, repetition
        return Instance(*self.faces(card.fields))

    def media(self, card: Card) -> dict[str, bytes]:
        """Return the files that a card's note shows in Anki, by the bare names that its fields use."""
        del card
        return {}

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
