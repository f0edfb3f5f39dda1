"""What a learner has written about cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session, col, delete, select

from cards.store.decisions import among
from cards.store.moments import to_ms
from cards.store.tables import CardNote, Row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

NOTE = Row.metadata.tables["card_note"]


def write(connection: Connection, learner: int, card_id: str, note: str, now: datetime) -> None:
    """Keep a note on a card in place of the one before; an empty one takes it away."""
    with Session(connection) as session:
        if note.strip():
            session.merge(CardNote(learner_id=learner, card_id=card_id, note=note.strip(), at=to_ms(now)))
        else:
            session.exec(
                delete(CardNote).where(col(CardNote.learner_id) == learner, col(CardNote.card_id) == card_id)
            )
        session.flush()


def written(connection: Connection, learner: int, card_ids: Iterable[str] | None = None) -> dict[str, str]:
    """Return a learner's notes, on these cards or on all, by card id."""
    with Session(connection) as session:
        return {
            row.card_id: row.note
            for some in among(NOTE.c.card_id, card_ids)
            for row in session.exec(select(CardNote).where(CardNote.learner_id == learner, some))
        }
