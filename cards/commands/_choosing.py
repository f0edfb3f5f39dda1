"""Which cards a command is about, and whose: what the commands that take cards away have in common."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cards.choice import UnknownChoiceError, choose
from cards.command import CommandError, UsageError
from cards.shown import shortened
from cards.store import LOCAL
from cards.taking import TAKING, Taking, checked_address
from content.library import Library

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

    from cards.card import Card
    from cards.store import Store
    from content.library import Book

DEFAULT_BASE_URL = "http://localhost:8501"


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Say which cards, whose, and where their links lead."""
    parser.add_argument(
        "--track", action="append", default=[], metavar="T", help="only cards of this track; may be repeated"
    )
    parser.add_argument(
        "--section", action="append", default=[], metavar="S", help="only cards of this section, by its slug"
    )
    parser.add_argument("--kind", action="append", default=[], metavar="K", help="only cards of this kind")
    parser.add_argument("--enrolled", action="store_true", help="only the cards that the learner keeps")
    parser.add_argument("--learner", default=LOCAL, metavar="NAME", help="whose (default: %(default)s)")
    parser.add_argument(
        "--base-url",
        metavar="URL",
        help=f"where links lead; '' for none (default: as chosen in the app, or {DEFAULT_BASE_URL})",
    )


def the_book(environ: Mapping[str, str]) -> Book:
    """Return the book; what is wrong with it is said on standard error.

    Raises:
        FolderError: If it cannot be read.
    """
    book = Library.from_environment(environ).load()
    if book.problems:
        count = f"{len(book.problems)} problem{'s' * (len(book.problems) > 1)}"
        print(f"{count} in the book; cards may be missing: see python -m content check", file=sys.stderr)
    return book


def chosen(book: Book, options: argparse.Namespace, store: Store, learner: int) -> list[Card]:
    """Return the cards that are asked for.

    Raises:
        UsageError: If no card is of a track, section or kind that is named.
        CommandError: If there are none.
    """
    kept = store.memories(learner) if options.enrolled else None
    try:
        cards = choose(
            book.deck.values(),
            tracks=options.track,
            sections=options.section,
            kinds=options.kind,
            kept=kept,
        )
    except UnknownChoiceError as error:
        raise UsageError(str(error)) from error
    if not cards:
        raise CommandError(_none_of_them(options))
    return cards


def _none_of_them(options: argparse.Namespace) -> str:
    if options.enrolled:
        who = shortened(options.learner)
        return f"'{who}' keeps none of these cards; leave out --enrolled, or keep some in the app first."
    if options.track or options.section or options.kind:
        return "No card is of this track, section and kind at once; leave out one of them."
    return "The book has no cards; add some, or see python -m content check."


def address(base_url: str | None, taking: Taking) -> str:
    """Return where links lead, from what was said and, if nothing was, from what was chosen.

    Raises:
        UsageError: If what was said is no address.
    """
    if base_url is None:
        return DEFAULT_BASE_URL if taking.base_url is None else taking.base_url
    try:
        return checked_address(base_url)
    except ValueError as error:
        raise UsageError(f"--base-url: {error}") from error


def taking_of(store: Store, learner: int) -> Taking:
    """Return what a learner has chosen for taking cards away."""
    return Taking.from_json(store.setting(learner, TAKING))


def stamped(book: Book, store: Store, now: datetime) -> dict[str, datetime]:
    """Return when the text of each card of the book last changed, by id."""
    hashes = {card.id: card.text_hash for card in book.deck.values()}
    editions = {card.id: card.edition for card in book.deck.values()}
    return store.stamp_texts(hashes, now, editions=editions)
