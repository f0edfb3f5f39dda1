"""What the store does with answers that were given elsewhere: it says what they come to, and merges them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cards.store import memories, merge_rows, merges, opening, reschedules

if TYPE_CHECKING:
    from datetime import datetime

    from cards.store.arrivals import Arriving, Merged, Terms
    from cards.store.engine import Database


class Merging:
    """The part of a store that takes in answers from elsewhere; what is written is one transaction."""

    _database: Database

    def ever_kept(self, learner: int) -> set[str]:
        """Return the cards that a learner has enrolled, withdrawn since or not, by id."""
        with self._database.reading() as connection:
            return memories.ever_kept(connection, learner)

    def merge(
        self,
        learner: int,
        arrivals: Arriving,
        terms: Terms,
        now: datetime,
        *,
        dry_run: bool = False,
        why: str = "before-import",
    ) -> Merged:
        """Merge answers into the log by when they were given, and compute the memories again.

        An answer that the log has already changes nothing; a card that was not kept is from now on. Where
        anything is written, the database is backed up first.

        Args:
            learner: Whose answers.
            arrivals: The answers.
            terms: Where days begin, and under which settings the answers are replayed.
            now: The present, in UTC.
            dry_run: Whether to find out what it comes to, and write nothing.
            why: What the backup is made for, in its name.
        """
        with self._database.reading() as connection:
            planned = merges.plan(connection, learner, arrivals, terms)
        if dry_run or not planned.merged.added:
            return planned.merged
        path = self._database.path
        backup = None if path is None else opening.back_up(path, now, why=why)
        with self._database.writing(learner) as connection:
            if reschedules.stamp(connection, learner) != planned.stamp:
                planned = merges.plan(connection, learner, arrivals, terms)
            merge_rows.write(connection, learner, planned, terms, now)
        return replace(planned.merged, backup=backup)
