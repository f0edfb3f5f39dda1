"""`python -m cards dump`: all that a learner has, as one JSON file.

    python -m cards dump --out mine.json [--learner NAME]

The file holds everything that `load` needs to bring it back, in any database: the answers and what was taken
back, the memories, decisions, notes, settings, predictions and readings. Its format is told in
`cards/store/portable.py`.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cards import paths
from cards.command import CommandError, Outcome, UsageError
from cards.named_file import writable
from cards.shown import shortened
from cards.store import LOCAL, Store, answers_that_count
from cards.written import refusal, whole

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

MOST_NAMED = 12  # learners, where one is asked for that is not there
HELP = "write all that you have as one JSON file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say where to, and whose."""
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to write")
    parser.add_argument("--learner", default=LOCAL, metavar="NAME", help="whose (default: %(default)s)")


def run(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
    """Write all that a learner has, and say how much it is.

    Raises:
        UsageError: If the file cannot have that name, or there is no such learner.
        CommandError: If the file cannot be written.
        StoreProblem: If the database cannot be opened or read.
    """
    out = writable(options.out, such_as="mine.json")
    with closing(Store.open(paths.database(environ), now=now)) as store:
        learner = known_learner(store, options.learner)
        try:
            with whole(out) as file:
                rows = store.dump(learner, file, now)
        except OSError as error:
            raise CommandError(refusal(out, error)) from error
    return Outcome(f"wrote {rows['memory']} cards and {answers_that_count(rows)} answers to {out}")


def known_learner(store: Store, name: str) -> int:
    """Return the id of a learner; the one of a local install is there even before the app was opened.

    Raises:
        UsageError: There is none of this name.
    """
    everyone = store.learners()
    if name not in everyone and name != LOCAL:
        some = [shortened(known) for known in everyone][:MOST_NAMED]
        others = " and others" if len(everyone) > len(some) else ""
        raise UsageError(
            f"There is no learner '{shortened(name)}'; there are {', '.join(some) or 'none'}{others}."
        )
    return store.learner(name)
