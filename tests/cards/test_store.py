"""The store: what goes in comes out, once, and only to whom it belongs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from cards.days import DayRules, day_number
from cards.desk import Today
from cards.schedule import Memory, Rating, SchedulerSettings, State
from cards.schedule import answer as schedule_answer
from cards.store import Answer, Counterexample, Prediction, Reading, Store, memories

NOW = datetime(2026, 11, 23, 9, 0, 0, 123000, tzinfo=UTC)
RULES = DayRules("Europe/London")
SETTINGS = SchedulerSettings()
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for all tests of this file; each works on a learner of its own."""
    store = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield store
    store.close()


LEARNERS = (f"learner {number}" for number in itertools.count())


@pytest.fixture
def store(shared: Store) -> Store:
    return shared


@pytest.fixture
def learner(shared: Store) -> int:
    return shared.learner(next(LEARNERS))


def answered(number: int, rating: Rating = Rating.GOOD, *, card: str = "a", at: datetime = NOW) -> Answer:
    return Answer(f"answer-{number}", card, rating, at, elapsed_ms=1500)


def give(store: Store, learner: int, answer: Answer) -> Memory:
    return store.answer(learner, answer, RULES, SETTINGS)


def test_a_learner_is_found_again_by_name(store: Store) -> None:
    assert store.learner("Ada") == store.learner("Ada") != store.learner("Grace")


def test_enrolled_cards_are_new_and_enrolling_again_changes_nothing(store: Store, learner: int) -> None:
    store.enrol(learner, ["a", "b", "a"], NOW)
    first = store.memories(learner)
    store.enrol(learner, ["b"], NOW + HOUR)
    assert store.memories(learner) == first == {"a": Memory.new(NOW), "b": Memory.new(NOW)}


def test_a_withdrawn_card_comes_back_as_it_was_remembered(store: Store, learner: int) -> None:
    store.enrol(learner, ["a", "b"], NOW)
    after = give(store, learner, answered(1, Rating.EASY))
    store.withdraw(learner, ["a", "never-enrolled"], NOW + HOUR)
    assert set(store.memories(learner)) == {"b"} == set(store.replay(learner))
    store.enrol(learner, ["a"], NOW + 2 * HOUR)
    assert store.memories(learner)["a"] == after


def test_what_is_written_with_an_answer_is_written_as_a_whole_whoever_executes_it(
    store: Store, learner: int
) -> None:
    """Some of it the driver executes, and some SQLAlchemy, which did not begin the transaction."""
    store.enrol(learner, ["a"], NOW)
    answered_once = replace(Memory.new(NOW), reps=1)

    def write(name: str) -> None:
        def work(connection: Connection) -> None:
            memories.replace(connection, learner, "a", answered_once)
            memories.add(connection, learner, "b", Memory.new(NOW))
            if name != "whole":
                raise RuntimeError(name)

        store._database.answering(learner, work)

    with pytest.raises(RuntimeError, match="broken off"):
        write("broken off")
    assert store.memories(learner) == {"a": Memory.new(NOW)}
    write("whole")
    assert store.memories(learner) == {"a": answered_once, "b": Memory.new(NOW)}


def test_an_answer_is_what_the_scheduler_says(store: Store, learner: int) -> None:
    store.enrol(learner, ["a"], NOW)
    expected, _ = schedule_answer(
        Memory.new(NOW), Rating.EASY, now=NOW, rules=RULES, settings=SETTINGS, seed="a"
    )
    assert give(store, learner, answered(1, Rating.EASY)) == expected
    assert store.memories(learner) == {"a": expected}


def test_moments_are_kept_to_the_millisecond(store: Store, learner: int) -> None:
    at = NOW + timedelta(microseconds=789)
    assert give(store, learner, answered(1, at=at)).last_review == NOW


def test_an_answer_sent_twice_counts_once(store: Store, learner: int) -> None:
    once = give(store, learner, answered(1))
    again = give(store, learner, answered(1, Rating.AGAIN, at=NOW + HOUR))
    assert again == once == store.memories(learner)["a"]
    assert len(store.reviews(learner)) == 1


def test_an_answer_sent_again_after_its_undo_stays_undone(store: Store, learner: int) -> None:
    give(store, learner, answered(1))
    store.undo(learner, "undo-1", NOW)
    give(store, learner, answered(1))
    assert store.memories(learner) == {"a": Memory.new(NOW)}
    assert store.reviews(learner) == []


def test_answering_enrols(store: Store, learner: int) -> None:
    after = give(store, learner, answered(1, card="in-the-prose"))
    assert store.memories(learner) == {"in-the-prose": after}


def test_undo_goes_back_step_by_step_to_the_beginning(store: Store, learner: int) -> None:
    store.enrol(learner, ["a", "b"], NOW)
    states = [store.memories(learner)]
    for number, (card, rating) in enumerate([("a", Rating.EASY), ("b", Rating.AGAIN), ("a", Rating.AGAIN)]):
        give(store, learner, answered(number, rating, card=card, at=NOW + number * 24 * HOUR))
        states.append(store.memories(learner))
    for number in (2, 1, 0):
        undone = store.undo(learner, f"undo-{number}", NOW)
        assert undone is not None
        assert undone.client_id == f"answer-{number}"
        assert undone.memory == store.memories(learner)[undone.card_id]
        assert store.memories(learner) == states[number] == store.replay(learner)
    assert store.undo(learner, "undo-more", NOW) is None


def test_an_undo_sent_twice_undoes_once(store: Store, learner: int) -> None:
    give(store, learner, answered(1))
    give(store, learner, answered(2))
    assert store.undo(learner, "undo", NOW) == store.undo(learner, "undo", NOW + HOUR)
    assert [review.client_id for review in store.reviews(learner)] == ["answer-1"]


def test_an_answer_can_be_taken_back_by_name(store: Store, learner: int) -> None:
    """As another tab may have answered other cards since."""
    give(store, learner, answered(1, card="a"))
    give(store, learner, answered(2, card="b"))
    undone = store.undo(learner, "undo", NOW, answer="answer-1")
    assert undone is not None
    assert (undone.client_id, undone.card_id) == ("answer-1", "a")
    assert store.memories(learner)["a"] == Memory.new(NOW) == undone.memory
    assert store.replay(learner) == store.memories(learner)
    assert store.undo(learner, "undo", NOW, answer="answer-1") == undone


def test_an_answer_that_is_not_the_last_to_its_card_stays(store: Store, learner: int) -> None:
    give(store, learner, answered(1))
    give(store, learner, answered(2))
    before = store.memories(learner)
    for name in ("answer-1", "never-sent"):
        assert store.undo(learner, f"undo-{name}", NOW, answer=name) is None
    assert store.memories(learner) == before == store.replay(learner)
    assert store.undo(learner, "undo", NOW, answer="answer-2") is not None
    assert store.undo(learner, "undo-again", NOW, answer="answer-2") is None
    assert store.undo(learner, "undo-first", NOW, answer="answer-1") is not None


def test_reviews_tell_what_was_answered_and_what_was_known(store: Store, learner: int) -> None:
    first = give(store, learner, answered(1, Rating.EASY))
    give(store, learner, answered(2, Rating.AGAIN, at=NOW + 24 * HOUR))
    give(store, learner, answered(3, card="b"))
    one, two, _ = store.reviews(learner)
    assert (one.rating, one.before, one.elapsed_ms) == (Rating.EASY, Memory.new(NOW), 1500)
    assert (two.rating, two.before, two.at) == (Rating.AGAIN, first, NOW + 24 * HOUR)
    assert two.day == one.day + 1 == day_number(two.at, RULES)
    assert [review.card_id for review in store.reviews(learner)] == ["a", "a", "b"]


def test_today_counts_cards_introduced_and_reviewed_but_no_steps(store: Store, learner: int) -> None:
    give(store, learner, answered(1, Rating.EASY, card="a"))  # introduced
    give(store, learner, answered(2, Rating.GOOD, card="b"))  # introduced
    give(store, learner, answered(3, Rating.GOOD, card="b"))  # a step
    give(store, learner, answered(4, Rating.GOOD, card="a"))  # reviewed
    give(store, learner, answered(5, Rating.GOOD, card="c"))
    store.undo(learner, "undo", NOW)
    today = day_number(NOW, RULES)
    assert store.today(learner, today) == Today(introduced=2, reviewed=1)
    assert store.today(learner, today + 1) == Today()


def test_reading_keeps_the_furthest_share_and_the_last_moment(store: Store, learner: int) -> None:
    assert store.last_reading(learner) is None
    store.record_reading(learner, "one", 0.8, NOW)
    store.record_reading(learner, "two", 7.0, NOW + HOUR)
    store.record_reading(learner, "one", 0.1, NOW + 2 * HOUR)
    one, two = Reading("one", 0.8, NOW + 2 * HOUR), Reading("two", 1.0, NOW + HOUR)
    assert store.readings(learner) == {"one": one, "two": two}
    assert store.last_reading(learner) == one


def test_predictions_are_kept_once_and_as_first_made(store: Store, learner: int) -> None:
    made = Prediction("p1", "belief_walk", "expected_updates", {"start": 0.5}, 1000.0, 2500.0, NOW)
    passed = Prediction("p2", "belief_walk", "expected_updates", {}, None, 2500.0, NOW)
    changed = Prediction("p1", "belief_walk", "expected_updates", {"start": 0.5}, 2500.0, 2500.0, NOW + HOUR)
    for prediction in (made, passed, changed):
        store.record_prediction(learner, prediction)
    assert store.predictions(learner) == [made, passed]
    assert [prediction.skipped for prediction in store.predictions(learner)] == [False, True]


def test_predictions_of_every_kind_come_back_as_they_were_made(store: Store, learner: int) -> None:
    about = ("belief_walk", "expected_updates", {"start": 0.5})
    made = [
        Prediction("p1", *about, 1000.0, 2500.0, NOW, score=0.9),
        Prediction("p2", *about, None, 2500.0, NOW, "interval", 100.0, 3000.0, 0.8, score=2900.0),
        Prediction("p3", *about, None, 2500.0, NOW, "choice", low=1000.0, choice="over 1,000", score=0.0),
        Prediction("p4", *about, None, 2500.0, NOW, "choice"),
    ]
    for prediction in made:
        store.record_prediction(learner, prediction)
    assert store.predictions(learner) == made
    assert [prediction.skipped for prediction in made] == [False, False, False, True]


def counterexample(client_id: str, note: str = "A step as large as the doubt.") -> Counterexample:
    return Counterexample(
        client_id, "how-many-updates", "belief_walk-1", "belief_walk", {"step": 0.25}, 2**32 - 1, note, NOW
    )


def test_counterexamples_are_kept_once_withdrawn_and_put_back(store: Store, learner: int) -> None:
    one, two = counterexample("c1"), counterexample("c2", "<b>“Ünïcode”</b>, 'quotes'; -- and a dash")

    def listed() -> list[Counterexample]:
        return store.counterexamples(learner, "how-many-updates")

    for found in (one, two, counterexample("c1", "another note")):
        store.record_counterexample(learner, found)
    assert listed() == [one, two]
    assert store.counterexamples(learner, "elsewhere") == []
    for moment in (NOW, NOW + HOUR):
        store.withdraw_counterexample(learner, "c1", moment)
    assert listed() == [two]
    store.record_counterexample(learner, one)  # sent again, late: it wants nothing back
    assert listed() == [two]
    for _ in range(2):
        store.restore_counterexample(learner, "c1")
    assert listed() == [one, two]
    store.withdraw_counterexample(learner, "c3", NOW)
    store.restore_counterexample(learner, "c3")
    assert listed() == [one, two]


@pytest.mark.parametrize("value", [None, True, 20, 0.9, "Europe/London", ["a", 1], {"new": {"a_day": 20}}])
def test_settings_hold_any_json(store: Store, learner: int, value: object) -> None:
    assert store.setting(learner, "key", "default") == "default"
    store.set_setting(learner, "key", "before")
    store.set_setting(learner, "key", value)
    assert store.setting(learner, "key", "default") == value


def test_a_text_is_dated_by_when_it_was_first_seen(store: Store) -> None:
    later, latest = NOW + HOUR, NOW + 2 * HOUR
    assert store.stamp_texts({"t1": "x", "t2": "y"}, NOW) == {"t1": NOW, "t2": NOW}
    assert store.stamp_texts({"t1": "x", "t2": "z", "t3": "w"}, later) == {
        "t1": NOW,
        "t2": later,
        "t3": later,
    }
    assert store.stamp_texts({"t2": "z"}, latest) == {"t2": later}
    assert store.stamp_texts({}, latest) == {}


def test_one_learner_never_sees_anothers_rows(store: Store) -> None:
    mine, theirs = store.learner(next(LEARNERS)), store.learner(next(LEARNERS))
    give(store, theirs, answered(1))
    store.record_reading(theirs, "one", 0.5, NOW)
    store.record_prediction(theirs, Prediction("p", "toy", "fact", {}, 1.0, 1.0, NOW))
    store.record_counterexample(theirs, counterexample("c"))
    store.set_setting(theirs, "key", 1)
    store.withdraw_counterexample(mine, "c", NOW)
    assert store.undo(mine, "undo", NOW) is None
    store.withdraw(mine, ["a"], NOW)
    give(store, mine, answered(1, Rating.AGAIN, card="b"))  # the same client id is another learner's own
    assert store.memories(theirs)["a"].state is State.LEARNING
    assert set(store.memories(mine)) == {"b"} == set(store.replay(mine))
    assert [review.card_id for review in store.reviews(mine)] == ["b"]
    assert store.readings(mine) == {}
    assert store.predictions(mine) == []
    assert store.counterexamples(mine, "how-many-updates") == []
    assert store.counterexamples(theirs, "how-many-updates") == [counterexample("c")]
    assert store.setting(mine, "key") is None
    assert store.today(mine, day_number(NOW, RULES)) == Today(introduced=1)


cards = st.sampled_from("abc")
settings = st.sampled_from([SETTINGS, SchedulerSettings(desired_retention=0.8, learning_steps=(5.0,))])
zones = st.sampled_from([RULES, DayRules("Asia/Tokyo"), DayRules("Pacific/Honolulu", rollover_hour=0)])
steps = st.one_of(
    st.tuples(st.just("answer"), cards, st.sampled_from(Rating), settings, zones, st.integers(0, 3)),
    st.tuples(st.just("undo"), st.integers(0, 3), st.one_of(st.none(), st.integers(1, 4))),
    st.tuples(st.just("enrol"), cards),
    st.tuples(st.just("withdraw"), cards),
)
gaps = st.integers(-3600, 40 * 86400).map(lambda seconds: timedelta(seconds=seconds))


@given(st.lists(st.tuples(gaps, steps), max_size=25))
def test_replaying_the_log_gives_the_same_memories(
    shared: Store, history: list[tuple[timedelta, tuple]]
) -> None:
    """Whatever is answered, undone, sent twice, enrolled or withdrawn, in any zone, with any settings."""
    learner, now = shared.learner(next(LEARNERS)), NOW
    for number, (gap, (kind, *details)) in enumerate(history):
        now += gap
        match kind, *details:
            case "answer", card, rating, chosen, rules, back:
                sent = Answer(f"answer-{max(0, number - back)}", card, rating, now)
                shared.answer(learner, sent, rules, chosen)
            case "undo", back, named:
                answer = None if named is None else f"answer-{number - named}"
                shared.undo(learner, f"undo-{max(0, number - back)}", now, answer=answer)
            case "enrol", card:
                shared.enrol(learner, [card], now)
            case "withdraw", card:
                shared.withdraw(learner, [card], now)
        assert shared.replay(learner) == shared.memories(learner)


def test_a_log_written_elsewhere_reads_the_same_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "martingale.db"
    with_answers = Store.open(path, now=NOW)
    learner = with_answers.learner("me")
    for number in range(5):
        give(with_answers, learner, answered(number, at=NOW + number * 24 * HOUR))
    memories, reviews = with_answers.memories(learner), with_answers.reviews(learner)
    with_answers.close()
    reopened = Store.open(path, now=NOW)
    assert reopened.memories(reopened.learner("me")) == memories
    assert reopened.reviews(learner) == reviews
    reopened.close()
