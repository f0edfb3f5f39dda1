"""Families: cards that give each other's answers away, as their author has said by naming one family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cards.card import Deck


class Families:
    """Which families have a card today, and which card it is.

    Args:
        of_card: The family of each card that has one.
        answered: The ids of the cards that were answered today.
    """

    def __init__(self, of_card: Mapping[str, str], answered: Iterable[str] = ()) -> None:
        self._of_card = of_card
        self._held: dict[str, set[str]] = {}
        for card_id in answered:
            self.hold(card_id)

    def __bool__(self) -> bool:
        """Whether the book has any families."""
        return bool(self._of_card)

    def hold(self, card_id: str) -> None:
        """Let a card hold its siblings back for the rest of the day."""
        family = self._of_card.get(card_id)
        if family is not None:
            self._held.setdefault(family, set()).add(card_id)

    def holds_back(self, card_id: str) -> bool:
        """Whether a sibling of this card holds it back. No card holds back itself."""
        family = self._of_card.get(card_id)
        return family is not None and not self._held.get(family, set()) <= {card_id}


def families(deck: Deck) -> dict[str, str]:
    """Return the family of each card of a book that has one."""
    return {card_id: card.family for card_id, card in deck.items() if card.family}
