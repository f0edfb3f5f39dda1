"""Where some cards stand with a learner: what is remembered, decided and written about each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, select

from cards.decision import NO_DECISION, Decision
from cards.memory import Memory
from cards.store import decisions, memories
from cards.store.memories import MEMORY
from cards.store.moments import from_ms
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

NOTE = Row.metadata.tables["card_note"]
AT_A_TIME = 500  # cards named in one statement: below what any database allows


class Standing(NamedTuple):
    """Where a card stands: its memory, or None if it is not kept, the decisions about it, and its note."""

    memory: Memory | None = None
    decision: Decision = NO_DECISION
    note: str = ""


def of(connection: Connection, learner: int, card_ids: Iterable[str]) -> dict[str, Standing]:
    """Return the standings of cards, by id."""
    named = list(dict.fromkeys(card_ids))
    found = dict.fromkeys(named, Standing())
    for start in range(0, len(named), AT_A_TIME):
        some = named[start : start + AT_A_TIME]
        for card_id, note in connection.execute(
            select(NOTE.c.card_id, NOTE.c.note).where(
                and_(NOTE.c.learner_id == learner, NOTE.c.card_id.in_(some))
            )
        ):
            found[card_id] = Standing(note=note)
        kept = select(MEMORY.c.card_id, *decisions.COLUMNS, *memories.COLUMNS).where(
            MEMORY.c.learner_id == learner, MEMORY.c.card_id.in_(some), MEMORY.c.withdrawn_at.is_(None)
        )
        for card_id, suspended, buried, marked, passed, verified, *memory in connection.execute(kept):
            decision = Decision(_moment(suspended), buried, _moment(marked), passed, _moment(verified))
            found[card_id] = Standing(memories.from_columns(memory), decision, found[card_id].note)
    return found


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
