"""A collection as a database: opened so that nothing in it is run and nothing is written."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from cards.anki.reading.problem import AGAIN, PackageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"SQLite format 3\x00"
HEADER = 100  # bytes
FORMATS, ROLLBACK = (
    slice(18, 20),
    b"\x01\x01",
)  # where a header says that a log lies beside the file: none does
OLDEST, NEWEST = 11, 18  # versions of Anki's schema: 11 since 2012, 18 since 2021
LONGEST = 64 * 1024**2  # bytes of a text, or of what is put together of many; no note has as many
TABLES = {"col", "notes", "cards", "revlog"}


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a collection that was unpacked.

    What cannot be read of it is found out when it is read, within `explained`.

    Raises:
        PackageError: It is none, or damaged, or from a newer Anki.
    """
    _refuse_other_files(path)
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        # Anki's own collation; nothing is sorted or compared by it here, but tables name it.
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        with explained():
            connection.execute("PRAGMA trusted_schema = OFF")
            _refuse_other_tables(connection)
        yield connection


@contextmanager
def explained() -> Iterator[None]:
    """Say of what SQLite cannot read within the block that the collection is damaged.

    Raises:
        PackageError: It is.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise PackageError(f"The collection in the package is damaged ({error}); {AGAIN}.") from error


def _refuse_other_files(path: Path) -> None:
    with path.open("r+b") as file:
        header = bytearray(file.read(HEADER))
        if not header.startswith(MAGIC):
            raise PackageError(f"The collection in the package is no database; {AGAIN}.")
        header[FORMATS] = ROLLBACK
        file.seek(0)
        file.write(header)


def _refuse_other_tables(connection: sqlite3.Connection) -> None:
    tables = dict(
        connection.execute("SELECT name, upper(sql) FROM sqlite_master WHERE type = 'table'").fetchall()
    )
    strange = [name for name in TABLES if "VIRTUAL TABLE" in (tables.get(name) or "VIRTUAL TABLE")]
    if strange:
        raise PackageError(
            f"The collection in the package has not the tables of an Anki collection; {AGAIN}."
        )
    versions = connection.execute("SELECT ver FROM col LIMIT 2").fetchall()
    version = versions[0][0] if len(versions) == 1 else None
    if not isinstance(version, int) or version < OLDEST:
        raise PackageError(
            f"The collection in the package has version {version}, which no Anki since 2012 writes; {AGAIN}."
        )
    if version > NEWEST:
        raise PackageError(
            f"The collection in the package has version {version}, and this app knows those up to {NEWEST}; "
            f"{AGAIN} with support for older versions."
        )
