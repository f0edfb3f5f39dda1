"""Which settings a reschedule puts in the place of those that an answer was given under.

An answer that a reschedule reaches through is replayed under the settings of the last one in force that
covers its card. A later answer is replayed under its own: so memories go on from where a reschedule put them.

The memory that an answer's row holds is the one before it as it was then. It is still the right one if
nothing was rescheduled, and no reschedule undone, since the answer was recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, func, select

from cards.schedule import SchedulerSettings
from cards.store import presets
from cards.store.prepared import Prepared
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

RESCHEDULE = Row.metadata.tables["reschedule"]
RESCHEDULED = Row.metadata.tables["rescheduled"]

LAST_CHANGE = Prepared(
    select(func.max(RESCHEDULE.c.through), func.max(RESCHEDULE.c.undone_through)).where(
        RESCHEDULE.c.learner_id == bindparam("learner")
    )
)


class Override(NamedTuple):
    """The settings of one card's answers, through the one whose row has this number."""

    through: int
    settings: SchedulerSettings


def in_force(
    connection: Connection, learner: int, *, without: int | None = None
) -> dict[str, list[Override]]:
    """Return the overrides of a learner's cards, the last first; those of one reschedule may be left out."""
    settings = presets.kept(connection, learner)
    rows = connection.execute(
        select(RESCHEDULED.c.card_id, RESCHEDULE.c.through, RESCHEDULED.c.preset_id)
        .select_from(RESCHEDULED.join(RESCHEDULE, RESCHEDULE.c.id == RESCHEDULED.c.reschedule_id))
        .where(RESCHEDULE.c.learner_id == learner, RESCHEDULE.c.undone_at.is_(None))
        .where(RESCHEDULE.c.id != (without or 0))
        .order_by(RESCHEDULE.c.id.desc())
    )
    found: dict[str, list[Override]] = {}
    for card_id, through, preset in rows:
        found.setdefault(card_id, []).append(Override(through, settings[preset]))
    return found


def settings(overrides: Sequence[Override], review: int) -> SchedulerSettings | None:
    """Return the settings that override those of an answer, by its row, or None if none do."""
    return next((one.settings for one in overrides if review <= one.through), None)


def last_change(connection: Connection, learner: int) -> int:
    """Return the last answer that was recorded when anything was last rescheduled or put back; 0 if never."""
    row = LAST_CHANGE.first(connection, {"learner": learner})
    return max(0, *(number or 0 for number in row or ()))
