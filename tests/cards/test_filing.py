"""Filing: whatever has been filed and whatever has not, the desk and the log say the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cards.days import DayRules, day_number
from cards.memory import Rating
from cards.preferences import Preferences
from cards.schedule import SchedulerSettings
from cards.store import Answer, Arrivals, Store, Terms, consistency, filing, log
from cards.store.moments import to_ms
from tests.cards.histories import NOW, acts, gaps, live
from tests.cards.pages_learner import card

LEARNERS = (f"learner {number}" for number in itertools.count())
RULES, SETTINGS = DayRules(), SchedulerSettings()
NAMES = "bçad"
DECK = {name: card(number, id=name) for number, name in enumerate(NAMES)}
WISH = Preferences(new_a_day=3, reviews_a_day=1)
FRAME_HEADER = 24  # bytes, of SQLite's write-ahead log


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield opened
    opened.close()


def seen(store: Store, learner: int, day: int) -> tuple[Any, ...]:
    """All that is found by what is filed, on one day."""
    now = NOW + timedelta(days=day)
    number = day_number(now, RULES)
    queue = store.queue(learner, DECK, now=now, rules=RULES, preferences=WISH)
    return queue, store.forgotten(learner, number), store.today(learner, number)


def file(store: Store, learner: int) -> None:
    with store._database.writing(learner) as connection:
        filing.file(connection, learner)


def unfiled(store: Store, learner: int) -> int:
    """How many answers are still to be filed."""
    with store._database.reading() as connection:
        return connection.scalar(select(func.count()).where(log.SINCE), {"learner": learner}) or 0


names = st.sampled_from(NAMES)
deciding = acts.filter(lambda act: act[0] not in {"predict", "counter", "note", "set", "read"})
answering = st.tuples(st.just("answer"), names, st.sampled_from(Rating), st.integers(0, 1), st.just(0))
undoing = st.just(("undo", 0))
moves = st.lists(
    st.tuples(gaps, st.one_of(answering, undoing, deciding), st.sampled_from(["", "", "look", "file"]))
)


@hypothesis_settings(deadline=None)
@given(moves, st.integers(0, 60))
def test_filing_changes_nothing_that_is_found(store: Store, history: list[Any], day: int) -> None:
    learner, since = store.learner(next(LEARNERS)), timedelta(0)
    store.enrol(learner, NAMES[:3], NOW)
    seen(store, learner, 0)
    for number, (gap, act, then) in enumerate(history):
        since += gap
        live(store, learner, [(since, act)], first=number)
        if then == "look":
            seen(store, learner, day)
        elif then == "file":
            file(store, learner)
    before = seen(store, learner, day)
    with store._database.reading() as connection:
        assert consistency.findings(connection, learner) == []
    file(store, learner)
    assert unfiled(store, learner) == 0
    assert seen(store, learner, day) == before


@pytest.mark.parametrize("act", [("undo", 0), ("reschedule", "b", 1), ("answer", "b", Rating.AGAIN, 0, 0)])
def test_whatever_sets_a_filed_memory_files_it_or_says_that_it_has_moved(
    store: Store, act: tuple[Any, ...]
) -> None:
    learner = store.learner(next(LEARNERS))
    store.enrol(learner, NAMES, NOW)
    seen(store, learner, 0)
    live(store, learner, [(timedelta(0), ("answer", "b", Rating.EASY, 0, 0))])
    file(store, learner)
    before = store.memories(learner)
    live(store, learner, [(timedelta(days=1), act)], first=1)
    assert store.memories(learner) != before
    with store._database.reading() as connection:
        assert filing.misfiled(connection, learner) == []
        assert [one.card_id for one in filing.moved(connection, learner)] == ["b"] * (act[0] == "answer")


def test_what_is_merged_is_filed_at_once(store: Store) -> None:
    learner = store.learner(next(LEARNERS))
    store.enrol(learner, NAMES, NOW)
    seen(store, learner, 0)
    live(store, learner, [(timedelta(0), ("answer", "b", Rating.EASY, 0, 0))])
    file(store, learner)
    at = NOW + timedelta(days=9)
    answers = np.array([[0], [to_ms(at)], [Rating.GOOD], [1500], [day_number(at, RULES)]], dtype=np.int64)
    store.merge(learner, Arrivals(["b"], *answers), Terms(RULES, SETTINGS), at)
    assert store.memories(learner)["b"].reps == 2
    with store._database.reading() as connection:
        assert filing.moved(connection, learner) == []
        assert filing.misfiled(connection, learner) == []


def test_what_has_moved_is_counted_and_asked_in_its_turn(store: Store) -> None:
    learner = store.learner(next(LEARNERS))
    store.enrol(learner, NAMES, NOW)
    for number, name in enumerate(NAMES):
        live(store, learner, [(timedelta(0), ("answer", name, Rating.EASY, 0, 0))], first=number)
    seen(store, learner, 0)
    file(store, learner)

    def asked(day: int) -> tuple[list[str], int]:
        wish = Preferences(reviews_a_day=2, catch_up=False)
        now = NOW + timedelta(days=day)
        queue = store.queue(learner, DECK, now=now, rules=RULES, preferences=wish)
        longest_due_first = Preferences(catch_up=False)
        whole = store.queue(learner, DECK, now=now, rules=RULES, preferences=longest_due_first)
        return [one.id for one in whole.cards], queue.backlog.waiting if queue.backlog else 0

    in_turn = sorted(NAMES, key=lambda name: (store.memories(learner)[name].due_day, NAMES.index(name)))
    assert asked(40) == (in_turn, 4)
    live(store, learner, [(timedelta(days=40), ("answer", in_turn[0], Rating.EASY, 0, 0))], first=4)
    assert asked(40) == (in_turn[1:], 3)
    assert asked(4000) == ([*in_turn[1:], in_turn[0]], 4)


def test_the_desk_files_when_more_than_some_have_come(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "SOME", 3)
    learner = store.learner(next(LEARNERS))
    store.enrol(learner, NAMES, NOW)
    seen(store, learner, 0)
    left = []
    for number in range(8):
        answer = Answer(f"answer-{number}", NAMES[number % 4], Rating.GOOD, NOW + timedelta(days=number))
        store.answer(learner, answer, RULES, SETTINGS)
        seen(store, learner, 8)
        left.append(unfiled(store, learner))
    assert left == [1, 2, 3, 0, 1, 2, 3, 0]


def test_an_answer_writes_four_pages(tmp_path: Path) -> None:
    """It writes the log and the index of its ids, the memory, and of pages that are full now and then one."""
    store = Store.open(tmp_path / "martingale.db", now=NOW)
    learner = store.learner("me")
    deck = {f"card-{number}": card(number) for number in range(2000)}
    store.enrol(learner, deck, NOW)
    store.queue(learner, deck, now=NOW, rules=RULES)

    def answer(number: int) -> None:
        client_id = f"{number:012x}{number * 7919 % 1000:020x}"  # as browsers make them, in order
        given = Answer(client_id, f"card-{number * 37 % 2000}", Rating.EASY, NOW, 1500)
        store.answer(learner, given, RULES, SETTINGS)

    answer(0)
    with store._database.reading() as connection:
        page = connection.exec_driver_sql("PRAGMA page_size").scalar()
    before = (tmp_path / "martingale.db-wal").stat().st_size
    for number in range(1, 301):
        answer(number)
    frames = ((tmp_path / "martingale.db-wal").stat().st_size - before) / (page + FRAME_HEADER)
    store.close()
    assert 3 <= frames / 300 <= 4.2
