"""What can be wrong with a learner's database: what happened, where it is, and how to mend it."""

from __future__ import annotations

import errno
import sqlite3
from enum import StrEnum
from pathlib import Path

from sqlalchemy.exc import DBAPIError

ELSEWHERE = "name another folder in MARTINGALE_HOME or another database in MARTINGALE_DATABASE_URL"
PRIMARY_CODE = 0xFF  # SQLite's extended result codes carry the primary one in their lowest byte
NO_RIGHT = ("42501", "25006")  # of PostgreSQL's: insufficient privilege, and a transaction that only reads
DISK_FULL = "53100"


class ProblemKind(StrEnum):
    """The kinds of problem."""

    BAD_ADDRESS = "bad-address"
    NOT_OURS = "not-ours"
    CANNOT_WRITE = "cannot-write"
    DAMAGED = "damaged"
    NEWER = "newer"
    FULL = "full"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    BAD_BACKUP = "bad-backup"
    NO_FILE = "no-file"


class StoreProblem(Exception):  # noqa: N818 - a state of the world that a learner is told of, not a bug
    """A database that cannot be used. Whoever raises this has changed nothing in it.

    Attributes:
        kind: Which of the kinds it is.
        what: One sentence: what happened.
        where: The file, or the address without its password.
        remedy: What to do about it.
    """

    def __init__(self, kind: ProblemKind, what: str, *, where: Path | str, remedy: str) -> None:
        super().__init__(f"{what} It is at {where}. {remedy}")
        self.kind = kind
        self.what = what
        self.where = str(where)
        self.remedy = remedy


def reason(error: OSError) -> str:
    """Return why a file cannot be made, in the system's words where they say enough."""
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return "a file stands where its folder should"
    if error.errno == errno.ENOENT:
        return "its folder is not there, and cannot be made"
    return error.strerror or str(error)


def not_ours(path: Path, found: str) -> StoreProblem:
    """Report something else in the database's place."""
    return StoreProblem(
        ProblemKind.NOT_OURS,
        f"The file for your cards is {found}.",
        where=path,
        remedy=f"Move it away to start afresh, or {ELSEWHERE}.",
    )


def cannot_write(where: Path | str, reason: str) -> StoreProblem:
    """Report a file or a folder that the app has no right, or no way, to write."""
    return StoreProblem(
        ProblemKind.CANNOT_WRITE,
        f"The database of your cards cannot be written ({reason}).",
        where=where,
        remedy=f"Make the file and its folder writable, or {ELSEWHERE}.",
    )


def no_right(where: str, reason: str) -> StoreProblem:
    """Report a database on a server that does not let its user do what the app needs."""
    return StoreProblem(
        ProblemKind.CANNOT_WRITE,
        f"The database of your cards does not let the app write ({reason}).",
        where=where,
        remedy="Have whoever runs it allow its user to create tables there and to write them, or name "
        "another in MARTINGALE_DATABASE_URL.",
    )


def full(where: Path | str) -> StoreProblem:
    """Report a disk on which there is no room."""
    return StoreProblem(
        ProblemKind.FULL,
        "The disk is full, and nothing more can be saved.",
        where=where,
        remedy="Free some space and try again; what was saved before is safe.",
    )


def damaged(path: Path, reason: str, backup: Path | None) -> StoreProblem:
    """Report a file that can no longer be read, and the backup to put in its place."""
    if backup is None:
        remedy = f'There is no backup beside it. `sqlite3 "{path}" .recover` may save what is left.'
    else:
        remedy = (
            f'Restore its last backup: stop the app and run `python -m cards restore "{backup}"`. What is '
            f"there now is set aside, not lost."
        )
    return StoreProblem(
        ProblemKind.DAMAGED, f"The database of your cards is damaged ({reason}).", where=path, remedy=remedy
    )


def newer(where: Path | str, version: str) -> StoreProblem:
    """Report a database that a newer version of the app has written."""
    return StoreProblem(
        ProblemKind.NEWER,
        f"The database of your cards is from a newer version of the app (it is at {version}).",
        where=where,
        remedy="Update the app; or restore a backup from before the update with `python -m cards restore`.",
    )


def cannot_back_up(folder: Path, reason: str) -> StoreProblem:
    """Report a backup that cannot be made; whatever needs one has not been begun."""
    return StoreProblem(
        ProblemKind.CANNOT_WRITE,
        f"No backup of your cards can be made ({reason}).",
        where=folder,
        remedy="Free some space, or make that a folder in which you may write; your cards are as they were.",
    )


def cannot_look(folder: Path, reason: str) -> StoreProblem:
    """Report backups that nobody may look for."""
    return StoreProblem(
        ProblemKind.CANNOT_WRITE,
        f"The backups of your cards cannot be listed ({reason}).",
        where=folder,
        remedy="Make that folder, and the one that it lies in, yours to read and to write.",
    )


def bad_backup(path: Path, reason: str) -> StoreProblem:
    """Report a file that cannot be put in the place of the database."""
    return StoreProblem(
        ProblemKind.BAD_BACKUP,
        f"This backup cannot be restored: it is {reason}.",
        where=path,
        remedy="Choose another; `python -m cards backup --list` shows them.",
    )


def in_use(path: Path) -> StoreProblem:
    """Report that others have the database open while it was to be replaced."""
    return StoreProblem(
        ProblemKind.BUSY,
        "Another program has the database of your cards open, so it cannot be replaced.",
        where=path,
        remedy="Stop it (most likely the app itself) and try again.",
    )


def closed(where: str) -> StoreProblem:
    """Report that the database was closed under somebody's hands, because another is put in its place."""
    return StoreProblem(
        ProblemKind.BUSY,
        "The database of your cards has just been replaced.",
        where=where,
        remedy="Try again.",
    )


def no_file(where: str) -> StoreProblem:
    """Report that a database on a server was asked for what only a file can do."""
    return StoreProblem(
        ProblemKind.NO_FILE,
        "The database of your cards is on a server, which keeps its backups itself.",
        where=where,
        remedy="Ask whoever runs it; `python -m cards dump` takes out what is yours.",
    )


def bad_home(named: str) -> StoreProblem:
    """Report a folder for everything that begins with the home of somebody who is not known here."""
    return StoreProblem(
        ProblemKind.BAD_ADDRESS,
        "The folder that MARTINGALE_HOME names begins with a home that this machine does not know.",
        where=named,
        remedy="Write it out in full, like /home/me/cards, or unset MARTINGALE_HOME.",
    )


def bad_address(address: str, reason: str) -> StoreProblem:
    """Report an address that names no database."""
    return StoreProblem(
        ProblemKind.BAD_ADDRESS,
        f"The address of the database cannot be used ({reason}).",
        where=address,
        remedy="Write it like sqlite:////home/me/cards.db, or like postgresql+psycopg://host/cards with that "
        "driver installed; or unset MARTINGALE_DATABASE_URL.",
    )


def explained(error: Exception, where: str, backup: Path | None = None) -> StoreProblem | None:
    """Return what an error of a database's driver, or SQLAlchemy's wrapping of one, means to a learner.

    None where it is a mistake of ours.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return explained_by_sqlite(cause, Path(where), backup)
    said, code = str(cause).partition("\n")[0], getattr(cause, "sqlstate", None)
    if code in NO_RIGHT:
        return no_right(where, said)
    if code == DISK_FULL:
        return full(where)
    # What every driver calls them, and what each that a server has a number for is a kind of.
    names = {one.__name__ for one in type(cause).__mro__}
    if names & {"OperationalError", "InterfaceError"}:
        return StoreProblem(
            ProblemKind.UNREACHABLE,
            "The database of your cards does not answer.",
            where=where,
            remedy="Check that its server is running and that MARTINGALE_DATABASE_URL is right.",
        )
    if "ProgrammingError" in names and isinstance(error, DBAPIError) and error.statement is None:
        return bad_address(where, said)  # nothing was asked yet: it is the options that the driver refuses
    return None


def explained_by_sqlite(error: sqlite3.Error, path: Path, backup: Path | None) -> StoreProblem | None:
    """Return what an error of SQLite's means to a learner, or None where it is a mistake of ours."""
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & PRIMARY_CODE:
        case sqlite3.SQLITE_FULL:
            return full(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreProblem(
                ProblemKind.BUSY,
                "Another program has been writing the database of your cards for too long.",
                where=path,
                remedy="Close it and try again.",
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_IOERR:
            return cannot_write(path, str(error))
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(path, str(error), backup)
    return None
