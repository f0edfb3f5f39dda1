"""Going through cards without touching their dates: which, from an address such as `?cram=section:a-slug`.

    section:<slug>   track:<slug>   marked   leeches   forgotten

A section's and a track's are all of its cards, kept or not, for looking ahead; the others are kept ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cards.card import Card, Deck
from cards.choice import UnknownChoiceError, choose
from cards.leech import is_leech
from cards.pages.session import Present

MOST = 200  # cards in a round


@dataclass(frozen=True)
class Round:
    """Cards to go through.

    Attributes:
        name: What the address calls them.
        title: What a learner calls them; empty where there are none.
        cards: The cards, in order.
        left_out: How many more there are.
        back: The path of the page to go back to.
        problem: Why there are none, as a sentence; empty if there are.
    """

    name: str
    title: str = ""
    cards: tuple[Card, ...] = ()
    left_out: int = 0
    back: str = "/"
    problem: str = ""


def chosen(name: str, deck: Deck, present: Present) -> Round:
    """The round that an address names; one that it cannot name is empty, and says why."""
    sort, _, slug = name.partition(":")
    try:
        if sort == "section":
            cards = choose(deck.values(), sections=[slug])
            return _round(name, cards[0].section_title, cards, back=f"/{slug}")
        if sort == "track":
            cards = choose(deck.values(), tracks=[slug])
            return _round(name, cards[0].track_title, cards)
    except UnknownChoiceError as unknown:
        return Round(name, problem=str(unknown))
    if name not in KEPT:
        known = ", ".join(["section:…", "track:…", *KEPT])
        return Round(name, problem=f"There are no cards called '{name}'. Choose {known}.")
    title, find, empty = KEPT[name]
    cards = [deck[card_id] for card_id in find(present) if card_id in deck]
    return _round(name, title, cards) if cards else Round(name, problem=empty)


def offers(deck: Deck, present: Present) -> list[dict[str, Any]]:
    """The rounds of kept cards that a resting desk can offer, each with how many cards it has."""
    found = ((name, title, find(present)) for name, (title, find, _) in KEPT.items())
    counted = ((name, title, sum(card_id in deck for card_id in ids)) for name, title, ids in found)
    return [{"name": name, "title": title, "cards": count} for name, title, count in counted if count]


def _round(name: str, title: str, cards: list[Card], *, back: str = "/") -> Round:
    return Round(name, title, tuple(cards[:MOST]), max(0, len(cards) - MOST), back)


def _forgotten(present: Present) -> list[str]:
    kept = present.memories()
    return [card_id for card_id in present.store.forgotten(present.learner, present.day) if card_id in kept]


def _marked(present: Present) -> list[str]:
    kept = present.memories()
    return [
        card_id
        for card_id, decision in present.decisions().items()
        if card_id in kept and decision.marked_at is not None
    ]


def _leeches(present: Present) -> list[str]:
    return [card_id for card_id, memory in present.memories().items() if is_leech(memory)]


# What they are called, how they are found, and what to say when there are none
KEPT: dict[str, tuple[str, Callable[[Present], list[str]], str]] = {
    "forgotten": ("Forgotten today", _forgotten, "You have forgotten nothing today."),
    "marked": ("Marked", _marked, "You have marked no card. M marks the one in front of you."),
    "leeches": ("Forgotten often", _leeches, "No card has been forgotten so often that it is worth a look."),
}
