"""PostgreSQL's own full-text search, see https://www.postgresql.org/docs/current/textsearch.html.

Vectors and queries are written out here, word by word with their positions, and only cast by the server: its
parsers and dictionaries depend on the locale that a database was made with, and know neither TeX nor
beginnings of words. Relevance is `ts_rank`, with a weight for each part.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import (
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, REAL, TSQUERY, TSVECTOR

from cards.store.search.entry import PARTS
from cards.store.search.text import TABLE, WEIGHTS, Text, TextSearch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause, Select

    from cards.query import Words

TEXTS = Table(
    TABLE,
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("vector", TSVECTOR, nullable=False),
    Index("ix_search_text_vector", "vector", postgresql_using="gin"),
)
ADD = insert(TEXTS).values(number=bindparam("of"), vector=cast(bindparam("written", type_=String), TSVECTOR))
REMOVE = delete(TEXTS).where(TEXTS.c.number == bindparam("of"))

LETTERS = dict(zip(PARTS, "ABCD", strict=True))
RANKED = "{" + ", ".join(str(WEIGHTS[part]) for part in reversed(PARTS)) + "}"  # from D to A
LAST_POSITION, MOST_POSITIONS = 16_383, 255  # in a vector, and of one word; the server drops what is beyond
APART = 2  # positions between two parts, so that no phrase reaches from one into the next


class Vectors(TextSearch):
    """Text as vectors of words."""

    name: ClassVar[str] = "tsvector"
    table: ClassVar[FromClause] = TEXTS
    number: ClassVar[ColumnElement[int]] = TEXTS.c.number

    def create(self, connection: Connection) -> None:
        """Create the table and its index."""
        TEXTS.create(connection)

    def add(self, connection: Connection, texts: Iterable[Text]) -> None:
        """Add texts under the numbers of their cards."""
        rows = [{"of": number, "written": vector(parts)} for number, parts in texts]
        if rows:
            connection.execute(ADD, rows)

    def remove(self, connection: Connection, numbers: Iterable[int]) -> None:
        """Delete texts."""
        rows = [{"of": number} for number in numbers]
        if rows:
            connection.execute(REMOVE, rows)

    def has_all(self, wanted: Sequence[Words]) -> ColumnElement[bool]:
        """Match all of them."""
        return TEXTS.c.vector.bool_op("@@")(_query(" & ", wanted))

    def has_any(self, unwanted: Sequence[Words]) -> Select[int]:
        """Match one of them."""
        any_of_them = TEXTS.c.vector.bool_op("@@")(_query(" | ", unwanted))
        return select(TEXTS.c.number).where(any_of_them).correlate(None)

    def relevance(self, wanted: Sequence[Words]) -> ColumnElement[float]:
        """`ts_rank`, by the weights of the parts."""
        rank: ColumnElement[float] = func.ts_rank(
            cast(literal(RANKED), ARRAY(REAL)), TEXTS.c.vector, _query(" & ", wanted)
        )
        return rank


def vector(parts: Mapping[str, Sequence[str]]) -> str:
    """Write a text as a vector: `'fair':1A 'walk':2A,7B`. Letters and digits need no escape."""
    positions: defaultdict[str, list[str]] = defaultdict(list)
    position = 0
    for part in PARTS:
        for word in parts[part]:
            position += 1
            known = positions[word]  # a word beyond the last position is still known to be there
            if position <= LAST_POSITION and len(known) < MOST_POSITIONS:
                known.append(f"{position}{LETTERS[part]}")
        position += APART
    return " ".join(f"'{word}'{':' if found else ''}{','.join(found)}" for word, found in positions.items())


def _query(joint: str, terms: Sequence[Words]) -> ColumnElement[Any]:
    return cast(literal(joint.join(_expression(words) for words in terms), String), TSQUERY)


def _expression(words: Words) -> str:
    """Write words in the syntax of `tsquery`: `('fair' <-> 'wal':*)`."""
    quoted = [f"'{word}'" for word in words.words]
    if not words.whole:
        quoted[-1] += ":*"
    return f"({' <-> '.join(quoted)})"
