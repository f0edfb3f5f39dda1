"""Rounds: cards to go through without touching their dates (`/review?cram=section:a-slug`).

A long round comes in parts. Each names the next by its own last card (`track:a-slug~a-card`), because by then
other cards may have been marked, or forgotten, or have left the book, and counting would pass over some.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cards.card import Card, Deck
from cards.cram import Cram, CramKind
from cards.pages.session import Present

MOST = 200  # cards in a part of a round
AFTER = "~"  # between what a round is of and the card that it goes on from

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
        before: How many there are before these.
        after: How many more there are.
        back: The path of the page to go back to.
        problem: Why there are none, as a sentence; empty if there are.
    """

    name: str
    title: str = ""
    cards: tuple[Card, ...] = ()
    before: int = 0
    after: int = 0
    back: str = "/"
    problem: str = ""

    @property
    def notice(self) -> str:
        """What the desk says above its cards for as long as the round lasts; nothing where it has none."""
        first, last = self.before + 1, self.before + len(self.cards)
        is_part = self.before or self.after
        some = f" (cards {first:,} to {last:,} of {last + self.after:,})" if is_part else ""
        what = f"A look at “{self.title}”{some}."
        return f"{what} Nothing is scheduled, and no answer is kept." if self.cards else ""

    @property
    def following(self) -> dict[str, Any] | None:
        """The part after this one, as a desk offers it; None where this is the last."""
        if not self.after:
            return None
        name = f"{self.name.partition(AFTER)[0]}{AFTER}{self.cards[-1].id}"
        return {"name": name, "title": "Go on with the next", "cards": min(MOST, self.after)}


def chosen(name: str, deck: Deck, present: Present) -> Round:
    """The round that an address names; one that it cannot name is empty, and says why."""
    of, _, last = name.partition(AFTER)
    try:
        cram = Cram.from_text(of)
    except ValueError as error:
        return Round(name, problem=f"{error}.")
    cards = present.cram(deck, cram)
    if not cards:
        return Round(name, problem=_nothing(cram))
    # A round that goes on from a card that has left the book begins anew.
    before = sum(card.order <= deck[last].order for card in cards) if last in deck else 0
    part = cards[before : before + MOST]
    if not part:
        return Round(name, problem="Nothing is left of this round.")
    back = f"/{cram.name}" if cram.kind is CramKind.SECTION else "/"
    return Round(name, _title(cram, part[0]), part, before, len(cards) - before - len(part), back)


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
