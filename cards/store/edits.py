"""Edits of many cards at once, which remember what was there before."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from cards.edit import Edit, Edited
from cards.memory import Memory
from cards.store import places
from cards.store.memories import FIELDS, MEMORY, to_columns
from cards.store.moments import to_ms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

COLUMNS = {
    Edit.KEEP: MEMORY.c.withdrawn_at,
    Edit.WITHDRAW: MEMORY.c.withdrawn_at,
    Edit.SUSPEND: MEMORY.c.suspended_at,
    Edit.RESUME: MEMORY.c.suspended_at,
    Edit.BURY: MEMORY.c.buried_until,
    Edit.DIG_OUT: MEMORY.c.buried_until,
    Edit.MARK: MEMORY.c.marked_at,
    Edit.UNMARK: MEMORY.c.marked_at,
}
TAKES_AWAY = {Edit.KEEP, Edit.RESUME, Edit.DIG_OUT, Edit.UNMARK}  # these write nothing where something was
AT_A_TIME = 500  # cards named in one statement: below what any database allows


class Found(NamedTuple):
    """A card that has a memory: what stands in the column that is edited, and when it was withdrawn."""

    value: int | None
    withdrawn_at: int | None


def edit(
    connection: Connection, learner: int, card_ids: Iterable[str], wanted: Edit, *, now: datetime, until: int
) -> Edited:
    """Edit cards, and return what that has changed.

    Args:
        connection: A connection that may write.
        learner: Whose cards they are.
        card_ids: The cards, which the book has.
        wanted: What is to be done to them.
        now: The moment, in UTC.
        until: The day number until which cards are buried.
    """
    named = list(dict.fromkeys(card_ids))
    found = _found(connection, learner, named, wanted)
    value = None if wanted in TAKES_AWAY else until if wanted is Edit.BURY else to_ms(now)
    if wanted is Edit.KEEP:
        unknown = [card_id for card_id in named if card_id not in found]
        _enrol(connection, learner, unknown, now)
        before: dict[str, int | None] = {
            card_id: one.value for card_id, one in found.items() if one.value is not None
        }
        _set(connection, learner, wanted, dict.fromkeys(before, value))
        # A card that was never kept is taken back as if it had been withdrawn when it was kept.
        before |= dict.fromkeys(unknown, to_ms(now))
        return Edited(wanted, value, before, already=len(named) - len(before))
    kept = {card_id: one.value for card_id, one in found.items() if one.withdrawn_at is None}
    before = {card_id: old for card_id, old in kept.items() if not _is_so(old, value, wanted)}
    _set(connection, learner, wanted, dict.fromkeys(before, value))
    return Edited(wanted, value, before, already=len(kept) - len(before), not_kept=len(named) - len(kept))


def take_back(connection: Connection, learner: int, edited: Edited) -> int:
    """Put back what was there before an edit, where the edit still stands; return for how many cards."""
    found = _found(connection, learner, edited.before, edited.edit)
    standing = {
        card_id: old for card_id, old in edited.before.items()
        if card_id in found and found[card_id].value == edited.value
    }  # fmt: skip
    _set(connection, learner, edited.edit, standing)
    return len(standing)


def _is_so(old: int | None, value: int | None, wanted: Edit) -> bool:
    """Whether a card is as wanted: a moment that is set stays, a day does not."""
    return old == value if wanted is Edit.BURY else (old is None) is (value is None)


def _found(connection: Connection, learner: int, card_ids: Collection[str], wanted: Edit) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for some in _batches(card_ids):
        rows = connection.execute(
            select(MEMORY.c.card_id, COLUMNS[wanted], MEMORY.c.withdrawn_at).where(
                MEMORY.c.learner_id == learner, MEMORY.c.card_id.in_(some)
            )
        )
        found |= {card_id: Found(value, withdrawn_at) for card_id, value, withdrawn_at in rows}
    return found


def _enrol(connection: Connection, learner: int, card_ids: list[str], now: datetime) -> None:
    new: dict[str, Any] = dict(zip(FIELDS, to_columns(Memory.new(now)), strict=True))
    row = {"learner_id": learner, "enrolled_at": new["due"], **new}
    if card_ids:
        connection.execute(insert(MEMORY), [{**row, "card_id": card_id} for card_id in card_ids])
        places.forget(connection, learner)


def _set(connection: Connection, learner: int, wanted: Edit, values: Mapping[str, int | None]) -> None:
    if values:
        this = (MEMORY.c.learner_id == learner) & (MEMORY.c.card_id == bindparam("of_card"))
        statement = update(MEMORY).where(this).values({COLUMNS[wanted]: bindparam("new_value")})
        rows = [{"of_card": card_id, "new_value": value} for card_id, value in values.items()]
        connection.execute(statement, rows)


def _batches(card_ids: Collection[str]) -> Iterator[list[str]]:
    ids = iter(card_ids)
    while some := list(islice(ids, AT_A_TIME)):
        yield some
