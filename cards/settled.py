"""How a claim has turned out, whoever says so: the learner's own word stands before the author's.

An author says it in the front matter of the section, `resolved: {a-claim: yes 2027-01-03}`; it comes down on
the card. A learner who has taken a word of their own back (`Outcome.OPEN`) is left with the author's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cards.claims import Outcome

if TYPE_CHECKING:
    from datetime import date

    from cards.claims import Resolution


@dataclass(frozen=True)
class Settled:
    """How a claim has turned out, as its author says.

    Attributes:
        outcome: Yes, no or void.
        on: The day on which it did, or None if that is not said.
        reason: Why, in a few words; empty if that is not said.
    """

    outcome: Outcome
    on: date | None = None
    reason: str = ""


def outcome(own: Resolution | None, authors: Settled | None) -> Outcome:
    """Return how a claim has turned out; OPEN if nobody says that it has."""
    if own is not None and own.outcome is not Outcome.OPEN:
        return own.outcome
    return authors.outcome if authors is not None else Outcome.OPEN
