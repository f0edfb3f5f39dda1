"""What the store does for browsing: searches, where the cards found stand, and edits of many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cards.query import Sort
from cards.store import edits, standings
from cards.store.search.conditions import LEECH, Viewpoint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cards.card import Deck
    from cards.days import DayRules
    from cards.edit import Edit, Edited
    from cards.query import Query
    from cards.store.engine import Database
    from cards.store.search import SearchIndex
    from cards.store.standings import Standing


class Browsing:
    """The part of a store that browses; each method is one transaction."""

    _database: Database
    _search: SearchIndex

    def search(
        self,
        learner: int,
        deck: Deck,
        query: Query,
        *,
        now: datetime,
        rules: DayRules,
        sort: Sort = Sort.RELEVANCE,
        reverse: bool = False,
        leech: int = LEECH,
    ) -> list[str]:
        """Return the ids of the cards that a query finds, in order.

        Args:
            learner: To whom "due", "kept" and the like refer.
            deck: The book's cards; the index is first brought in step with them.
            query: What is looked for; names in it are those of the deck.
            now: The present, in UTC.
            rules: Where the learner's day begins.
            sort: What the cards are ordered by.
            reverse: Whether that order is turned round.
            leech: Lapses from which a card is a leech.
        """
        view = Viewpoint(learner, now, rules, leech)
        return self._search.find(deck, query, view, sort, reverse=reverse)

    def search_remark(self, deck: Deck) -> str:
        """Return, as a sentence, what search cannot do with this database; empty if nothing."""
        return self._search.remark(deck)

    def standings(self, learner: int, card_ids: Iterable[str]) -> dict[str, Standing]:
        """Return where these cards stand with a learner, by id, those that are not kept too."""
        with self._database.reading() as connection:
            return standings.of(connection, learner, card_ids)

    def edit(
        self,
        learner: int,
        client_id: str,
        card_ids: Iterable[str],
        wanted: Edit,
        *,
        at: datetime,
        now: datetime,
        until: int,
    ) -> Edited:
        """Do one thing to many cards, once however often it is sent, and return what `take_back` needs.

        Cards about which another sender has decided the same matter since are left as they are.

        Args:
            learner: Whose cards they are.
            client_id: Made up by the sender, one an edit; see `cards.decision.Change`.
            card_ids: The cards, which the book has.
            wanted: What to do. All but keeping passes over cards that are not kept.
            at: When the learner wanted it, in UTC.
            now: The present, in UTC.
            until: The day number on which buried cards are asked again.
        """
        with self._database.writing(learner) as connection:
            return edits.edit(connection, learner, client_id, card_ids, wanted, at=at, now=now, until=until)

    def take_back(self, learner: int, client_id: str, edited: Edited, at: datetime) -> int:
        """Take an edit back, and return for how many cards; one that was decided about since is left alone.

        Args:
            learner: Whose cards they are.
            client_id: Made up by the sender; taking back is a decision of its own.
            edited: What the edit has done.
            at: When, in UTC.
        """
        with self._database.writing(learner) as connection:
            return edits.take_back(connection, learner, client_id, edited, at)
