"""The ledger: every claim that a learner has put a number on, or could, with all that was said of it.

A claim is listed if it is the learner's own, if the book makes it, or if something was said of it once: what
has left the book stays on the record, under its id.

What counts is what was said while nobody could know. Once a claim has turned out, these entries are left out
of every measure and score:

    those made after the learner said how it turned out,
    those made after its date, the last day on which it could still turn out,
    those made on the day on which its author says it did, or later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from cards.claims import Outcome
from cards.days import number_of_date, start_of_day
from cards.plain import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cards.beliefs.history import History
    from cards.card import Card, Deck
    from cards.claims import Claim, Credence, Resolution
    from cards.days import DayRules
    from cards.store import Store

CREDENCE = "credence"  # the kind of a card that is a claim


class Status(StrEnum):
    """Where a claim stands."""

    OPEN = "open"
    PAST = "past"
    RESOLVED = "resolved"
    UNASKED = "unasked"


@dataclass(frozen=True)
class Authors:
    """How a claim of the book has turned out, as its author says.

    Attributes:
        outcome: How.
        on: The day on which it did, or None if that is not said.
        reason: Why, in a few words; empty if that is not said.
    """

    outcome: Outcome
    on: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Listed:
    """A claim on the ledger.

    Attributes:
        id: Of the card, or the learner's own.
        text: The claim, as plain text on one line; of one that has left the book, its id.
        section: The slug of the section that makes it; empty if none does.
        section_title: That section's title.
        by: The last day on which it can still turn out, or None.
        is_own: Whether the learner made it.
        made_at: When the learner made it; None for the others.
        entries: The credences in it, oldest first.
        own: What the learner said last of how it has turned out.
        authors: What its author says of that.
    """

    id: str
    text: str
    section: str = ""
    section_title: str = ""
    by: date | None = None
    is_own: bool = False
    made_at: datetime | None = None
    entries: tuple[Credence, ...] = ()
    own: Resolution | None = None
    authors: Authors | None = None

    @property
    def is_gone(self) -> bool:
        """Whether it has left the book."""
        return not self.is_own and not self.section

    @property
    def is_said(self) -> bool:
        """Whether the learner has made it or said something of it."""
        return self.is_own or bool(self.entries) or self.own is not None

    @property
    def is_settled_by_learner(self) -> bool:
        """Whether the learner has said how it turned out, and has not taken that back."""
        return self.own is not None and self.own.outcome is not Outcome.OPEN

    @property
    def outcome(self) -> Outcome:
        """How it has turned out: the learner's own word stands before the author's; OPEN if nobody says."""
        if self.own is not None and self.own.outcome is not Outcome.OPEN:
            return self.own.outcome
        return self.authors.outcome if self.authors is not None else Outcome.OPEN

    @property
    def happened(self) -> bool | None:
        """Whether it came true; None for one that is open or void."""
        return {Outcome.YES: True, Outcome.NO: False}.get(self.outcome)

    def status(self, today: int) -> Status:
        """Where it stands on a day."""
        if self.outcome is not Outcome.OPEN:
            return Status.RESOLVED
        if not self.is_said:
            return Status.UNASKED
        return Status.PAST if self.by is not None and today >= number_of_date(self.by) else Status.OPEN

    def closes_at(self, rules: DayRules) -> datetime | None:
        """The moment from which on what is said of it does not count, in UTC; None while it is open."""
        if self.outcome is Outcome.OPEN:
            return None
        moments = [self.own.at] if self.own is not None and self.is_settled_by_learner else []
        if self.by is not None:
            moments.append(start_of_day(number_of_date(self.by) + 1, rules))
        if self.authors is not None and self.authors.on is not None:
            moments.append(start_of_day(number_of_date(self.authors.on), rules))
        return min(moments, default=None)

    def counting(self, rules: DayRules) -> tuple[Credence, ...]:
        """The entries that were made while nobody could know how it turns out."""
        closes_at = self.closes_at(rules)
        if closes_at is None:
            return self.entries
        return tuple(entry for entry in self.entries if entry.at < closes_at)

    def undated(self, rules: DayRules) -> History:
        """The entries that count, in their order, for what needs no days: paths and pairs."""
        return [(0, entry.probability, entry.repeat) for entry in self.counting(rules)]


def claims_of(deck: Deck, store: Store, learner: int) -> list[Listed]:
    """Return all claims: the learner's own, oldest first, then the book's in its order, then those gone.

    Raises:
        StoreProblem: The store cannot be read.
    """
    entries, resolutions = store.credences(learner), store.resolutions(learner)
    own = store.claims(learner)
    cards = [card for card in deck.values() if card.kind == CREDENCE]
    known = {*(claim.id for claim in own), *(card.id for card in cards)}
    gone = [claim_id for claim_id in dict.fromkeys([*entries, *resolutions]) if claim_id not in known]

    def said(claim_id: str) -> tuple[tuple[Credence, ...], Resolution | None]:
        return tuple(entries.get(claim_id, ())), resolutions.get(claim_id)

    return [
        *(_own(claim, *said(claim.id)) for claim in own),
        *(_of_the_book(card, *said(card.id)) for card in cards),
        *(Listed(claim_id, claim_id, entries=said(claim_id)[0], own=said(claim_id)[1]) for claim_id in gone),
    ]


def _own(claim: Claim, entries: tuple[Credence, ...], resolution: Resolution | None) -> Listed:
    return Listed(
        id=claim.id,
        text=claim.text,
        by=claim.by,
        is_own=True,
        made_at=claim.made_at,
        entries=entries,
        own=resolution,
    )


def _of_the_book(card: Card, entries: tuple[Credence, ...], resolution: Resolution | None) -> Listed:
    return Listed(
        id=card.id,
        text=plain(card.front),
        section=card.section,
        section_title=card.section_title,
        by=_by(card),
        entries=entries,
        own=resolution,
        authors=_authors(card),
    )


def _by(card: Card) -> date | None:
    """The date among a card's options; one that cannot be read is reported when the book is checked."""
    try:
        return date.fromisoformat(card.options.get("by", ""))
    except ValueError:
        return None


def _authors(card: Card) -> Authors | None:
    """What a card's author says of how it has turned out, if that comes down on the card."""
    said = getattr(card, "resolved", None)
    return None if said is None else Authors(Outcome(said.outcome), said.on, said.reason)
