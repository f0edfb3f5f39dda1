"""SQLite's own full-text search, FTS5, see https://www.sqlite.org/fts5.html for its syntax.

Its tokenizer `ascii` parts words at spaces and leaves every letter beyond ASCII alone, so that its words are
exactly those of `cards.folding`. Relevance is BM25.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import (
    Integer,
    String,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.exc import OperationalError

from cards.store.prepared import Prepared
from cards.store.search.entry import PARTS
from cards.store.search.text import TABLE, WEIGHTS, Text, TextSearch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause, Select

    from cards.query import Words

TEXTS = table(TABLE, column("rowid", Integer), *(column(part, String) for part in PARTS))
ITSELF: ColumnElement[str] = literal_column(TABLE)  # the hidden column that is matched, and ranked
PREFIXES = "1 2 3"  # lengths of beginnings that have an index of their own
CREATE = (
    f"CREATE VIRTUAL TABLE {{}} USING fts5({', '.join(PARTS)}, tokenize = 'ascii', prefix = '{PREFIXES}')"
)
PROBE = "temp.search_probe"


def is_there(connection: Connection) -> bool:
    """Whether this build of SQLite has FTS5."""
    try:
        connection.execute(text(CREATE.format(PROBE)))
    except OperationalError as error:
        if isinstance(error.orig, sqlite3.Error) and "no such module" in str(error.orig):
            return False
        raise
    connection.execute(text(f"DROP TABLE {PROBE}"))
    return True


class Fts5(TextSearch):
    """Text in a table of FTS5's."""

    name: ClassVar[str] = "fts5"
    table: ClassVar[FromClause] = TEXTS
    number: ClassVar[ColumnElement[int]] = TEXTS.c.rowid

    def create(self, connection: Connection) -> None:
        """Create the virtual table."""
        connection.execute(text(CREATE.format(TABLE)))

    def add(self, connection: Connection, texts: Iterable[Text]) -> None:
        """Add texts under the numbers of their cards."""
        rows = [
            {"rowid": number, **{part: " ".join(parts[part]) for part in PARTS}} for number, parts in texts
        ]
        if rows:
            connection.execute(insert(TEXTS), rows)

    def remove(self, connection: Connection, numbers: Iterable[int]) -> None:
        """Delete texts."""
        rows = [{"of": number} for number in numbers]
        if rows:
            connection.execute(delete(TEXTS).where(TEXTS.c.rowid == bindparam("of")), rows)

    def by_relevance(self, wanted: Sequence[Words]) -> tuple[Prepared, dict[str, str]]:
        """Ask FTS5 alone, which is what most key presses lead to."""
        return BY_RELEVANCE, {"expression": _all_of(wanted)}

    def has_all(self, wanted: Sequence[Words]) -> ColumnElement[bool]:
        """Match all of them in one expression, which FTS5 answers from its index alone."""
        return _matches(literal(_all_of(wanted)))

    def has_any(self, unwanted: Sequence[Words]) -> Select[int]:
        """Match one of them."""
        any_of_them = _matches(literal(" OR ".join(_expression(words) for words in unwanted)))
        return select(TEXTS.c.rowid).where(any_of_them).correlate(None)

    def relevance(self, wanted: Sequence[Words]) -> ColumnElement[float]:
        """BM25, which FTS5 counts downwards from 0."""
        del wanted  # FTS5 knows what it was asked
        return -BM25


def _matches(expression: ColumnElement[str]) -> ColumnElement[bool]:
    return ITSELF.bool_op("MATCH")(expression)


def _all_of(wanted: Sequence[Words]) -> str:
    return " AND ".join(_expression(words) for words in wanted)


def _expression(words: Words) -> str:
    """Return words in FTS5's syntax; in quotes, letters and digits mean nothing but themselves."""
    return f'"{" ".join(words.words)}"{"" if words.whole else " *"}'


BM25: ColumnElement[float] = func.bm25(ITSELF, *(WEIGHTS[part] for part in PARTS))  # the better, the lower
BY_RELEVANCE = Prepared(
    select(TEXTS.c.rowid).where(_matches(bindparam("expression"))).order_by(BM25, TEXTS.c.rowid)
)
