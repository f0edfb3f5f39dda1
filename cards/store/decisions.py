"""What a learner has decided about cards that are kept: each decision is a column, and can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select, true, update

from cards.decision import Decision
from cards.store.memories import MEMORY
from cards.store.moments import from_ms, to_ms
from cards.store.texts import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
# Joined to the memories, of which there may be a hundred thousand, planners begin with those.
CHANGED_TEXTS = (
    select(TEXT.c.card_id, TEXT.c.meaning_changed_at)
    .where(TEXT.c.meaning_changed_at.is_not(None))
    .order_by(TEXT.c.meaning_changed_at, TEXT.c.card_id)
)


def decided(
    connection: Connection, learner: int, card_ids: Iterable[str] | None = None
) -> dict[str, Decision]:
    """Return a learner's decisions, by card id; a card about which nothing was decided is left out.

    Args:
        connection: The connection.
        learner: Whose decisions they are.
        card_ids: About which cards; by default about all.
    """
    suspended_at, buried_until, marked_at, leech_passed, verified_at = COLUMNS
    is_decided = or_(
        suspended_at.is_not(None),
        buried_until.is_not(None),
        marked_at.is_not(None),
        leech_passed > 0,
        verified_at.is_not(None),
    )
    all_of_them = select(MEMORY.c.card_id, *COLUMNS).where(MEMORY.c.learner_id == learner, is_decided)
    return {
        card_id: Decision(_moment(suspended), buried, _moment(marked), passed, _moment(verified))
        for some in among(MEMORY.c.card_id, card_ids)
        for card_id, suspended, buried, marked, passed, verified in connection.execute(
            all_of_them.where(some)
        )
    }


def among(column: ColumnElement[str], names: Iterable[str] | None) -> Iterator[ColumnElement[bool]]:
    """Conditions that a column has one of these names, each of as many as a statement takes; None is any."""
    if names is None:
        yield true()
        return
    named = list(dict.fromkeys(names))
    for start in range(0, len(named), AT_A_TIME):
        yield column.in_(named[start : start + AT_A_TIME])


def rechecks(connection: Connection, learner: int) -> list[str]:
    """Return the cards that were last answered before their meaning changed, the longest changed first.

    None that is withdrawn or suspended, and none that is new: that has been answered never.
    """
    changed = {row.card_id: row.meaning_changed_at for row in connection.execute(CHANGED_TEXTS)}
    answered = select(MEMORY.c.card_id, MEMORY.c.last_review).where(
        MEMORY.c.learner_id == learner,
        MEMORY.c.last_review.is_not(None),
        MEMORY.c.withdrawn_at.is_(None),
        MEMORY.c.suspended_at.is_(None),
    )
    since = {
        card_id
        for some in among(MEMORY.c.card_id, changed)
        for card_id, last_review in connection.execute(answered.where(some))
        if last_review < changed[card_id]
    }
    return [card_id for card_id in changed if card_id in since]


def suspend(connection: Connection, learner: int, card_ids: Iterable[str], at: datetime | None) -> None:
    """Stop asking cards from a moment on, or ask them again; the moment of one that is suspended stays."""
    _decide(connection, learner, card_ids, "suspended_at", at)


def mark(connection: Connection, learner: int, card_ids: Iterable[str], at: datetime | None) -> None:
    """Set the learner's mark on cards, or take it off; the moment of one that is marked stays."""
    _decide(connection, learner, card_ids, "marked_at", at)


def bury(connection: Connection, learner: int, card_ids: Iterable[str], until: int | None) -> None:
    """Ask cards no sooner than on the day of this number, or as soon as they are due."""
    _set(connection, learner, card_ids, {"buried_until": until})


def pass_leech(
    connection: Connection, learner: int, card_ids: Iterable[str], lapses: int | None = None
) -> None:
    """Note that the learner keeps these leeches, until they are forgotten more often than so, or than now."""
    _set(connection, learner, card_ids, {"leech_passed": MEMORY.c.lapses if lapses is None else lapses})


def verify(connection: Connection, learner: int, card_ids: Iterable[str], at: datetime | None) -> None:
    """Note that the learner has found cards to hold still, or that this was said in error."""
    _set(connection, learner, card_ids, {"verified_at": None if at is None else to_ms(at)})


def take_back(connection: Connection, learner: int, card_id: str, at: int) -> None:
    """Take back a suspension and a mark of this very millisecond: what an answer made of a leech."""
    for name in ("suspended_at", "marked_at"):
        _set(connection, learner, [card_id], {name: None}, MEMORY.c[name] == at)


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
    for some in among(MEMORY.c.card_id, card_ids):
        connection.execute(
            update(MEMORY).where(MEMORY.c.learner_id == learner, some, *conditions).values(values)
        )


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
