"""Columns as texts, which is how a database hands over many rows at once; and what that takes in each.

as_array(column)        the values of a group's rows, as a JSON array
number_of(table)        a number that a row of a table has as long as a transaction reads
parts_of(real)          a real number as two whole ones, for databases that write real ones out rounded
numbers(texts)          the whole numbers of the arrays that a statement has returned
reals(whole, rest)      the real numbers that were taken apart
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, Text, case, cast, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import GenericFunction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.sql.compiler import SQLCompiler

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NOTHING = (None, "[]")  # an array of no rows, on a server and on SQLite
NOT_THERE = int(np.iinfo(np.int64).min)  # stands for a whole number that is null
PART, REST = 2.0**-20, 2.0**-73
LARGEST = 2.0**42


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


def parts_of(real: ColumnElement[float]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return how many times a real number holds `PART`, and how many times what is left holds `REST`.

    This is exact from 1e-6 to 4e12, for a double's digits below a part are no more than the rest has. What is
    null, below 0 or above that is `NOT_THERE`.
    """
    parts = real / PART
    whole = cast(parts, BigInteger)  # rounded or cut off: a rest may be below 0
    rest = cast((parts - whole) * (PART / REST), BigInteger)
    is_there = real.between(0, LARGEST)
    return case((is_there, whole), else_=literal(NOT_THERE, BigInteger)), case((is_there, rest), else_=0)


def numbers(texts: Sequence[str]) -> Integers:
    """Return the whole numbers of JSON arrays of the same length, which is not 0: [array, number].

    They are taken apart all at once, because each piece of work that leaves Python to other threads meanwhile
    ends with waiting for it.
    """
    together = ",".join(text[1:-1] for text in texts)
    return np.fromstring(together, dtype=np.int64, sep=",").reshape(len(texts), -1)


def reals(whole: Integers, rest: Integers) -> Floats:
    """Return real numbers from their parts; what was not there is not a number."""
    return np.where(whole == NOT_THERE, np.nan, whole * PART + rest * REST)
