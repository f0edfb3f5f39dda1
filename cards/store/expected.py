"""Which tables a database of a version has, and whether it is only called so.

A file can have our tables' names and our version's number and be none of ours: cut together by hand, or views
in the tables' places. What asks it for a column that is not there fails in the middle, so this is looked at
first. Of today's version the declared tables say what has to be there; of an older one, its migrations do.

Left out: types, keys and indexes, which need more than a glance; `soundness` compares those.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, inspect

from cards.store import migrations
from cards.store.tables import Row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

# Neither views nor virtual tables have a page of their own.
COLUMNS = (
    "SELECT found.name FROM sqlite_master AS held JOIN pragma_table_info(held.name) AS found "
    "WHERE held.type = 'table' AND held.rootpage > 0 AND held.name = ?"
)


def missing(connection: sqlite3.Connection, version: str) -> str | None:
    """Return the name of the first table that is not there, or lacks a column; None if all are whole."""
    for table, columns in _tables(version).items():
        found = {column for (column,) in connection.execute(COLUMNS, (table,))}
        if not columns <= found:
            return table
    return None


@cache
def _tables(version: str) -> Mapping[str, frozenset[str]]:
    """The columns of each table that a database of this version has, by the table's name."""
    if version == migrations.head():
        return {name: frozenset(table.c.keys()) for name, table in Row.metadata.tables.items()}
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            migrations.upgrade(connection, version)
            made = inspect(connection)
            return {
                name: frozenset(column["name"] for column in made.get_columns(name))
                for name in made.get_table_names()
            }
    finally:
        engine.dispose()
