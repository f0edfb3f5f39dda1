"""Statements of the answer path, compiled once for the database in use and handed to its driver as text.

SQLAlchemy spends some 15 µs on executing a statement, SQLite some 2 µs; an answer is four statements, and
half of its time that is not the disk's would go there. Only numbers, text and null may go in and come out,
because nothing is converted on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Dialect
    from sqlalchemy.engine.interfaces import DBAPICursor
    from sqlalchemy.sql import ClauseElement


class Prepared:
    """A statement that is written once for every database.

    Args:
        statement: In SQLAlchemy's terms, its values given as `bindparam`.
        columns: Of an insertion, the columns it fills.
    """

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, tuple[str, Sequence[str] | None, Mapping[str, Any]]] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Execute the statement with these values, given by name."""
        self._execute(connection, values).close()

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the first row of what the statement selects, or None if there is none."""
        cursor = self._execute(connection, values)
        row = cursor.fetchone()
        cursor.close()
        return cast("tuple[Any, ...] | None", row)

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of what the statement selects."""
        cursor = self._execute(connection, values)
        rows = cursor.fetchall()
        cursor.close()
        return cast("list[tuple[Any, ...]]", rows)

    def each(self, connection: Connection, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        """Go through the rows of what the statement selects, one at a time, within the transaction."""
        return cast("Iterator[tuple[Any, ...]]", self._execute(connection, values))

    def _execute(self, connection: Connection, values: Mapping[str, Any]) -> DBAPICursor:
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = self._compile(dialect)
        text, order, constants = self._compiled[dialect.name]
        named = {**constants, **values} if constants else values
        cursor = connection.connection.cursor()
        cursor.execute(text, named if order is None else [named[name] for name in order])
        return cursor

    def _compile(self, dialect: Dialect) -> tuple[str, Sequence[str] | None, Mapping[str, Any]]:
        """Return the text, the order of its values unless it names them, and the values it brings itself."""
        compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(f"{self._statement} is not a statement that takes values")
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        return str(compiled), compiled.positiontup, constants
