"""What a change of settings would do to dates, before anything is done: memories before and after, compared.

Only days are compared. A card in its learning steps counts as due on the day of its next step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from cards.days import DayRules, day_number
from cards.memory import Memory, State

# The least shift of each bar of the histogram but the first, in days.
EDGES = (-90, -30, -7, 0, 1, 8, 31, 91)
EXAMPLES = 5


@dataclass(frozen=True)
class Shift:
    """One card whose date would move, by day numbers."""

    card_id: str
    before: int
    after: int

    @property
    def days(self) -> int:
        """How much later it would come; negative if sooner."""
        return self.after - self.before


@dataclass(frozen=True)
class Foreseen:
    """What would happen.

    Attributes:
        cards: How many cards have a date.
        sooner: How many would come on an earlier day.
        later: How many would come on a later day.
        due_before: How many are due today.
        due_after: How many would be.
        histogram: Cards by how much they would move: the first bar below `EDGES[0]`, then one from each edge.
        examples: The cards that would move most.
    """

    cards: int
    sooner: int
    later: int
    due_before: int
    due_after: int
    histogram: tuple[int, ...]
    examples: tuple[Shift, ...]

    @property
    def moved(self) -> int:
        """How many would come on another day."""
        return self.sooner + self.later


def foreseen(
    before: Mapping[str, Memory], after: Mapping[str, Memory], *, today: int, rules: DayRules
) -> Foreseen:
    """Compare memories.

    Args:
        before: The memories as they are, by card.
        after: Those that would change, as they would be.
        today: The learner's day number.
        rules: Where the learner's day begins.
    """
    seen = {card_id: memory for card_id, memory in before.items() if memory.state is not State.NEW}
    shifts = [
        Shift(card_id, _day(memory, rules), _day(after.get(card_id, memory), rules))
        for card_id, memory in seen.items()
    ]
    moved = [shift for shift in shifts if shift.days]
    return Foreseen(
        cards=len(shifts),
        sooner=sum(shift.days < 0 for shift in moved),
        later=sum(shift.days > 0 for shift in moved),
        due_before=sum(shift.before <= today for shift in shifts),
        due_after=sum(shift.after <= today for shift in shifts),
        histogram=_histogram([shift.days for shift in shifts]),
        examples=tuple(sorted(moved, key=lambda shift: (-abs(shift.days), shift.card_id))[:EXAMPLES]),
    )


def bars() -> list[str]:
    """What each bar of the histogram is called: "8 to 30 later"."""
    first, last = EDGES[0], EDGES[-1]
    between = [_bar(low, above - 1) for low, above in pairwise(EDGES)]
    return [f"over {-first} sooner", *between, f"{last} or more later"]


def _bar(low: int, high: int) -> str:
    if low == high == 0:
        return "same day"
    if high < 0:
        return f"{-high} to {-low} sooner"
    return f"{low} to {high} later"


def _histogram(days: list[int]) -> tuple[int, ...]:
    counts = [0] * (len(EDGES) + 1)
    for shift in days:
        counts[sum(shift >= edge for edge in EDGES)] += 1
    return tuple(counts)


def _day(memory: Memory, rules: DayRules) -> int:
    return day_number(memory.due, rules) if memory.due_day is None else memory.due_day
