"""`python -m cards push`: the cards to a running Anki, by way of its add-on AnkiConnect.

    python -m cards push [--dry-run] [--track T]… [--section S]… [--kind K]… [--enrolled]
                         [--anki ADDRESS] [--restyle] [--base-url URL] [--learner NAME]

Cards that Anki lacks are added, and those whose text has changed in the book since are updated; what was
edited in Anki since then stays. Nothing is ever added twice.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from cards import paths
from cards.anki.connect import Anki, ConnectError
from cards.anki.push import push
from cards.anki.push_plan import plan
from cards.anki.push_words import remarks, summary
from cards.command import CommandError, Outcome, UsageError
from cards.commands._choosing import add_choices, address, chosen, stamped, taking_of, the_book
from cards.commands.dump import known_learner
from cards.store import Store
from cards.taking import ANKI, Taking, anki_address

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

HELP = "push the cards to a running Anki"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which cards, and where Anki listens."""
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    parser.add_argument(
        "--anki",
        metavar="ADDRESS",
        help=f"where AnkiConnect listens, on this machine (default: as chosen in the app, or {ANKI})",
    )
    parser.add_argument(
        "--restyle", action="store_true", help="replace templates and styles that are not the book's"
    )
    add_choices(parser)


def run(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
    """Push the chosen cards, and say what that changed.

    Raises:
        UsageError: If an address is none, or no card or learner is so called.
        CommandError: If there are no cards, or Anki is not running, refuses or breaks off.
        FolderError: If the book cannot be read.
        StoreProblem: If the database cannot be opened.
    """
    address(options.base_url, Taking())  # a slip is told before anything is read
    where = _where(options.anki)
    book = the_book(environ)
    with closing(Store.open(paths.database(environ), now=now)) as store:
        learner = known_learner(store, options.learner)
        taking = taking_of(store, learner)
        cards = chosen(book, options, store, learner)
        modified = stamped(book, store, now)
    anki = Anki(where or taking.anki)
    try:
        found = plan(anki, cards, modified=modified, base_url=address(options.base_url, taking))
        if not options.dry_run:
            push(anki, found, now=now, restyle=options.restyle)
    except ConnectError as error:
        raise CommandError(str(error)) from error
    lines = [summary(found, dry_run=options.dry_run), *remarks(found, restyle=options.restyle)]
    return Outcome("\n".join(lines))


def _where(given: str | None) -> str:
    try:
        return "" if given is None else anki_address(given)
    except ValueError as error:
        raise UsageError(f"--anki: {error}") from error
