"""The copies of a database that can be put back: its backups, and what restoring one has set aside."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cards.shown import path_shown
from cards.store import backup, migrations, opening, problems
from cards.store.problems import StoreProblem

SET_ASIDE = "set-aside"
COUNTS = (
    "SELECT (SELECT count(*) FROM memory WHERE withdrawn_at IS NULL), "
    "(SELECT count(*) FROM review) - (SELECT count(*) FROM undo), "
    "(SELECT version_num FROM alembic_version)"
)


@dataclass(frozen=True)
class Copy:
    """A whole copy of a database.

    Attributes:
        path: Where it lies.
        made_at: When it was made, in UTC.
        why: What it was made for: empty for the daily one, or "by-hand", "before-0003", "set-aside".
        size: In bytes.
        cards: How many cards are kept in it, by all learners together; None if it cannot be read.
        answers: How many answers its log holds that were not taken back; None if it cannot be read.
        trouble: Why it cannot be restored, in a few words; empty if it can.
    """

    path: Path
    made_at: datetime
    why: str
    size: int
    cards: int | None = None
    answers: int | None = None
    trouble: str = ""


def copies_of(database: Path) -> list[Copy]:
    """Return the copies of a database, the newest first.

    Raises:
        StoreProblem: Nobody may look for them.
    """
    try:
        kept = [
            _described(path, at, backup.reason(database, path))
            for path in backup.backups(database)
            if (at := backup.made_at(database, path)) is not None
        ]
        aside = [_described(path, at, SET_ASIDE) for path, at in _set_aside(database)]
    except OSError as error:
        raise problems.cannot_look(backup.folder(database), problems.reason(error)) from error
    return sorted((*kept, *aside), key=lambda copy: (copy.made_at, copy.path.name), reverse=True)


def place_aside(database: Path, now: datetime) -> Path:
    """Return where the present database is to be set aside; nothing is there yet."""
    moment = f"{now.astimezone(UTC):%Y-%m-%dT%H%M%S}"
    number, made = 1, database.with_name(f"{database.stem}-{SET_ASIDE}-{moment}{database.suffix}")
    while made.exists():
        number += 1
        made = made.with_name(f"{database.stem}-{SET_ASIDE}-{moment}-{number}{database.suffix}")
    return made


def find(database: Path, name: str) -> Path:
    """Return the copy that a learner names: by its file's name, by a path, or as "latest".

    Raises:
        LookupError: There is none; the message is a sentence.
        StoreProblem: Nobody may look for them.
    """
    known = copies_of(database)
    if name == "latest":
        usable = [copy.path for copy in known if not copy.trouble and copy.why != SET_ASIDE]
        if not usable:
            raise LookupError(f"There is no backup in {backup.folder(database)} that could be restored.")
        return usable[0]
    found = next((copy.path for copy in known if copy.path.name == name), None) or _named(name)
    if found is None:
        raise LookupError(
            f"There is no backup '{path_shown(name)}'; `python -m cards backup --list` shows those there are."
        )
    if not found.is_file():
        raise LookupError(
            f"{path_shown(found)} is no file, and so no backup; `python -m cards backup --list` shows those "
            "there are."
        )
    return found


def _named(name: str) -> Path | None:
    """Return what lies at a path, or None if nothing can."""
    try:
        path = Path(name).expanduser().absolute()
        return path if path.exists() else None
    except (OSError, RuntimeError):  # too long, a circle of links; the home of somebody who is not there
        return None


def _set_aside(database: Path) -> list[tuple[Path, datetime]]:
    stem, suffix = re.escape(database.stem), re.escape(database.suffix)
    name = re.compile(rf"{stem}-{SET_ASIDE}-(\d{{4}}-\d\d-\d\dT\d{{6}})(-\d+)?{suffix}")
    if not database.parent.is_dir():
        return []
    found = ((path, name.fullmatch(path.name)) for path in database.parent.iterdir())
    return [
        (path, at)
        for path, match in found
        if match is not None and (at := backup.moment(match[1])) is not None and path.is_file()
    ]


def _described(path: Path, at: datetime, why: str) -> Copy:
    size = path.stat().st_size
    try:
        with closing(sqlite3.connect(opening.reading_address(path), uri=True)) as connection:
            cards, answers, version = connection.execute(COUNTS).fetchone()
    except (sqlite3.Error, StoreProblem):
        return Copy(path, at, why, size, trouble="damaged")
    trouble = "" if version in migrations.known() else "from a newer version of the app"
    return Copy(path, at, why, size, cards, answers, trouble)
