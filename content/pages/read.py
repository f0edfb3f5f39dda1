"""A section: prose in one column, its simulations and cards where they belong, notes in the margin."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import streamlit as st

from cards.pages import claim, place, record
from cards.pages.session import present
from cards.remembered import is_remembered
from content.blocks import (
    Block,
    CardBlock,
    ConservationBlock,
    Heading,
    LedgerBlock,
    ProblemBlock,
    Prose,
    Section,
    SimBlock,
)
from content.library import Book
from content.pages import learner
from content.pages.prose import prose
from content.pages.words import counted
from content.problems import Problem
from sim.pages.panel import panel
from sim.pages.specimen import address

USED_TERM = re.compile(r'data-term="([^"]+)"')


def page(book: Book, section: Section) -> None:
    """Show one section of the book."""
    prose(_opening(book, section), key=f"{section.slug}-opening")
    claim.before(section.cards)
    for number, block in enumerate(section.blocks):
        _show(section, block, f"{section.slug}-{number}")
    claim.after(section.cards)
    place.keep(section.cards)
    prose(_closing(book, section), key=f"{section.slug}-closing")


def _show(section: Section, block: Block, key: str) -> None:
    match block:
        case Prose(html):
            prose(html, key=key, terms=_terms(section, html))
        case SimBlock():
            _simulation(section.slug, block)
        case CardBlock(card) if is_remembered(card):
            place.card(card)
        case CardBlock(card):
            claim.card(card)
        case ConservationBlock(evidence):
            claim.evidence(evidence)
        case LedgerBlock():
            prose(record.shown(present()), key=key)
        case ProblemBlock(problem):
            prose(_problem(problem), key=key)


def _terms(section: Section, html: str) -> dict[str, Any]:
    used = {name for name in USED_TERM.findall(html) if name in section.terms}
    return {name: section.terms[name]._asdict() for name in sorted(used)}


@st.fragment
def _simulation(slug: str, block: SimBlock) -> None:
    """Show a simulation. What the reader says of it concerns nothing else on the page."""
    panel(
        block.toy,
        block_id=block.id,
        settings=block.settings,
        controls=block.controls,
        predict=block.predict,
        ask=block.ask,
        caption=block.caption,
        seed=block.seed,
        guess=learner.guess(block),
        query=st.query_params.to_dict(),
        on_guess=learner.record_guess,
        counterexamples=learner.counterexamples(slug, block),
        lab=address(block.toy),
    )


def _opening(book: Book, section: Section) -> str:
    track = next(track.title for track in book.tracks if track.slug == section.track)
    facts = [escape(track), counted(section.minutes, "minute")]
    if section.to_remember:
        facts.append(counted(len(section.to_remember), "card"))
    if section.claims:
        facts.append(counted(len(section.claims), "claim"))
    return (
        f"{_contents(section.headings)}"
        f'<div id="top"><p class="ui">{" · ".join(facts)}</p><h1>{escape(section.title)}</h1>'
        f'<p class="stand">{escape(section.summary)}</p></div>{_problems(section)}'
    )


def _contents(headings: tuple[Heading, ...]) -> str:
    items = "".join(
        f'<li><a href="#{escape(heading.anchor)}">{escape(heading.text)}</a></li>'
        for heading in headings
        if heading.level == 2  # noqa: PLR2004 - HTML's own name for the heading below the title
    )
    return f'<nav class="contents ui" aria-label="In this section"><ol>{items}</ol></nav>' if items else ""


def _problems(section: Section) -> str:
    """The list of what is wrong with the file, for its author; nothing where nothing is."""
    if not section.problems:
        return ""
    count = len(section.problems)
    items = "".join(f"<li>{_sentence(problem)}</li>" for problem in section.problems)
    title = "One problem in this section" if count == 1 else f"{count} problems in this section"
    return f'<div class="problems ui" role="status"><p><strong>{title}</strong></p><ul>{items}</ul></div>'


def _problem(problem: Problem) -> str:
    return f'<div class="problem ui" role="note">{_sentence(problem)}</div>'


def _sentence(problem: Problem) -> str:
    hint = f" ({escape(problem.hint)})" if problem.hint else ""
    return f"<span>Line {problem.line}:</span> {escape(problem.message)}{hint}"


def _closing(book: Book, section: Section) -> str:
    citations = "".join(f'<li id="source-{escape(name)}">{html}</li>' for name, html in section.citations)
    sources = (
        f'<section class="sources ui"><h2>Sources</h2><ul>{citations}</ul></section>' if citations else ""
    )
    checked = f'<p class="ui">Facts checked {escape(section.as_of)}.</p>' if section.as_of else ""
    return f"{sources}{checked}{_onward(book, section)}"


def _onward(book: Book, section: Section) -> str:
    after = book.sections[book.sections.index(section) + 1 :]
    if not after:
        return ""
    return (
        '<p class="offer onward"><span class="ui tag-understand">Next</span>'
        f'<a href="/{after[0].slug}">{escape(after[0].title)}</a></p>'
    )


def crumb(book: Book, section: Section) -> str:
    """Where a section stands: "Beliefs · 2 of 6"."""
    track = next(track for track in book.tracks if track.slug == section.track)
    beside = [other.slug for other in book.sections if other.track == section.track]
    return f"{track.title} · {beside.index(section.slug) + 1} of {len(beside)}"
