"""What is read from the entries on one claim: paths without repeats, pairs, and one forecast."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cards.beliefs.history import Entry, path, repeat_pairs

HISTORY = [
    Entry(1, None),
    Entry(2, 0.5),
    Entry(5, 0.52, repeat=True),
    Entry(6, 0.49, repeat=True),
    Entry(20, 0.7),
    Entry(30, None),
    Entry(33, 0.6, repeat=True),
    Entry(40, 0.8),
]
entries = st.lists(st.tuples(st.integers(0, 99), st.none() | st.floats(0, 1), st.booleans()), max_size=12)


def test_repeats_and_no_idea_are_no_part_of_a_path() -> None:
    assert path(HISTORY) == [0.5, 0.7, 0.8]
    assert path(HISTORY, outcome=True) == [0.5, 0.7, 0.8, 1.0]
    assert path(HISTORY, outcome=False) == [0.5, 0.7, 0.8, 0.0]


def test_a_settled_claim_that_nobody_rated_has_no_path() -> None:
    assert path([Entry(1, None)], outcome=True) == path([], outcome=False) == []


def test_a_repeat_pairs_with_what_was_said_just_before() -> None:
    assert repeat_pairs([HISTORY, HISTORY[4:]]) == [(0.5, 0.52), (0.52, 0.49)]


@given(entries)
def test_the_first_entry_repeats_nothing(history: list[tuple[int, float | None, bool]]) -> None:
    assert path(history) or not history or history[0][1] is None
