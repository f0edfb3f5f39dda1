"""The log of answers, read: what counts, what it adds up to, and the memories it leads to.

The log is the truth, and a memory only its sum: replaying the answers that count, in the order they were
recorded, gives every memory again. Each answer is replayed with the settings it was given under.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from cards import schedule
from cards.desk import Today
from cards.memory import Memory, Rating, ReviewLog, State
from cards.store import memories, presets
from cards.store.moments import from_ms
from cards.store.records import Review
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

REVIEW = Row.metadata.tables["review"]
UNDO = Row.metadata.tables["undo"]

BEFORE = tuple(f"before_{name}" for name in memories.FIELDS)
ENTRY = (REVIEW.c.card_id, REVIEW.c.rating, REVIEW.c.at, REVIEW.c.day, *(REVIEW.c[name] for name in BEFORE))
WITH_UNDO = REVIEW.outerjoin(UNDO, UNDO.c.review_id == REVIEW.c.id)
COUNTS = UNDO.c.id.is_(None)


def entry(values: Sequence[Any]) -> tuple[str, ReviewLog]:
    """Return the card and the log entry whose columns, in the order of `ENTRY`, have these values."""
    card_id, rating, at, day, *before = values
    return card_id, ReviewLog(Rating(rating), from_ms(at), day, memories.from_columns(before))


def reviews(connection: Connection, learner: int) -> list[Review]:
    """Return all of a learner's answers that count, oldest first."""
    rows = connection.execute(
        select(REVIEW.c.client_id, REVIEW.c.elapsed_ms, *ENTRY)
        .select_from(WITH_UNDO)
        .where(REVIEW.c.learner_id == learner, COUNTS)
        .order_by(REVIEW.c.id)
    )
    return [_review(row) for row in rows]


def today(connection: Connection, learner: int, day: int) -> Today:
    """Return what a learner has done on a day; answers that were taken back do not count."""
    rows = connection.execute(
        select(REVIEW.c.before_state, func.count())
        .select_from(WITH_UNDO)
        .where(REVIEW.c.learner_id == learner, REVIEW.c.day == day, COUNTS)
        .group_by(REVIEW.c.before_state)
    )
    answered = {row[0]: row[1] for row in rows}
    return Today(introduced=answered.get(State.NEW, 0), reviewed=answered.get(State.REVIEW, 0))


def replay(connection: Connection, learner: int, *, withdrawn: bool = False) -> dict[str, Memory]:
    """Compute every memory of a learner again from the log alone, for the cards of `memories.enrolled`."""
    settings = presets.kept(connection, learner)
    replayed = memories.new_memories(connection, learner, withdrawn=withdrawn)
    rows = connection.execute(
        select(REVIEW.c.preset_id, *ENTRY)
        .select_from(WITH_UNDO)
        .where(REVIEW.c.learner_id == learner, COUNTS)
        .order_by(REVIEW.c.id)
    )
    for preset, *values in rows:
        card_id, logged = entry(values)
        if card_id in replayed:
            log = ReviewLog(logged.rating, logged.at, logged.day, before=replayed[card_id])
            replayed[card_id] = schedule.outcome(log, settings=settings[preset], seed=card_id)
    return replayed


def _review(row: Sequence[Any]) -> Review:
    client_id, elapsed_ms, *values = row
    card_id, log = entry(values)
    return Review(
        client_id=client_id,
        card_id=card_id,
        rating=log.rating,
        at=log.at,
        day=log.day,
        elapsed_ms=elapsed_ms,
        before=log.before,
    )
