"""What the store knows of a learner's progress: totals of days, and where the cards stand.

Whoever reads totals adds what has come since they were up to date, which is little, unless nobody has looked
for long: then they are brought up to date first.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from cards.store import totals
from cards.store.problems import StoreProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cards.store.engine import Database
    from cards.totals import CardState, DayTotal, Maturity, Standing, Total

MOST_SINCE = 500  # answers and changed memories, which take a few milliseconds to add at every look


class Totalling:
    """The part of a store that adds up; each method is one transaction."""

    _database: Database

    def day_totals(self, learner: int, first: int, last: int, section: str = "") -> list[DayTotal]:
        """Return what a learner's answers come to on each day, from the first day number to the last.

        Args:
            learner: Whose answers.
            first: The first day number.
            last: The last, which is included.
            section: Of which section; empty for all of them together.
        """
        self._bring_up_to_date(learner)
        with self._database.reading() as connection:
            return totals.days(connection, learner, first, last, section)

    def section_totals(self, learner: int, first: int, last: int) -> dict[str, dict[Maturity, Total]]:
        """Return what a learner's answers come to by section and maturity, over a range of day numbers."""
        self._bring_up_to_date(learner)
        with self._database.reading() as connection:
            return totals.sections(connection, learner, first, last)

    def standing(self, learner: int, card_ids: Sequence[str] | None = None) -> Standing:
        """Return where a learner's cards stand: these, or all that are kept and not suspended."""
        self._bring_up_to_date(learner)
        with self._database.reading() as connection:
            if card_ids is None:
                return totals.standing(connection, learner)
            return totals.standing_of(connection, learner, card_ids)

    def counted_ids(self, learner: int) -> list[str]:
        """Return the ids of the cards that a learner keeps and has not suspended."""
        with self._database.reading() as connection:
            return totals.counted_ids(connection, learner)

    def card_states(self, learner: int, card_ids: Sequence[str] | None = None) -> list[CardState]:
        """Return what a forecast needs to know of these cards, one by one, or of all; in no order."""
        with self._database.reading() as connection:
            return totals.card_states(connection, learner, card_ids)

    def wrong_totals(self, learner: int) -> int:
        """Return how many of the totals are not what the log and the memories add up to."""
        with self._database.reading() as connection:
            return totals.wrong(connection, learner)

    def rebuild_totals(self, learner: int) -> int:
        """Compute the totals anew from the log and the memories; return how many were wrong."""
        with self._database.writing(learner) as connection:
            return totals.rebuild(connection, learner)

    def bring_totals_up_to_date(self, learner: int) -> None:
        """Let the totals hold all that has come since they were last up to date; it changes no answer."""
        with self._database.writing(learner) as connection:
            totals.bring_up_to_date(connection, learner)

    def _bring_up_to_date(self, learner: int) -> None:
        with self._database.reading() as connection:
            behind = totals.behind(connection, learner)
        if behind > MOST_SINCE:
            with suppress(StoreProblem):  # where nothing can be written, reading takes a little longer
                self.bring_totals_up_to_date(learner)
