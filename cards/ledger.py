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
from cards.kinds.credence import by_date
from cards.plain import plain
from cards.remembered import claims
from cards.stance import Said, Stance, said

if TYPE_CHECKING:
    from datetime import datetime

    from cards.beliefs.history import History
    from cards.card import Card, Deck
    from cards.claims import Claim, Credence
    from cards.days import DayRules
    from cards.store import Store


class Status(StrEnum):
    """Where a claim stands."""

    OPEN = "open"
    PAST = "past"
    RESOLVED = "resolved"
    UNASKED = "unasked"


@dataclass(frozen=True)
class Listed(Stance):
    """A claim on the ledger, and where the learner stands on it.

    Attributes:
        text: The claim, as plain text on one line; of one that has left the book, its id.
        section: The slug of the section that makes it; empty if none does.
        section_title: That section's title.
        is_own: Whether the learner made it.
        made_at: When the learner made it; None for the others.
    """

    text: str = ""
    section: str = ""
    section_title: str = ""
    is_own: bool = False
    made_at: datetime | None = None

    @property
    def is_gone(self) -> bool:
        """Whether it has left the book."""
        return not self.is_own and not self.section

    @property
    def is_said(self) -> bool:
        """Whether the learner has made it or said something of it."""
        return self.is_own or bool(self.entries or self.earlier) or self.own is not None

    @property
    def is_settled_by_learner(self) -> bool:
        """Whether the learner has said how it turned out, and has not taken that back."""
        return self.own is not None and self.own.outcome is not Outcome.OPEN

    @property
    def happened(self) -> bool | None:
        """Whether it came true; None for one that is open or void."""
        return {Outcome.YES: True, Outcome.NO: False}.get(self.outcome)

    def status(self, today: int) -> Status:
        """Where it stands on a day."""
        if not self.is_said:
            return Status.UNASKED
        if self.is_settled:
            return Status.RESOLVED
        return Status.PAST if self.is_past(today) else Status.OPEN

    def closes_at(self, rules: DayRules) -> datetime | None:
        """The moment from which on what is said of it does not count, in UTC; None while it is open."""
        if not self.is_settled:
            return None
        moments = [self.own.at] if self.own is not None and self.is_settled_by_learner else []
        if self.by is not None and self.by < date.max:  # the last day that there is has none after it
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
    changes = store.meaning_changes()
    own, cards = store.claims(learner), claims(deck.values())
    known = {*(claim.id for claim in own), *(card.id for card in cards)}
    gone = [claim_id for claim_id in dict.fromkeys([*entries, *resolutions]) if claim_id not in known]

    def of(claim_id: str) -> Said:
        return said(entries.get(claim_id, ()), resolutions.get(claim_id), changes.get(claim_id))

    return [
        *(_own(claim, of(claim.id)) for claim in own),
        *(_of_the_book(card, of(card.id)) for card in cards),
        *(Listed(claim_id, text=claim_id, **of(claim_id)) for claim_id in gone),
    ]


def _own(claim: Claim, all_said: Said) -> Listed:
    return Listed(claim.id, by=claim.by, text=claim.text, is_own=True, made_at=claim.made_at, **all_said)


def _of_the_book(card: Card, all_said: Said) -> Listed:
    return Listed(
        card.id,
        by=by_date(card),
        authors=card.resolved,
        text=plain(card.front),
        section=card.section,
        section_title=card.section_title,
        **all_said,
    )
