"""What a card is once the book has been read: plain data with its faces already rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cards.settled import Settled

LONGEST_ID = 200  # characters, of a card's id and of those that browsers make up
SHELF_LIFE = 24  # months, unless the section's front matter says another number


@dataclass(frozen=True)
class Card:
    """One card, as the book hands it down.

    All HTML is sanitised. Maths is marked, not rendered: `<span class="math inline">TeX</span>` and
    `<div class="math block">TeX</div>`, with the TeX escaped as text.

    Attributes:
        id: Written by the author, unique in the book, for ever. Identity never depends on the text.
        kind: The name of its file in `cards/kinds`.
        section: The slug of the section it stands in.
        section_title: That section's title.
        track: The track's slug.
        track_title: The track's title, which names the Anki sub-deck.
        order: Its place in the book, counted from 0.
        fields: The kind's fields, as HTML.
        front: The side that asks.
        back: The side that answers.
        text_hash: A digest of the fields: changes exactly when the content changes.
        tags: Hierarchical, written with `::`.
        as_of: The month its facts were checked ("2026-11"), or empty.
        shelf_life: How many months after that its facts may have changed.
        edition: Of its meaning: raised by its author when it asks, or answers, something else than before.
        path: The markdown file it stands in.
        line: The line of its opening fence, counted from 1.
        options: What its author wrote for its kind.
        sources: What its section rests on, as a reader would name it ("Kwa 2024").
        family: The name that it shares with the cards whose answers it gives away, or empty.
        resolved: How it has turned out, if it is a claim and its author says so.
    """

    id: str
    kind: str
    section: str
    section_title: str
    track: str
    track_title: str
    order: int
    fields: Mapping[str, str]
    front: str
    back: str
    text_hash: str
    tags: tuple[str, ...] = ()
    as_of: str = ""
    path: str = ""
    line: int = 0
    options: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    family: str = ""
    shelf_life: int = SHELF_LIFE
    edition: int = 1
    resolved: Settled | None = None


Deck = Mapping[str, Card]
