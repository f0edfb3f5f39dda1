"""`python -m cards ledger`: what you believe, as a table or as one JSON document.

    python -m cards ledger --out credences.csv [--learner NAME]
    python -m cards ledger --out claims.csv --claims [--learner NAME]
    python -m cards ledger --out beliefs.json --json [--learner NAME]

Both tables and the document are told in `cards/belief_files.py`. The texts of the book's claims come from the
book; days, where they matter, are counted in UTC.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cards import paths
from cards.belief_files import write_claims, write_entries, write_json
from cards.command import CommandError, Outcome
from cards.commands.dump import known_learner
from cards.days import DayRules
from cards.ledger import claims_of
from cards.named_file import writable
from cards.store import LOCAL, Store
from cards.written import refusal, whole
from content.library import Library

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

HELP = "write what you believe as a table, or as JSON"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say where to, in which form, and whose."""
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to write")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--claims", action="store_true", help="one row a claim, instead of one a credence")
    form.add_argument(
        "--json", action="store_true", help="all of it as one JSON document, instead of a table"
    )
    parser.add_argument("--learner", default=LOCAL, metavar="NAME", help="whose (default: %(default)s)")


def run(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
    """Write what a learner believes, and say how much it is.

    Raises:
        UsageError: If the file cannot have that name, or there is no such learner.
        CommandError: If the file cannot be written.
        FolderError: If the book cannot be read.
        StoreProblem: If the database cannot be opened or read.
    """
    out = writable(options.out, such_as="beliefs.json" if options.json else "credences.csv")
    deck = Library.from_environment(environ).load().deck
    with closing(Store.open(paths.database(environ), now=now)) as store:
        learner = known_learner(store, options.learner)
        try:
            with whole(out, newline="") as file:
                if options.json:
                    said = _counted(write_json(file, store, learner, now), "row")
                elif options.claims:
                    rows = write_claims(file, claims_of(deck, store, learner), DayRules())
                    said = _counted(rows, "claim")
                else:
                    said = _counted(write_entries(file, claims_of(deck, store, learner)), "credence")
        except OSError as error:
            raise CommandError(refusal(out, error)) from error
    return Outcome(f"wrote {said} to {out}")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
