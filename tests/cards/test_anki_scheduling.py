"""Where Anki's cards stand, in columns, against one card at a time and Python's own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cards.anki.scheduling import DAY_ZERO, scheduled, unseen
from cards.replay.columns import STATES
from cards.schedule import DEFAULT_PARAMETERS, SchedulerSettings
from cards.store.arrays import NOT_THERE
from cards.store.departing_cards import NOWHERE, Kept

if TYPE_CHECKING:
    from collections.abc import Sequence

SETTINGS = [
    SchedulerSettings(),
    SchedulerSettings(
        parameters=(*DEFAULT_PARAMETERS[:-1], 0.2345),
        desired_retention=0.857,
        learning_steps=(1.0, 5.0, 10.0),
        relearning_steps=(),
    ),
]
DAY = 20_000

days = st.one_of(st.none(), st.integers(DAY_ZERO, 40_000))
moments = st.integers(1_500_000_000_000, 2_000_000_000_000)


class One(NamedTuple):
    """Where one card stands, in the order of `Kept`; None is what its memory has not."""

    state: int
    due: int
    due_day: int | None
    step: int | None
    last_review: int | None
    last_day: int | None
    reps: int
    lapses: int
    buried_until: int | None
    is_suspended: bool
    is_withdrawn: bool
    stability: float | None
    difficulty: float | None


ones = st.builds(
    One,
    state=st.integers(0, 3),
    due=moments,
    due_day=days,
    step=st.one_of(st.none(), st.integers(0, 4)),
    last_review=st.one_of(st.none(), moments),
    last_day=days,
    reps=st.integers(0, 1000),
    lapses=st.integers(0, 100),
    buried_until=st.one_of(st.none(), st.integers(DAY - 1, DAY + 2)),
    is_suspended=st.booleans(),
    is_withdrawn=st.booleans(),
    stability=st.one_of(st.none(), st.floats(0.001, 36_500)),
    difficulty=st.one_of(st.none(), st.floats(1, 10)),
)


def columns(cards: Sequence[One]) -> Kept:
    """The same cards in columns."""
    whole = [
        np.array([NOT_THERE if value is None else int(value) for value in column], dtype=np.int64)
        for column in list(zip(*cards, strict=True))[:-2]
    ]
    real = [np.array([getattr(one, name) for one in cards], dtype=float) for name in Kept._fields[-2:]]
    return Kept(*whole, *real)


def expected(one: One, position: int, settings: SchedulerSettings) -> tuple[Any, ...]:
    """Anki's columns of one card: type, queue, due, ivl, factor, reps, lapses, left, data."""
    state = STATES[one.state]
    queue = {"new": 0, "learning": 1, "review": 2, "relearning": 1}[state]
    if one.is_suspended or one.is_withdrawn:
        queue = -1
    elif one.buried_until is not None and one.buried_until > DAY:
        queue = -3
    if state == "new":
        return 0, queue, position, 0, 0, 0, 0, 0, ""
    interval = 0
    if state != "learning":
        if one.due_day is not None and one.last_day is not None:
            interval = max(1, one.due_day - one.last_day)
        else:
            interval = max(1, round(one.stability or 1))
    steps = settings.learning_steps if state == "learning" else settings.relearning_steps
    data = (
        f'{{"pos":{position},"s":{one.stability or 0:.4f},"d":{one.difficulty or 0:.3f},'
        f'"dr":{settings.desired_retention:.2f},"decay":{settings.parameters[-1]:.3f},'
        f'"lrt":{(one.last_review or 0) // 1000}}}'
    )
    return (
        {"learning": 1, "review": 2, "relearning": 3}[state],
        queue,
        one.due // 1000 if one.due_day is None else one.due_day - DAY_ZERO,
        interval,
        0 if state == "learning" else 2500,
        one.reps,
        one.lapses,
        0 if one.step is None else max(1, len(steps) - one.step),
        data,
    )


@given(st.lists(st.tuples(ones, st.integers(0, 9999), st.integers(0, 1)), min_size=1, max_size=8))
def test_columns_say_of_each_card_what_is_said_of_one(cards: list[tuple[One, int, int]]) -> None:
    kept, positions, which = zip(*cards, strict=True)
    found = scheduled(columns(kept), positions, SETTINGS, np.array(which), DAY)
    rows = list(zip(*(column.tolist() for column in found), strict=True))
    assert rows == [expected(one, position, SETTINGS[number]) for one, position, number in cards]


@given(st.lists(ones, min_size=1, max_size=4))
def test_cards_are_found_by_their_places_and_what_was_never_kept_is_new(cards: list[One]) -> None:
    kept = columns(cards).at(np.array([len(cards) - 1, NOWHERE, 0]))
    for place, one in ((0, cards[-1]), (2, cards[0])):
        again = columns([one])
        for column, wanted in zip(kept, again, strict=True):
            np.testing.assert_array_equal(column[place], wanted[0])
    positions = [5, 6, 7]
    found = scheduled(kept, positions, SETTINGS, np.array([0, 0, 0]), DAY)
    new = unseen(positions)
    assert [column[1] for column in found] == [column[1] for column in new]
    assert new.due.tolist() == positions


def test_of_no_cards_there_is_nothing_to_say() -> None:
    none = Kept(*np.empty((len(Kept._fields), 0), dtype=np.int64))
    assert [len(column) for column in scheduled(none, [], [], np.empty(0, dtype=np.int64), DAY)] == [0] * 9
    assert none.at(np.array([NOWHERE])).state.tolist() == [0]
