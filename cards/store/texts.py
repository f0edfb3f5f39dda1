"""When the text of each card last changed, and when its meaning did.

Anki takes an import's word for when a note was changed, and lets the newer text win. Dating notes by their
export would overwrite what learners have edited; so each card's text is dated by when it was first seen.

An author who changes what a card means raises its edition. That is dated too: a memory of the card from
before that day is a memory of something else. An edition that is lowered, or raised again to what it had
been, says nothing.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from cards.store import turns
from cards.store.moments import from_ms, to_ms
from cards.store.tables import Row
from cards.store.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

TEXT = Row.metadata.tables["card_text"]
FIRST_EDITION = 1
NO_EDITIONS: Mapping[str, int] = MappingProxyType({})

REPLACE = (
    update(TEXT)
    .where(TEXT.c.card_id == bindparam("of_card"))
    .values({column.name: bindparam(column.name) for column in TEXT.c if not column.primary_key})
)


def stamp(
    connection: Connection,
    hashes: Mapping[str, str],
    now: datetime,
    editions: Mapping[str, int] = NO_EDITIONS,
) -> dict[str, datetime]:
    """Return when each text, given by card id and hash, last changed; a text not seen before changes now.

    Args:
        connection: In a transaction that may write.
        hashes: A digest of each text, by card id.
        now: The present, in UTC.
        editions: The edition of each card's meaning, by card id; the first where it is not given.
    """
    turns.take(connection, Turn.TEXTS)
    known = _known(connection)
    seen = {
        card_id: _seen(
            known.get(card_id), card_id, text_hash, editions.get(card_id, FIRST_EDITION), to_ms(now)
        )
        for card_id, text_hash in hashes.items()
    }
    _keep(connection, known, seen.values())
    return {card_id: from_ms(text["changed_at"]) for card_id, text in seen.items()}


def meaning_changes(connection: Connection) -> dict[str, datetime]:
    """Return when the meaning of each card last changed, by card id; a card whose never has is left out."""
    changed = select(TEXT.c.card_id, TEXT.c.meaning_changed_at).where(TEXT.c.meaning_changed_at.is_not(None))
    return {card_id: from_ms(at) for card_id, at in connection.execute(changed)}


def take_over(connection: Connection, texts: Iterable[Mapping[str, Any]]) -> None:
    """Take over what another database has seen of the texts, as far as it was there earlier.

    A text that both know is as old as the older date says. Of one that they know differently, ours holds.
    """
    turns.take(connection, Turn.TEXTS)
    known = _known(connection)
    taken = []
    for theirs in texts:
        ours = known.get(theirs["card_id"])
        if ours is None:
            taken.append(dict(theirs))
        elif ours["text_hash"] == theirs["text_hash"] and ours["edition"] == theirs.get(
            "edition", FIRST_EDITION
        ):
            changes = [
                at for at in (ours["meaning_changed_at"], theirs.get("meaning_changed_at")) if at is not None
            ]
            taken.append(
                {
                    **ours,
                    "changed_at": min(ours["changed_at"], theirs["changed_at"]),
                    "meaning_changed_at": min(changes, default=None),
                }
            )
    _keep(connection, known, taken)


def _seen(
    known: Mapping[str, Any] | None, card_id: str, text_hash: str, edition: int, now: int
) -> dict[str, Any]:
    """Return what is known of a text once it has been seen."""
    if known is None:
        return {
            "card_id": card_id,
            "text_hash": text_hash,
            "changed_at": now,
            "edition": edition,
            "meaning_changed_at": None,
        }
    text = dict(known)
    if text_hash != known["text_hash"]:
        text |= {"text_hash": text_hash, "changed_at": now}
    if edition > known["edition"]:
        text |= {"edition": edition, "meaning_changed_at": now}
    return text


def _known(connection: Connection) -> dict[str, dict[str, Any]]:
    return {row["card_id"]: dict(row) for row in connection.execute(select(TEXT)).mappings()}


def _keep(
    connection: Connection, known: Mapping[str, Mapping[str, Any]], texts: Iterable[dict[str, Any]]
) -> None:
    """Write what is new or has changed, and nothing else."""
    changed = [text for text in texts if text != known.get(text["card_id"])]
    new = [text for text in changed if text["card_id"] not in known]
    if new:
        connection.execute(insert(TEXT), new)
    old = [{**text, "of_card": text["card_id"]} for text in changed if text["card_id"] in known]
    for text in old:
        del text["card_id"]
    if old:
        connection.execute(REPLACE, old)
