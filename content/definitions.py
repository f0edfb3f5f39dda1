"""The glossary and the list of sources: markdown definition lists.

    martingale (also: martingales, fair game)
    : A sequence whose expected next value is its present one.

    kwa-2024
    : Thomas Kwa (2024). [Shortform](https://example.org).

The other names of a term are found as the term is. A definition may use other terms; they come along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape

from content.blocks import Term
from content.context import Context, Named, Things
from content.front_matter import FrontMatter, read_front_matter
from content.parse import read_definitions
from content.problems import Code, Problem
from content.reading import Reading
from content.slug import RULE, is_slug, slugify
from content.source import Source
from content.word import Word

_ALSO = re.compile(r"(.*?)\s*\(also:\s*(.*?)\s*\)\s*$", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_AUTHORS_AND_YEAR = re.compile(r"\s*[^()]{1,120}\(\d{4}[a-z]?\)")
_USED_TERM = re.compile(r'data-term="([^"]*)"')


@dataclass(frozen=True)
class Entry:
    """A term, with the slugs of the terms that its definition uses."""

    term: Term
    uses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Glossary:
    """What a glossary file says.

    Attributes:
        entries: Its terms by slug, in the order of the file.
        names: Every name a term can be found by, the slugs included.
        problems: What is wrong with the file.
        asked: What it looked up outside itself, and the answers it got.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    names: Mapping[str, Named] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    asked: Mapping[tuple[Things, str], Named | None] = field(default_factory=dict)

    def over(self, below: Glossary) -> Glossary:
        """Return both glossaries as one; where they disagree, this one is right."""
        return Glossary(
            {**below.entries, **self.entries},
            {**below.names, **self.names},
            (*below.problems, *self.problems),
            {**below.asked, **self.asked},
        )

    def used_by(self, slugs: Iterable[str]) -> dict[str, Term]:
        """Return these terms and all that their definitions lead to."""
        found: dict[str, Term] = {}
        waiting = list(slugs)
        while waiting:
            slug = waiting.pop()
            if slug in self.entries and slug not in found:
                found[slug] = self.entries[slug].term
                waiting += self.entries[slug].uses
        return dict(sorted(found.items()))


@dataclass(frozen=True)
class Sources:
    """What a list of sources says: citations by id, as HTML, and what is wrong with the file."""

    citations: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def name_of(self, source: str) -> str:
        """Return what a reader would call a source: authors and year, or its id where it begins otherwise."""
        text = unescape(_TAG.sub("", self.citations.get(source, "")))
        match = _AUTHORS_AND_YEAR.match(text)
        return match[0].strip() if match else source

    def over(self, below: Sources) -> Sources:
        """Return both lists as one; where they disagree, this one is right."""
        return Sources({**below.citations, **self.citations}, (*below.problems, *self.problems))


def read_glossary(source: Source, context: Context) -> Glossary:
    """Read a glossary; `context` need not know its terms."""
    names = _names(Reading(source, context, front=_front(source)))
    known = {**context.things, Things.TERM: {**context.things.get(Things.TERM, {}), **names}}
    reading = Reading(source, Context(known), front=_front(source))
    entries: dict[str, Entry] = {}
    seen: dict[str, Word] = {}
    for defined in _terms(reading):
        for name in defined.names:
            if name in seen:
                message = f"The term '{name}' is already defined on line {seen[name].line}."
                reading.report(Code.DUPLICATE_ID, defined.place, message, "keep one of the two")
            seen.setdefault(name, defined.place)
        uses = frozenset(_USED_TERM.findall(defined.html))
        entries.setdefault(defined.slug, Entry(Term(defined.title, defined.html), uses))
    asked = {question: answer for question, answer in reading.asked.items() if question[0] is not Things.TERM}
    return Glossary(entries, names, tuple(sorted(reading.problems)), asked)


def read_sources(source: Source, context: Context) -> Sources:
    """Read a list of sources."""
    reading = Reading(source, context, front=_front(source))
    citations: dict[str, str] = {}
    for definition in read_definitions(reading):
        name = definition.name
        if not is_slug(name.text):
            hint = f"use {RULE}, such as '{slugify(name.text)}'"
            reading.report(Code.BAD_ID, name, f"'{name.text}' is not an id.", hint)
        elif name.text in citations:
            message = f"The source '{name.text}' is given twice."
            reading.report(Code.DUPLICATE_ID, name, message, "keep one of the two")
        else:
            citations[name.text] = definition.html
    return Sources(citations, tuple(sorted(reading.problems)))


@dataclass(frozen=True)
class _Defined:
    """A term as it is written: its title, its names (its slug first), where it stands, what it means."""

    title: str
    names: tuple[str, ...]
    place: Word
    html: str

    @property
    def slug(self) -> str:
        return self.names[0]


def _names(reading: Reading) -> dict[str, Named]:
    """Read through a glossary once to learn which terms there are."""
    names: dict[str, Named] = {}
    for defined in _terms(reading):
        for name in defined.names:
            names.setdefault(name, Named(defined.slug, defined.title))
    return names


def _terms(reading: Reading) -> list[_Defined]:
    terms = []
    for definition in read_definitions(reading):
        match = _ALSO.match(definition.title)
        title, also = (match[1], match[2].split(",")) if match else (definition.title, [])
        names = dict.fromkeys(slugify(name) for name in (title, *also) if name.strip())
        terms.append(_Defined(title, tuple(names), definition.name, definition.html))
    return terms


def _front(source: Source) -> FrontMatter:
    return FrontMatter(lines=read_front_matter(source, required=()).lines)
