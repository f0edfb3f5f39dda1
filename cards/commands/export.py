"""`python -m cards export`: the cards as an Anki package, or as a table.

    python -m cards export --out deck.apkg [--track T]… [--section S]… [--kind K]… [--enrolled]
                           [--history] [--base-url URL] [--learner NAME]
    python -m cards export --csv --out cards.csv …

With `--history` the package also says where each card stands, what was answered when, and by which settings
dates are made; Anki takes that over for cards that it does not have yet. The book hands its deck down, and
the store says when the text of each card last changed.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cards import paths, preferences
from cards.anki.package import write_package
from cards.anki.progress import Progress, progress_of
from cards.command import CommandError, Outcome, UsageError
from cards.commands._choosing import add_choices, address, chosen, stamped, taking_of, the_book
from cards.commands.dump import known_learner
from cards.days import DayRules
from cards.named_file import writable
from cards.preferences import PREFERENCES
from cards.store import Store
from cards.table import write_table
from cards.taking import Taking
from cards.tuning import TUNING, Tuning
from cards.written import refusal, whole
from cards.zone import zone_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

    from cards.card import Card

HELP = "write the cards as an Anki package, or as a table"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which cards, as what, and where to."""
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to write")
    parser.add_argument("--csv", action="store_true", help="write a table (CSV) instead of a package")
    parser.add_argument(
        "--history", action="store_true", help="with dates, memories, answers and scheduler settings"
    )
    add_choices(parser)


def run(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
    """Write the chosen cards, and say what was written.

    Raises:
        UsageError: If the file cannot have that name, the address is none, no card or learner is so called,
            or a table is to hold a history.
        CommandError: If there are no cards, the file cannot be written, or the settings cannot be read.
        FolderError: If the book cannot be read.
        StoreProblem: If the database cannot be opened.
    """
    if options.csv and options.history:
        raise UsageError("A table has no room for a history; leave out --csv or --history.")
    out = writable(options.out, such_as="cards.csv" if options.csv else "deck.apkg")
    address(options.base_url, Taking())  # a slip is told before anything is read
    book = the_book(environ)
    with closing(Store.open(paths.database(environ), now=now)) as store:
        learner = known_learner(store, options.learner)
        cards = chosen(book, options, store, learner)
        base_url = address(options.base_url, taking_of(store, learner))
        modified = stamped(book, store, now)
        progress = _progress(store, learner, environ, now) if options.history else None
    try:
        if options.csv:
            return _table(out, cards, base_url)
        written = write_package(out, cards, modified=modified, base_url=base_url, now=now, progress=progress)
    except OSError as error:
        raise CommandError(refusal(out, error)) from error
    return Outcome(f"wrote {written.notes} notes ({written.cards} cards) to {written.path}")


def _table(out: Path, cards: list[Card], base_url: str) -> Outcome:
    with whole(out, newline="") as file:
        count = write_table(file, cards, base_url)
    return Outcome(f"wrote {count} cards to {out}")


def _progress(store: Store, learner: int, environ: Mapping[str, str], now: datetime) -> Progress:
    wanted, _ = preferences.read(store.setting(learner, PREFERENCES))
    try:
        tuning = Tuning.from_json(store.setting(learner, TUNING))
    except ValueError as error:
        raise CommandError(f"{error}.") from error
    rules = DayRules(zone_of(environ), wanted.day_starts_at)
    return progress_of(store, learner, tuning, rules=rules, now=now)
