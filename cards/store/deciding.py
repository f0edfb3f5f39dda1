"""What the store does with a learner's decisions about cards, and with notes on them.

No decision touches a memory. One about a card that is not enrolled changes nothing; any card can have a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cards.store import changes, decisions, notes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cards.decision import Change, Decision
    from cards.store.engine import Database


class Deciding:
    """The part of a store that keeps decisions; each method is one transaction."""

    _database: Database

    def decisions(self, learner: int, card_ids: Iterable[str] | None = None) -> dict[str, Decision]:
        """Return what a learner has decided about these cards, or all, by card id; others are left out."""
        with self._database.reading() as connection:
            return decisions.decided(connection, learner, card_ids)

    def change(self, learner: int, change: Change, now: datetime) -> None:
        """Make a decision as a browser sends it, once however often it is sent.

        Where another sender has decided the same matter later than it was made, it is kept and not heeded.
        Changes of one sender are made in the order in which they arrive.
        """
        with self._database.writing(learner) as connection:
            changes.record(connection, learner, change, now)

    def suspend(self, learner: int, card_ids: Iterable[str], now: datetime) -> None:
        """Do not ask a learner these cards until `resume`."""
        with self._database.writing(learner) as connection:
            decisions.suspend(connection, learner, card_ids, now)

    def resume(self, learner: int, card_ids: Iterable[str]) -> None:
        """Ask a learner these cards again, which were suspended."""
        with self._database.writing(learner) as connection:
            decisions.suspend(connection, learner, card_ids, None)

    def bury(self, learner: int, card_ids: Iterable[str], until: int | None) -> None:
        """Ask a learner these cards no sooner than on the day of this number; None digs them out again."""
        with self._database.writing(learner) as connection:
            decisions.bury(connection, learner, card_ids, until)

    def mark(self, learner: int, card_ids: Iterable[str], now: datetime) -> None:
        """Set the learner's mark on these cards."""
        with self._database.writing(learner) as connection:
            decisions.mark(connection, learner, card_ids, now)

    def unmark(self, learner: int, card_ids: Iterable[str]) -> None:
        """Take the learner's mark off these cards."""
        with self._database.writing(learner) as connection:
            decisions.mark(connection, learner, card_ids, None)

    def pass_leech(self, learner: int, card_ids: Iterable[str]) -> None:
        """Keep these leeches as they are; each is offered again once it has been forgotten more often."""
        with self._database.writing(learner) as connection:
            decisions.pass_leech(connection, learner, card_ids)

    def verify(self, learner: int, card_ids: Iterable[str], now: datetime | None) -> None:
        """Note that the learner has found these cards to hold still; None takes that back."""
        with self._database.writing(learner) as connection:
            decisions.verify(connection, learner, card_ids, now)

    def rechecks(self, learner: int) -> list[str]:
        """Return the cards a learner is asked that were last answered before their meaning changed, by id."""
        with self._database.reading() as connection:
            return decisions.rechecks(connection, learner)

    def write_note(self, learner: int, card_id: str, note: str, now: datetime) -> None:
        """Keep a learner's note on a card, kept or not; an empty one takes it away."""
        with self._database.writing(learner) as connection:
            notes.write(connection, learner, card_id, note, now)

    def notes(self, learner: int, card_ids: Iterable[str] | None = None) -> dict[str, str]:
        """Return a learner's notes on these cards, or on all, by card id."""
        with self._database.reading() as connection:
            return notes.written(connection, learner, card_ids)
