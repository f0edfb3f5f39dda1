"""Replaying many cards at once gives what the scheduler gives one by one, to the last bit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.memory import Memory, Rating, ReviewLog
from cards.replay.columns import NONE, STATES, Log, Replayed
from cards.replay.many import replay
from cards.schedule import DEFAULT_PARAMETERS, SchedulerSettings, history, outcome
from cards.store.moments import EPOCH, from_ms, to_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

OTHER_WEIGHTS = tuple(weight * 1.1 for weight in DEFAULT_PARAMETERS)
UNDER = (
    SchedulerSettings(),
    SchedulerSettings(fuzz=False),
    SchedulerSettings(learning_steps=(), relearning_steps=()),
    SchedulerSettings(OTHER_WEIGHTS, 0.8, (5.0,), (3.3, 20.0, 60.0), maximum_interval=40),
    SchedulerSettings(OTHER_WEIGHTS, 0.97, (1.0, 2.5, 600.0), (10.0,), maximum_interval=2),
)
MINUTE = 60_000

# Days go back at times, as they do for whoever travels west, and a card may come late by years.
gaps = st.one_of(st.integers(-1, 1), st.integers(0, 40), st.integers(0, 4000))
answers = st.tuples(gaps, st.sampled_from(Rating), st.integers(0, len(UNDER) - 1))
logs = st.lists(st.lists(answers, min_size=1, max_size=12), min_size=1, max_size=6)

Answer = tuple[int, Rating, int]


def in_columns(drawn: Sequence[Sequence[Answer]], seeds: Sequence[str]) -> Log:
    rows = []
    for card, of_card in enumerate(drawn):
        day = 15_000
        for turn, (gap, rating, preset) in enumerate(of_card):
            day += gap
            rows.append((card, int(rating), (day * 1440 + 600 + turn) * MINUTE, day, preset))
    columns = np.array(rows, dtype=np.int64).T
    return Log(*columns, settings=UNDER, seeds=seeds)


def one_by_one(log: Log, card: int) -> tuple[list[Memory], Memory]:
    """Return the memories before each answer, and what `history` says comes after the last."""
    memory = Memory.new(EPOCH)
    before, entries, under = [], [], []
    for answer in np.flatnonzero(log.card == card).tolist():
        entry = ReviewLog(
            Rating(int(log.rating[answer])), from_ms(int(log.at[answer])), int(log.day[answer]), memory
        )
        before.append(memory)
        entries.append(entry)
        under.append(log.settings[int(log.preset[answer])])
        memory = outcome(entry, settings=under[-1], seed=log.seeds[card])
    assert history(Memory.new(EPOCH), entries, under, seed=log.seeds[card]) == memory
    return before, memory


def facts(memory: Memory) -> tuple[object, ...]:
    return (
        memory.state,
        memory.step,
        memory.stability,
        memory.difficulty,
        memory.last_day,
        memory.reps,
        memory.lapses,
    )


def facts_of(found: Replayed, *, answer: int | None = None, card: int = 0) -> tuple[object, ...]:
    columns = vars(found.after if answer is None else found.before)
    state, step, stability, difficulty, last_day, reps, lapses = (
        column[card if answer is None else answer].item() for column in columns.values()
    )
    is_new = np.isnan(stability)
    return (
        STATES[state],
        None if step == NONE else step,
        None if is_new else stability,
        None if is_new else difficulty,
        None if is_new else last_day,
        reps,
        lapses,
    )


@settings(max_examples=150, deadline=None)
@given(logs)
def test_every_memory_and_every_date_is_the_schedulers_own(drawn: list[list[Answer]]) -> None:
    log = in_columns(drawn, [f"card-{card}" for card in range(len(drawn))])
    found = replay(log)
    answer = 0
    for card in range(len(drawn)):
        before, after = one_by_one(log, card)
        for memory in before:
            assert facts_of(found, answer=answer) == facts(memory)
            answer += 1
        assert facts_of(found, card=card) == facts(after)
        assert found.due[card] == to_ms(after.due)
        assert found.due_day[card] == (NONE if after.due_day is None else after.due_day)


def test_without_a_seed_there_is_no_fuzz() -> None:
    drawn = [[(0, Rating.EASY, 0), (20, Rating.GOOD, 0), (90, Rating.GOOD, 0)]]
    seeded, plain = replay(in_columns(drawn, ["card"])), replay(in_columns(drawn, [""]))
    _, after = one_by_one(in_columns(drawn, [""]), 0)
    assert plain.due_day.tolist() == [after.due_day]
    assert seeded.after.stability.tolist() == plain.after.stability.tolist()
    assert timedelta(milliseconds=int(plain.due[0])) == after.due - EPOCH


def test_no_answers_lead_to_no_memories() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    found = replay(Log(nothing, nothing, nothing, nothing, nothing, settings=UNDER, seeds=[]))
    assert len(found.due) == len(found.before.state) == 0
