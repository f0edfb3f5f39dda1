"""A small book made of texts, and a section shown as plain text, for the tests of the book."""

from __future__ import annotations

from collections.abc import Callable

from content.blocks import Block, CardBlock, ProblemBlock, Prose, Section, SimBlock
from content.book import Book
from content.library import Library
from content.problems import Problem
from sim.guess import Ask

HEAD = "---\ntitle: A title\ntrack: alpha\norder: 1\nsummary: One sentence.\n---\n"
GLOSSARY = """\
martingale (also: fair game)
: A sequence whose expected next value is its present one; see {term}`variance`.

variance
: How far a quantity strays, $\\sigma^2$, squared.
"""
SOURCES = "kwa-2024\n: Thomas Kwa (2024). [Shortform](https://example.org/a?b=1&c=2).\n"
OTHER = HEAD.replace("A title", "Another *title* & more") + "Text.\n"

MakeLibrary = Callable[..., Library]
ReadSection = Callable[[str], Section]


def small_book(make_library: MakeLibrary, text: str, head: str = HEAD) -> Book:
    """A book of two sections, a glossary of two terms, one source and one figure."""
    return make_library(
        {
            "alpha/here.md": head + text,
            "alpha/elsewhere.md": OTHER.replace("order: 1", "order: 0\nredirects: [formerly]"),
            "glossary.md": GLOSSARY,
            "sources.md": SOURCES,
            "figures/walk.svg": "<svg/>",
        }
    ).load()


def outline(section: Section, source: str) -> str:
    """Show a section as the fixtures do: its blocks in order, then its problems, each with its word."""
    lines = source.split("\n")
    shown = [*map(_block, section.blocks), *(place(problem, lines) for problem in section.problems)]
    return "\n".join(text for text in shown if text) + "\n"


def place(problem: Problem, lines: list[str]) -> str:
    """Show a problem by its code and by the text at its place."""
    return f"! {problem.code} at {lines[problem.line - 1][problem.column - 1 :][:24].rstrip()!r}"


def _block(block: Block) -> str:
    match block:
        case Prose(html):
            return html.rstrip()
        case SimBlock():
            settings = "".join(f" {name}={value:g}" for name, value in block.settings.items())
            return (
                f"[sim {block.id}{settings} controls={','.join(block.controls)} predict={block.predict} "
                f"seed={block.seed}{_ask(block.ask)}] {block.caption}"
            ).rstrip()
        case CardBlock(card):
            fields = "".join(f"\n  {name}: {html}" for name, html in card.fields.items() if html)
            options = "".join(f" {name}={value}" for name, value in card.options.items())
            tags = f" tags={','.join(card.tags)}" if card.tags else ""
            family = f" family={card.family}" if card.family else ""
            edition = f" edition={card.edition}" if card.edition > 1 else ""
            return f"[{card.kind} {card.id}{options}{tags}{family}{edition}]{fields}"
        case ProblemBlock(problem):
            return f"[problem {problem.code}]"


def _ask(ask: Ask) -> str:
    """Show how a guess is asked for; nothing where it is a number."""
    match ask.kind:
        case "number":
            return ""
        case "interval":
            return f" guess=interval@{ask.confidence:g}"
        case "choice":
            ranges = (f"{choice.words!r}={choice.low:g}..{choice.high:g}" for choice in ask.choices)
            return f" guess={'|'.join(ranges)}"
