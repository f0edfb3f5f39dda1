"""Whether a database is whole as a database: its pages, its references, its tables, its backups.

Only looked at: nothing here writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from cards.store import copies, migrations
from cards.store.findings import Finding
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

RESTORE = ("Restore a backup from before it happened.", "python -m cards restore")
MOST = 20  # lines of SQLite's own check: after so many the file is past mending


def of_database(connection: Connection) -> list[Finding]:
    """Return what is wrong with a database, whoever's it is."""
    return [*_version(connection), *_pages(connection), *_references(connection), *_schema(connection)]


def of_backups(path: Path) -> list[Finding]:
    """Return what is wrong with the backups of a file."""
    known = [copy for copy in copies.copies_of(path) if copy.why != copies.SET_ASIDE]
    if not known:
        return [
            Finding(
                "no-backup",
                f"There is no backup of {path}.",
                "Make one.",
                "python -m cards backup",
                is_mendable=True,
            )
        ]
    return [
        Finding(
            "bad-backup", f"The backup {copy.path} is damaged.", "Delete it; the others are not affected."
        )
        for copy in known
        if copy.trouble == "damaged"
    ]


def _version(connection: Connection) -> Iterator[Finding]:
    version = migrations.current(connection)
    if version != migrations.head():
        yield Finding(
            "old-version",
            f"The database is at version {version}, and the app's is {migrations.head()}.",
            "Open the app once, which backs it up and brings it up to date.",
            is_mendable=True,
        )


def _pages(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.execute(text(f"PRAGMA integrity_check({MOST})")):
        if line != "ok":
            yield Finding("damaged", f"The file is damaged: {line}.", *RESTORE)


def _references(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return  # other databases have never let one in
    for table, row, parent, _ in connection.execute(text("PRAGMA foreign_key_check")):
        yield Finding(
            "points-nowhere",
            f"Row {row} of '{table}' refers to a row of '{parent}' that is not there.",
            *RESTORE,
        )


def _schema(connection: Connection) -> Iterator[Finding]:
    """Compare the tables with their declaration. Tables that are not declared are nobody's business."""
    context = MigrationContext.configure(
        connection, opts={"include_name": _is_declared, "compare_type": True}
    )
    for change in compare_metadata(context, Row.metadata):
        yield Finding("schema", f"The tables are not as declared: {_in_words(change)}.", *RESTORE)
    found = inspect(connection)
    present = set(found.get_table_names())
    for name, table in Row.metadata.tables.items():
        kept = {index["name"] for index in found.get_indexes(name)} if name in present else set()
        for index in table.indexes if name in present else ():
            if index.name not in kept:
                yield Finding(
                    "schema", f"The tables are not as declared: '{name}' has no {index.name}.", *RESTORE
                )


def _is_declared(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name in Row.metadata.tables


def _in_words(change: Any) -> str:  # noqa: ANN401 - Alembic's tuples have no type
    if isinstance(change, list):
        return ", ".join(map(_in_words, change))
    named = [
        str(getattr(part, "name", part))
        for part in change[1:]
        if isinstance(part, str) or hasattr(part, "name")
    ]
    return " ".join([str(change[0]).replace("_", " "), *named])
