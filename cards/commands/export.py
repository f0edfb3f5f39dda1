"""`python -m cards export`: the cards as an Anki package.

    python -m cards export --out deck.apkg [--track T]… [--section S]… [--kind K]… [--base-url URL]

The book hands its deck down, and the store says when the text of each card last changed.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cards import paths
from cards.anki.package import checked_address, write_package
from cards.choice import UnknownChoiceError, choose
from cards.command import CommandError, Outcome, UsageError
from cards.named_file import writable
from cards.shown import path_shown
from cards.store import Store
from content.library import Library

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

    from cards.card import Card
    from content.library import Book

HELP = "write the cards as an Anki package"
DEFAULT_BASE_URL = "http://localhost:8501"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which cards, and where to."""
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the package to write")
    parser.add_argument(
        "--track", action="append", default=[], metavar="T", help="only cards of this track; may be repeated"
    )
    parser.add_argument(
        "--section", action="append", default=[], metavar="S", help="only cards of this section, by its slug"
    )
    parser.add_argument("--kind", action="append", default=[], metavar="K", help="only cards of this kind")
    parser.add_argument(
        "--base-url",
        default=DEFAULT_BASE_URL,
        metavar="URL",
        help="where the notes' links lead; '' for none (default: %(default)s)",
    )


def run(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
    """Write the chosen cards as an Anki package, and say what was written.

    Raises:
        UsageError: If the file cannot have that name, the address is none, or no card is so called.
        CommandError: If there are no cards, or the file cannot be written.
        FolderError: If the book cannot be read.
        StoreProblem: If the database cannot be opened.
    """
    out = writable(options.out, such_as="deck.apkg")
    base_url = _address(options.base_url)
    book = Library.from_environment(environ).load()
    _warn_of_problems(book)
    cards = _chosen(book, options)
    if not cards:
        raise CommandError("There are no cards to export.")
    with closing(Store.open(paths.database(environ), now=now)) as store:
        hashes = {card.id: card.text_hash for card in book.deck.values()}
        editions = {card.id: card.edition for card in book.deck.values()}
        modified = store.stamp_texts(hashes, now, editions=editions)
    try:
        written = write_package(out, cards, modified=modified, base_url=base_url, now=now)
    except OSError as error:
        raise CommandError(f"{path_shown(out)} cannot be written: {error.strerror}.") from error
    return Outcome(f"wrote {written.notes} notes ({written.cards} cards) to {written.path}")


def _address(base_url: str) -> str:
    try:
        return checked_address(base_url)
    except ValueError as error:
        raise UsageError(f"--base-url: {error}") from error


def _chosen(book: Book, options: argparse.Namespace) -> list[Card]:
    try:
        return choose(book.deck.values(), tracks=options.track, sections=options.section, kinds=options.kind)
    except UnknownChoiceError as error:
        raise UsageError(str(error)) from error


def _warn_of_problems(book: Book) -> None:
    if book.problems:
        count = f"{len(book.problems)} problem{'s' * (len(book.problems) > 1)}"
        print(f"{count} in the book; cards may be missing: see python -m content check", file=sys.stderr)
