"""Bringing the index up to date with the book: only what changed is written, in the caller's transaction."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, insert, inspect, select, text, update

from cards.store import turns
from cards.store.prepared import Prepared
from cards.store.search import entry, fts5
from cards.store.search.fts5 import Fts5
from cards.store.search.like import Like
from cards.store.search.tables import CARD, LAYOUT, METADATA, STATE, TAG
from cards.store.search.text import TABLE
from cards.store.search.vectors import Vectors
from cards.store.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from cards.card import Card, Deck
    from cards.store.search.entry import Facts
    from cards.store.search.text import TextSearch

READ_STATE = Prepared(select(STATE.c.layout, STATE.c.engine, STATE.c.digest, STATE.c.writing))


def text_search(connection: Connection) -> TextSearch:
    """Return the best way of searching text that a database has."""
    if connection.dialect.name == "postgresql":
        return Vectors()
    return Fts5() if connection.dialect.name == "sqlite" and fts5.is_there(connection) else Like()


def writing_of(connection: Connection, search: TextSearch, digest: str) -> str:
    """Return the name of the writing that holds the deck of this digest; empty if the index holds another."""
    try:
        state, writing = _state(connection)
    except connection.dialect.loaded_dbapi.Error:  # it was never made, or cannot be read: making it will tell
        return ""
    return writing if state == (LAYOUT, search.name, digest) else ""


def refresh(connection: Connection, search: TextSearch, deck: Deck, digest: str) -> None:
    """Make the index hold exactly the cards of the deck."""
    turns.take(connection, Turn.SEARCH)
    _prepare(connection, search)
    wanted = {card.id: entry.facts(card) for card in deck.values()}
    known = {row.card_id: row for row in connection.execute(select(CARD))}
    _forget(connection, search, [row.number for card_id, row in known.items() if card_id not in wanted])
    _add(connection, search, deck, {card_id: new for card_id, new in wanted.items() if card_id not in known})
    moved = {card_id: row for card_id, row in known.items() if wanted.get(card_id, row[1:]) != row[1:]}
    _update(connection, [(row.number, wanted[card_id]) for card_id, row in moved.items()])
    changed = [
        (row.number, deck[card_id]) for card_id, row in moved.items()
        if row.text_digest != wanted[card_id].text_digest
    ]  # fmt: skip
    _unindex(connection, search, [number for number, _ in changed])
    _index(connection, search, changed)
    connection.execute(delete(STATE))
    row = {"layout": LAYOUT, "engine": search.name, "digest": digest, "writing": secrets.token_hex(8)}
    connection.execute(insert(STATE), row)


def _prepare(connection: Connection, search: TextSearch) -> None:
    """See to it that the tables are there, empty if they are not of today's layout."""
    if inspect(connection).has_table(STATE.name):
        (layout, engine, _), _ = _state(connection)
        if (layout, engine) == (LAYOUT, search.name):
            return
    connection.execute(text(f"DROP TABLE IF EXISTS {TABLE}"))
    METADATA.drop_all(connection)
    METADATA.create_all(connection)
    search.create(connection)


def _state(connection: Connection) -> tuple[tuple[int, str, str], str]:
    """Return layout, way of searching and digest of an index, and the name of its writing."""
    row = READ_STATE.first(connection, {})
    return ((0, "", ""), "") if row is None else ((row[0], row[1], row[2]), row[3])


def _index(connection: Connection, search: TextSearch, cards: Iterable[tuple[int, Card]]) -> None:
    cards = list(cards)
    search.add(connection, ((number, entry.text(card)) for number, card in cards))
    rows = [{"number": number, "tag": tag} for number, card in cards for tag in sorted(entry.tags(card))]
    if rows:
        connection.execute(insert(TAG), rows)


def _unindex(connection: Connection, search: TextSearch, numbers: list[int]) -> None:
    search.remove(connection, numbers)
    if numbers:
        of = [{"of": number} for number in numbers]
        connection.execute(delete(TAG).where(TAG.c.number == bindparam("of")), of)


def _forget(connection: Connection, search: TextSearch, numbers: list[int]) -> None:
    _unindex(connection, search, numbers)
    if numbers:
        of = [{"of": number} for number in numbers]
        connection.execute(delete(CARD).where(CARD.c.number == bindparam("of")), of)


def _add(connection: Connection, search: TextSearch, deck: Deck, new: dict[str, Facts]) -> None:
    if not new:
        return
    last: int = connection.scalar(select(func.coalesce(func.max(CARD.c.number), 0))) or 0
    numbered = list(enumerate(new.values(), start=last + 1))
    connection.execute(insert(CARD), [{"number": number, **facts._asdict()} for number, facts in numbered])
    _index(connection, search, [(number, deck[facts.card_id]) for number, facts in numbered])


def _update(connection: Connection, cards: list[tuple[int, Facts]]) -> None:
    if cards:
        rows = [{"of": number, **facts._asdict()} for number, facts in cards]
        connection.execute(update(CARD).where(CARD.c.number == bindparam("of")), rows)
