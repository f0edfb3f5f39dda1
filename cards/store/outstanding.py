"""Cards that stand out among those a learner keeps: leeches, marked ones, and what was forgotten on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from cards.leeches import Leech
from cards.memory import Rating
from cards.store.log import REVIEW, on_day
from cards.store.memories import MEMORY

if TYPE_CHECKING:
    from sqlalchemy import Connection

M = MEMORY.c


def kept(connection: Connection, learner: int) -> int:
    """Return how many cards of the book are kept; their places must have been written (`places`)."""
    count = (
        select(func.count())
        .select_from(MEMORY)
        .where(M.learner_id == learner, M.withdrawn_at.is_(None), M.place.is_not(None))
    )
    return int(connection.scalar(count) or 0)


def leeches(connection: Connection, learner: int, threshold: int) -> list[Leech]:
    """Return the kept cards that were forgotten at least so often, the most often forgotten first."""
    rows = connection.execute(
        select(M.card_id, M.lapses, M.leech_passed, M.suspended_at)
        .where(M.learner_id == learner, M.withdrawn_at.is_(None), M.lapses >= threshold)
        .order_by(M.lapses.desc(), M.card_id)
    )
    return [
        Leech(card_id, lapses, passed, suspended=suspended_at is not None)
        for card_id, lapses, passed, suspended_at in rows
    ]


def marked(connection: Connection, learner: int) -> set[str]:
    """Return the kept cards that carry the learner's mark."""
    return set(
        connection.scalars(
            select(M.card_id).where(
                M.learner_id == learner, M.withdrawn_at.is_(None), M.marked_at.is_not(None)
            )
        )
    )


def forgotten(connection: Connection, learner: int, day: int) -> set[str]:
    """Return the cards that were forgotten on a day; answers that were taken back do not count."""
    answered = connection.execute(on_day(REVIEW.c.card_id, REVIEW.c.rating), {"learner": learner, "day": day})
    return {card_id for card_id, rating in answered if rating == Rating.AGAIN}
