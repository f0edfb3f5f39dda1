"""Readers take turns, whatever comes and goes: the promises of the queue, over any course of events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.turns import BusyError, Turns

READERS = "ABCD"
Item = tuple[str, int]  # reader, and which of that reader's

JOIN, TAKE, END, LEAVE = "join", "take", "end", "leave"
event = st.tuples(st.sampled_from([JOIN, JOIN, TAKE, TAKE, END, LEAVE]), st.sampled_from(READERS))
events = st.lists(event, max_size=60)


class Course:
    """Plays events on a queue, and keeps a plain record of who waits and who has been served."""

    def __init__(self) -> None:
        self.turns: Turns[Item] = Turns(most=1000, most_each=1000)
        self.asked: dict[str, int] = defaultdict(int)
        self.waiting: dict[str, list[Item]] = {reader: [] for reader in READERS}
        self.running: dict[str, int] = defaultdict(int)
        # For each reader, the turns that every other has had since the reader's wait began.
        self.passed: dict[str, dict[str, int]] = {reader: defaultdict(int) for reader in READERS}

    def play(self, what: str, reader: str) -> Item | None:
        """Play one event; what cannot be is left out. Returns what was taken."""
        if what == JOIN:
            self._join(reader)
        elif what == END and self.running[reader]:
            self.running[reader] -= 1
            self.turns.ended(reader)
            self.passed[reader].clear()
        elif what == LEAVE and self.waiting[reader]:
            assert self.turns.leave(self.waiting[reader].pop())
        elif what == TAKE and any(self.waiting.values()):
            return self._take()
        return None

    def _join(self, reader: str) -> None:
        item = (reader, self.asked[reader])
        self.asked[reader] += 1
        if not self.waiting[reader]:
            self.passed[reader].clear()
        self.turns.join(item, reader)
        self.waiting[reader].append(item)

    def _take(self) -> Item:
        item = self.turns.take()
        self.waiting[item[0]].remove(item)
        self.running[item[0]] += 1
        self.passed[item[0]].clear()
        for reader in READERS:
            if reader != item[0] and self.waiting[reader]:
                self.passed[reader][item[0]] += 1
        return item


@given(events)
def test_no_other_reader_has_two_turns_while_one_waits(course: list[tuple[str, str]]) -> None:
    played = Course()
    for what, reader in course:
        played.play(what, reader)
        assert all(count <= 1 for others in played.passed.values() for count in others.values())


@given(events)
def test_within_one_reader_the_first_to_come_is_the_first_served(course: list[tuple[str, str]]) -> None:
    played = Course()
    served: dict[str, list[int]] = defaultdict(list)
    for what, reader in course:
        taken = played.play(what, reader)
        if taken:
            served[taken[0]].append(taken[1])
    assert all(numbers == sorted(numbers) for numbers in served.values())


@given(events)
def test_nobody_is_lost_and_nobody_is_served_twice(course: list[tuple[str, str]]) -> None:
    played = Course()
    for what, reader in course:
        played.play(what, reader)  # removes from its record what is taken, which fails for what is not there
        waiting = [item for line in played.waiting.values() for item in line]
        assert sorted(played.turns) == sorted(waiting)
        assert len(played.turns) == len(waiting)


@given(events)
def test_those_who_wait_are_told_the_order_in_which_they_will_be_served(
    course: list[tuple[str, str]],
) -> None:
    played = Course()
    for what, reader in course:
        played.play(what, reader)
    promised = list(played.turns)
    assert [played.turns.take() for _ in promised] == promised


@given(st.lists(st.sampled_from(READERS), max_size=30))
def test_one_reader_alone_or_each_with_one_is_first_come_first_served(asking: list[str]) -> None:
    alone: Turns[int] = Turns()
    for number in range(min(len(asking), 8)):
        alone.join(number, "A")
    assert list(alone) == list(range(min(len(asking), 8)))
    each: Turns[int] = Turns()
    for number, reader in enumerate(asking):
        each.join(number, f"{reader}{number}")
    assert list(each) == list(range(len(asking)))


def test_one_who_asks_for_many_lets_one_who_asks_for_few_through() -> None:
    turns: Turns[str] = Turns()
    for number in range(6):
        turns.join(f"many {number}", "many")
    assert turns.take() == "many 0"
    turns.join("few 0", "few")
    turns.join("few 1", "few")
    turns.ended("many")  # its turn was going on when the other one came
    assert [turns.take() for _ in range(5)] == ["few 0", "many 1", "few 1", "many 2", "many 3"]


@pytest.mark.parametrize(
    ("fill", "sentence"),
    [
        (lambda turns: [turns.join(number, "A") for number in range(2)], "2 of your simulations are waiting"),
        (lambda turns: [turns.join(number, str(number)) for number in range(3)], "3 simulations are waiting"),
    ],
)
def test_one_too_many_is_refused_and_changes_nothing(
    fill: Callable[[Turns[int]], object], sentence: str
) -> None:
    turns: Turns[int] = Turns(most=3, most_each=2)
    fill(turns)
    before = list(turns)
    with pytest.raises(BusyError, match=f"^{sentence}"):
        turns.join(99, "A")
    assert list(turns) == before


def test_nobody_waits() -> None:
    turns: Turns[int] = Turns()
    assert not turns
    assert not turns.leave(1)
    turns.ended("A")
    with pytest.raises(IndexError, match=r"^Nobody waits for a turn\.$"):
        turns.take()
