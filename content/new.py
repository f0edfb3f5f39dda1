"""`python -m content new`: a section to begin with, which checks clean as it stands."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from cards.shown import is_text, shortened
from content.book import Book
from content.check import UsageError
from content.fix import replace_file
from content.library import OWN
from content.slug import APP_ADDRESSES, RULE, is_slug, unused
from content.values import by_default
from sim import spec

LONGEST = 100  # characters of a slug: it names a file, and its cards' ids begin with it
_STEP = 10
_HEAD = """\
---
title: {title}
track: {track}
order: {order}
summary: One sentence that says what a reader takes away.
---

Say what the question is and why anyone should care. Ask for a guess before you show the answer.
"""
_SIMULATION = """
:::{{sim}} {toy}
:predict: {fact}
:caption: Say what one line of the figure is.
:::

The answer is {{value}}`{toy}:{fact}`, which the simulation computes. Write it behind a bar as it should
read, {{value}}`{toy}:{fact} | {shown}`, and `python -m content check` will tell you when the two disagree.
"""
_TAIL = """
## Explain it

One idea in a heading. Maths stands between dollars, $p(1-p)$, and where a claim is contested you say so:

:::{{caveat}}
What this section leaves out, or says too strongly.
:::

:::{{card}} {question}
What does a reader need to be able to answer a year from now?
---
The answer, in one or two sentences.
:::

:::{{cloze}} {sentence}
A sentence worth keeping hides {{{{the word that carries it::which word?}}}}.
:::
"""


def folder_for(environ_roots: tuple[Path, ...]) -> Path:
    """Return where new sections go: `content/sections`, or the first folder that the environment names."""
    root = environ_roots[0]
    return OWN / "sections" if root == OWN else root


def new_section(book: Book, folder: Path, slug: str, track: str, title: str = "") -> Path:
    """Write a section to begin with.

    Args:
        book: The book that it joins; its slugs and ids are not used again.
        folder: Where the folders of the tracks lie.
        slug: Its address, for ever.
        track: The slug of its track.
        title: The question that it answers; made of the slug if empty.

    Returns:
        The file that was written.

    Raises:
        UsageError: If the slug or the track cannot be used.
        OSError: If the file cannot be written.
    """
    for name, value in (("slug", slug), ("track", track)):
        if not is_slug(value):
            raise UsageError(f"The {name} '{shortened(value)}' cannot be used: use {RULE}.")
        if len(value) > LONGEST:
            raise UsageError(
                f"The {name} '{shortened(value)}' is too long: use at most {LONGEST} characters."
            )
    if not is_text(title):
        raise UsageError(f"The title '{shortened(title)}' has bytes that are no text; write it in UTF-8.")
    if slug in APP_ADDRESSES:
        raise UsageError(f"The slug '{slug}' cannot be used: the address '/{slug}' is the app's own.")
    if slug in book.by_slug or slug in book.redirects:
        there = book.by_slug.get(slug) or book.by_slug[book.redirects[slug]]
        raise UsageError(f"The slug '{slug}' is taken by {there.path}; choose another.")
    path = folder / track / f"{slug}.md"
    if path.exists():
        raise UsageError(f"There is already a file '{path}'; choose another slug.")
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, _text(book, slug, track, " ".join(title.split())).encode("utf-8"))
    return path


def _text(book: Book, slug: str, track: str, title: str) -> str:
    orders = [section.order for section in book.sections if section.track == track]
    question = unused(f"{slug}-question", book.deck)
    values: Mapping[str, object] = {
        "title": _quoted(title or f"{slug.replace('-', ' ').capitalize()}?"),
        "track": track,
        "order": max(orders, default=0) // _STEP * _STEP + _STEP,
        "question": question,
        "sentence": unused(f"{slug}-sentence", {*book.deck, question}),
    }
    return _HEAD.format(**values) + _simulation() + _TAIL.format(**values)


def _simulation() -> str:
    """Show the first simulation there is, at its own settings; nothing where there is none."""
    names = spec.names()
    if not names:
        return ""
    toy = spec.get(names[0])
    facts = toy.module.facts(toy.module.Config())
    fact = next(name for name in toy.module.FACTS if math.isfinite(facts[name]))
    return _SIMULATION.format(toy=toy.name, fact=fact, shown=by_default(facts[fact]))


def _quoted(title: str) -> str:
    """Put a title in quotation marks, in which YAML reads everything as text."""
    return "'" + title.replace("'", "''") + "'"
