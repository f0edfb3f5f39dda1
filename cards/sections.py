"""Which cards stand in which section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards.card import Card, Deck

_last: list[tuple[Deck, Mapping[str, Sequence[Card]]]] = []


def by_section(deck: Deck) -> Mapping[str, Sequence[Card]]:
    """The cards of each section by its slug, in the deck's order.

    A deck is taken to stay as it is, as a changed book is another deck: the last one asked for is remembered.
    """
    for known, found in _last:
        if known is deck:
            return found
    sections: dict[str, list[Card]] = {}
    for card in deck.values():
        sections.setdefault(card.section, []).append(card)
    _last[:] = [(deck, sections)]
    return sections
