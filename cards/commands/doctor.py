"""`python -m cards doctor`: whether all that is kept is sound, and what to do where it is not.

    python -m cards doctor [--repair] [--json]

One line a finding, each with its remedy, then the counts; exit 0 if all is sound, 1 if there are findings.
Without `--repair` nothing is written. With it, a backup is made, and what can be mended without a guess is:
what is computed from the log is computed again, cards that the book has no more are taken out of review
(what is remembered of them is kept), and readings follow sections that were renamed.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from cards import paths
from cards.command import DONE, FAILED, Outcome
from cards.doctor import Report, Shelf, as_finding, examine, repair
from cards.store import Store, StoreProblem, version_of
from content.library import Library

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

HELP = "examine all that is kept, and say what to do where something is wrong"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say whether to mend, and in what form to tell."""
    parser.add_argument("--repair", action="store_true", help="mend what can be mended, after a backup")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
    """Examine everything, after mending it if that was asked for.

    Raises:
        FolderError: If the book cannot be read.
        StoreProblem: If the database cannot be opened to be mended, or no backup can be made first.
    """
    shelf = _shelf(environ)
    where = paths.database(environ)
    try:
        if version_of(where) is None:
            return _nothing(where, as_json=options.json)
    except StoreProblem as problem:
        report = Report((as_finding(problem),), {}, problem.where)
    else:
        mended = 0
        if options.repair:
            with closing(Store.open(where, now=now)) as store:
                mended = repair(store, shelf, store.learners().values(), now)
        with closing(Store.look_at(where)) as store:
            report = examine(store, shelf, mended=mended)
    text = report.as_json() if options.json else report.as_text()
    return Outcome(text, DONE if report.is_sound else FAILED)


def _nothing(where: str | Path, *, as_json: bool) -> Outcome:
    said = f"There is no database yet at {where}, and so nothing to examine."
    return Outcome(Report((), {}, str(where)).as_json() if as_json else said)


def _shelf(environ: Mapping[str, str]) -> Shelf:
    book = Library.from_environment(environ).load()
    return Shelf(book.deck, frozenset(book.by_slug), book.redirects, is_whole=not book.problems)
