"""What a learner has decided about a card, beside how well it is remembered: plain data.

No decision touches a memory, so each can be taken back, and the card goes on as it was remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Decision:
    """What one learner has decided about one card.

    Attributes:
        suspended_at: Since when it is not asked, in UTC; None if it is.
        buried_until: The day number on which it is asked again; None, or a day that has come, if it is now.
        marked_at: Since when it carries the learner's mark, in UTC; None if it carries none.
        leech_passed: How often it had been forgotten when the learner last waved the offer to deal with a
            leech away; 0 if that never happened.
        verified_at: When the learner last found that it still holds, in UTC; None if that never happened.
    """

    suspended_at: datetime | None = None
    buried_until: int | None = None
    marked_at: datetime | None = None
    leech_passed: int = 0
    verified_at: datetime | None = None

    def is_buried(self, day: int) -> bool:
        """Whether it is put off beyond the day of this number."""
        return self.buried_until is not None and self.buried_until > day


NO_DECISION = Decision()


class Matter(StrEnum):
    """What can be decided about a card, and what the decision says.

    Whether it is suspended, whether it carries a mark and whether it is kept are true or false. Until which
    day number it is buried is that number, or None. A leech is waved away at a number of lapses. A note is a
    text, empty where there is none.
    """

    SUSPEND = "suspend"
    BURY = "bury"
    MARK = "mark"
    LEECH = "leech"
    KEEP = "keep"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Change:
    """One decision as it was made.

    Attributes:
        client_id: Made up by the sender, one a change; sending it again changes nothing. What stands behind
            its last dot names the sender.
        matter: What was decided.
        card_ids: About which cards.
        value: What it says: see `Matter`.
        at: When it was made, in UTC.
    """

    client_id: str
    matter: Matter
    card_ids: tuple[str, ...]
    value: bool | int | str | None
    at: datetime


def sender(client_id: str) -> str:
    """The part of an id that names who made it up; the whole id where it has no such part."""
    return client_id.rpartition(".")[2]
