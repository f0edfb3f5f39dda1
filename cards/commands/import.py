"""`python -m cards import`: progress that was made in Anki, from a package that Anki exported.

    python -m cards import deck.apkg [--dry-run] [--timezone ZONE] [--learner NAME]

Export it from Anki with its scheduling information, or as a whole collection (`.colpkg`). The reviews of the
book's cards are merged by when they were given, after a backup; what is known already is not doubled. With
`--dry-run` nothing is written, and it says what would change.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cards import paths, preferences
from cards.anki.home import Home, bring_home
from cards.anki.home_words import NOT_OURS, example, left_out, summary
from cards.anki.reading.problem import PackageError
from cards.command import CommandError, Outcome, UsageError
from cards.commands.dump import known_learner
from cards.days import DayRules
from cards.named_file import readable
from cards.preferences import PREFERENCES
from cards.shown import path_shown
from cards.store import LOCAL, Store
from cards.tuning import TUNING, Tuning
from cards.zone import zone_of
from content.library import Library

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

HELP = "bring home progress that was made in Anki"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which package, and whose progress it is."""
    parser.add_argument("file", type=Path, metavar="FILE", help="an .apkg or .colpkg that Anki exported")
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    parser.add_argument(
        "--timezone", metavar="ZONE", help="where the learner lives (default: this machine's time zone)"
    )
    parser.add_argument("--learner", default=LOCAL, metavar="NAME", help="for whom (default: %(default)s)")


def run(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
    """Merge the reviews of a package, and say what they changed.

    Raises:
        UsageError: If there is no such file, learner or time zone.
        CommandError: If the package cannot be read or has no note of the book's, or what the learner has
            chosen cannot be read.
        FolderError: If the book cannot be read.
        StoreProblem: If the database cannot be used.
    """
    source = readable(options.file)
    zone = zone_of(environ) if options.timezone is None else options.timezone
    _rules(zone)
    deck = Library.from_environment(environ).load().deck
    with closing(Store.open(paths.database(environ), now=now)) as store:
        learner = known_learner(store, options.learner)
        wanted, _ = preferences.read(store.setting(learner, PREFERENCES))
        rules = _rules(zone, wanted.day_starts_at)
        tuning = _tuning(store, learner)
        try:
            with source.open("rb") as package:
                home = bring_home(
                    store,
                    learner,
                    package,
                    deck,
                    rules=rules,
                    tuning=tuning,
                    now=now,
                    dry_run=options.dry_run,
                )
        except PackageError as error:
            raise CommandError(f"{path_shown(source)}: {error}") from error
        except OSError as error:
            raise CommandError(
                f"{path_shown(source)} cannot be unpacked: {error.strerror or error}; "
                "make room for temporary files."
            ) from error
    if not home.found.notes:
        raise CommandError(f"{path_shown(source)}: {NOT_OURS}")
    return Outcome(_said(home, rules, dry_run=options.dry_run))


def _tuning(store: Store, learner: int) -> Tuning:
    try:
        return Tuning.from_json(store.setting(learner, TUNING))
    except ValueError as error:
        raise CommandError(f"{error}.") from error


def _rules(zone: str, day_starts_at: int = preferences.DEFAULTS.day_starts_at) -> DayRules:
    try:
        return DayRules(zone, day_starts_at)
    except ValueError as error:
        raise UsageError(f"--timezone: {error}.") from error


def _said(home: Home, rules: DayRules, *, dry_run: bool) -> str:
    copy = home.merged.backup
    lines = [
        summary(home, dry_run=dry_run),
        *(f"  {change.card_id}: {example(change, rules)}" for change in home.merged.examples),
        *(f"Left out: {words}" for words in left_out(home)),
    ]
    return "\n".join([*lines, *([f"What was there before is {copy}."] if copy else [])])
