"""What a learner takes along, against the log as it is read one answer at a time."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from sqlalchemy import delete, update

from cards.days import DayRules
from cards.memory import Rating
from cards.replay.columns import STATES
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store, StoreProblem, departures
from cards.store.log import REVIEW
from cards.store.memories import MEMORY
from cards.store.moments import to_ms
from cards.store.problems import closed
from tests.cards.histories import NOW, histories, live

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from cards.memory import Memory

RULES, SETTINGS, DAY = DayRules(), SchedulerSettings(), timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "martingale.db", now=NOW)) as opened:
        yield opened


@pytest.fixture
def learner(store: Store) -> int:
    return store.learner("me")


def answer(store: Store, learner: int, card_id: str, days_ago: float, rating: Rating = Rating.GOOD) -> None:
    """Answer a card so many days ago."""
    given = Answer(f"{card_id}-{days_ago}", card_id, rating, NOW - days_ago * DAY, elapsed_ms=1234)
    store.answer(learner, given, RULES, SETTINGS)


def interval(before: Memory) -> int:
    """The interval that an answer ended: days above 0, seconds below, and 0 if there was none."""
    if before.due_day is not None and before.last_day is not None:
        return before.due_day - before.last_day
    if before.last_review is None:
        return 0
    return (to_ms(before.last_review) - to_ms(before.due)) // 1000


def in_columns(store: Store, learner: int) -> list[tuple[Any, ...]]:
    taken = store.departures(learner)
    card_ids = list(taken.cards)
    return [(card_ids[row[0]], *row[1:]) for row in taken.answers.tolist()]


def one_by_one(store: Store, learner: int) -> list[tuple[Any, ...]]:
    """The same from the log, with the difficulty in millionths."""
    rows = [
        (
            review.card_id,
            to_ms(review.at),
            int(review.rating),
            review.elapsed_ms,
            STATES.index(review.before.state),
            interval(review.before),
            pytest.approx(review.before.difficulty or 0, abs=1e-6),
        )
        for review in store.reviews(learner)
    ]
    return sorted(rows, key=lambda row: row[1])


@given(histories)
@settings(max_examples=40)
@example([(timedelta(hours=hour), ("answer", "a", Rating.AGAIN, 0, 0)) for hour in range(20)])
def test_columns_say_what_the_log_says_answer_by_answer(history: list[Any]) -> None:
    """Of every learner their own, and of what may be undone, merged or withdrawn what counts."""
    with (
        TemporaryDirectory() as folder,
        closing(Store.open(Path(folder) / "martingale.db", now=NOW)) as store,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(departures, "SOME", 3)  # so that there are several readings
        learner = store.learner("me")
        answer(store, store.learner("another"), "a", 1)
        live(store, learner, history)
        found, wanted = in_columns(store, learner), one_by_one(store, learner)
        assert sorted(found) == sorted(wanted, key=lambda row: (row[0], row[1], *row[2:6]))
        assert [row[1] for row in found] == [row[1] for row in wanted]


def test_each_card_stands_where_its_memory_says(store: Store, learner: int) -> None:
    store.enrol(learner, ["new"], NOW)
    answer(store, learner, "seen", 3)
    answer(store, learner, "withdrawn", 2)
    store.withdraw(learner, ["withdrawn"], NOW)
    taken, memories = store.departures(learner), store.memories(learner)
    assert taken.kept("never") is None
    kept = {card_id: taken.kept(card_id) for card_id in ("new", "seen", "withdrawn")}
    assert [one and one.is_withdrawn for one in kept.values()] == [False, False, True]
    for card_id, memory in memories.items():
        one = kept[card_id]
        assert one is not None
        assert (one.state, one.due_day, one.reps) == (memory.state, memory.due_day, memory.reps)
        assert (one.due, one.stability) == (to_ms(memory.due), memory.stability)


def test_answers_to_a_card_of_which_there_is_no_memory_are_left_out(store: Store, learner: int) -> None:
    for card_id in ("kept", "lost"):
        answer(store, learner, card_id, 2)
        answer(store, learner, card_id, 1)
    with store._database.writing(learner) as connection:
        connection.execute(delete(MEMORY).where(MEMORY.c.learner_id == learner, MEMORY.c.card_id == "lost"))
    assert [(row[0], row[1]) for row in in_columns(store, learner)] == [
        ("kept", to_ms(NOW - 2 * DAY)),
        ("kept", to_ms(NOW - DAY)),
    ]


def test_what_has_no_meaning_is_as_if_it_were_not_there_or_as_much_as_there_is_room_for(
    store: Store, learner: int
) -> None:
    """No answer that was given here is so; a document that was loaded may have anything."""
    for days_ago in (3, 2, 1):
        answer(store, learner, "one", days_ago)
    first, second, third = [REVIEW.c.client_id == f"one-{days_ago}" for days_ago in (3, 2, 1)]
    with store._database.writing(learner) as connection:
        change = update(REVIEW).where(REVIEW.c.learner_id == learner)
        connection.execute(change.where(first).values(before_difficulty=float("inf"), before_due_day=9))
        connection.execute(change.where(second).values(before_difficulty=-1.0, before_last_review=2**50))
        connection.execute(change.where(second).values(before_due=0, before_due_day=None))
        connection.execute(change.where(third).values(before_difficulty=10.5))
    rows = in_columns(store, learner)
    assert [row[6] for row in rows] == [0, 0, 0]
    assert [row[5] for row in rows][:2] == [0, 2**31 - 1]


def test_who_has_undone_everything_takes_no_answers(store: Store, learner: int) -> None:
    answer(store, learner, "one", 1)
    store.undo(learner, "undo", NOW)
    taken = store.departures(learner)
    assert (list(taken.cards), len(taken.answers)) == (["one"], 0)


def test_cards_and_answers_are_of_one_moment(
    store: Store, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is answered while the answers are being read is in neither."""
    answer(store, learner, "early", 2)
    read = departures.answers_to

    def slowly(numbers: departures.Integers, connection: Connection, me: int) -> departures.Answers:
        answer(store, learner, "early", 1)
        return read(numbers, connection, me)

    monkeypatch.setattr("cards.store.departing.answers_to", slowly)
    taken = store.departures(learner)
    assert len(taken.answers) == 1
    kept = taken.kept("early")
    assert kept is not None
    assert kept.reps == 1
    assert len(store.reviews(learner)) == 2


def test_what_cannot_be_read_is_one_sentence_of_the_cards_at_once_and_of_the_answers_when_they_are_wanted(
    store: Store, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(store, learner, "one", 1)

    def breaks(*_given: object) -> object:
        raise closed("here")

    with monkeypatch.context() as patch:
        patch.setattr("cards.store.departing.answers_to", breaks)
        taken = store.departures(learner)
        with pytest.raises(StoreProblem, match="just been replaced"):
            _ = taken.answers
    monkeypatch.setattr("cards.store.departing.cards_of", breaks)
    with pytest.raises(StoreProblem, match="just been replaced"):
        store.departures(learner)


def test_a_store_may_be_closed_while_answers_are_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Store.open(tmp_path / "closed.db", now=NOW)) as opened:
        learner = opened.learner("me")
        answer(opened, learner, "one", 1)
        read = departures.answers_to

        def slowly(numbers: departures.Integers, connection: Connection, me: int) -> departures.Answers:
            time.sleep(0.2)
            return read(numbers, connection, me)

        monkeypatch.setattr("cards.store.departing.answers_to", slowly)
        taken = opened.departures(learner)
    assert len(taken.answers) == 1
