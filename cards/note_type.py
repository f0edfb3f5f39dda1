"""What an Anki note type is, and the parts that every kind's note type shares.

A learner's collection knows a note type by its id, and its fields and templates by theirs. If one of them
changes after a release, Anki makes a second note type beside the first and stops updating the notes of the
old one, for good. So ids are literals, fields are never removed, and each type has two spare fields for
what we have not thought of.

A template or the style may change: set `revised` to the day of the change, and Anki takes the new one,
unless the learner has edited theirs since.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cards.card import Card


@dataclass(frozen=True)
class NoteField:
    """A field: its id, for ever, and its name."""

    id: int
    name: str


@dataclass(frozen=True)
class NoteTemplate:
    """What makes one card of a note: its id, for ever, its name, and Anki's HTML for each side."""

    id: int
    name: str
    front: str
    back: str


@dataclass(frozen=True)
class NoteType:
    """A note type.

    Attributes:
        id: For ever.
        name: What the learner sees in Anki.
        fields: In order; the first is what Anki sorts and searches for duplicates by.
        templates: In order.
        revised: When a template or the style last changed, in UTC.
        cloze: Whether Anki makes the cards from `{{c1::…}}` in the first field.
    """

    id: int
    name: str
    fields: tuple[NoteField, ...]
    templates: tuple[NoteTemplate, ...]
    revised: datetime
    cloze: bool = False

    @property
    def css(self) -> str:
        """The style of its cards, one for all note types."""
        return Path(__file__).with_name("note_type.css").read_text(encoding="utf-8")


# The small print under an answer. `text:` takes the address out of its HTML, so that `&amp;` reads `&`.
SMALL_PRINT = """
<footer>
{{#Link}}<a href="{{text:Link}}">{{Section}}</a>{{/Link}}{{^Link}}{{Section}}{{/Link}}
{{#Sources}}<span>{{Sources}}</span>{{/Sources}}
{{#Checked}}<span>facts checked {{Checked}}</span>{{/Checked}}
</footer>"""


def small_print(card: Card, link: str) -> dict[str, str]:
    """Return the fields that every note type has, as HTML: what `SMALL_PRINT` shows, and the card's id.

    Args:
        card: The card.
        link: The address of the card in its section; empty leaves the section's title without a link.
    """
    return shared_print(card.section_title, card.sources, card.as_of) | own_print(card.id, link)


def shared_print(section_title: str, sources: Iterable[str], as_of: str) -> dict[str, str]:
    """Return those of the fields that the cards of a section mostly have in common."""
    return {
        "Section": escape(section_title),
        "Sources": escape("; ".join(sources)),
        "Checked": escape(as_of),
    }


def own_print(card_id: str, link: str) -> dict[str, str]:
    """Return those of the fields that no two cards have in common."""
    return {"Link": escape(link), "CardId": escape(card_id)}
