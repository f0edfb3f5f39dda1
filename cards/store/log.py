"""The log of answers, read: what counts, what it adds up to, and the memories it leads to.

The log is the truth, and a memory only its sum: replaying the answers that count, in their order
(`cards.store.order`), gives every memory again. Each answer is replayed with the settings it was given under,
or with those of the last reschedule in force that reaches through it (`cards.store.overrides`).
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, false, func, select, true, union_all

from cards.desk import Today
from cards.memory import Rating, ReviewLog, State
from cards.store import memories, order, overrides, presets
from cards.store.gathering import Gathering
from cards.store.moments import from_ms
from cards.store.records import Recalled, Review
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ColumnElement, CompoundSelect, Connection

    from cards.memory import Memory
    from cards.store.overrides import Override

REVIEW = Row.metadata.tables["review"]
UNDO = Row.metadata.tables["undo"]
LEARNER = Row.metadata.tables["learner"]

BEFORE = tuple(f"before_{name}" for name in memories.FIELDS)
ENTRY = (REVIEW.c.card_id, REVIEW.c.rating, REVIEW.c.at, REVIEW.c.day, *(REVIEW.c[name] for name in BEFORE))
WITH_UNDO = REVIEW.outerjoin(UNDO, UNDO.c.review_id == REVIEW.c.id)
COUNTS = UNDO.c.id.is_(None)

# What has come since a learner's answers were filed (`cards.store.filing`). Adding 0 keeps planners from the
# index of days, by which they would go through all the rest.
FILED_THROUGH = (
    select(func.coalesce(LEARNER.c.filed_through, 0))
    .where(LEARNER.c.id == bindparam("learner"))
    .scalar_subquery()
)
FILED = and_(REVIEW.c.learner_id == bindparam("learner"), REVIEW.c.is_filed == true())
UNFILED = and_(REVIEW.c.learner_id + 0 == bindparam("learner"), REVIEW.c.is_filed == false())
SINCE = and_(REVIEW.c.id > FILED_THROUGH, UNFILED)


def entry(values: Sequence[Any]) -> tuple[str, ReviewLog]:
    """Return the card and the log entry whose columns, in the order of `ENTRY`, have these values."""
    card_id, rating, at, day, *before = values
    return card_id, ReviewLog(Rating(rating), from_ms(at), day, memories.from_columns(before))


def on_day(*columns: ColumnElement[Any]) -> CompoundSelect[Any]:
    """Return what selects these of the answers that count of a `learner` on a `day`, in no order."""
    return union_all(
        *(
            select(*columns).select_from(WITH_UNDO).where(these, REVIEW.c.day == bindparam("day"), COUNTS)
            for these in (FILED, SINCE)
        )
    )


def reviews(connection: Connection, learner: int) -> list[Review]:
    """Return all of a learner's answers that count, oldest first."""
    rows = connection.execute(
        select(REVIEW.c.client_id, REVIEW.c.elapsed_ms, REVIEW.c.section, *ENTRY)
        .select_from(WITH_UNDO)
        .where(REVIEW.c.learner_id == learner, COUNTS)
        .order_by(*order.oldest_first(connection, learner))
    )
    return [_review(row) for row in rows]


def recalled(connection: Connection, learner: int) -> Recalled:
    """Return all of a learner's answers that count, in columns, oldest first."""
    decays = {number: kept.parameters[-1] for number, kept in presets.kept(connection, learner).items()}
    rows = connection.execute(
        select(REVIEW.c.card_id, REVIEW.c.rating, REVIEW.c.day, REVIEW.c.before_stability, REVIEW.c.preset_id)
        .select_from(WITH_UNDO)
        .where(REVIEW.c.learner_id == learner, COUNTS)
        .order_by(*order.oldest_first(connection, learner))
    ).all()
    card_ids, ratings, days, stabilities, kept = zip(*rows, strict=True) if rows else ((),) * 5
    return Recalled(card_ids, ratings, days, stabilities, tuple(decays[preset] for preset in kept))


def today(connection: Connection, learner: int, day: int) -> Today:
    """Return what a learner has done on a day; answers that were taken back do not count."""
    states = connection.scalars(on_day(REVIEW.c.before_state), {"learner": learner, "day": day}).all()
    return Today(introduced=states.count(State.NEW), reviewed=states.count(State.REVIEW))


def replay(connection: Connection, learner: int, *, withdrawn: bool = False) -> dict[str, Memory]:
    """Compute every memory of a learner again from the log alone, for the cards of `memories.enrolled`."""
    enrolled = memories.new_memories(connection, learner, withdrawn=withdrawn)
    return replayed(connection, learner, enrolled, overrides.in_force(connection, learner))


def replay_before(connection: Connection, learner: int, card_id: str, review: int) -> Memory:
    """Compute the memory of one card before an answer to it, by the answer's row, from the log alone."""
    new = {card_id: memories.new_memory(connection, learner, card_id)}
    in_force = overrides.in_force(connection, learner)
    these = (REVIEW.c.card_id == card_id) & (REVIEW.c.id < review)
    return replayed(connection, learner, new, in_force, these)[card_id]


def replayed(
    connection: Connection,
    learner: int,
    new: Mapping[str, Memory],
    in_force: Mapping[str, Sequence[Override]],
    these: ColumnElement[bool] = true(),  # noqa: B008 - a condition that is always met, and never changes
    *,
    told: Callable[[int], None] | None = None,
) -> dict[str, Memory]:
    """Compute memories again from answers that count.

    Args:
        connection: In a transaction.
        learner: Whose they are.
        new: The memories before any answer, of the cards that are wanted.
        in_force: The overrides to compute them under, by card.
        these: Which answers.
        told: Is called after each card with how many have been computed.
    """
    settings = presets.kept(connection, learner)
    rows = connection.execute(
        select(REVIEW.c.card_id, *order.PLACE, REVIEW.c.rating, REVIEW.c.day, REVIEW.c.preset_id)
        .select_from(WITH_UNDO)
        .where(REVIEW.c.learner_id == learner, COUNTS, these)
        .order_by(REVIEW.c.card_id, REVIEW.c.id)
    )
    columns, done = Gathering(), 0
    for card_id, of_card in groupby(rows, key=itemgetter(0)):
        if card_id not in new:
            continue
        columns.card(card_id)
        above = in_force.get(card_id, ())
        for review, at, _, rating, day, preset in order.of_card(row[1:] for row in of_card):
            columns.answer(rating, at, day, overrides.settings(above, review) or settings[preset])
        done += 1
        if told is not None:
            told(done)
    return {**new, **columns.replayed()}


def _review(row: Sequence[Any]) -> Review:
    client_id, elapsed_ms, section, *values = row
    card_id, log = entry(values)
    return Review(
        client_id=client_id,
        card_id=card_id,
        rating=log.rating,
        at=log.at,
        day=log.day,
        elapsed_ms=elapsed_ms,
        before=log.before,
        section=section,
    )
