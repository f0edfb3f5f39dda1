"""What a learner has decided about a card, beside how well it is remembered: plain data.

No decision touches a memory, so each can be taken back, and the card goes on as it was remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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


NO_DECISION = Decision()
