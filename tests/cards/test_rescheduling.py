"""Rescheduling: memories as if all had been answered under other settings; foreseen, undone, replayed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import schedule
from cards.days import DayRules
from cards.memory import Memory, Rating, ReviewLog
from cards.schedule import DEFAULT_PARAMETERS, SchedulerSettings
from cards.store import Answer, Store

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RULES = DayRules("Europe/London")
DAY = timedelta(days=1)
PLAIN = SchedulerSettings()
STRICT = SchedulerSettings(desired_retention=0.97)
OTHER = SchedulerSettings(
    parameters=(*DEFAULT_PARAMETERS[:8], 1.2, *DEFAULT_PARAMETERS[9:]), learning_steps=()
)
LEARNERS = (f"learner {number}" for number in itertools.count())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def learner(store: Store) -> int:
    """Someone who has answered cards a and b four times each, and keeps c besides."""
    someone = store.learner(next(LEARNERS))
    store.enrol(someone, "abc", NOW)
    for number, (turn, card) in enumerate(itertools.product(range(4), "ab")):
        give(store, someone, f"answer-{number}", card, NOW + 5 * turn * DAY)
    return someone


def give(
    store: Store, learner: int, name: str, card: str, at: datetime, settings: SchedulerSettings = PLAIN
) -> Memory:
    return store.answer(learner, Answer(name, card, Rating.GOOD, at), RULES, settings)


def as_if(store: Store, learner: int, card: str, settings: SchedulerSettings) -> Memory:
    """A memory that has had these settings from the beginning."""
    memory = Memory.new(NOW)
    for review in store.reviews(learner):
        if review.card_id == card:
            memory, _ = schedule.answer(
                memory, review.rating, now=review.at, rules=RULES, settings=settings, seed=card
            )
    return memory


def test_a_reschedule_gives_the_memories_of_one_who_always_had_these_settings(
    store: Store, learner: int
) -> None:
    before = store.memories(learner)
    expected = {"a": as_if(store, learner, "a", STRICT), "c": Memory.new(NOW), "b": before["b"]}
    assert expected["a"] != before["a"]
    foreseen = store.rescheduled(learner, {"a": STRICT, "c": STRICT})
    assert foreseen == {"a": expected["a"]}
    assert store.memories(learner) == before, "a preview changes nothing"
    assert store.reschedule(learner, "r1", {"a": STRICT, "c": STRICT}, NOW + 20 * DAY) == 1
    assert store.memories(learner) == expected == store.replay(learner)
    assert store.reviews(learner)[0].before == Memory.new(NOW)


def test_one_that_is_undone_leaves_no_trace(store: Store, learner: int) -> None:
    before = store.memories(learner)
    store.reschedule(learner, "r1", {"a": STRICT, "b": OTHER}, NOW + 20 * DAY)
    assert store.undo_reschedule(learner, "r1", NOW + 20 * DAY)
    assert store.memories(learner) == before == store.replay(learner)
    assert not store.undo_reschedule(learner, "r1", NOW + 20 * DAY), "once is enough"
    assert not store.undo_reschedule(learner, "never", NOW)


def test_sent_twice_it_happens_once(store: Store, learner: int) -> None:
    store.reschedule(learner, "r1", {"a": STRICT}, NOW + 20 * DAY)
    after = store.memories(learner)
    store.reschedule(learner, "r1", {"a": OTHER, "b": OTHER}, NOW + 21 * DAY)
    assert store.memories(learner) == after


def test_answers_go_on_from_a_reschedule_and_from_its_undo(store: Store, learner: int) -> None:
    store.reschedule(learner, "r1", {"a": OTHER}, NOW + 20 * DAY)
    moved = store.memories(learner)["a"]
    after = give(store, learner, "later", "a", NOW + 30 * DAY, OTHER)
    expected, _ = schedule.answer(
        moved, Rating.GOOD, now=NOW + 30 * DAY, rules=RULES, settings=OTHER, seed="a"
    )
    assert after == expected
    store.undo_reschedule(learner, "r1", NOW + 31 * DAY)
    assert store.memories(learner)["a"] != after
    assert store.replay(learner) == store.memories(learner)


def test_an_answer_taken_back_after_a_reschedule_is_taken_out_of_it(store: Store, learner: int) -> None:
    """The memory in the answer's row is that of the old settings, and no longer the one to put in place."""
    store.reschedule(learner, "r1", {"a": STRICT, "b": STRICT}, NOW + 20 * DAY)
    for card, answer in (("a", "answer-6"), ("b", "answer-7")):
        undone = store.undo(learner, f"undo-{card}", NOW + 20 * DAY, answer=answer)
        assert undone is not None
        assert undone.memory == as_if(store, learner, card, STRICT) == store.memories(learner)[card]
    assert store.replay(learner) == store.memories(learner)


def test_what_was_chosen_with_it_is_kept_with_it(store: Store, learner: int) -> None:
    store.reschedule(learner, "r1", {"a": STRICT}, NOW, chosen={"tuning": {"desired_retention": 0.97}})
    assert store.setting(learner, "tuning") == {"desired_retention": 0.97}
    store.undo_reschedule(learner, "r1", NOW, chosen={"tuning": None})
    assert store.setting(learner, "tuning", "unset") is None


def test_one_learner_s_reschedule_is_nobody_else_s(store: Store, learner: int) -> None:
    other = store.learner(next(LEARNERS))
    give(store, other, "answer-0", "a", NOW)
    theirs = store.memories(other)
    store.reschedule(learner, "r1", {"a": STRICT}, NOW + 20 * DAY)
    assert not store.undo_reschedule(other, "r1", NOW)
    assert store.memories(other) == theirs == store.replay(other)


def test_the_log_in_columns_holds_what_counts(store: Store, learner: int) -> None:
    store.undo(learner, "undo", NOW)
    columns, reviews = store.recalled(learner), store.reviews(learner)
    assert list(columns.card_ids) == [review.card_id for review in reviews]
    assert list(columns.ratings) == [review.rating for review in reviews]
    assert list(columns.days) == [review.day for review in reviews]
    assert list(columns.stabilities) == [review.before.stability for review in reviews]
    assert set(columns.decays) == {DEFAULT_PARAMETERS[20]}
    assert store.recalled(store.learner(next(LEARNERS))).card_ids == ()


cards = st.sampled_from("abc")
settings = st.sampled_from([PLAIN, STRICT, OTHER])
by_card = st.dictionaries(cards, settings)
steps = st.one_of(
    st.tuples(st.just("answer"), cards, st.sampled_from(Rating), settings),
    st.tuples(st.just("undo"), st.one_of(st.none(), st.integers(1, 4))),
    st.tuples(st.just("enrol"), cards),
    st.tuples(st.just("withdraw"), cards),
    st.tuples(st.just("reschedule"), by_card),
    st.tuples(st.just("undo reschedule"), st.integers(1, 12)),
)
gaps = st.integers(-3600, 40 * 86400).map(lambda seconds: timedelta(seconds=seconds))


@given(st.lists(st.tuples(gaps, steps), max_size=25))
def test_replaying_the_log_gives_the_same_memories_whatever_was_rescheduled(
    store: Store, course: list[tuple[timedelta, tuple]]
) -> None:
    learner, now = store.learner(next(LEARNERS)), NOW
    for number, (gap, (kind, *details)) in enumerate(course):
        now += gap
        match kind, *details:
            case "answer", card, rating, chosen:
                store.answer(learner, Answer(f"answer-{number}", card, rating, now), RULES, chosen)
            case "undo", named:
                answer = None if named is None else f"answer-{number - named}"
                undone = store.undo(learner, f"undo-{number}", now, answer=answer)
                if undone is not None and undone.card_id in store.memories(learner):
                    assert undone.memory == store.memories(learner)[undone.card_id]
            case "enrol", card:
                store.enrol(learner, [card], now)
            case "withdraw", card:
                store.withdraw(learner, [card], now)
            case "reschedule", chosen:
                foreseen = {**store.memories(learner), **store.rescheduled(learner, chosen)}
                store.reschedule(learner, f"reschedule-{number}", chosen, now)
                assert store.memories(learner) == foreseen
            case "undo reschedule", back:
                store.undo_reschedule(learner, f"reschedule-{number - back}", now)
        assert store.replay(learner) == store.memories(learner)


ratings = st.lists(
    st.tuples(
        st.sampled_from([*Rating, Rating.GOOD, Rating.GOOD, Rating.HARD]), st.integers(-1, 3), settings
    ),
    min_size=1,
    max_size=15,
)


@given(ratings, st.integers(0, 10_000))
def test_a_history_is_its_answers_one_after_the_other(
    answers: list[tuple[Rating, int, SchedulerSettings]], card: int
) -> None:
    """Though of many of them no date is worked out. Answered when due, intervals lean on those before."""
    memory, day, logs = Memory.new(NOW), 20_000, []
    for rating, late, chosen in answers:
        day = max(day, (memory.due_day or day) + late)
        log = ReviewLog(rating, NOW + day * DAY / 10, day, before=memory)
        logs.append(log)
        memory = schedule.outcome(log, settings=chosen, seed=str(card))
    chosen = [one for _, _, one in answers]
    assert schedule.history(Memory.new(NOW), logs, chosen, seed=str(card)) == memory


def test_intervals_that_lean_on_one_another_are_worked_out_together() -> None:
    """Good upon Good, each on its day: an interval must grow, and so may hang on one long before it."""
    for card in range(20):
        memory, logs = Memory.new(NOW), []
        for _ in range(12):
            day = memory.due_day or 20_000
            logs.append(ReviewLog(Rating.GOOD, NOW + day * DAY / 10, day, before=memory))
            memory = schedule.outcome(logs[-1], settings=PLAIN, seed=str(card))
        assert schedule.history(Memory.new(NOW), logs, [PLAIN] * 12, seed=str(card)) == memory
