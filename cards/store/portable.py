"""All that a learner has, as one JSON document, out and in again.

    {
    "format": "martingale",
    "version": 1,
    "schema": "0003",
    "made_at": "2026-11-26T09:00:00.000Z",
    "tables": {
    "preset": {"columns": ["settings"], "rows": [
    ["{…}"],
    …
    ]},
    …
    },
    "texts": {"columns": ["card_id", …], "rows": […]}
    }

`version` is the version of this format, and `schema` the newest migration that the tables have been through;
what comes from a newer one of either is refused. `tables` holds every table that belongs to learners
(`belongings`), in an order in which nothing refers to what comes later. A row is a list in the order of
`columns`. It names neither the learner nor its own number: where one row refers to another, it counts that
table's rows from 1, so the same belongings give the same document in any database. `texts` says when the
cards of the book last changed, as far as this database has seen. Moments are milliseconds since 1970 in UTC,
days are day numbers, and infinite numbers are the texts "Infinity" and "-Infinity". White space does not
matter, the order of members does. A column that is missing has its default, so that documents of older
versions can be read for ever.

Both ways go row by row: a document of a million answers takes no more memory than a number for each of them.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cards.days import as_utc
from cards.store import migrations, values
from cards.store.belongings import NUMBER, belongings, shape
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import TextIO

    from sqlalchemy import Connection

    from cards.store.belongings import Belonging

FORMAT, VERSION = "martingale", 1
AT_A_TIME = 2000  # rows fetched in one go
TEXTS = shape(Row.metadata.tables["card_text"])


def dump(connection: Connection, learner: int, file: TextIO, now: datetime) -> dict[str, int]:
    """Write all that a learner has; return how many rows of each table there were, by its name."""
    made_at = as_utc(now).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    head = {"format": FORMAT, "version": VERSION, "schema": migrations.head(), "made_at": made_at}
    file.write("{\n")
    file.writelines(f"{_json(name)}: {_json(value)},\n" for name, value in head.items())
    file.write('"tables": {')
    numbers: dict[str, array[int]] = {}
    written: dict[str, int] = {}
    for one in belongings():
        file.write(f"{',' if written else ''}\n{_json(one.name)}: ")
        written[one.name] = _write_rows(file, one, _rows(connection, one, learner, numbers))
    file.write('\n},\n"texts": ')
    _write_rows(file, TEXTS, _rows(connection, TEXTS, None, numbers))
    file.write("\n}\n")
    return written


def _rows(
    connection: Connection, one: Belonging, learner: int | None, numbers: dict[str, array[int]]
) -> Iterator[list[Any]]:
    """Yield a learner's rows of a table as JSON carries them, and note the numbers that others refer to."""
    numbered = numbers.setdefault(one.name, array("q"))
    wanted = [one.table.c[NUMBER], *one.columns] if one.is_numbered else list(one.columns)
    asked = select(*wanted).order_by(*one.order)
    if learner is not None:
        asked = asked.where(one.of(learner))
    named = [column.name for column in one.columns]
    references = [(named.index(name), numbers[parent]) for name, parent in one.refers.items()]
    positions = [(named.index(name), numbers[other]) for name, other in one.positions.items()]
    for row in connection.execute(asked.execution_options(yield_per=AT_A_TIME)):
        shown = [values.to_json(value) for value in row]
        if one.is_numbered:
            numbered.append(shown.pop(0))
        for place, known in references:
            shown[place] = _counted(known, shown[place])
        for place, known in positions:
            shown[place] = None if shown[place] is None else bisect_right(known, shown[place])
        yield shown


def _counted(known: array[int], number: int | None) -> int | None:
    """Return which of the rows, counted from 1, has this number; None if none of this learner's has."""
    if number is None:
        return None
    place = bisect_left(known, number)
    return place + 1 if place < len(known) and known[place] == number else None


def _write_rows(file: TextIO, one: Belonging, rows: Iterator[list[Any]]) -> int:
    file.write(f'{{"columns": {_json([column.name for column in one.columns])}, "rows": [')
    count = 0
    for count, row in enumerate(rows, 1):
        file.write(f"{',' if count > 1 else ''}\n{_json(row)}")
    file.write("\n]}" if count else "]}")
    return count


def _json(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
