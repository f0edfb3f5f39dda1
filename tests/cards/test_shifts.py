"""What a change would move: every card is counted once, in the bar that its days belong to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cards.days import DayRules
from cards.memory import Memory, State
from cards.shifts import EDGES, bars, foreseen

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY, RULES = 20_780, DayRules()
NEW = Memory.new(NOW)


def due(day: int) -> Memory:
    return replace(NEW, state=State.REVIEW, due_day=day, last_day=day - 5, stability=5.0, difficulty=5.0)


def test_each_card_is_counted_where_it_belongs() -> None:
    before = {"a": due(TODAY), "b": due(TODAY + 3), "c": due(TODAY + 10), "d": due(TODAY - 4), "new": NEW}
    after = {"a": due(TODAY + 1), "b": due(TODAY - 1), "c": due(TODAY + 110)}
    seen = foreseen(before, after, today=TODAY, rules=RULES)
    assert (seen.cards, seen.sooner, seen.later, seen.moved) == (4, 1, 2, 3)
    assert (seen.due_before, seen.due_after) == (2, 2)
    assert dict(zip(bars(), seen.histogram, strict=True)) == {
        "over 90 sooner": 0,
        "31 to 90 sooner": 0,
        "8 to 30 sooner": 0,
        "1 to 7 sooner": 1,
        "same day": 1,
        "1 to 7 later": 1,
        "8 to 30 later": 0,
        "31 to 90 later": 0,
        "91 or more later": 1,
    }
    assert [(shift.card_id, shift.days) for shift in seen.examples] == [("c", 100), ("b", -4), ("a", 1)]


def test_a_card_in_its_steps_is_due_on_the_day_of_its_step() -> None:
    step = replace(NEW, state=State.LEARNING, due=NOW + timedelta(minutes=10), step=0)
    seen = foreseen({"a": step}, {}, today=TODAY, rules=RULES)
    assert (seen.due_before, seen.due_after, seen.moved) == (1, 1, 0)


def test_nobody_s_cards_do_not_move() -> None:
    seen = foreseen({}, {}, today=TODAY, rules=RULES)
    assert (seen.cards, seen.moved, sum(seen.histogram), seen.examples) == (0, 0, 0, ())


@given(st.lists(st.integers(-500, 500), max_size=30))
def test_bars_part_all_shifts_at_the_edges(shifts: list[int]) -> None:
    before = {str(number): due(TODAY) for number in range(len(shifts))}
    after = {str(number): due(TODAY + days) for number, days in enumerate(shifts)}
    seen = foreseen(before, after, today=TODAY, rules=RULES)
    bounds = [-1000, *EDGES, 1000]
    parted = [sum(low <= days < high for days in shifts) for low, high in pairwise(bounds)]
    assert list(seen.histogram) == parted
    assert len(bars()) == len(parted)
    assert sum(seen.histogram[:4]) == seen.sooner
    assert sum(seen.histogram[5:]) == seen.later
