"""What is computed from the log and kept beside it, so that it need not be computed at every look.

Each projection can say where it differs from the log, and be computed again. A table that holds another one
gets an entry in `PROJECTIONS`: then it is examined, repaired, and built for a log that comes from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import select

from cards.memory import Memory, State
from cards.store import filing, log, memories, totals
from cards.store.belongings import forget_computed
from cards.store.log import COUNTS, REVIEW, WITH_UNDO
from cards.store.moments import from_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection


@dataclass(frozen=True)
class Difference:
    """A row of a projection that is not what the log adds up to.

    Attributes:
        name: What it is about: for a memory, the card's id.
        what: How it differs, in words.
    """

    name: str
    what: str


@dataclass(frozen=True)
class Projection:
    """Something that is computed from the log.

    Attributes:
        table: Its table.
        title: What it is called in a sentence.
        differences: Where it differs from the log, for one learner.
        rebuild: Computes it again for one learner; returns how many rows were wrong.
    """

    table: str
    title: str
    differences: Callable[[Connection, int], list[Difference]]
    rebuild: Callable[[Connection, int], int]


def rebuild(connection: Connection, learner: int) -> int:
    """Compute all projections of a learner again; returns how many rows were wrong."""
    wrong = sum(projection.rebuild(connection, learner) for projection in PROJECTIONS)
    if wrong:
        forget_computed(connection, learner)
    return wrong


def _of_memories(connection: Connection, learner: int) -> list[Difference]:
    missing = [
        Difference(card_id, "has answers in the log and no memory")
        for card_id, _ in _without_memory(connection, learner)
    ]
    wrong = [
        Difference(card_id, _differs(kept, replayed))
        for card_id, kept, replayed in _wrong_memories(connection, learner)
    ]
    return [*missing, *wrong]


def _rebuild_memories(connection: Connection, learner: int) -> int:
    missing = list(_without_memory(connection, learner))
    for card_id, memory in missing:
        memories.add(connection, learner, card_id, memory)
    wrong = list(_wrong_memories(connection, learner))
    for card_id, _, replayed in wrong:
        memories.replace(connection, learner, card_id, replayed)
    return len({*(card_id for card_id, _ in missing), *(card_id for card_id, _, _ in wrong)})


def _wrong_memories(connection: Connection, learner: int) -> Iterator[tuple[str, Memory, Memory]]:
    """Yield each card whose memory differs from the log, with the memory that is kept and the right one."""
    kept = memories.enrolled(connection, learner, withdrawn=True)
    for card_id, replayed in log.replay(connection, learner, withdrawn=True).items():
        if kept[card_id] != replayed:
            yield card_id, kept[card_id], replayed


def _without_memory(connection: Connection, learner: int) -> Iterator[tuple[str, Memory]]:
    """Yield each card that was answered and is not enrolled, with its memory before the first answer."""
    of_learner = memories.MEMORY.c.learner_id == learner
    enrolled = set(connection.scalars(select(memories.MEMORY.c.card_id).where(of_learner)))
    first: dict[str, int] = {}
    rows = connection.execute(
        select(REVIEW.c.card_id, REVIEW.c.at, REVIEW.c.before_state, REVIEW.c.before_due)
        .select_from(WITH_UNDO)
        .where(REVIEW.c.learner_id == learner, COUNTS)
        .order_by(REVIEW.c.id)
    )
    for card_id, at, state, due in rows:
        if card_id not in enrolled:
            first.setdefault(card_id, due if state == State.NEW else at)
    for card_id, at in first.items():
        yield card_id, Memory.new(from_ms(at))


def _differs(kept: Memory, replayed: Memory) -> str:
    values = (
        (field.name, getattr(kept, field.name), getattr(replayed, field.name)) for field in fields(Memory)
    )
    return ", ".join(f"{name} is {_shown(is_)}, not {_shown(was)}" for name, is_, was in values if is_ != was)


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)


def _of_totals(connection: Connection, learner: int) -> list[Difference]:
    wrong = totals.wrong(connection, learner)
    return [Difference("totals", f"{wrong} of them are not what the answers and memories add up to")] * bool(
        wrong
    )


def _of_filing(connection: Connection, learner: int) -> list[Difference]:
    misfiled = [
        Difference(card_id, "it is under another state or day than it has")
        for card_id in filing.misfiled(connection, learner)
    ]
    count = filing.passed_over(connection, learner)
    passed_over = [Difference("answers", f"{count:,} of them not there")] * bool(count)
    return [*misfiled, *passed_over]


PROJECTIONS = (
    Projection("memory", "memories", _of_memories, _rebuild_memories),
    Projection("memory", "filing", _of_filing, filing.rebuild),
    Projection("day_total", "totals", _of_totals, totals.rebuild),
)
