"""When the text of each card last changed.

Anki takes an import's word for when a note was changed, and lets the newer text win. Dating notes by their
export would overwrite what learners have edited; so each card's text is dated by when it was first seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session, select

from cards.store.moments import from_ms, to_ms
from cards.store.tables import CardText

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection


def stamp(connection: Connection, hashes: Mapping[str, str], now: datetime) -> dict[str, datetime]:
    """Return when each text, given by card id and hash, last changed; a text not seen before changes now."""
    with Session(connection) as session:
        known = {row.card_id: row for row in session.exec(select(CardText))}
        for card_id, text_hash in hashes.items():
            row = known.get(card_id)
            if row is None or row.text_hash != text_hash:
                known[card_id] = session.merge(
                    CardText(card_id=card_id, text_hash=text_hash, changed_at=to_ms(now))
                )
        session.flush()
        return {card_id: from_ms(known[card_id].changed_at) for card_id in hashes}
