"""Which rows belong to a learner, found from the declared tables: whoever adds a table adds it here too.

A table belongs to learners if it has a column `learner_id`. Within one learner its rows are told apart by the
rest of the primary key, or by a number `id` that means nothing but the order in which they came; other tables
refer to rows by that number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Column, Connection, Table

LEARNER = "learner_id"
NUMBER = "id"


@dataclass(frozen=True)
class Belonging:
    """A table of rows that belong to learners.

    Attributes:
        table: The table.
        columns: What its rows say: every column but the learner's id and the row's own number.
        is_numbered: Whether its rows have a number.
        refers: The tables that columns refer to by number, by the column's name.
    """

    table: Table
    columns: tuple[Column[Any], ...]
    is_numbered: bool
    refers: Mapping[str, str]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def order(self) -> list[Column[Any]]:
        """The columns that put one learner's rows in order."""
        if self.is_numbered:
            return [self.table.c[NUMBER]]
        return [column for column in self.table.primary_key if column.name != LEARNER]


def belongings() -> tuple[Belonging, ...]:
    """Return every table that belongs to learners, those that others refer to first."""
    return tuple(shape(table) for table in Row.metadata.sorted_tables if LEARNER in table.c)


def shape(table: Table) -> Belonging:
    """Return what the rows of a table say, and what they refer to."""
    is_numbered = [column.name for column in table.primary_key] == [NUMBER]
    left_out = {LEARNER, NUMBER} if is_numbered else {LEARNER}
    refers = {
        column.name: key.column.table.name
        for column in table.columns
        for key in column.foreign_keys
        if column.name != LEARNER and key.column.name == NUMBER
    }
    columns = tuple(column for column in table.columns if column.name not in left_out)
    return Belonging(table, columns, is_numbered, refers)


def counts(connection: Connection, learner: int) -> dict[str, int]:
    """Return how many rows of each table belong to a learner, by the table's name."""
    return {
        one.name: connection.scalar(
            select(func.count()).select_from(one.table).where(one.table.c[LEARNER] == learner)
        )
        or 0
        for one in belongings()
    }


def delete_all(connection: Connection, learner: int) -> None:
    """Delete every row that belongs to a learner; that there is one stays known."""
    for one in reversed(belongings()):
        connection.execute(delete(one.table).where(one.table.c[LEARNER] == learner))
