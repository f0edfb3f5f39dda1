"""What the store does when a learner changes how dates are made: reschedules, and the log that a fit reads.

A reschedule is an event of the log, so that memories stay what a replay of the log comes to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cards.store import learners, log, reschedules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from cards.memory import Memory
    from cards.schedule import SchedulerSettings
    from cards.store.engine import Database
    from cards.store.records import Json, Recalled


class Rescheduling:
    """The part of a store that computes memories again; what is written is one transaction."""

    _database: Database

    def recalled(self, learner: int) -> Recalled:
        """Return all of a learner's answers that count, in columns, oldest first."""
        with self._database.reading() as connection:
            return log.recalled(connection, learner)

    def log_stamp(self, learner: int) -> tuple[int, ...]:
        """Return numbers that change whenever a learner's log does."""
        with self._database.reading() as connection:
            return reschedules.stamp(connection, learner)

    def rescheduled(
        self,
        learner: int,
        settings: Mapping[str, SchedulerSettings],
        *,
        told: Callable[[int], None] | None = None,
    ) -> dict[str, Memory]:
        """Return the memories that `reschedule` would change, as it would leave them; nothing is changed.

        Args:
            learner: Whose memories.
            settings: The settings of each card that is to be computed again.
            told: Is called after each card with how many have been computed; it may take a while.
        """
        with self._database.reading() as connection:
            return dict(reschedules.plan(connection, learner, settings, told).memories)

    def reschedule(
        self,
        learner: int,
        client_id: str,
        settings: Mapping[str, SchedulerSettings],
        now: datetime,
        *,
        chosen: Mapping[str, Json] | None = None,
    ) -> int:
        """Compute memories again as if all answers so far had been given under other settings.

        Args:
            learner: Whose memories.
            client_id: Made up by the sender; sending it again changes nothing more.
            settings: The settings of each card that is to be computed again; other cards stay as they are.
            now: The present, in UTC.
            chosen: What the learner has chosen with it, by key, to be kept with it or not at all.

        Returns:
            How many cards have changed.
        """
        with self._database.reading() as connection:
            planned = reschedules.plan(connection, learner, settings)
        with self._database.writing(learner) as connection:
            if reschedules.stamp(connection, learner) != planned.stamp:
                planned = reschedules.plan(connection, learner, settings)
            reschedules.record(connection, learner, client_id, planned, settings, now)
            for key, value in (chosen or {}).items():
                learners.set_setting(connection, learner, key, value)
        return len(planned.memories)

    def undo_reschedule(
        self, learner: int, client_id: str, now: datetime, *, chosen: Mapping[str, Json] | None = None
    ) -> bool:
        """Compute the memories of a reschedule again without it; answers given since go on counting.

        Args:
            learner: Whose memories.
            client_id: The id that the reschedule was sent with.
            now: The present, in UTC.
            chosen: What the learner has chosen with it, as for `reschedule`.

        Returns:
            Whether it was in force. If it was not, nothing is changed.
        """
        with self._database.reading() as connection:
            planned = reschedules.plan_undo(connection, learner, client_id)
        with self._database.writing(learner) as connection:
            if reschedules.stamp(connection, learner) != planned.stamp:
                planned = reschedules.plan_undo(connection, learner, client_id)
            undone = reschedules.undo(connection, learner, client_id, planned, now)
            if undone:
                for key, value in (chosen or {}).items():
                    learners.set_setting(connection, learner, key, value)
        return undone
