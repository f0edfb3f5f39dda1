"""What a learner has decided about cards that are kept: each decision is a column, and can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from cards.decision import Decision
from cards.store.memories import MEMORY
from cards.store.moments import from_ms, to_ms
from cards.store.texts import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

COLUMNS = (
    MEMORY.c.suspended_at,
    MEMORY.c.buried_until,
    MEMORY.c.marked_at,
    MEMORY.c.leech_passed,
    MEMORY.c.verified_at,
)
AT_A_TIME = 500  # cards named in one statement: below what any database allows


def decided(connection: Connection, learner: int) -> dict[str, Decision]:
    """Return a learner's decisions, by card id; a card about which nothing was decided is left out."""
    suspended_at, buried_until, marked_at, leech_passed, verified_at = COLUMNS
    rows = connection.execute(
        select(MEMORY.c.card_id, *COLUMNS).where(
            MEMORY.c.learner_id == learner,
            or_(
                suspended_at.is_not(None),
                buried_until.is_not(None),
                marked_at.is_not(None),
                leech_passed > 0,
                verified_at.is_not(None),
            ),
        )
    )
    return {
        card_id: Decision(_moment(suspended), buried, _moment(marked), passed, _moment(verified))
        for card_id, suspended, buried, marked, passed, verified in rows
    }


def rechecks(connection: Connection, learner: int) -> list[str]:
    """Return the cards that were last answered before their meaning changed, the longest changed first.

    None that is withdrawn or suspended, and none that is new: that has been answered never.
    """
    rows = connection.execute(
        select(MEMORY.c.card_id)
        .join(TEXT, TEXT.c.card_id == MEMORY.c.card_id)
        .where(
            TEXT.c.meaning_changed_at.is_not(None),
            MEMORY.c.learner_id == learner,
            MEMORY.c.last_review < TEXT.c.meaning_changed_at,
            MEMORY.c.withdrawn_at.is_(None),
            MEMORY.c.suspended_at.is_(None),
        )
        .order_by(TEXT.c.meaning_changed_at, MEMORY.c.card_id)
    )
    return list(rows.scalars())


def suspend(connection: Connection, learner: int, card_ids: Iterable[str], at: datetime | None) -> None:
    """Stop asking cards from a moment on, or ask them again; the moment of one that is suspended stays."""
    _decide(connection, learner, card_ids, "suspended_at", at)


def mark(connection: Connection, learner: int, card_ids: Iterable[str], at: datetime | None) -> None:
    """Set the learner's mark on cards, or take it off; the moment of one that is marked stays."""
    _decide(connection, learner, card_ids, "marked_at", at)


def bury(connection: Connection, learner: int, card_ids: Iterable[str], until: int | None) -> None:
    """Ask cards no sooner than on the day of this number, or as soon as they are due."""
    _set(connection, learner, card_ids, {"buried_until": until})


def pass_leech(connection: Connection, learner: int, card_ids: Iterable[str]) -> None:
    """Note that the learner keeps these leeches, until they are forgotten more often than they are now."""
    _set(connection, learner, card_ids, {"leech_passed": MEMORY.c.lapses})


def verify(connection: Connection, learner: int, card_ids: Iterable[str], at: datetime | None) -> None:
    """Note that the learner has found cards to hold still, or that this was said in error."""
    _set(connection, learner, card_ids, {"verified_at": None if at is None else to_ms(at)})


def _decide(
    connection: Connection, learner: int, card_ids: Iterable[str], name: str, at: datetime | None
) -> None:
    is_as_wanted = MEMORY.c[name].is_(None) if at is None else MEMORY.c[name].is_not(None)
    _set(connection, learner, card_ids, {name: None if at is None else to_ms(at)}, ~is_as_wanted)


def _set(
    connection: Connection,
    learner: int,
    card_ids: Iterable[str],
    values: dict[str, object],
    *conditions: ColumnElement[bool],
) -> None:
    named = list(dict.fromkeys(card_ids))
    for start in range(0, len(named), AT_A_TIME):
        some = MEMORY.c.card_id.in_(named[start : start + AT_A_TIME])
        connection.execute(
            update(MEMORY).where(MEMORY.c.learner_id == learner, some, *conditions).values(values)
        )


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
