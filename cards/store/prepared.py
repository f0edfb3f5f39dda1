"""Statements of the answer path, compiled once for the database in use and handed to its driver as text.

SQLAlchemy spends some 15 µs on executing a statement, SQLite some 2 µs; an answer is three statements, and
half of its time that is not the disk's would go there. Only numbers, text and null may go in and come out,
because nothing is converted on the way.
"""

from __future__ import annotations

import itertools
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Dialect
    from sqlalchemy.engine.interfaces import DBAPICursor
    from sqlalchemy.sql import ClauseElement


AT_A_TIME = 5000  # rows, which the processor's cache can hold


class Compiled(NamedTuple):
    """A statement as one database takes it.

    Attributes:
        text: What its driver is handed.
        order: The names of its values in their order, or None where it names them itself.
        constants: The values that it brings along, by name.
        arranged: Arranges values that are given by name as the driver takes them.
    """

    text: str
    order: Sequence[str] | None
    constants: Mapping[str, Any]
    arranged: Callable[[Mapping[str, Any]], Any]


class Prepared:
    """A statement that is written once for every database.

    Args:
        statement: In SQLAlchemy's terms, its values given as `bindparam`.
        columns: Of an insertion, the columns it fills.
    """

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Execute the statement with these values, given by name."""
        self._execute(connection, values).close()

    def run_all(self, connection: Connection, columns: Mapping[str, Iterable[Any]]) -> None:
        """Execute the statement for many rows, whose values are given by column, each in the same order."""
        text, order, constants, _ = self._for(connection.dialect)
        every = {**{name: itertools.repeat(value) for name, value in constants.items()}, **columns}
        names = tuple(every) if order is None else order
        rows: Iterator[Any] = zip(*(every[name] for name in names), strict=False)  # constants never end
        if order is None:
            rows = (dict(zip(names, row, strict=True)) for row in rows)
        cursor = connection.connection.cursor()
        cursor.executemany(text, cast("Sequence[Any]", rows))  # drivers take what can be gone through once
        cursor.close()

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

    def batches(self, connection: Connection, values: Mapping[str, Any]) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of what the statement selects, many at a time: all at once would be slower."""
        cursor = self._execute(connection, values)
        while rows := cursor.fetchmany(AT_A_TIME):
            yield cast("list[tuple[Any, ...]]", rows)
        cursor.close()

    def _execute(self, connection: Connection, values: Mapping[str, Any]) -> DBAPICursor:
        text, _, constants, arranged = self._for(connection.dialect)
        cursor = connection.connection.cursor()
        cursor.execute(text, arranged({**constants, **values} if constants else values))
        return cursor

    def _for(self, dialect: Dialect) -> Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = self._compile(dialect)
        return compiled

    def _compile(self, dialect: Dialect) -> Compiled:
        compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(f"{self._statement} is not a statement that takes values")
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        order = compiled.positiontup
        return Compiled(str(compiled), order, constants, dict if order is None else _in_order(order))


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Any]:
    """Return what puts values into an order; for several, Python has it ready made."""
    return itemgetter(*names) if len(names) > 1 else lambda values: [values[name] for name in names]
