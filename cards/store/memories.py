"""The memories of a learner's cards: enrolling and withdrawing cards, and how a memory lies in columns."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, insert, select, update

from cards.memory import Memory, State
from cards.store import places
from cards.store.moments import from_ms, to_ms
from cards.store.prepared import Prepared
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

MEMORY = Row.metadata.tables["memory"]
FIELDS = tuple(field.name for field in fields(Memory))  # each is a column, in the same order
COLUMNS = tuple(MEMORY.c[name] for name in FIELDS)

THIS = (MEMORY.c.learner_id == bindparam("of_learner")) & (MEMORY.c.card_id == bindparam("of_card"))
FIND = Prepared(select(*COLUMNS).where(THIS, MEMORY.c.withdrawn_at.is_(None)))
NEW_VALUES: dict[str, Any] = {name: bindparam(name) for name in FIELDS}
# What the desk's index has of a memory, and where that is from.
FILED = {f"filed_{name}": name for name in ("state", "due_day", "last_day")}
NEW_AND_FILED = {**NEW_VALUES, **{name: bindparam(of) for name, of in FILED.items()}}
ADVANCE = Prepared(update(MEMORY).where(THIS).values(NEW_VALUES))
REPLACE = Prepared(update(MEMORY).where(THIS).values(NEW_AND_FILED))
# Two deliveries of what happened a moment apart may not agree about which of them came first.
UNSURE = 2000  # milliseconds
TAKEN_OUT_SINCE = MEMORY.c.withdrawn_at > bindparam("last_review") + UNSURE
STILL_OUT = case((TAKEN_OUT_SINCE, MEMORY.c.withdrawn_at), else_=None)
KEPT = Prepared(select(MEMORY.c.card_id).where(MEMORY.c.learner_id == bindparam("learner")))
HELD = Prepared(select(MEMORY.c.card_id, *COLUMNS).where(MEMORY.c.learner_id == bindparam("learner")))
ADD = Prepared(insert(MEMORY), columns=("learner_id", "card_id", "enrolled_at", "leech_passed", *FIELDS))
REPLACE_AND_KEEP = Prepared(update(MEMORY).where(THIS).values({**NEW_AND_FILED, "withdrawn_at": STILL_OUT}))


def to_columns(memory: Memory) -> tuple[Any, ...]:
    """Return a memory as the values of its columns, in the order of `FIELDS`."""
    return (
        str(memory.state),
        to_ms(memory.due),
        memory.due_day,
        memory.step,
        memory.stability,
        memory.difficulty,
        None if memory.last_review is None else to_ms(memory.last_review),
        memory.last_day,
        memory.reps,
        memory.lapses,
    )


def from_columns(values: Sequence[Any]) -> Memory:
    """Return the memory whose columns, in the order of `FIELDS`, have these values."""
    state, due, due_day, step, stability, difficulty, last_review, last_day, reps, lapses = values
    return Memory(
        State(state),
        from_ms(due),
        due_day,
        step,
        stability,
        difficulty,
        None if last_review is None else from_ms(last_review),
        last_day,
        reps,
        lapses,
    )


def enrolled(connection: Connection, learner: int, *, withdrawn: bool = False) -> dict[str, Memory]:
    """Return the memories of the cards that a learner has enrolled, by card id.

    Args:
        connection: To read by.
        learner: Whose memories they are.
        withdrawn: Whether those of cards that were withdrawn are wanted too.
    """
    rows = connection.execute(select(MEMORY.c.card_id, *COLUMNS).where(*_kept(learner, withdrawn=withdrawn)))
    return {row[0]: from_columns(row[1:]) for row in rows}


def enrolled_among(connection: Connection, learner: int, card_ids: Iterable[str]) -> dict[str, Memory]:
    """Return the memories of those of some cards that are enrolled and not withdrawn, by card id."""
    found: dict[str, Memory] = {}
    for card_id in card_ids:
        row = FIND.first(connection, {"of_learner": learner, "of_card": card_id})
        if row is not None:
            found[card_id] = from_columns(row)
    return found


def held(connection: Connection, learner: int, card_ids: Collection[str]) -> dict[str, Memory]:
    """Return the memories of those of many cards that a learner has enrolled, withdrawn since or not."""
    if not card_ids:
        return {}
    rows = HELD.all(connection, {"learner": learner})
    return {card_id: from_columns(values) for card_id, *values in rows if card_id in card_ids}


def ever_kept(connection: Connection, learner: int) -> set[str]:
    """Return the cards that a learner has enrolled, withdrawn since or not."""
    return {card_id for rows in KEPT.batches(connection, {"learner": learner}) for (card_id,) in rows}


def new_memories(connection: Connection, learner: int, *, withdrawn: bool = False) -> dict[str, Memory]:
    """Return the memories of the same cards as they were on the day they were enrolled."""
    rows = connection.execute(
        select(MEMORY.c.card_id, MEMORY.c.enrolled_at).where(*_kept(learner, withdrawn=withdrawn))
    )
    return {card_id: Memory.new(from_ms(at)) for card_id, at in rows}


def new_memory(connection: Connection, learner: int, card_id: str) -> Memory:
    """Return the memory of one card as it was on the day it was enrolled, withdrawn since or not."""
    enrolled_at = connection.scalar(
        select(MEMORY.c.enrolled_at).where(MEMORY.c.learner_id == learner, MEMORY.c.card_id == card_id)
    )
    return Memory.new(from_ms(int(enrolled_at or 0)))


def _kept(learner: int, *, withdrawn: bool) -> list[ColumnElement[bool]]:
    of_learner = MEMORY.c.learner_id == learner
    return [of_learner] if withdrawn else [of_learner, MEMORY.c.withdrawn_at.is_(None)]


def enrol(connection: Connection, learner: int, card_ids: Iterable[str], now: datetime) -> None:
    """Give a learner cards to remember. One that was withdrawn comes back as it was remembered."""
    asked = list(dict.fromkeys(card_ids))
    seen = set(connection.scalars(select(MEMORY.c.card_id).where(MEMORY.c.learner_id == learner)))
    for card_id in asked:
        if card_id not in seen:
            _insert(connection, learner, card_id, Memory.new(now))
    places.forget(connection, learner)
    _set_withdrawn(connection, learner, [card_id for card_id in asked if card_id in seen], None)


def withdraw(connection: Connection, learner: int, card_ids: Iterable[str], now: datetime) -> None:
    """Stop asking a learner these cards; what is remembered of them is kept."""
    _set_withdrawn(connection, learner, list(card_ids), to_ms(now))


def add(connection: Connection, learner: int, card_id: str, memory: Memory) -> None:
    """Enrol one card, at the moment it is due."""
    _insert(connection, learner, card_id, memory)
    places.forget(connection, learner)


def advance(connection: Connection, learner: int, card_id: str, memory: Memory) -> None:
    """Set the memory of a card that was answered, which leaves it to be filed (`cards.store.filing`)."""
    ADVANCE.run(connection, _named(learner, card_id, memory))


def replace(connection: Connection, learner: int, card_id: str, memory: Memory) -> None:
    """Set the memory of a card that is enrolled, withdrawn or not."""
    REPLACE.run(connection, _named(learner, card_id, memory))


def replace_and_keep(connection: Connection, learner: int, card_id: str, memory: Memory) -> None:
    """Set the memory of a card that is enrolled; one that was withdrawn before that answer is asked again."""
    REPLACE_AND_KEEP.run(connection, _named(learner, card_id, memory))


def _insert(connection: Connection, learner: int, card_id: str, memory: Memory) -> None:
    values = dict(zip(FIELDS, to_columns(memory), strict=True))
    connection.execute(
        insert(MEMORY), {"learner_id": learner, "card_id": card_id, "enrolled_at": values["due"], **values}
    )


def _named(learner: int, card_id: str, memory: Memory) -> dict[str, Any]:
    values: dict[str, Any] = dict(zip(FIELDS, to_columns(memory), strict=True))
    values["of_learner"], values["of_card"] = learner, card_id
    return values


def _set_withdrawn(connection: Connection, learner: int, card_ids: list[str], at: int | None) -> None:
    """Mark cards as withdrawn, unless they are already, or as no longer withdrawn."""
    is_as_wanted = MEMORY.c.withdrawn_at.is_(None) if at is None else MEMORY.c.withdrawn_at.is_not(None)
    for card_id in card_ids:
        connection.execute(
            update(MEMORY)
            .where(MEMORY.c.learner_id == learner, MEMORY.c.card_id == card_id, ~is_as_wanted)
            .values(withdrawn_at=at)
        )
