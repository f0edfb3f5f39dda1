"""`python -m cards erase`: delete all that a learner has.

    python -m cards erase --yes [--learner NAME]

A backup is made first, and named: whoever wants nothing left deletes the backups too.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from cards import paths
from cards.command import Outcome, UsageError
from cards.commands.dump import known_learner
from cards.shown import shortened
from cards.store import LOCAL, Store, alone, answers_that_count

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

HELP = "delete all that you have, after a backup"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Ask to be sure, and whose it is."""
    parser.add_argument("--yes", action="store_true", help="yes, all of it")
    parser.add_argument("--learner", default=LOCAL, metavar="NAME", help="whose (default: %(default)s)")


def run(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
    """Delete all that a learner has, and say what is left.

    Raises:
        UsageError: If it was not said to be meant, or there is no such learner.
        StoreProblem: If the database or its backup cannot be written, or it is open elsewhere.
    """
    where = paths.database(environ)
    if options.yes:
        alone(where)
    with closing(Store.open(where, now=now)) as store:
        learner = known_learner(store, options.learner)
        if not options.yes:
            held = store.belongings(learner)
            raise UsageError(
                f"This deletes {held['memory']} cards, {answers_that_count(held)} answers and all else that "
                f"'{shortened(options.learner)}' has in {store.where}; say --yes if you mean it."
            )
        copy = None if store.file is None else store.back_up(now, why="before-erase")
        held = store.erase(learner)
    left = (
        f" A backup from before is {copy}; delete all that `python -m cards backup --list` names too, if "
        "nothing is to be left."
        if copy
        else ""
    )
    return Outcome(f"deleted {held['memory']} cards, {answers_that_count(held)} answers and all else.{left}")
