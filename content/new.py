"""`python -m content new`: a section to begin with, which checks clean as it stands."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from cards.shown import is_text, shortened
from content.blocks import SimBlock
from content.book import Book
from content.check import UsageError
from content.fix import replace_file
from content.front_matter_faults import strange_character
from content.hints import did_you_mean, track_hint
from content.library import OWN
from content.slug import RULE, is_slug, is_the_apps, unused
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


def new_section(book: Book, folder: Path, slug: str, track: str, title: str = "", toy: str = "") -> Path:
    """Write a section to begin with.

    Args:
        book: The book that it joins; its slugs and ids are not used again.
        folder: Where the folders of the tracks lie.
        slug: Its address, for ever.
        track: The slug of its track, which has a folder there unless no track has one yet.
        title: The question that it answers; made of the slug if empty.
        toy: The simulation to begin with; if empty, the one that the track uses most.

    Returns:
        The file that was written.

    Raises:
        UsageError: If the slug, the track, the title or the simulation cannot be used.
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
    if strange := strange_character(title):
        raise UsageError(f"The title holds a character that cannot be shown, {strange}; leave it out.")
    if is_the_apps(slug):
        raise UsageError(f"The slug '{slug}' cannot be used: the address '/{slug}' is the app's own.")
    if slug in book.by_slug or slug in book.redirects:
        there = book.by_slug.get(slug) or book.by_slug[book.redirects[slug]]
        raise UsageError(f"The slug '{slug}' is taken by {there.path}; choose another.")
    shelves = _shelves(book, folder)
    if shelves and track not in shelves:
        raise UsageError(f"There is no track '{track}' in {folder} ({track_hint(track, shelves)}).")
    path = folder / track / f"{slug}.md"
    if path.exists():
        raise UsageError(f"There is already a file '{path}'; choose another slug.")
    shown = _simulation(_named(toy) if toy else _usual(book, track))
    head, tail = _around(book, slug, track, " ".join(title.split()))
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, f"{head}{shown}{tail}".encode())
    return path


def _shelves(book: Book, folder: Path) -> frozenset[str]:
    """The tracks to choose from: the book's, or those of a folder outside it."""
    if any(Path(section.path).is_relative_to(folder.absolute()) for section in book.sections):
        return book.shelves
    return frozenset(file.parent.name for file in folder.glob("*/*.md"))


def _around(book: Book, slug: str, track: str, title: str) -> tuple[str, str]:
    """What stands above the simulation, and what below it."""
    orders = [section.order for section in book.sections if section.track == track]
    question = unused(f"{slug}-question", book.deck)
    values: Mapping[str, object] = {
        "title": _quoted(title or f"{slug.replace('-', ' ').capitalize()}?"),
        "track": track,
        "order": max(orders, default=0) // _STEP * _STEP + _STEP,
        "question": question,
        "sentence": unused(f"{slug}-sentence", {*book.deck, question}),
    }
    return _HEAD.format(**values), _TAIL.format(**values)


def _named(toy: str) -> str:
    """The simulation that the author asked for; a hyphen in its name is read as an underscore."""
    name = toy.replace("-", "_")
    if name not in spec.names():
        hint = did_you_mean(name, spec.names()) or "'python -m sim list' prints all there are"
        raise UsageError(f"There is no simulation '{shortened(toy)}' ({hint}).")
    return name


def _usual(book: Book, track: str) -> str:
    """The simulation that the track's sections use most, or else the book's; the first there is, or none."""
    shown = [
        (section.track, block.toy)
        for section in book.sections
        for block in section.blocks
        if isinstance(block, SimBlock)
    ]
    used = Counter(toy for where, toy in shown if where == track) or Counter(toy for _, toy in shown)
    return next((toy for toy, _ in used.most_common(1)), next(iter(spec.names()), ""))


def _simulation(name: str) -> str:
    """Show a simulation at its own settings; nothing without a name."""
    if not name:
        return ""
    toy = spec.get(name)
    facts = toy.module.facts(toy.module.Config())
    fact = next(name for name in toy.module.FACTS if math.isfinite(facts[name]))
    return _SIMULATION.format(toy=toy.name, fact=fact, shown=by_default(facts[fact]))


def _quoted(title: str) -> str:
    """Put a title in quotation marks, in which YAML reads everything as text."""
    return "'" + title.replace("'", "''") + "'"
