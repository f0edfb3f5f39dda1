"""`python -m cards load`: all that a learner has, from the JSON file that `dump` wrote.

    python -m cards load mine.json [--replace] [--dry-run] [--learner NAME]

It is loaded as a whole or not at all. If there is something already it is refused: two histories of the same
cards cannot be added up. With `--replace` the file takes its place, after a backup.
"""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cards import paths
from cards.command import CommandError, Outcome
from cards.commands.dump import known_learner
from cards.named_file import readable
from cards.shown import path_shown
from cards.store import LOCAL, LoadError, Store, alone, answers_that_count

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

    from cards.store import Loaded

HELP = "load what `dump` wrote"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which file, and what to do with what is there."""
    parser.add_argument("file", type=Path, metavar="FILE", help="what `dump` wrote")
    parser.add_argument(
        "--replace", action="store_true", help="in the place of what is there, after a backup"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be loaded")
    parser.add_argument("--learner", default=LOCAL, metavar="NAME", help="for whom (default: %(default)s)")


def run(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
    """Load a file, and say what it held.

    Raises:
        UsageError: If there is no such file or learner.
        CommandError: If it cannot be loaded.
        StoreProblem: If the database cannot be used, or is open elsewhere while it is to be replaced.
    """
    source = readable(options.file)
    where = paths.database(environ)
    if options.replace and not options.dry_run:
        alone(where)
    with closing(Store.open(where, now=now)) as store:
        learner = known_learner(store, options.learner)
        load = partial(_loaded, store, learner, source, replace=options.replace)
        if not options.replace or options.dry_run:
            return Outcome(_said(load(dry_run=options.dry_run), source, None, dry_run=options.dry_run))
        load(dry_run=True)  # a file that cannot be loaded is to push out no older copy
        copy = None if store.file is None else store.back_up(now, why="before-load")
        return Outcome(_said(load(), source, copy, dry_run=False))


def _loaded(store: Store, learner: int, source: Path, *, replace: bool, dry_run: bool = False) -> Loaded:
    try:
        with source.open(encoding="utf-8-sig") as file:
            return store.load(learner, file, replace=replace, dry_run=dry_run, name=path_shown(source))
    except LoadError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(
            f"{path_shown(source)} cannot be read: {error.strerror}; name a file that can."
        ) from error


def _said(loaded: Loaded, file: Path, copy: Path | None, *, dry_run: bool) -> str:
    done = "would load" if dry_run else "loaded"
    rows = f"{loaded.rows.get('memory', 0)} cards and {answers_that_count(loaded.rows)} answers"
    wrong = f"; {loaded.recomputed} memories were computed again from the log" if loaded.recomputed else ""
    before = f"; what was there before is {copy}" if copy else ""
    return f"{done} {rows} from {file}{wrong}{before}"
