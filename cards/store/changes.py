"""Decisions as browsers send them: each made once, and none in place of one that another made later.

A browser sends a change again until it hears that it was made, perhaps from a tab that was off the net for
hours. So each is kept with its id and its time, and heeded only if no other sender has decided the matter
since. Deliveries take differently long, so among one sender's changes their order of arrival decides, and
another's must have been made clearly later. A change that has just been made is always heeded, whatever
times are kept: the clock may have been set back.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, insert, select

from cards.decision import Change, Matter, sender
from cards.store import decisions, memories, notes
from cards.store.moments import MILLISECOND, from_ms, to_ms
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

CHANGE = Row.metadata.tables["card_change"]
UNSURE: timedelta = memories.UNSURE * MILLISECOND
NONE: frozenset[str] = frozenset()


class Made(NamedTuple):
    """The last decision of a matter that was heeded."""

    client_id: str
    at: datetime


def record(connection: Connection, learner: int, change: Change, now: datetime) -> None:
    """Make a decision, once, about those of its cards about which nobody else has made one since."""
    cards = list(dict.fromkeys(change.card_ids))
    if not cards or is_recorded(connection, learner, change.client_id):
        return
    refused = late(connection, learner, change.client_id, change.matter, cards, at=change.at, now=now)
    _decide(connection, learner, change, [card_id for card_id in cards if card_id not in refused])
    said = dict.fromkeys(cards, change.value)
    write(connection, learner, change.client_id, change.matter, said, at=change.at, late=refused)


def is_recorded(connection: Connection, learner: int, client_id: str) -> bool:
    """Whether a decision has arrived before."""
    same = select(CHANGE.c.id).where(CHANGE.c.learner_id == learner, CHANGE.c.client_id == client_id)
    return connection.execute(same.limit(1)).first() is not None


def late(
    connection: Connection,
    learner: int,
    client_id: str,
    matter: Matter,
    cards: Sequence[str],
    *,
    at: datetime,
    now: datetime,
) -> set[str]:
    """Return those of some cards about which another sender has decided a matter since this moment."""
    return {
        card_id
        for card_id, made in newest(connection, learner, matter, cards).items()
        if sender(made.client_id) != sender(client_id) and min(made.at, now) > at + UNSURE
    }


def newest(connection: Connection, learner: int, matter: Matter, cards: Iterable[str]) -> dict[str, Made]:
    """Return what was decided last of a matter, by card; a card about which nothing was is left out."""
    found: dict[str, Made] = {}
    for some in decisions.among(CHANGE.c.card_id, cards):
        last = (
            select(func.max(CHANGE.c.id))
            .where(CHANGE.c.learner_id == learner, CHANGE.c.matter == str(matter), some, CHANGE.c.heeded)
            .group_by(CHANGE.c.card_id)
        )
        rows = connection.execute(
            select(CHANGE.c.card_id, CHANGE.c.client_id, CHANGE.c.at).where(CHANGE.c.id.in_(last))
        )
        found.update({card_id: Made(client_id, from_ms(at)) for card_id, client_id, at in rows})
    return found


def write(
    connection: Connection,
    learner: int,
    client_id: str,
    matter: Matter,
    said: Mapping[str, bool | int | str | None],
    *,
    at: datetime,
    late: Collection[str] = NONE,
) -> None:
    """Add a decision to the log: what it says, by card, and for which cards it came too late."""
    row = {"learner_id": learner, "client_id": client_id, "matter": str(matter), "at": to_ms(at)}
    rows = [
        {**row, "card_id": card_id, "value": json.dumps(value), "heeded": card_id not in late}
        for card_id, value in said.items()
    ]
    if rows:
        connection.execute(insert(CHANGE), rows)


def _decide(connection: Connection, learner: int, change: Change, cards: Sequence[str]) -> None:
    value = change.value
    at = change.at if value else None
    match change.matter:
        case Matter.SUSPEND:
            decisions.suspend(connection, learner, cards, at)
        case Matter.MARK:
            decisions.mark(connection, learner, cards, at)
        case Matter.BURY:
            decisions.bury(connection, learner, cards, None if value is None else int(value))
        case Matter.LEECH:
            decisions.pass_leech(connection, learner, cards, int(value or 0))
        case Matter.KEEP if value:
            memories.enrol(connection, learner, cards, change.at)
        case Matter.KEEP:
            memories.withdraw(connection, learner, cards, change.at)
        case Matter.NOTE:
            for card_id in cards:
                notes.write(connection, learner, card_id, str(value or ""), change.at)
