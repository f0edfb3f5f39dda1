"""How far a learner has read each section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from cards.store import tables
from cards.store.moments import from_ms, to_ms
from cards.store.records import Reading

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def record(connection: Connection, learner: int, slug: str, share: float, now: datetime) -> None:
    """Note that a section is open, read to a share from 0 to 1; scrolling back up takes nothing away."""
    share = min(max(share, 0.0), 1.0)
    with Session(connection) as session:
        row = session.get(tables.Reading, (learner, slug))
        if row is None:
            row = tables.Reading(learner_id=learner, slug=slug, share=share, last_at=to_ms(now))
        row.share = max(row.share, share)
        row.last_at = to_ms(now)
        session.add(row)
        session.flush()


def rename(connection: Connection, learner: int, old: str, new: str) -> None:
    """Keep what was read of a section under the slug that it has now; of two readings the further one."""
    with Session(connection) as session:
        former = session.get(tables.Reading, (learner, old))
        if former is None:
            return
        row = session.get(tables.Reading, (learner, new))
        if row is None:
            row = tables.Reading(learner_id=learner, slug=new, share=former.share, last_at=former.last_at)
        row.share, row.last_at = max(row.share, former.share), max(row.last_at, former.last_at)
        session.add(row)
        session.delete(former)
        session.flush()


def latest_first(connection: Connection, learner: int) -> list[Reading]:
    """Return how far a learner has read, the section that was open last first."""
    with Session(connection) as session:
        rows = session.exec(
            select(tables.Reading)
            .where(col(tables.Reading.learner_id) == learner)
            .order_by(col(tables.Reading.last_at).desc(), col(tables.Reading.slug))
        )
        return [Reading(row.slug, row.share, from_ms(row.last_at)) for row in rows]
