"""The scheduler settings that answers were given under, each kept once: a replay needs them for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from cards.schedule import SchedulerSettings
from cards.store.tables import Row

if TYPE_CHECKING:
    from sqlalchemy import Connection

PRESET = Row.metadata.tables["preset"]


def keep(connection: Connection, learner: int, settings: SchedulerSettings) -> int:
    """Return the id under which scheduler settings are kept; the first use keeps them."""
    text = settings.to_json()
    kept = select(PRESET.c.id).where(PRESET.c.learner_id == learner, PRESET.c.settings == text)
    if connection.scalar(kept) is None:
        connection.execute(insert(PRESET), {"learner_id": learner, "settings": text})
    return int(connection.scalars(kept).one())


def kept(connection: Connection, learner: int) -> dict[int, SchedulerSettings]:
    """Return all the settings that a learner's answers were given under, by id."""
    rows = connection.execute(select(PRESET.c.id, PRESET.c.settings).where(PRESET.c.learner_id == learner))
    return {number: SchedulerSettings.from_json(text) for number, text in rows}
