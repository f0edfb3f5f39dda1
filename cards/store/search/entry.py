"""What the index knows of a card: its words by where they stand, its tags, and its place."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from cards.folding import words
from cards.plain import plain

if TYPE_CHECKING:
    from cards.card import Card, Deck

PARTS = ("front", "back", "title", "tags")


class Facts(NamedTuple):
    """A card's row in `tables.CARD`, but for its number."""

    card_id: str
    text_digest: str
    section: str
    title: str
    track: str
    kind: str
    place: int


def facts(card: Card) -> Facts:
    """Return a card's row; the digest changes exactly when its words or tags may have."""
    text = "\0".join((card.text_hash, card.section_title, *card.tags))
    return Facts(
        card_id=card.id,
        text_digest=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32],
        section=card.section,
        title=" ".join(words(card.section_title)),
        track=card.track,
        kind=card.kind,
        place=card.order,
    )


def text(card: Card) -> dict[str, tuple[str, ...]]:
    """Return a card's words by the part they stand in, see `PARTS`."""
    return {
        "front": words(plain(card.front)),
        "back": words(plain(card.back)),
        "title": words(card.section_title),
        "tags": words(" ".join(card.tags)),
    }


def tags(card: Card) -> set[str]:
    """Return a card's tags and all above them: "walks::fair" is in "walks" too."""
    levels = (tag.split("::") for tag in card.tags)
    return {"::".join(parts[:depth]) for parts in levels for depth in range(1, len(parts) + 1)}


def digest(deck: Deck) -> str:
    """Return a digest of all that the index would know of a deck."""
    hashed = hashlib.sha256()
    for card in deck.values():
        known = (card.id, card.text_hash, card.section, card.section_title, card.track, card.kind, card.order)
        hashed.update(repr((*known, card.tags)).encode("utf-8", "replace"))
    return hashed.hexdigest()
