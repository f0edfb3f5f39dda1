"""Restoring: a copy is put in the place of the database, and what was there is set aside, never lost.

The copy is looked at first, then copied again beside the database, brought up to date there, and renamed
over it, so that at every moment there is a whole database in the place. What was there, with what is still in
the log beside it, has been copied under a name of its own before that; it is kept until the learner deletes
it.

Nobody may have the database open meanwhile. SQLite keeps a lock on a file that it has open, on bytes of its
choosing ("File Locking And Concurrency In SQLite Version 3"): who can lock these bytes is alone. A process
does not see its own locks, so whoever restores closes its own store first. On Windows the rename itself fails
while a file is open.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy import URL, NullPool, create_engine
from sqlalchemy.exc import SQLAlchemyError

from cards.store import copies, migrations, opening, problems, soundness
from cards.store.engine import address
from cards.store.problems import StoreProblem

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from datetime import datetime

FIRST_LOCKED, LOCKED = 0x40000000, 512  # SQLite's bytes: pending, reserved, and 510 that readers share
BESIDE = ("-wal", "-shm")


def file_of(where: str | Path) -> Path:
    """Return the file of a database that is named by path or by URL.

    Raises:
        StoreProblem: It names no database, or one on a server.
    """
    url = address(where)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise problems.no_file(url.render_as_string(hide_password=True))
    path = Path(url.database)
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return path  # nothing is there yet
    except OSError as error:
        raise problems.cannot_write(path, problems.reason(error)) from error
    return path


def alone(where: str | Path) -> None:
    """Make sure that no other program has a database open, where it is a file.

    Raises:
        StoreProblem: One has it open.
    """
    url = address(where)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    path = file_of(where)
    if path.is_file():
        try:
            with path.open("r+b") as file:
                _lock(file, path)
        except OSError as error:
            raise problems.cannot_write(path, problems.reason(error)) from error


def restore(database: Path, source: Path, now: datetime) -> Path | None:
    """Put a copy in the place of a database that nobody has open.

    Args:
        database: The file to replace; it need not be there. A link is followed, and stays.
        source: The copy; it stays where it is.
        now: The present, in UTC, which names what is set aside.

    Returns:
        Where what was there has been set aside, or None if nothing was there.

    Raises:
        StoreProblem: The copy is not sound, somebody has the database open, or the folder cannot be written.
            The database is as it was.
    """
    live = database.resolve()  # renaming over a link would leave what it leads to behind
    if source.resolve() == live:
        raise problems.bad_backup(source, "the database itself")
    if live.exists() and not live.is_file():
        raise problems.not_ours(database, "a folder, a pipe or a device")
    part: Path | None = None
    try:
        live.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{live.stem}-", suffix=".part", dir=live.parent)
        os.close(handle)
        part = Path(name)
        _copy_what_is_sound(source, part)
        _bring_up_to_date(source, part)
        aside = _set_aside(live, copies.place_aside(database, now)) if live.exists() else None
        for ending in BESIDE:
            live.with_name(live.name + ending).unlink(missing_ok=True)
        part.replace(live)
        for cut_off in live.parent.glob(f".{live.stem}-*.part"):
            cut_off.unlink(missing_ok=True)  # by a restore that was cut off: nobody else is at it now
    except OSError as error:
        raise problems.cannot_write(database, problems.reason(error)) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    return aside


def _copy_what_is_sound(source: Path, part: Path) -> None:
    try:
        if opening.look(source, to_write=False) is None:
            raise problems.bad_backup(source, "empty")
    except StoreProblem as problem:
        if problem.kind is problems.ProblemKind.BAD_BACKUP:
            raise
        reasons = {
            problems.ProblemKind.NEWER: "from a newer version of the app",
            problems.ProblemKind.NOT_OURS: "no database of this app",
            problems.ProblemKind.DAMAGED: "damaged",
        }
        raise problems.bad_backup(source, reasons.get(problem.kind, "unreadable")) from problem
    try:
        with (
            closing(sqlite3.connect(opening.reading_address(source), uri=True)) as found,
            closing(sqlite3.connect(part)) as copy,
        ):
            found.backup(copy)
            (sound,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
            dangling = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise problems.explained_by_sqlite(error, part, None) or problems.bad_backup(
            source, "unreadable"
        ) from error
    if sound != "ok" or dangling is not None:
        raise problems.bad_backup(source, "damaged")


def _bring_up_to_date(source: Path, part: Path) -> None:
    """Let what is to be renamed be what the app can use at once, or refuse it while nothing has happened."""
    engine = create_engine(URL.create("sqlite", database=str(part)), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            if migrations.current(connection) != migrations.head():
                migrations.upgrade(connection)
        with engine.connect() as connection:
            faults = soundness.of_database(connection)
    except SQLAlchemyError as error:
        problem = problems.explained(error, str(part))
        if problem is not None and problem.kind is problems.ProblemKind.FULL:
            raise problem from error
        raise problems.bad_backup(source, "damaged: its tables cannot be brought up to date") from error
    finally:
        engine.dispose()
    if faults:
        raise problems.bad_backup(source, "damaged: its tables are not those of this app")


def _set_aside(database: Path, aside: Path) -> Path:
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as connection:
        # What the log still holds goes into the file; where it cannot, the log is set aside as well.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("r+b") as file:
        _lock(file, database)
        log = database.with_name(f"{database.name}-wal")
        try:
            if log.exists():
                with log.open("rb") as logged:
                    _write(logged, aside.with_name(f"{aside.name}-wal"))
            _write(file, aside)
        except BaseException:
            for path in (aside, aside.with_name(f"{aside.name}-wal")):
                path.unlink(missing_ok=True)
            raise
    return aside


def _write(file: BinaryIO, path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())


def _lock(file: BinaryIO, database: Path) -> None:
    if sys.platform != "win32":
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCKED, FIRST_LOCKED)
        except OSError as error:
            raise problems.in_use(database) from error
