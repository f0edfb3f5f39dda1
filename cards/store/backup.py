"""Backups: whole copies of the database in the folder `backups` beside it.

One is made each day, one before each migration and each repair, and one whenever a learner asks. The newest
ten of the daily ones are kept, and the newest ten of all others: neither can push out the other. SQLite's
own backup interface copies a consistent state while others read and write; the copy is made under another
name and renamed when it is whole. Whoever makes one has looked first whether the database is sound, so that
ten days of copying a damaged one cannot push out the last good copy.

Left out: databases other than SQLite, which have their own tools.
"""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from cards.days import as_utc

KEPT = 10
UNFINISHED = ".part"


def folder(database: Path) -> Path:
    """Return the folder that holds the backups of a database."""
    return database.parent / "backups"


def backups(database: Path) -> list[Path]:
    """Return the backups of a database, oldest first."""
    if not folder(database).is_dir():
        return []
    return sorted(
        path for path in folder(database).iterdir() if _name(database, path) is not None and path.is_file()
    )


def made_at(database: Path, backup: Path) -> datetime | None:
    """Return when a backup was made, in UTC, as its name says; None if its name is no backup's."""
    name = _name(database, backup)
    return None if name is None else moment(name[1])


def moment(written: str) -> datetime | None:
    """Return the moment, in UTC, that is part of a copy's name; None if no calendar or clock has it."""
    try:
        return datetime.strptime(written, "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def reason(database: Path, backup: Path) -> str:
    """Return what a backup was made for; empty for the daily one."""
    name = _name(database, backup)
    return "" if name is None else (name[2] or "")


def newest(database: Path) -> Path | None:
    """Return the last backup of a database, or None if there is none."""
    return next(reversed(backups(database)), None)


def is_due(database: Path, now: datetime) -> bool:
    """Whether a database has no backup of today, by UTC."""
    return not any(path.name.startswith(_dated(database, now)) for path in backups(database))


def back_up(database: Path, now: datetime, *, why: str = "") -> Path:
    """Copy a database, drop all but the newest backups, and return the copy.

    Args:
        database: The file to copy.
        now: The present, in UTC; it names the copy.
        why: What the copy is made for, in its name; empty for the daily one.

    Raises:
        OSError: The folder cannot be written.
        sqlite3.Error: The database cannot be read, or the disk is full.
    """
    made = (
        folder(database) / f"{_dated(database, now)}T{as_utc(now):%H%M%S}{why and '-'}{why}{database.suffix}"
    )
    made.parent.mkdir(mode=0o700, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{_dated(database, now)}-", suffix=UNFINISHED, dir=made.parent)
    os.close(handle)
    part = Path(name)
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
        part.replace(made)
    finally:
        part.unlink(missing_ok=True)
    _drop_old(database, now, made)
    return made


def _drop_old(database: Path, now: datetime, made: Path) -> None:
    daily = [path for path in backups(database) if not reason(database, path)]
    others = [path for path in backups(database) if reason(database, path)]
    for old in (*daily[:-KEPT], *others[:-KEPT]):
        if old != made:  # which is the oldest by its name where the clock has been set back
            old.unlink(missing_ok=True)
    for part in folder(database).glob(f".*{UNFINISHED}"):
        # What was begun today may be another process's at this moment; what was begun before was cut off.
        if not part.name.startswith(f".{_dated(database, now)}-"):
            part.unlink(missing_ok=True)


def _name(database: Path, path: Path) -> re.Match[str] | None:
    stem, suffix = re.escape(database.stem), re.escape(database.suffix)
    name = re.fullmatch(rf"{stem}-(\d{{4}}-\d\d-\d\dT\d{{6}})(?:-([\w-]+))?{suffix}", path.name)
    return None if name is None or moment(name[1]) is None else name


def _dated(database: Path, now: datetime) -> str:
    return f"{database.stem}-{as_utc(now):%Y-%m-%d}"
