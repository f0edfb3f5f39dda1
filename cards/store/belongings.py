"""Which rows belong to a learner, found from the declared tables: whoever adds a table adds it here too.

A table belongs to learners if it has a column `learner_id`, or if its key begins with the number of a row
that does. Within one learner its rows are told apart by the rest of the primary key, or by a number `id` that
means nothing but the order in which they came; other tables refer to rows by that number.

What a declaration cannot say by its types it says in `info`, of a table or of a column:

| `info` | of | what it means |
|---|---|---|
| `computed` | a table, a column | it can be computed again: it does not travel, and may be emptied |
| `position_in` | a column | the number that a table's rows had come to; no reference, it may be 0 |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Column, ColumnElement, Connection, Table

LEARNER = "learner_id"
NUMBER = "id"
COMPUTED = "computed"
POSITION_IN = "position_in"
TABLES = Row.metadata


@dataclass(frozen=True)
class Belonging:
    """A table of rows that belong to learners.

    Attributes:
        table: The table.
        columns: What its rows say: every column but the learner's id, the row's own number, and what can be
            computed again.
        is_numbered: Whether its rows have a number.
        refers: The tables that columns refer to by number, by the column's name.
        positions: The tables whose rows columns count, by the column's name.
        owner: Of a table without a learner's id, the column that refers to the row which has one.
    """

    table: Table
    columns: tuple[Column[Any], ...]
    is_numbered: bool
    refers: Mapping[str, str]
    positions: Mapping[str, str]
    owner: Column[Any] | None = None

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def after(self) -> set[str]:
        """The tables that have to be there before it."""
        return {*self.refers.values(), *self.positions.values()}

    @property
    def order(self) -> list[Column[Any]]:
        """The columns that put one learner's rows in order."""
        if self.is_numbered:
            return [self.table.c[NUMBER]]
        return [column for column in self.table.primary_key if column.name != LEARNER]

    def of(self, learner: int) -> ColumnElement[bool]:
        """The condition that a row belongs to a learner."""
        if self.owner is None:
            return self.table.c[LEARNER] == learner
        (key,) = self.owner.foreign_keys
        return self.owner.in_(select(key.column).where(key.column.table.c[LEARNER] == learner))


def belongings(*, computed: bool = False) -> tuple[Belonging, ...]:
    """Return every table that belongs to learners, each after those that it refers to.

    Args:
        computed: Whether those that can be computed again are wanted too.
    """
    left = [shape(table) for table in TABLES.sorted_tables if _is_owned(table)]
    left = [one for one in left if computed or not one.table.info.get(COMPUTED)]
    ordered: list[Belonging] = []
    while left:
        there = {one.name for one in ordered}
        ready = next(one for one in left if one.after <= there)
        ordered.append(ready)
        left.remove(ready)
    return tuple(ordered)


def shape(table: Table) -> Belonging:
    """Return what the rows of a table say, and what they refer to."""
    is_numbered = [column.name for column in table.primary_key] == [NUMBER]
    left_out = {LEARNER, NUMBER} if is_numbered else {LEARNER}
    columns = tuple(
        column for column in table.columns if column.name not in left_out and not column.info.get(COMPUTED)
    )
    return Belonging(
        table,
        columns,
        is_numbered,
        refers={column.name: parent.name for column in columns if (parent := _parent(column)) is not None},
        positions={column.name: column.info[POSITION_IN] for column in columns if POSITION_IN in column.info},
        owner=None if LEARNER in table.c else _owner(table),
    )


def counts(connection: Connection, learner: int) -> dict[str, int]:
    """Return how many rows of each table belong to a learner, by the table's name."""
    return {
        one.name: connection.scalar(select(func.count()).select_from(one.table).where(one.of(learner))) or 0
        for one in belongings()
    }


def answers_that_count(rows: Mapping[str, int]) -> int:
    """Return how many answers count among so many rows of each table: each undo takes one back."""
    return rows.get("review", 0) - rows.get("undo", 0)


def delete_all(connection: Connection, learner: int) -> None:
    """Delete every row that belongs to a learner; that there is one stays known.

    What is computed goes last, for the database computes some of it whenever something else goes.
    """
    everything = reversed(belongings(computed=True))
    for one in sorted(everything, key=lambda one: bool(one.table.info.get(COMPUTED))):
        connection.execute(delete(one.table).where(one.of(learner)))
    forget_computed(connection, learner)


def forget_computed(connection: Connection, learner: int) -> None:
    """Empty what is noted of a learner's rows as a whole, for they have changed behind its back."""
    learners = TABLES.tables["learner"]
    noted = {column.name: None for column in learners.columns if column.info.get(COMPUTED)}
    if noted:
        connection.execute(update(learners).where(learners.c[NUMBER] == learner).values(noted))


def _is_owned(table: Table) -> bool:
    return LEARNER in table.c or _owner(table) is not None


def _owner(table: Table) -> Column[Any] | None:
    """The column of a table's key that refers to a row of a learner's, or None."""
    for column in table.primary_key:
        parent = _parent(column)
        if parent is not None and LEARNER in parent.c:
            return column
    return None


def _parent(column: Column[Any]) -> Table | None:
    """The table to whose numbers a column refers, or None."""
    for key in column.foreign_keys:
        if column.name != LEARNER and key.column.name == NUMBER:
            return key.column.table
    return None
