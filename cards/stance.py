"""Where a learner stands on one claim: what was said of it, when it is asked again, how it has turned out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

from cards.beliefs import asking
from cards.beliefs.history import Entry
from cards.claims import Outcome
from cards.days import day_number, number_of_date
from cards.settled import outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from cards.claims import Credence, Resolution
    from cards.days import DayRules
    from cards.settled import Settled

NOT_YET = 30  # days for which "not yet" is not asked again


class Wanted(StrEnum):
    """What is to be asked of a claim."""

    OUTCOME = "outcome"
    CREDENCE = "credence"
    REPEAT = "repeat"


class Said(TypedDict):
    """What a learner has said of a claim, by the names that `Stance` has for it."""

    entries: tuple[Credence, ...]
    own: Resolution | None
    earlier: tuple[Credence, ...]


def said(every: Sequence[Credence], own: Resolution | None, changed_at: datetime | None) -> Said:
    """Part what was said of a claim by whether its author has changed what it means since.

    Args:
        every: All credences in it, oldest first.
        own: What the learner said last of how it has turned out.
        changed_at: When its meaning changed last; None if it never did.
    """
    if changed_at is None:
        return {"entries": tuple(every), "own": own, "earlier": ()}
    return {
        "entries": tuple(entry for entry in every if entry.at >= changed_at),
        "own": own if own is not None and own.at >= changed_at else None,
        "earlier": tuple(entry for entry in every if entry.at < changed_at),
    }


@dataclass(frozen=True)
class Stance:
    """Where a learner stands on a claim.

    Attributes:
        claim_id: The claim.
        by: The last day on which it can still turn out, or None.
        entries: The credences in it that count, oldest first.
        own: What the learner said last of how it has turned out.
        authors: What its author says of that.
        earlier: The credences in what it meant before its author changed that, oldest first. They were about
            another claim: they stay on the record, and count nowhere.
    """

    claim_id: str
    by: date | None = None
    entries: tuple[Credence, ...] = ()
    own: Resolution | None = None
    authors: Settled | None = None
    earlier: tuple[Credence, ...] = ()

    @property
    def every_entry(self) -> tuple[Credence, ...]:
        """All credences in it, those that count nowhere too, oldest first."""
        return *self.earlier, *self.entries

    @property
    def outcome(self) -> Outcome:
        """How it has turned out; OPEN if nobody says that it has."""
        return outcome(self.own, self.authors)

    @property
    def is_settled(self) -> bool:
        """Whether it has turned out, one way or the other or void."""
        return self.outcome is not Outcome.OPEN

    def history(self, rules: DayRules) -> list[Entry]:
        """The entries as the mathematics wants them (`cards.beliefs`)."""
        return [Entry(day_number(one.at, rules), one.probability, one.repeat) for one in self.entries]

    def is_past(self, today: int) -> bool:
        """Whether its date has come, so that it waits for an answer and not for a credence."""
        return self.by is not None and today >= number_of_date(self.by)

    def next_ask(self, today: int, rules: DayRules) -> int | None:
        """The day on which it is asked again, today at the earliest; None for never."""
        return asking.next_ask(self.history(rules), today=today, by=self.by, settled=self.is_settled)

    def wanted(self, today: int, rules: DayRules) -> Wanted | None:
        """What is to be asked of it today, if anything: how it has turned out, a credence, or the last again.

        A claim that was never asked is not asked again, and one that nobody put a number on is none of the
        learner's; but the learner's own word that it has not turned out yet holds for a while.
        """
        if self.is_settled:
            return None
        if self.is_past(today):
            said = day_number(self.own.at, rules) if self.own is not None else None
            return Wanted.OUTCOME if said is None or today >= said + NOT_YET else None
        if self.next_ask(today, rules) == today:
            return Wanted.CREDENCE
        again = asking.next_repeat(
            self.claim_id, self.history(rules), today=today, by=self.by, settled=self.is_settled
        )
        return Wanted.REPEAT if again == today else None
