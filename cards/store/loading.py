"""Loading what `portable.dump` wrote, into a store in which the learner has nothing.

Two histories of the same cards cannot be added up: each answer was scheduled by the ones before it. So a
document is never merged; whoever has something already may have it replaced as a whole.

Nothing is taken on trust. Each value is checked against its column, each reference against the rows before,
and the memories are computed again from the log. The caller's transaction makes it all or nothing.
"""

from __future__ import annotations

import itertools
from array import array
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import insert
from sqlalchemy.exc import DataError, IntegrityError

from cards.shown import shortened
from cards.store import migrations, projections, texts, values
from cards.store.belongings import LEARNER, NUMBER, belongings
from cards.store.json_reader import JsonReader, NotJsonError
from cards.store.portable import FORMAT, TEXTS, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO

    from sqlalchemy import Column, Connection
    from sqlalchemy.exc import DBAPIError

    from cards.store.belongings import Belonging

AT_A_TIME = 1000  # rows inserted in one go
AS_WRITTEN = "take a file as this app wrote it"  # the remedy, where nothing else is


class LoadError(Exception):
    """A document that cannot be loaded; the message is one sentence. Nothing of it has been kept."""


class _RefusedError(ValueError):
    """What is wrong with a document, and what to do about it."""


@dataclass(frozen=True)
class Loaded:
    """What was in a document.

    Attributes:
        rows: How many rows of each table, by its name.
        made_at: When it was written, as it says.
        recomputed: How many memories were not what the log adds up to, and were computed again.
    """

    rows: dict[str, int]
    made_at: str
    recomputed: int = 0


@dataclass
class _Loading:
    connection: Connection
    learner: int
    is_alone: bool
    has_tables: bool = False
    rows: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, array[int]] = field(default_factory=dict)


def load(connection: Connection, learner: int, file: TextIO, *, is_alone: bool, name: str) -> Loaded:
    """Load a document for a learner who has nothing.

    Args:
        connection: In a transaction that may write.
        learner: Who gets it.
        file: The document.
        is_alone: Whether no other learner shares the database; only then is what it says of the book taken.
        name: What a message calls it.

    Raises:
        LoadError: It cannot be loaded. The transaction has to be taken back.
    """
    loading = _Loading(connection, learner, is_alone)
    try:
        head = _read(JsonReader(file), loading)
    except _RefusedError as error:
        raise LoadError(f"{name} cannot be loaded: {error}.") from error
    except (NotJsonError, values.BadValueError) as error:
        raise LoadError(f"{name} cannot be loaded: {error}; {AS_WRITTEN}.") from error
    except RecursionError as error:
        deep = "a value in it is nested too deeply"
        raise LoadError(f"{name} cannot be loaded: {deep}; {AS_WRITTEN}.") from error
    except IntegrityError as error:
        twice = f"it has the same row twice ({_said(error)})"
        raise LoadError(f"{name} cannot be loaded: {twice}; {AS_WRITTEN}.") from error
    except DataError as error:  # a number of more bits, or a text with a NUL: PostgreSQL takes neither
        refused = f"it holds what this database cannot ({_said(error)})"
        raise LoadError(f"{name} cannot be loaded: {refused}; {AS_WRITTEN}.") from error
    recomputed = projections.rebuild(connection, learner)
    return Loaded(loading.rows, str(head.get("made_at", "")), recomputed)


def _said(error: DBAPIError) -> str:
    """What a database says of an error, in its first line: PostgreSQL goes on with the row."""
    return str(error.orig).partition("\n")[0]


def _read(reader: JsonReader, loading: _Loading) -> dict[str, Any]:
    head: dict[str, Any] = {}
    for name in reader.members():
        match name:
            case "tables":
                _check(head)
                loading.has_tables = True
                _read_tables(reader, loading)
            case "texts":
                _check(head)
                _read_texts(reader, loading)
            case "made_at":
                head[name] = _moment(reader.value())
            case "format" | "version" | "schema":
                head[name] = reader.value()
            case _:
                _refuse(f"nothing is known of its part '{shortened(name)}'")
    reader.end()
    _check(head)
    if not loading.has_tables:
        _refuse("it has no tables")
    return head


def _check(head: dict[str, Any]) -> None:
    """Refuse a document that is not ours, or newer than this app."""
    if head.get("format") != FORMAT:
        _refuse(f'it does not begin with "format": "{FORMAT}", as what this app writes does')
    version, schema = head.get("version"), head.get("schema")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        _refuse(f'it does not say which version it has: its "version" is {values.shown(version)}')
    if not isinstance(schema, str):
        _refuse(f'its "schema" is {values.shown(schema)}, which is not the name of one')
    if version > VERSION or schema not in migrations.known():
        _refuse("it is from a newer version of the app", remedy="update the app and try again")


def _moment(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        _refuse(f'its "made_at" is {values.shown(value)}, which is no moment')
    return str(value)


def _read_tables(reader: JsonReader, loading: _Loading) -> None:
    known = {one.name: one for one in belongings()}
    for name in reader.members():
        one = known.get(name)
        if one is None:
            _refuse(f"nothing is known of a table '{shortened(name)}'")
        if name in loading.rows:
            _refuse(f"it has the table '{name}' twice")
        if missing := sorted(one.after - loading.rows.keys()):
            _refuse(f"the table '{name}' comes before '{missing[0]}', to which it refers")
        numbers = loading.numbers.setdefault(name, array("q"))
        loading.rows[name] = 0
        for rows in _batches(_parsed(reader, one, loading)):
            loading.rows[name] += len(rows)
            numbers.extend(_insert(loading, one, rows))


def _read_texts(reader: JsonReader, loading: _Loading) -> None:
    for rows in _batches(_parsed(reader, TEXTS, loading)):
        if loading.is_alone:
            texts.take_over(loading.connection, rows)


def _parsed(reader: JsonReader, one: Belonging, loading: _Loading) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table by column, each value checked."""
    columns: list[Column[Any]] | None = None
    for name in reader.members():
        if name == "columns" and columns is None:
            columns = _columns(one, reader.value())
        elif name == "rows" and columns is not None:
            readers = [_reader(one, column, loading) for column in columns]
            for number, row in enumerate(reader.elements(), 1):
                if not isinstance(row, list) or len(row) != len(columns):
                    _refuse(f"row {number} of '{one.name}' has not as many values as there are columns")
                yield {
                    column.name: read(value)
                    for column, read, value in zip(columns, readers, row, strict=True)
                }
        else:
            _refuse(f"the table '{one.name}' is not written as columns, then rows")
    if columns is None:
        _refuse(f"the table '{one.name}' has no columns")


def _columns(one: Belonging, names: Any) -> list[Column[Any]]:  # noqa: ANN401 - whatever JSON holds
    known = {column.name: column for column in one.columns}
    if not isinstance(names, list) or len({*map(str, names)}) != len(names):
        _refuse(f"the columns of '{one.name}' are no list of different names")
    for name in names:
        if not isinstance(name, str):
            _refuse(f"{values.shown(name)} is no name of a column of '{one.name}'")
        if name not in known:
            _refuse(f"nothing is known of a column '{shortened(name)}' of '{one.name}'")
    for column in one.columns:
        if column.name not in names and not column.nullable and column.server_default is None:
            _refuse(f"the table '{one.name}' has no column '{column.name}'")
    return [known[name] for name in names]


def _reader(one: Belonging, column: Column[Any], loading: _Loading) -> Callable[[Any], Any]:
    """Return what makes a column's value of what JSON holds."""
    if column.name in one.refers:
        return partial(_number, column, loading.numbers[one.refers[column.name]], first=1)
    if column.name in one.positions:
        return partial(_number, column, loading.numbers[one.positions[column.name]], first=0)
    return partial(values.from_json, column)


def _number(column: Column[Any], numbers: array[int], value: Any, *, first: int) -> int | None:  # noqa: ANN401
    """Return the number of the row that is counted; 0 stands for none, where that may be."""
    if value is None and column.nullable:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not first <= value <= len(numbers):
        _refuse(
            f"{column.table.name}.{column.name} points to a row that is not there ({values.shown(value)})"
        )
    return numbers[value - 1] if value else 0


def _insert(loading: _Loading, one: Belonging, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows, and return their numbers where others may refer to them."""
    owned = rows if one.owner is not None else [{LEARNER: loading.learner, **row} for row in rows]
    if not any(one.name in other.after for other in belongings()):
        loading.connection.execute(insert(one.table), owned)
        return []
    numbered = insert(one.table).returning(one.table.c[NUMBER], sort_by_parameter_order=True)
    return list(loading.connection.scalars(numbered, owned))


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(itertools.islice(rows, AT_A_TIME)):
        yield batch


def _refuse(reason: str, remedy: str = AS_WRITTEN) -> NoReturn:
    raise _RefusedError(f"{reason}; {remedy}")
