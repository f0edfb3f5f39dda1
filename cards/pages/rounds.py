"""Rounds: cards to go through without touching their dates (`/review?cram=section:a-slug`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cards.card import Card, Deck
from cards.cram import Cram, CramKind
from cards.pages.session import Present

MOST = 200  # cards in a round

# What the rounds of kept cards are called, and what is said of one that is empty
KEPT = {
    CramKind.FORGOTTEN: ("Forgotten today", "You have forgotten nothing today."),
    CramKind.MARKED: ("Marked", "You have marked no card. M marks the one in front of you."),
    CramKind.LEECHES: ("Forgotten often", "No card was forgotten so often that it is worth a look."),
}


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

    @property
    def notice(self) -> str:
        """What the desk says above its cards for as long as the round lasts; nothing where it has none."""
        some = f" (the first {len(self.cards)} of {len(self.cards) + self.left_out} cards)" * bool(
            self.left_out
        )
        what = f"A look at “{self.title}”{some}."
        return f"{what} Nothing is scheduled, and no answer is kept." if self.cards else ""


def chosen(name: str, deck: Deck, present: Present) -> Round:
    """The round that an address names; one that it cannot name is empty, and says why."""
    try:
        cram = Cram.from_text(name)
    except ValueError as error:
        return Round(name, problem=f"{error}.")
    cards = present.cram(deck, cram)
    if not cards:
        return Round(name, problem=_nothing(cram))
    back = f"/{cram.name}" if cram.kind is CramKind.SECTION else "/"
    return Round(name, _title(cram, cards[0]), cards[:MOST], max(0, len(cards) - MOST), back)


def offers(deck: Deck, present: Present) -> list[dict[str, Any]]:
    """The rounds of kept cards that a resting desk can offer, each with how many cards it has."""
    counted = ((kind, title, len(present.cram(deck, Cram(kind)))) for kind, (title, _) in KEPT.items())
    return [{"name": str(kind), "title": title, "cards": cards} for kind, title, cards in counted if cards]


def _title(cram: Cram, first: Card) -> str:
    if cram.kind in KEPT:
        return KEPT[cram.kind][0]
    return first.section_title if cram.kind is CramKind.SECTION else first.track_title


def _nothing(cram: Cram) -> str:
    if cram.kind in KEPT:
        return KEPT[cram.kind][1]
    return f"No {cram.kind} called '{cram.name}' has cards."
