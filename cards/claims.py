"""What a learner believes: claims, credences in them, how they turned out, and checks of conservation.

A claim is a card of the book of the kind `credence`, under the card's id, or the learner's own. A credence is
a probability, 0 to 1; None says "no idea".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

OWN = "own-"  # what the id of a learner's own claim begins with; ids of cards are slugs, and may too


class Outcome(StrEnum):
    """How a claim has turned out; VOID counts neither way, OPEN takes back what was said before."""

    YES = "yes"
    NO = "no"
    VOID = "void"
    OPEN = "open"


@dataclass(frozen=True)
class Claim:
    """A claim that a learner has put down.

    Attributes:
        id: Made up by the sender, beginning with `OWN`; sending it again replaces the text and the date.
        text: The claim, as plain text.
        by: The last day on which it can still turn out, or None.
        made_at: When, in UTC.
    """

    id: str
    text: str
    by: date | None
    made_at: datetime


@dataclass(frozen=True)
class Credence:
    """How likely a learner thought a claim to be, at one moment.

    Attributes:
        client_id: Made up by the sender, one a credence; sending it again changes nothing.
        claim_id: The claim.
        probability: 0 to 1; None for "no idea".
        at: When, in UTC.
        note: Why, in the learner's words.
        repeat: Whether nothing was learned since the last one: what these differ by is noise.
        occasion: What asked for it: "before" and "after" a section, or empty.
    """

    client_id: str
    claim_id: str
    probability: float | None
    at: datetime
    note: str = ""
    repeat: bool = False
    occasion: str = ""


@dataclass(frozen=True)
class Resolution:
    """How a claim has turned out, as a learner says.

    Attributes:
        client_id: Made up by the sender, one a resolution; sending it again changes nothing.
        claim_id: The claim.
        outcome: How.
        at: When that was said, in UTC; of several the last said counts.
        note: Why, in the learner's words.
    """

    client_id: str
    claim_id: str
    outcome: Outcome
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class ConservationCheck:
    """What a learner said before some evidence was shown, and what the evidence was.

    Attributes:
        client_id: Made up by the sender, one a check; sending it again changes nothing but `after`.
        check_id: The block of the book that asked.
        prior: The credence before the evidence, 0 to 1.
        if_true: The chance of the evidence if the claim is true, 0 to 1.
        if_false: The same if it is false.
        happened: Whether the evidence came about.
        at: When, in UTC.
        after: The credence that the learner then stated; None where none was.
    """

    client_id: str
    check_id: str
    prior: float
    if_true: float
    if_false: float
    happened: bool
    at: datetime
    after: float | None = None
