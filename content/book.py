"""The whole book: its sections in their order, and what only shows when they stand side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from cards.card import Card, Deck
from cards.evidence import Evidence
from content.blocks import Block, CardBlock, ConservationBlock, ProblemBlock, Section, Term
from content.context import Named
from content.definitions import Glossary, Sources
from content.front_matter import LAST, FrontMatter
from content.hints import track_hint
from content.problems import Code, Problem
from content.section import Draft
from content.slug import is_the_apps
from content.word import Word


@dataclass(frozen=True)
class Track:
    """A run of sections on one theme."""

    slug: str
    title: str
    order: int = LAST
    summary: str = ""


@dataclass(frozen=True)
class Book:
    """The book as it is on disk.

    Attributes:
        sections: By track, then by their order within it.
        tracks: The tracks that have sections, in order.
        shelves: The slugs of the tracks that have a folder of their own.
        by_slug: The sections by slug.
        deck: All cards by id, in the order of the book.
        glossary: Every term by slug.
        citations: Every source by id, as sanitised HTML.
        redirects: The slugs that sections had before, and those they have now.
        evidence: The evidence that readers are to foresee, by id.
        problems: All that is wrong with it, by file, line and column.
        fingerprint: Of the files that it was read from (`content.files.fingerprint`).
    """

    sections: tuple[Section, ...] = ()
    tracks: tuple[Track, ...] = ()
    shelves: frozenset[str] = frozenset()
    by_slug: Mapping[str, Section] = field(default_factory=dict)
    deck: Deck = field(default_factory=dict)
    glossary: Mapping[str, Term] = field(default_factory=dict)
    citations: Mapping[str, str] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    fingerprint: str = ""


def bind(
    drafts: Sequence[Draft],
    tracks: Mapping[str, FrontMatter],
    glossary: Glossary,
    sources: Sources,
    problems: Iterable[Problem],
) -> Book:
    """Put drafts in their order, number their cards, and check what must be unique in the book.

    Args:
        drafts: The sections, each slug once.
        tracks: What the file of each track says, by the track's slug.
        glossary: The terms of the book.
        sources: Its sources.
        problems: What is wrong with files that are not sections.
    """
    shelf = _tracks(drafts, tracks)
    places = {track.slug: place for place, track in enumerate(shelf)}
    ordered = sorted(drafts, key=lambda draft: _place(draft.section, places))
    redirects, clashes = _redirects(ordered)
    deck: dict[str, Card] = {}
    taken: dict[str, str] = {}
    numbered = [
        _number_cards(draft, deck, taken, shelf[places[draft.section.track]], sources) for draft in ordered
    ]
    lonely = _lonely_families(ordered, deck)
    shelves = _shelves(drafts, tracks)
    sections = []
    for draft, section in zip(ordered, numbered, strict=True):
        bound = _with_terms_and_sources(section, glossary.used_by(draft.terms), sources)
        found = [
            *_unknown_track(draft, shelves),
            *clashes.get(section.slug, []),
            *lonely.get(section.slug, []),
        ]
        sections.append(_with_problems(bound, found))
    wrong = {*problems, *(problem for section in sections for problem in section.problems)}
    return Book(
        sections=tuple(sections),
        tracks=shelf,
        shelves=shelves,
        by_slug=MappingProxyType({section.slug: section for section in sections}),
        deck=MappingProxyType(deck),
        glossary=MappingProxyType({slug: entry.term for slug, entry in glossary.entries.items()}),
        citations=MappingProxyType(dict(sources.citations)),
        redirects=MappingProxyType(redirects),
        evidence=MappingProxyType({one.id: one for section in sections for one in section.evidence}),
        problems=tuple(sorted(wrong)),
    )


def names_of(openings: Mapping[str, tuple[str, Sequence[Word]]]) -> dict[str, Named]:
    """Return every name by which a section can be found.

    Args:
        openings: Title and former slugs of each section, by its slug.
    """
    names: dict[str, Named] = {}
    for slug, (title, former) in openings.items():
        for word in former:
            names.setdefault(word.text, Named(slug, title))
    return names | {slug: Named(slug, title) for slug, (title, _) in openings.items()}


def _tracks(drafts: Sequence[Draft], files: Mapping[str, FrontMatter]) -> tuple[Track, ...]:
    tracks = []
    for slug in {draft.section.track for draft in drafts}:
        front = files.get(slug, FrontMatter())
        title = front.title or slug.replace("-", " ").capitalize()
        tracks.append(Track(slug, title, front.order, front.summary))
    return tuple(sorted(tracks, key=lambda track: (track.order, track.slug)))


def _shelves(drafts: Sequence[Draft], files: Iterable[str]) -> frozenset[str]:
    """The tracks that there are: a folder of that name has a file about it, or a section that names it."""
    named = ((draft.track.text, Path(draft.section.path).parent.name) for draft in drafts if draft.track)
    return frozenset(files) | {track for track, folder in named if track == folder}


def _unknown_track(draft: Draft, shelves: frozenset[str]) -> list[Problem]:
    """Find a track without a folder; a book that has no folders for its tracks may call them as it likes."""
    word = draft.track
    if word is None or not shelves or word.text in shelves:
        return []
    message = f"The book has no track '{word.text}'."
    hint = track_hint(word.text, shelves)
    return [Problem(draft.section.path, word.line, word.column, Code.UNKNOWN_TRACK, message, hint)]


def _place(section: Section, tracks: Mapping[str, int]) -> tuple[int, int, str]:
    return tracks[section.track], section.order, section.slug


def _number_cards(
    draft: Draft, deck: dict[str, Card], taken: dict[str, str], track: Track, sources: Sources
) -> Section:
    """Give each card its place in the book; the second of two blocks with one id is held back.

    Args:
        draft: The section.
        deck: The cards of the sections before it, to which its own are added.
        taken: What has each id that is taken, in words, to which its own are added.
        track: Its track.
        sources: The sources of the book.
    """
    section = draft.section
    cited = tuple(sources.name_of(name) for name in section.sources if name in sources.citations)
    words = {word.line: word for word in draft.ids}
    blocks: list[Block] = []
    duplicates: list[Problem] = []
    for block in section.blocks:
        if not isinstance(block, CardBlock | ConservationBlock):
            blocks.append(block)
            continue
        named = block.card if isinstance(block, CardBlock) else block.evidence
        if named.id in taken:
            duplicates.append(_duplicate(section, words[named.line], taken[named.id]))
            blocks.append(ProblemBlock(duplicates[-1]))
            continue
        what = "card" if isinstance(block, CardBlock) else "check"
        taken[named.id] = f"the {what} in {section.path}:{named.line}"
        if isinstance(block, CardBlock):
            card = replace(block.card, order=len(deck), track_title=track.title, sources=cited)
            deck[card.id] = card
            blocks.append(CardBlock(card))
        else:
            blocks.append(block)
    return replace(section, blocks=tuple(blocks), problems=tuple(sorted((*section.problems, *duplicates))))


def _with_terms_and_sources(section: Section, terms: Mapping[str, Term], sources: Sources) -> Section:
    cited = ((name, sources.citations[name]) for name in section.sources if name in sources.citations)
    return replace(section, terms=MappingProxyType(dict(terms)), citations=tuple(cited))


def _duplicate(section: Section, word: Word, first: str) -> Problem:
    message = f"The id '{word.text}' is taken by {first}."
    hint = "give the newer of the two another id; an id is for ever"
    return Problem(section.path, word.line, word.column, Code.DUPLICATE_ID, message, hint)


def _redirects(drafts: Sequence[Draft]) -> tuple[dict[str, str], dict[str, list[Problem]]]:
    """Collect former slugs; one that another section has, or has had, is a problem."""
    slugs = {draft.section.slug for draft in drafts}
    redirects: dict[str, str] = {}
    clashes: dict[str, list[Problem]] = {}
    for draft in drafts:
        for word in draft.redirects:
            slug = draft.section.slug
            owner = word.text if word.text in slugs else redirects.get(word.text, slug)
            message = f"The redirect '{word.text}' is an address of the section '{owner}'."
            if is_the_apps(word.text):
                message = f"The redirect '{word.text}' is the app's own address."
            elif owner == slug and word.text not in slugs:
                redirects[word.text] = slug
                continue
            problem = Problem(
                draft.section.path, word.line, word.column, Code.DUPLICATE_SECTION, message, "delete it"
            )
            clashes.setdefault(slug, []).append(problem)
    return redirects, clashes


def _lonely_families(drafts: Sequence[Draft], deck: Deck) -> dict[str, list[Problem]]:
    """Find families of one card, which parts it from nothing: by the section that names them."""
    sizes = Counter(card.family for card in deck.values())
    lonely: dict[str, list[Problem]] = {}
    for draft in drafts:
        for word in draft.families:
            if sizes[word.text] == 1:
                message = f"The family '{word.text}' has only this card."
                hint = "name the same family on the cards whose answers it gives away, or drop the option"
                problem = Problem(
                    draft.section.path, word.line, word.column, Code.LONELY_FAMILY, message, hint
                )
                lonely.setdefault(draft.section.slug, []).append(problem)
    return lonely


def _with_problems(section: Section, problems: Sequence[Problem]) -> Section:
    if not problems:
        return section
    shown = tuple(ProblemBlock(problem) for problem in problems)
    return replace(
        section,
        blocks=(*shown, *section.blocks),
        problems=tuple(sorted((*section.problems, *problems))),
    )
