"""Rescheduling: memories computed again under other settings, from the log alone, and put back.

What a reschedule does is found out before anything is locked, for it reads every answer: some 60 µs each. It
is then written if nothing was answered meanwhile, which its stamp tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from cards.store import log, memories, overrides, presets
from cards.store.log import REVIEW, UNDO
from cards.store.moments import to_ms
from cards.store.overrides import RESCHEDULE, RESCHEDULED, Override

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from cards.memory import Memory
    from cards.schedule import SchedulerSettings

Stamp = tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """What memories will be.

    Attributes:
        stamp: The state of the log that it was made from.
        memories: The cards that change, with their new memories.
    """

    stamp: Stamp
    memories: Mapping[str, Memory]


def stamp(connection: Connection, learner: int) -> Stamp:
    """Return numbers that change whenever a learner's log does."""
    last = (func.max(REVIEW.c.id), func.max(UNDO.c.id), func.max(RESCHEDULE.c.id))
    numbers = zip(
        (*last, func.count(RESCHEDULE.c.undone_at)), (REVIEW, UNDO, RESCHEDULE, RESCHEDULE), strict=True
    )
    return tuple(
        connection.scalar(select(number).where(table.c.learner_id == learner)) or 0
        for number, table in numbers
    )


def plan(
    connection: Connection,
    learner: int,
    settings: Mapping[str, SchedulerSettings],
    told: Callable[[int], None] | None = None,
) -> Plan:
    """Return what memories will be if all answers so far count as given under these settings, by card.

    Only cards that are enrolled change; one that is not named keeps its memory. Whoever is to be told is told
    after each card how many have been computed.
    """
    held = memories.enrolled(connection, learner)
    through = _last_review(connection, learner)
    in_force = {card_id: [Override(through, chosen)] for card_id, chosen in settings.items()}
    new = {
        card_id: memory
        for card_id, memory in memories.new_memories(connection, learner).items()
        if card_id in settings
    }
    found = log.replayed(connection, learner, new, in_force, told=told)
    changed = {card_id: memory for card_id, memory in found.items() if memory != held[card_id]}
    return Plan(stamp(connection, learner), changed)


def record(
    connection: Connection,
    learner: int,
    client_id: str,
    planned: Plan,
    settings: Mapping[str, SchedulerSettings],
    at: datetime,
) -> None:
    """Put planned memories in place, with a row that says so; one recorded before changes nothing."""
    if _named(connection, learner, client_id) is not None:
        return
    row = {"learner_id": learner, "client_id": client_id, "at": to_ms(at)}
    row["through"] = _last_review(connection, learner)
    connection.execute(insert(RESCHEDULE), row)
    number = _named(connection, learner, client_id)
    chosen = {card_id: settings[card_id] for card_id in planned.memories}
    preset = {one: presets.keep(connection, learner, one) for one in set(chosen.values())}
    rows = [
        {"reschedule_id": number, "card_id": card_id, "preset_id": preset[one]}
        for card_id, one in chosen.items()
    ]
    if rows:
        connection.execute(insert(RESCHEDULED), rows)
    for card_id, memory in planned.memories.items():
        memories.replace(connection, learner, card_id, memory)


def plan_undo(connection: Connection, learner: int, client_id: str) -> Plan:
    """Return what memories will be without a reschedule: of its cards, withdrawn since or not."""
    number = _named(connection, learner, client_id)
    cards = connection.scalars(select(RESCHEDULED.c.card_id).where(RESCHEDULED.c.reschedule_id == number))
    new = {card_id: memories.new_memory(connection, learner, card_id) for card_id in cards}
    in_force = overrides.in_force(connection, learner, without=number)
    return Plan(stamp(connection, learner), log.replayed(connection, learner, new, in_force))


def undo(connection: Connection, learner: int, client_id: str, planned: Plan, at: datetime) -> bool:
    """Put planned memories in place of a reschedule's; says whether it was in force."""
    done = connection.execute(
        update(RESCHEDULE)
        .where(RESCHEDULE.c.learner_id == learner, RESCHEDULE.c.client_id == client_id)
        .where(RESCHEDULE.c.undone_at.is_(None))
        .values(undone_at=to_ms(at), undone_through=_last_review(connection, learner))
    )
    if not done.rowcount:
        return False
    for card_id, memory in planned.memories.items():
        memories.replace(connection, learner, card_id, memory)
    return True


def _named(connection: Connection, learner: int, client_id: str) -> int | None:
    return connection.scalar(
        select(RESCHEDULE.c.id).where(RESCHEDULE.c.learner_id == learner, RESCHEDULE.c.client_id == client_id)
    )


def _last_review(connection: Connection, learner: int) -> int:
    """The row of the last answer of a learner's, taken back or not; 0 if there is none."""
    return connection.scalar(select(func.max(REVIEW.c.id)).where(REVIEW.c.learner_id == learner)) or 0
