"""Leeches: cards that are forgotten again and again, and cost more than they give (Anki's word for them).

Such a card is mostly a bad card: it asks two things, or one that is easily taken for another. It is worth
rewriting, or leaving.
"""

from __future__ import annotations

from cards.decision import NO_DECISION, Decision
from cards.memory import Memory

LAPSES = 8  # as in Anki


def is_leech(memory: Memory, decision: Decision = NO_DECISION) -> bool:
    """Whether a card has become a leech, and more often than its learner has waved away."""
    return memory.lapses >= LAPSES and memory.lapses > decision.leech_passed
