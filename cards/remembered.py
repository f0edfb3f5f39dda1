"""Which cards are there to be remembered, and which are not: a claim is weighed, and nobody grades that.

All that speaks of memories (the queue, rounds, what is kept, what that costs) looks at the deck through
`remembered`; what speaks of the book (browsing, the way out to Anki) looks at all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cards.kind import get

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cards.card import Card, Deck

_last: list[tuple[Deck, Deck]] = []


def is_remembered(card: Card) -> bool:
    """Whether a card is graded as memory."""
    return get(card.kind).is_remembered


def remembered(deck: Deck) -> Deck:
    """Return the cards of a deck that are graded as memory.

    A deck is taken to stay as it is, as a changed book is another deck: the last one asked for is remembered,
    so that whoever keeps something about a deck is given the same one each time.
    """
    for known, found in _last:
        if deck is known or deck is found:
            return found
    cards = {card_id: card for card_id, card in deck.items() if is_remembered(card)}
    found = deck if len(cards) == len(deck) else cards
    _last[:] = [(deck, found)]
    return found


def claims(cards: Iterable[Card]) -> list[Card]:
    """Return the cards that are claims, in their order."""
    return [card for card in cards if not is_remembered(card)]
