"""What a section is once it has been read: plain, frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cards.remembered import claims, is_remembered
from sim.guess import Ask

if TYPE_CHECKING:
    from cards.card import Card
    from cards.evidence import Evidence
    from content.problems import Problem


class Term(NamedTuple):
    """An entry of the glossary: the term as it is written there, and its definition as sanitised HTML."""

    title: str
    html: str


@dataclass(frozen=True)
class Prose:
    """A run of prose as sanitised HTML; caveats, asides, tables and footnotes are inside it."""

    html: str


@dataclass(frozen=True)
class SimBlock:
    """A simulation in its place.

    Attributes:
        id: Unique within the section, stable while its order is: "belief_walk-1".
        toy: The toy's name, as its file is called.
        settings: What the author fixed, already checked against the toy's `Config`.
        controls: The settings that the reader may move, in order; empty means all.
        predict: The fact that the reader is asked to guess first, or empty.
        caption: Sanitised inline HTML.
        line: The line of its opening fence, counted from 1.
        seed: The seed of the run that the author had in mind.
        ask: How the guess is asked for.
    """

    id: str
    toy: str
    settings: Mapping[str, float | str]
    controls: tuple[str, ...] = ()
    predict: str = ""
    caption: str = ""
    line: int = 0
    seed: int = 0
    ask: Ask = field(default_factory=Ask)


@dataclass(frozen=True)
class CardBlock:
    """A card in its place."""

    card: Card


@dataclass(frozen=True)
class ConservationBlock:
    """Evidence to be foreseen, in its place."""

    evidence: Evidence


@dataclass(frozen=True)
class LedgerBlock:
    """The reader's own record, in its place; `line` is that of its opening fence."""

    line: int = 0


@dataclass(frozen=True)
class ProblemBlock:
    """Something that could not be rendered, shown where it stands."""

    problem: Problem


Block = Prose | SimBlock | CardBlock | ConservationBlock | LedgerBlock | ProblemBlock


@dataclass(frozen=True)
class Heading:
    """A heading of a section: its text, its anchor, and its level (2 or 3)."""

    text: str
    anchor: str
    level: int


@dataclass(frozen=True)
class Section:
    """One file of the book.

    Attributes:
        slug: The file's name, for ever; also its address.
        title: The question it answers.
        track: The slug of its track.
        order: Its place within the track.
        summary: One sentence.
        sources: Ids of `content/sources.md`.
        as_of: The month its facts were checked ("2026-11"), or empty.
        path: Where the file lies.
        blocks: What to show, in order.
        headings: For the table of contents.
        problems: All that is wrong with it, in order of line.
        words: Words of prose, for the reading time.
        redirects: Slugs that the section had before; their links still lead here.
        terms: The glossary's entries that it uses, and those that their definitions use, by slug.
        citations: Its sources in order: id and sanitised HTML.
    """

    slug: str
    title: str
    track: str
    order: int
    summary: str
    path: str
    blocks: tuple[Block, ...]
    sources: tuple[str, ...] = ()
    as_of: str = ""
    headings: tuple[Heading, ...] = ()
    problems: tuple[Problem, ...] = ()
    words: int = 0
    redirects: tuple[str, ...] = ()
    terms: Mapping[str, Term] = field(default_factory=lambda: MappingProxyType({}))
    citations: tuple[tuple[str, str], ...] = ()

    @property
    def cards(self) -> tuple[Card, ...]:
        """The section's cards, in order."""
        return tuple(block.card for block in self.blocks if isinstance(block, CardBlock))

    @property
    def to_remember(self) -> tuple[Card, ...]:
        """Those of its cards that are graded as memory, in order."""
        return tuple(card for card in self.cards if is_remembered(card))

    @property
    def claims(self) -> tuple[Card, ...]:
        """Those of its cards that are claims, in order."""
        return tuple(claims(self.cards))

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What its readers are to foresee, in order."""
        return tuple(block.evidence for block in self.blocks if isinstance(block, ConservationBlock))

    @property
    def minutes(self) -> int:
        """Minutes to read it, at 220 words a minute."""
        return max(1, round(self.words / 220))
