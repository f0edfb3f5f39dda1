"""What every database can do and calls by a name of its own: a column as one text, and a number for each row.

as_array(column)        the values of a group's rows, as a JSON array
number_of(table)        a number that a row of a table has as long as a transaction reads
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import GenericFunction

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.sql.compiler import SQLCompiler


class as_array(GenericFunction[str]):  # noqa: N801 - it is called as SQL's functions are
    """The values of a group's rows, in the order in which they are met, as a JSON array.

    Several of one statement meet the rows in the same order.
    """

    type = Text()
    inherit_cache = True


@compiles(as_array, "sqlite")
def _on_sqlite(element: as_array, compiler: SQLCompiler, **given: object) -> str:
    return f"json_group_array({compiler.process(element.clauses, **given)})"


@compiles(as_array, "postgresql")
def _on_postgresql(element: as_array, compiler: SQLCompiler, **given: object) -> str:
    return f"CAST(json_agg({compiler.process(element.clauses, **given)}) AS TEXT)"


class number_of(ColumnElement[int]):  # noqa: N801 - as above
    """The number of a row of a table that the statement reads: SQLite's own key, or its place on PostgreSQL.

    A row that changes moves there, and who reads meanwhile still finds it where it was.
    """

    type = BigInteger()
    inherit_cache = False

    def __init__(self, table: Table) -> None:
        self.table = table


@compiles(number_of, "sqlite")
def _row_on_sqlite(element: number_of, compiler: SQLCompiler, **_given: object) -> str:
    return f"{compiler.preparer.format_table(element.table)}.rowid"


@compiles(number_of, "postgresql")
def _row_on_postgresql(element: number_of, compiler: SQLCompiler, **_given: object) -> str:
    place = f"CAST(CAST({compiler.preparer.format_table(element.table)}.ctid AS TEXT) AS POINT)"
    return f"(CAST(({place})[0] AS BIGINT) * 65536 + CAST(({place})[1] AS BIGINT))"
