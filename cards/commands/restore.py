"""`python -m cards restore`: put a copy in the place of the database.

    python -m cards restore [latest | NAME | FILE]

Without a name it takes the newest backup. What was there is set aside beside the database, and can be
restored in its turn. The app has to be stopped meanwhile.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from cards import paths
from cards.command import CommandError, Outcome
from cards.store import Store, answers_that_count, file_of, find, restore

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

HELP = "put a backup in the place of the database, which is set aside"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which one."""
    parser.add_argument(
        "backup",
        nargs="?",
        default="latest",
        metavar="NAME",
        help="a name that `backup --list` shows, or a file (default: the newest backup)",
    )


def run(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
    """Restore a backup, bring it up to date, and say what it holds and where the rest is.

    Raises:
        CommandError: If there is no such backup.
        StoreProblem: If it is not sound, the database is open elsewhere, or the folder cannot be written.
    """
    file = file_of(paths.database(environ))
    try:
        source = find(file, options.backup)
    except LookupError as error:
        raise CommandError(str(error)) from error
    aside = restore(file, source, now)
    with closing(Store.open(file, now=now)) as store:
        held = [store.belongings(learner) for learner in store.learners().values()]
    cards, answered = sum(of_one["memory"] for of_one in held), sum(map(answers_that_count, held))
    before = f"; what was there before is {aside}" if aside else ""
    return Outcome(f"restored {source}: {cards} cards, {answered} answers{before}")
