"""Edits of many cards at once, which remember what was there before.

Each is a decision like those of the desk, one row a card in their log (`cards.store.changes`): what is sent
again changes nothing, and what arrives late changes no card about which another has decided since. An edit is
taken back where what it wrote still stands and no other sender has decided the same since; that is a decision
too.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import insert, select, update

from cards.decision import Matter, sender
from cards.edit import Edit, Edited
from cards.memory import Memory
from cards.store import changes, places
from cards.store.memories import FIELDS, MEMORY, to_columns
from cards.store.moments import to_ms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

COLUMNS = {
    Matter.KEEP: MEMORY.c.withdrawn_at,
    Matter.SUSPEND: MEMORY.c.suspended_at,
    Matter.BURY: MEMORY.c.buried_until,
    Matter.MARK: MEMORY.c.marked_at,
}
TAKES_AWAY = {Edit.KEEP, Edit.RESUME, Edit.DIG_OUT, Edit.UNMARK}  # these write nothing where something was
AT_A_TIME = 500  # cards named in one statement: below what any database allows


class Found(NamedTuple):
    """A card that has a memory: what stands in the column that is edited, and when it was withdrawn."""

    value: int | None
    withdrawn_at: int | None


def edit(
    connection: Connection,
    learner: int,
    client_id: str,
    card_ids: Iterable[str],
    wanted: Edit,
    *,
    at: datetime,
    now: datetime,
    until: int,
) -> Edited:
    """Edit cards, once, and return what that has changed.

    Args:
        connection: A connection that may write.
        learner: Whose cards they are.
        client_id: Made up by the sender, one an edit; see `cards.decision.Change`.
        card_ids: The cards, which the book has.
        wanted: What is to be done to them.
        at: When the learner wanted it, in UTC.
        now: The present, in UTC.
        until: The day number until which cards are buried.
    """
    value = None if wanted in TAKES_AWAY else until if wanted is Edit.BURY else to_ms(at)
    if changes.is_recorded(connection, learner, client_id):
        return Edited(client_id, wanted, value, is_repeated=True)
    named = list(dict.fromkeys(card_ids))
    found = _found(connection, learner, named, wanted.matter)
    about = [card_id for card_id in named if wanted is Edit.KEEP or _is_kept(found.get(card_id))]
    late = changes.late(connection, learner, client_id, wanted.matter, about, at=at, now=now)
    heeded = [card_id for card_id in about if card_id not in late]
    unknown = [card_id for card_id in heeded if card_id not in found]
    before = {
        card_id: found[card_id].value for card_id in heeded
        if card_id in found and not _is_so(found[card_id].value, value, wanted)
    }  # fmt: skip
    _enrol(connection, learner, unknown, at)
    _set(connection, learner, wanted.matter, dict.fromkeys(before, value))
    # A card that was never kept is taken back as if it had been withdrawn when it was kept.
    before |= dict.fromkeys(unknown, to_ms(at))
    said = dict.fromkeys(about, _said(wanted.matter, value))
    changes.write(connection, learner, client_id, wanted.matter, said, at=at, late=late)
    return Edited(
        client_id,
        wanted,
        value,
        before,
        already=len(heeded) - len(before),
        not_kept=len(named) - len(about),
        late=len(late),
    )


def take_back(connection: Connection, learner: int, client_id: str, edited: Edited, at: datetime) -> int:
    """Put back what was there before an edit, where the edit still stands; return for how many cards."""
    matter = edited.edit.matter
    found = _found(connection, learner, edited.before, matter)
    last = changes.newest(connection, learner, matter, edited.before)
    standing = {
        card_id: old for card_id, old in edited.before.items()
        if card_id in found and found[card_id].value == edited.value
        # An edit of the same sender that changed nothing is not in the way; another sender's word is, and a
        # file that was loaded since, without this edit.
        if card_id in last and sender(last[card_id].client_id) == sender(edited.client_id)
    }  # fmt: skip
    _set(connection, learner, matter, standing)
    said = {card_id: _said(matter, old) for card_id, old in standing.items()}
    changes.write(connection, learner, client_id, matter, said, at=at)
    return len(standing)


def _is_kept(found: Found | None) -> bool:
    return found is not None and found.withdrawn_at is None


def _is_so(old: int | None, value: int | None, wanted: Edit) -> bool:
    """Whether a card is as wanted: a moment that is set stays, a day does not."""
    return old == value if wanted is Edit.BURY else (old is None) is (value is None)


def _said(matter: Matter, value: int | None) -> bool | int | None:
    """What a decision says that leaves this in the column of its matter, see `Matter`."""
    if matter is Matter.BURY:
        return value
    return (value is None) is (matter is Matter.KEEP)


def _found(
    connection: Connection, learner: int, card_ids: Collection[str], matter: Matter
) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for some in _batches(card_ids):
        rows = connection.execute(
            select(MEMORY.c.card_id, COLUMNS[matter], MEMORY.c.withdrawn_at).where(
                MEMORY.c.learner_id == learner, MEMORY.c.card_id.in_(some)
            )
        )
        found |= {card_id: Found(value, withdrawn_at) for card_id, value, withdrawn_at in rows}
    return found


def _enrol(connection: Connection, learner: int, card_ids: list[str], at: datetime) -> None:
    new: dict[str, Any] = dict(zip(FIELDS, to_columns(Memory.new(at)), strict=True))
    row = {"learner_id": learner, "enrolled_at": new["due"], **new}
    if card_ids:
        connection.execute(insert(MEMORY), [{**row, "card_id": card_id} for card_id in card_ids])
        places.forget(connection, learner)


def _set(connection: Connection, learner: int, matter: Matter, values: Mapping[str, int | None]) -> None:
    """Write a value into the column of a matter, by card; most cards get the same."""
    by_value: dict[int | None, list[str]] = {}
    for card_id, value in values.items():
        by_value.setdefault(value, []).append(card_id)
    for value, card_ids in by_value.items():
        for some in _batches(card_ids):
            these = (MEMORY.c.learner_id == learner) & MEMORY.c.card_id.in_(some)
            connection.execute(update(MEMORY).where(these).values({COLUMNS[matter]: value}))


def _batches(card_ids: Collection[str]) -> Iterator[list[str]]:
    ids = iter(card_ids)
    while some := list(islice(ids, AT_A_TIME)):
        yield some
