"""Cards on paper: one HTML document of questions with their answers, section by section, black on white.

The document stands by itself beside the app: its own style and a script that typesets formulas and, where a
reader asks for it, prints. A card is never broken between pages, if it fits one. A card that asks something
else each time is printed as it asks nobody in particular.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from cards.kind import get
from sim.pages.component import asset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cards.card import Card

TITLE = "Martingale: the cards"
NONE = "<p>There are no such cards.</p>"
# The head has no end tag, which HTML does not need: the app puts its own sheets before one.
HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<link rel="stylesheet" href="{katex}">
<link rel="stylesheet" href="{style}">
<script type="module" src="{script}"></script>
<body>
"""
OPENING = """<header>
<h1>{title}</h1>
<p>{count}</p>
<button type="button" hidden>Print</button>
</header>
"""


def document(cards: Iterable[Card], *, kept_only: bool = False) -> str:
    """Return the document.

    Args:
        cards: The cards; each section's stand together, in the order of the book.
        kept_only: Whether they are those that the reader keeps, which it says then.

    Raises:
        UnknownKindError: If a card is of a kind that is not there.
    """
    ordered = sorted(cards, key=lambda card: card.order)
    head = HEAD.format(
        title=TITLE,
        katex=asset("sim", "vendor/katex/dist/katex.min.css"),
        style=asset("cards", "print.css"),
        script=asset("cards", "print.js"),
    )
    count = "1 card" if len(ordered) == 1 else f"{len(ordered):,} cards"
    count += " that you keep" if kept_only else ""
    sections = groupby(ordered, key=lambda card: (card.section, card.section_title, card.track_title))
    body = "".join(_section(title, track, some) for (_, title, track), some in sections)
    return f"{head}{OPENING.format(title=TITLE, count=count)}<main>\n{body or NONE}</main>\n"


def _section(title: str, track: str, cards: Iterable[Card]) -> str:
    some = list(cards)
    first = some[0]  # what a section rests on, each of its cards does
    checked = f" · facts checked {first.as_of}" if first.as_of else ""
    sources = f"<p class=small>{escape('; '.join(first.sources))}</p>\n" if first.sources else ""
    return (
        f"<section>\n<h2>{escape(title)}</h2>\n<p class=small>{escape(track + checked)}</p>\n{sources}"
        f"{''.join(map(_card, some))}</section>\n"
    )


def _card(card: Card) -> str:
    asked = get(card.kind).instance(card)
    return (
        f'<article>\n<div class="question">{asked.front}</div>\n'
        f'<div class="answer">{asked.back}</div>\n</article>\n'
    )
