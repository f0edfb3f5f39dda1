"""What the store hands over to whoever takes a learner's progress elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cards.store import departures

if TYPE_CHECKING:
    from cards.store.engine import Database


class Departing:
    """The part of a store that is read as a whole, in one transaction."""

    _database: Database

    def departures(self, learner: int) -> departures.Departures:
        """Return where each of a learner's cards stands, and every answer that counts."""
        with self._database.reading() as connection:
            return departures.departures(connection, learner)
