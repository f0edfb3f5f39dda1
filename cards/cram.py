"""Cards to go through beside the schedule: before an exam, or before a section is kept at all.

Nothing is recorded of it and no date moves: these functions only choose cards, and return them in the book's
order. Whether a card is kept, suspended or due makes no difference to a section or a track; the others are
chosen from what the store says of a learner.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from cards.card import Card, Deck

SEPARATOR = ":"


class CramKind(StrEnum):
    """By what cards are chosen."""

    SECTION = "section"
    TRACK = "track"
    MARKED = "marked"
    LEECHES = "leeches"
    FORGOTTEN = "forgotten"


OF_THE_BOOK = frozenset({CramKind.SECTION, CramKind.TRACK})


@dataclass(frozen=True)
class Cram:
    """A choice of cards: all of a section or a track, by its slug, or those that a learner's doings mark out.

    As text, for an address: "section:how-many-updates", "track:beliefs", "marked", "leeches", "forgotten".
    """

    kind: CramKind
    name: str = ""

    def __str__(self) -> str:
        """As text."""
        return f"{self.kind}{SEPARATOR}{self.name}" if self.name else str(self.kind)

    @classmethod
    def from_text(cls, text: str) -> Cram:
        """Read a choice.

        Raises:
            ValueError: It is none; the message is one sentence.
        """
        kind, _, name = text.partition(SEPARATOR)
        if kind not in list(CramKind) or bool(name) != (kind in OF_THE_BOOK):
            raise ValueError(
                f"{text!r} chooses no cards; write section: or track: with a slug, marked, leeches or "
                "forgotten"
            )
        return cls(CramKind(kind), name)


def chosen(deck: Deck, cram: Cram, card_ids: Collection[str] = ()) -> tuple[Card, ...]:
    """Return the cards of a choice in the book's order.

    Args:
        deck: The book's cards by id.
        cram: The choice.
        card_ids: Of the kinds that depend on a learner, what the store says: those that are marked, those
            that are leeches, or those that were forgotten today.
    """
    match cram.kind:
        case CramKind.SECTION:
            cards = [card for card in deck.values() if card.section == cram.name]
        case CramKind.TRACK:
            cards = [card for card in deck.values() if card.track == cram.name]
        case CramKind.MARKED | CramKind.LEECHES | CramKind.FORGOTTEN:
            cards = [deck[card_id] for card_id in set(card_ids) if card_id in deck]
    return tuple(sorted(cards, key=lambda card: card.order))
