"""What the store tells the desk: the queue, the memories that it asks for, and what marks cards out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cards import desk
from cards.days import day_number
from cards.families import families
from cards.preferences import DEFAULTS
from cards.store import filing, memories, outstanding, places, waiting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from cards.card import Deck
    from cards.days import DayRules
    from cards.leeches import Leech
    from cards.memory import Memory
    from cards.preferences import Preferences
    from cards.store.engine import Database


class _Book(NamedTuple):
    """The book that was asked about last, with what is worked out of all its cards once."""

    deck: Deck
    digest: str
    families: Mapping[str, str]


class Queueing:
    """The part of a store that the desk asks; each method is one transaction, and none loads all memories.

    A deck that is passed is taken to stay as it is: a changed book is another deck.
    """

    _database: Database
    _book: _Book | None = None

    def queue(
        self,
        learner: int,
        deck: Deck,
        *,
        now: datetime,
        rules: DayRules,
        preferences: Preferences = DEFAULTS,
        held_back: Collection[str] = (),
    ) -> desk.Queue:
        """Return what a learner is to review now.

        Args:
            learner: Who is to review it.
            deck: The book's cards by id.
            now: The present, in UTC.
            rules: Where the learner's day begins.
            preferences: What the learner prefers.
            held_back: The ids of cards that are not to be asked.
        """
        book = self._place(learner, deck)
        with self._database.reading() as connection:
            return desk.queue(
                deck,
                waiting.waiting(connection, learner, day_number(now, rules), book.families, held_back),
                now=now,
                rules=rules,
                preferences=preferences,
                seed=str(learner),
            )

    def kept(self, learner: int, deck: Deck) -> int:
        """Return how many cards of the book a learner keeps, suspended or not."""
        self._place(learner, deck)
        with self._database.reading() as connection:
            return outstanding.kept(connection, learner)

    def memories_of(self, learner: int, card_ids: Iterable[str]) -> dict[str, Memory]:
        """Return the memories of some cards by id, for those of them that a learner keeps."""
        with self._database.reading() as connection:
            return memories.enrolled_among(connection, learner, card_ids)

    def leeches(self, learner: int, threshold: int) -> list[Leech]:
        """Return the cards that a learner has forgotten at least so often, the most often forgotten first."""
        with self._database.reading() as connection:
            return outstanding.leeches(connection, learner, threshold)

    def marked(self, learner: int) -> set[str]:
        """Return the ids of the kept cards that carry a learner's mark."""
        with self._database.reading() as connection:
            return outstanding.marked(connection, learner)

    def forgotten(self, learner: int, day: int) -> set[str]:
        """Return the ids of the cards that a learner forgot on the day of this number."""
        with self._database.reading() as connection:
            return outstanding.forgotten(connection, learner, day)

    def _place(self, learner: int, deck: Deck) -> _Book:
        """See to it that the memories have the places of this book, and that most of them are filed."""
        book = self._book
        if book is None or book.deck is not deck:
            book = self._book = _Book(deck, places.digest(deck), families(deck))
        with self._database.reading() as connection:
            is_placed = places.are_written(connection, learner, book.digest)
            is_due = filing.is_due(connection, learner)
        if is_placed and not is_due:
            return book
        with self._database.writing(learner) as connection:
            if not is_placed:
                places.write(connection, learner, deck, book.digest)
                filing.file_memories(connection, learner)
            filing.file(connection, learner)
        return book
