"""Search with no index of words, for an SQLite that was built without FTS5: it looks at every card.

The words of a part stand in one text with a space before and behind each, so that a word, or one that begins
so, is a pattern of `LIKE`. Words are letters and digits, and no wild cards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Column, Integer, MetaData, String, Table, and_, bindparam, delete, insert, or_, select
from sqlalchemy.sql.expression import literal

from cards.store.search.entry import PARTS
from cards.store.search.text import TABLE, Text, TextSearch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause, Select

    from cards.query import Words

TEXTS = Table(
    TABLE,
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *(Column(part, String, nullable=False) for part in PARTS),
)


class Like(TextSearch):
    """Text in an ordinary table."""

    name: ClassVar[str] = "like"
    remark: ClassVar[str] = (
        "The SQLite on this machine has no full-text search (FTS5), so every search looks at all cards, "
        "and none can be ordered by relevance."
    )
    ranks: ClassVar[bool] = False
    table: ClassVar[FromClause] = TEXTS
    number: ClassVar[ColumnElement[int]] = TEXTS.c.number

    def create(self, connection: Connection) -> None:
        """Create the table."""
        TEXTS.create(connection)

    def add(self, connection: Connection, texts: Iterable[Text]) -> None:
        """Add texts under the numbers of their cards."""
        rows = [
            {"number": number, **{part: f" {' '.join(parts[part])} " for part in PARTS}}
            for number, parts in texts
        ]
        if rows:
            connection.execute(insert(TEXTS), rows)

    def remove(self, connection: Connection, numbers: Iterable[int]) -> None:
        """Delete texts."""
        rows = [{"of": number} for number in numbers]
        if rows:
            connection.execute(delete(TEXTS).where(TEXTS.c.number == bindparam("of")), rows)

    def has_all(self, wanted: Sequence[Words]) -> ColumnElement[bool]:
        """Look for each in each part."""
        return and_(*(_is_in_a_part(words) for words in wanted))

    def has_any(self, unwanted: Sequence[Words]) -> Select[int]:
        """Look for one of them."""
        any_of_them = or_(*(_is_in_a_part(words) for words in unwanted))
        return select(TEXTS.c.number).where(any_of_them).correlate(None)

    def relevance(self, wanted: Sequence[Words]) -> ColumnElement[float]:
        """Every card is as relevant as any other."""
        del wanted
        return literal(0.0)


def _is_in_a_part(words: Words) -> ColumnElement[bool]:
    pattern = f"% {' '.join(words.words)}{' %' if words.whole else '%'}"
    return or_(*(TEXTS.c[part].like(pattern) for part in PARTS))
