"""Families: cards that give each other's answers away, as their author has said by naming one family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from cards.card import Card, Deck


class Families:
    """Which families have a card today, and which card it is.

    Args:
        deck: The book's cards by id.
        answered: The ids of the cards that were answered today.
    """

    def __init__(self, deck: Deck, answered: Iterable[str] = ()) -> None:
        self._held: dict[str, set[str]] = defaultdict(set)
        for card_id in answered:
            if card_id in deck:
                self.hold(deck[card_id])

    def hold(self, card: Card) -> None:
        """Let a card hold its siblings back for the rest of the day."""
        if card.family:
            self._held[card.family].add(card.id)

    def holds_back(self, card: Card) -> bool:
        """Whether a sibling of this card holds it back. No card holds back itself."""
        return bool(card.family) and not self._held[card.family] <= {card.id}
