"""All that is known of a card and a learner: how it is remembered, what was decided, what was noted."""

from __future__ import annotations

from dataclasses import dataclass

from cards.decision import NO_DECISION, Decision
from cards.memory import Memory


@dataclass(frozen=True)
class About:
    """What is known of one card and one learner.

    Attributes:
        memory: How it is remembered, or None if it is not kept.
        decision: What was decided about it; nothing about a card that is not kept.
        note: What the learner has written on it; empty if nothing.
    """

    memory: Memory | None = None
    decision: Decision = NO_DECISION
    note: str = ""

    @classmethod
    def of(cls, memory: Memory | None, decision: Decision | None, note: str | None) -> About:
        """Put together what was found, each part of which may be missing."""
        return cls(memory, (decision if memory else None) or NO_DECISION, note or "")
