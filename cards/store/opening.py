"""Opening a database: look before touching.

What can be wrong with a file is found out by a connection that cannot write, before any that can is made.
Only a file that is known to be ours, sound, and of a version that this app knows is backed up, migrated and
used; one that is refused is left exactly as it was.

Looking at every page of a database of a million answers takes half a second. So that is done before a file is
copied or migrated, which is each day's first opening, and where it was not closed in good order; else what a
look at the schema shows has to do: SQLite then also finds a file that was cut short. An app that stays open
looks at the rest behind its first page (`check`), and no longer uses what turns out to be damaged.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from cards.store import backup, expected, migrations, problems, turns
from cards.store.engine import Database, address
from cards.store.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

MAGIC = b"SQLite format 3\x00"
OUR_TABLES = {"learner", "memory", "review", migrations.VERSION_TABLE}
READ_ONLY = "mode=ro"
READ_ONLY_AND_LEAVE_NO_TRACE = "mode=ro&immutable=1"


def open_database(where: str | Path, *, now: datetime) -> Database:
    """Return a database that is there, sound, and of today's version.

    Raises:
        StoreProblem: It cannot be used; a file that was there is left as it was.
    """
    database = Database(address(where))
    try:
        if database.path is None:
            _bring_up_to_date(database)
        else:
            with _explained(database.path):
                _open_file(database, database.path, now)
    except BaseException:
        database.close()
        raise
    return database


def check(database: Database) -> None:
    """Look at every page of an open database; if it is damaged it is not read or written any more.

    Raises:
        StoreProblem: It is damaged.
    """
    if database.path is None:
        return
    with _explained(database.path):
        try:
            _look_inside(database.path, thoroughly=True)
        except problems.StoreProblem as problem:
            if problem.kind is problems.ProblemKind.DAMAGED:
                database.refuse(problem)
            raise


def version_of(where: str | Path) -> str | None:
    """Return the version of a database, or None where there is nothing yet; nothing is written.

    Raises:
        StoreProblem: What is there cannot be used.
    """
    database = Database(address(where))
    try:
        if database.path is not None:
            with _explained(database.path):
                return look(database.path, to_write=False)
        with database.reading() as connection:
            return migrations.current(connection)
    finally:
        database.close()


def back_up_daily(path: Path, now: datetime) -> None:
    """Look at an open database once more and back it up, unless that was done today.

    Raises:
        StoreProblem: It is damaged, and was not copied; or the copy cannot be written.
    """
    if backup.is_due(path, now):
        back_up(path, now)


def back_up(path: Path, now: datetime, *, why: str = "") -> Path:
    """Look whether a database is sound, copy it, and return the copy; the database may be open.

    Raises:
        StoreProblem: It is damaged, and was not copied; or the copy cannot be written.
    """
    with _explained(path):
        # The file itself is not opened here: closing it would drop the locks that this process has on it.
        _look_inside(path, thoroughly=True)
    return _backed_up(path, now, why)


def _open_file(database: Database, path: Path, now: datetime) -> None:
    version = look(path, thoroughly=backup.is_due(path, now) or _has_a_log(path))
    if version is None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    elif version != migrations.head():
        look(path)
        _backed_up(path, now, f"before-{migrations.head()}")
    if version != migrations.head():
        _bring_up_to_date(database)
    if backup.is_due(path, now):
        _backed_up(path, now, "")


def _backed_up(path: Path, now: datetime, why: str) -> Path:
    try:
        return backup.back_up(path, now, why=why)
    except OSError as error:
        raise problems.cannot_back_up(backup.folder(path), problems.reason(error)) from error
    except sqlite3.OperationalError as error:
        raise problems.cannot_back_up(backup.folder(path), str(error)) from error


def _bring_up_to_date(database: Database) -> None:
    with database.writing() as connection:
        turns.take(connection, Turn.TABLES)
        version = migrations.current(connection)
        if version is not None and version not in migrations.known():
            raise problems.newer(database.where, version)
        if version != migrations.head():
            migrations.upgrade(connection)


def look(path: Path, *, thoroughly: bool = True, to_write: bool = True) -> str | None:
    """Return the version of the database in a file, or None where there is nothing yet.

    Args:
        path: The file.
        thoroughly: Whether to look at every page.
        to_write: Whether it is to be written afterwards, so that one that cannot be is refused.

    Raises:
        StoreProblem: What is there cannot be used.
        OSError: Nobody may look.
    """
    if path.is_dir():
        raise problems.not_ours(path, "a folder")
    if not path.exists():
        return None
    if not path.is_file():
        raise problems.not_ours(path, "not an ordinary file")
    with path.open("rb") as file:
        beginning = file.read(len(MAGIC))
    last_backup = backup.newest(path)
    if not beginning and last_backup is None:
        return None
    if beginning != MAGIC:
        if last_backup is None:
            raise problems.not_ours(path, "not a database")
        raise problems.damaged(path, "it does not begin as a database does", last_backup)
    for needed in (path, path.parent) if to_write else ():
        if not os.access(needed, os.W_OK):
            raise problems.cannot_write(path, f"{needed} is read-only")
    return _look_inside(path, thoroughly=thoroughly)


def reading_address(path: Path) -> str:
    """Return the address by which SQLite reads a file and what is still in the log beside it, and no more."""
    return f"{path.as_uri()}?{READ_ONLY if _has_a_log(path) else READ_ONLY_AND_LEAVE_NO_TRACE}"


def _look_inside(path: Path, *, thoroughly: bool) -> str | None:
    if _has_a_log(path):
        return _version(path, READ_ONLY, thoroughly=thoroughly)
    try:
        return _version(path, READ_ONLY_AND_LEAVE_NO_TRACE, thoroughly=thoroughly)
    except problems.StoreProblem:
        # The first look takes for granted that nobody is writing. If somebody has just begun to, look again.
        if _log(path).exists():
            return _version(path, READ_ONLY, thoroughly=thoroughly)
        raise


def _has_a_log(path: Path) -> bool:
    """Whether changes lie beside the file: it is open elsewhere, or was not closed."""
    return _log(path).exists() and _log(path).stat().st_size > 0


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _version(path: Path, mode: str, *, thoroughly: bool) -> str | None:
    """Return the version of the database in a file, or None if it has no tables."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if not tables:
                return None
            if not tables >= OUR_TABLES:
                raise problems.not_ours(path, "a database of another program")
            sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if thoroughly else "ok"
            if sound != "ok":
                raise problems.damaged(path, "its pages do not fit together", backup.newest(path))
            return _version_of_tables(connection, path)
    except sqlite3.DatabaseError as error:
        problem = problems.explained_by_sqlite(error, path, backup.newest(path))
        raise (problem or problems.damaged(path, str(error), backup.newest(path))) from error


def _version_of_tables(connection: sqlite3.Connection, path: Path) -> str:
    """Return the version that a database has, and not only says it has."""
    versions = connection.execute(migrations.VERSIONS).fetchall()
    if len(versions) != 1:
        raise problems.damaged(path, "it does not say what version it has", backup.newest(path))
    version = str(versions[0][0])
    if version not in migrations.known():
        raise problems.newer(path, version)
    if table := expected.missing(connection, version):
        reason = f"its table '{table}' is not that of version {version}"
        raise problems.damaged(path, reason, backup.newest(path))
    return version


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise problems.cannot_write(path, problems.reason(error)) from error
    except sqlite3.Error as error:
        problem = problems.explained_by_sqlite(error, path, backup.newest(path))
        if problem is None:
            raise
        raise problem from error
