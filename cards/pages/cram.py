"""Going through cards without touching their dates: which, from an address such as `?cram=section:a-slug`.

    section:<slug>   track:<slug>   marked   leeches   forgotten

A section's and a track's are all of its cards, kept or not, for looking ahead; the others are kept ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
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
        title: What a learner calls them.
        cards: The cards, in order.
        left_out: How many more there are.
        back: The path of the page to go back to.
        problem: Why there are none, as a sentence; empty if there are.
    """

    name: str
    title: str
    cards: tuple[Card, ...] = ()
    left_out: int = 0
    back: str = "/"
    problem: str = ""


def chosen(name: str, deck: Deck, present: Present) -> Round:
    """The round that an address names; one that it cannot name is empty, and says why."""
    sort, _, slug = name.partition(":")
    try:
        if sort == "section":
            return _section(name, choose(deck.values(), sections=[slug]))
        if sort == "track":
            return _track(name, choose(deck.values(), tracks=[slug]))
    except UnknownChoiceError as unknown:
        return Round(name, "Look ahead", problem=str(unknown))
    if name not in KEPT:
        known = ", ".join(["section:…", "track:…", *KEPT])
        return Round(name, "Look ahead", problem=f"There are no cards called '{name}'. Choose {known}.")
    title, find, empty = KEPT[name]
    cards = [deck[card_id] for card_id in find(present) if card_id in deck]
    return _round(name, title, cards, problem="" if cards else empty)


def offers(deck: Deck, present: Present) -> list[dict[str, Any]]:
    """The rounds of kept cards that a resting desk can offer, each with how many cards it has."""
    found = ((name, title, find(present)) for name, (title, find, _) in KEPT.items())
    counted = ((name, title, sum(card_id in deck for card_id in ids)) for name, title, ids in found)
    return [{"name": name, "title": title, "cards": count} for name, title, count in counted if count]


def _section(name: str, cards: list[Card]) -> Round:
    return _round(name, cards[0].section_title if cards else "", cards, back=f"/{name.partition(':')[2]}")


def _track(name: str, cards: list[Card]) -> Round:
    return _round(name, cards[0].track_title if cards else "", cards)


def _round(name: str, title: str, cards: list[Card], *, back: str = "/", problem: str = "") -> Round:
    return Round(name, title, tuple(islice(cards, MOST)), max(0, len(cards) - MOST), back, problem)


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
