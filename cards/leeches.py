"""Leeches: cards that are forgotten again and again, and cost more than they teach.

A card becomes a leech when it is forgotten for the n-th time, and again after every half of that, rounded
up, as in Anki: for n = 8 at 8, 12, 16, …. How often it has become one is its *level*: 0 below n. A leech is
offered to the learner, to be rewritten or suspended, until the learner passes, and again once it has reached
a higher level.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Leech", "becomes_leech", "is_offered", "level"]


@dataclass(frozen=True)
class Leech:
    """A card that is forgotten again and again.

    Attributes:
        card_id: Which it is.
        lapses: How often it was forgotten after it had been learned.
        passed: How often it had been forgotten when the learner last chose to keep it as it is; 0 if never.
        suspended: Whether it is not asked.
    """

    card_id: str
    lapses: int
    passed: int = 0
    suspended: bool = False


def level(lapses: int, threshold: int) -> int:
    """Return how often a card that was forgotten so often has become a leech."""
    if lapses < threshold:
        return 0
    return 1 + (lapses - threshold) // -(-threshold // 2)


def becomes_leech(before: int, after: int, threshold: int) -> bool:
    """Whether an answer that took the lapses from one number to another has made the card a leech."""
    return level(after, threshold) > level(before, threshold)


def is_offered(leech: Leech, threshold: int) -> bool:
    """Whether the learner is still to say what becomes of a leech."""
    return not leech.suspended and level(leech.lapses, threshold) > level(leech.passed, threshold)
