"""Totals are always what the log and the memories add up to, whatever is done in whatever order."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from cards.days import DayRules, day_number
from cards.memory import Rating, State
from cards.schedule import SchedulerSettings
from cards.store import Answer, Arrivals, Store, Terms, merge_rows, merges, migrations
from cards.store.counts import DAYS_SINCE, TALLIES_SINCE
from cards.store.moments import to_ms
from cards.store.tables import Row
from cards.totals import MATURE_FROM, Maturity, Stage, Total

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = day_number(NOW, DayRules())
SECTIONS = {"card-0": "walks", "card-1": "walks", "card-2": "heads", "card-3": ""}
CARDS = list(SECTIONS)
STEPLESS = SchedulerSettings(learning_steps=(), relearning_steps=(), fuzz=False)
SLOWER = SchedulerSettings(desired_retention=0.8, fuzz=False)
TERMS = Terms(DayRules(), STEPLESS)
NAMES = (f"learner {number}" for number in count())
IDS = (f"id {number}" for number in count())
EVER = (0, 100_000)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("totals") / "martingale.db", now=NOW)
    yield opened
    opened.close()


def someone(store: Store) -> int:
    learner = store.learner(next(NAMES))
    store.enrol(learner, CARDS[:3], NOW)
    return learner


def give(
    store: Store,
    learner: int,
    card: str,
    rating: int,
    day: float,
    *,
    rules: SchedulerSettings = STEPLESS,
    ms: int = 1000,
) -> None:
    at = NOW + timedelta(days=day)
    answer = Answer(next(IDS), card, Rating(rating), at, ms, section=SECTIONS[card])
    store.answer(learner, answer, DayRules(), rules)


def do(store: Store, learner: int, move: tuple[Any, ...], day: float) -> None:
    at = NOW + timedelta(days=day)
    match move:
        case ("answer", card, rating, stepped):
            give(store, learner, card, rating, day, rules=(STEPLESS, SchedulerSettings())[stepped])
        case ("undo",):
            store.undo(learner, next(IDS), at)
        case ("withdraw", card):
            store.withdraw(learner, [card], at)
        case ("enrol", card):
            store.enrol(learner, [card], at)
        case ("suspend", card):
            store.suspend(learner, [card], at)
        case ("resume", card):
            store.resume(learner, [card])
        case ("reschedule", card):
            store.reschedule(learner, next(IDS), {card: SLOWER}, at)
        case ("merge", card, rating):
            merge(
                store, learner, [card], np.array([[0], [to_ms(at)], [rating], [1000], [day]], dtype=np.int64)
            )


def merge(store: Store, learner: int, cards: list[str], answers: npt.NDArray[np.int64]) -> None:
    """Merge answers as `Store.merge` does, which backs the database up first."""
    with store._database.writing(learner) as connection:
        planned = merges.plan(connection, learner, Arrivals(cards, *answers), TERMS)
        if planned.merged.added:
            merge_rows.write(connection, learner, planned, TERMS, NOW)


CARD = st.sampled_from(CARDS)


def series(card: st.SearchStrategy[str], *, longest: int) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    """Moves with such cards, each some days after the one before, with looks at the totals between them."""
    move = st.one_of(
        st.tuples(st.just("answer"), card, st.integers(1, 4), st.booleans()),
        st.tuples(st.sampled_from(["withdraw", "enrol", "suspend", "resume", "reschedule"]), card),
        st.tuples(st.just("merge"), card, st.integers(1, 4)),
        st.just(("undo",)),
    )
    return st.lists(st.tuples(move, st.integers(0, 40), st.booleans()), max_size=longest)


@settings(deadline=None, max_examples=60)
@given(st.one_of(series(CARD, longest=12), series(st.just("card-0"), longest=6)))
def test_totals_are_what_the_log_and_the_memories_add_up_to(
    store: Store, moves: list[tuple[tuple[Any, ...], int, bool]]
) -> None:
    learner, day = someone(store), 0.0
    for move, later, looks in moves:
        day += later
        do(store, learner, move, day)
        if looks:
            store.bring_totals_up_to_date(learner)
    assert store.wrong_totals(learner) == 0
    kept = _all(store, learner)
    store.bring_totals_up_to_date(learner)
    assert _all(store, learner) == kept
    assert store.wrong_totals(learner) == 0
    assert store.rebuild_totals(learner) == 0
    assert _all(store, learner) == kept

    answers = store.reviews(learner)
    together = Counter[str]()
    for total in store.day_totals(learner, *EVER):
        together.update(total.total._asdict())
    assert together["answers"] == len(answers)
    assert together["recalled"] == sum(review.rating is not Rating.AGAIN for review in answers)
    assert together["introduced"] == sum(review.before.state is State.NEW for review in answers)
    assert together["elapsed_ms"] == sum(review.elapsed_ms for review in answers)
    suspended = {card for card, decision in store.decisions(learner).items() if decision.suspended_at}
    memories = {card: memory for card, memory in store.memories(learner).items() if card not in suspended}
    assert store.standing(learner).kept == len(memories)
    assert Counter(store.standing(learner).due) == Counter(
        memory.last_day if memory.due_day is None else memory.due_day
        for memory in memories.values()
        if memory.last_day is not None
    )


def _all(store: Store, learner: int) -> tuple[Any, ...]:
    """All totals, in no order."""
    standing = store.standing(learner)
    days = {section: sorted(store.day_totals(learner, *EVER, section)) for section in ("", "walks", "heads")}
    return days, standing.due, sorted(standing.seen), standing.stages, standing.waited


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(CARD, st.integers(1, 4), st.integers(0, 60)), max_size=10), st.sets(CARD))
def test_some_cards_counted_one_by_one_stand_where_they_are_kept_to_stand(
    store: Store, answers: list[tuple[str, int, int]], chosen: set[str]
) -> None:
    learner, day = someone(store), 0.0
    for card, rating, later in answers:
        day += later
        give(store, learner, card, rating, day)
    everything, counted = store.standing(learner), store.standing(learner, CARDS)
    assert (counted.due, counted.stages) == (everything.due, everything.stages)
    assert sorted(counted.seen) == sorted(everything.seen)
    some, others = (store.standing(learner, sorted(ids)) for ids in (chosen, set(CARDS) - chosen))
    assert Counter(some.stages) + Counter(others.stages) == Counter(everything.stages)


def test_an_answer_counts_by_what_its_card_was_and_in_its_section(store: Store) -> None:
    learner = someone(store)
    give(store, learner, "card-0", 3, 0, ms=4000)
    give(store, learner, "card-0", 3, 2, ms=0)
    give(store, learner, "card-2", 4, 2, ms=6000)
    interval = store.memories(learner)["card-0"]
    assert interval.due_day is not None
    give(store, learner, "card-0", 1, 50, ms=9000)
    assert store.section_totals(learner, *EVER) == {
        "walks": {
            Maturity.LEARNING: Total(1, 1, 1, 1, 4000),
            Maturity.YOUNG: Total(2, 1, 0, 1, 9000),
        },
        "heads": {Maturity.LEARNING: Total(1, 1, 1, 1, 6000)},
    }
    (first, *_) = store.day_totals(learner, TODAY, TODAY, "walks")
    assert first == (TODAY, Maturity.LEARNING, Total(1, 1, 1, 1, 4000))


def test_a_card_is_mature_from_an_interval_of_three_weeks(store: Store) -> None:
    learner = someone(store)
    day = 0
    for _ in range(4):
        give(store, learner, "card-0", 3, day)
        memory = store.memories(learner)["card-0"]
        assert memory.due_day is not None
        interval = memory.due_day - TODAY - day
        stage = Stage.MATURE if interval >= MATURE_FROM else Stage.YOUNG
        assert store.standing(learner).at(stage) == 1
        day += interval
    assert {total.maturity for total in store.day_totals(learner, *EVER)} == set(Maturity)


def test_a_card_that_was_answered_late_had_waited_from_its_day_to_the_day_before_the_answer(
    store: Store,
) -> None:
    learner = someone(store)
    give(store, learner, "card-0", 3, 0)
    due = store.memories(learner)["card-0"].due_day
    assert due is not None
    give(store, learner, "card-0", 3, due - TODAY + 5)
    assert store.standing(learner).waited == {due: 1, due + 5: -1}
    store.undo(learner, next(IDS), NOW)
    assert store.standing(learner).waited == {}


def test_a_database_of_an_older_version_is_filled_from_its_log(tmp_path: Path) -> None:
    path = tmp_path / "martingale.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, "0003")
        connection.exec_driver_sql("INSERT INTO learner (id, name) VALUES (1, 'me')")
        connection.exec_driver_sql("INSERT INTO preset (id, learner_id, settings) VALUES (1, 1, '{}')")
        for number, (state, last, due, day, rating) in enumerate(
            [
                ("new", None, None, 10, 3),
                ("review", 10, 12, 15, 1),
                ("review", 15, 40, 40, 4),
                ("review", 15, 40, 41, 4),
            ],
            1,
        ):
            connection.exec_driver_sql(
                "INSERT INTO review (id, learner_id, client_id, card_id, rating, at, day, elapsed_ms, "
                "preset_id, before_state, before_due, before_due_day, before_last_day, "
                "before_reps, before_lapses) "
                "VALUES (?, 1, ?, 'a', ?, 0, ?, 2000, 1, ?, 0, ?, ?, 0, 0)",
                (number, f"a{number}", rating, day, state, due, last),
            )
        connection.exec_driver_sql(
            "INSERT INTO undo (learner_id, client_id, review_id, at) VALUES (1, 'u', 4, 0)"
        )
        for number, (card, withdrawn) in enumerate([("a", None), ("b", 5)]):
            connection.exec_driver_sql(
                "INSERT INTO memory (learner_id, card_id, enrolled_at, withdrawn_at, state, stability, "
                "difficulty, due, due_day, last_day, reps, lapses) "
                "VALUES (1, ?, 0, ?, 'review', 30.5, 10, 0, 70, 40, ?, 0)",
                (card, withdrawn, number),
            )
    engine.dispose()
    store = Store.open(path, now=NOW)
    assert store.wrong_totals(1) == 0
    assert sorted(store.day_totals(1, *EVER)) == [
        (10, Maturity.LEARNING, Total(1, 1, 1, 1, 2000)),
        (15, Maturity.YOUNG, Total(1, 0, 0, 1, 2000)),
        (40, Maturity.MATURE, Total(1, 1, 0, 1, 2000)),
    ]
    standing = store.standing(1)
    assert standing.seen == [(40, 5, 1, 30.5)]
    assert standing.stages == {(Stage.MATURE, 9): 1}
    assert standing.waited == {12: 1, 15: -1}
    store.close()


def test_totals_that_were_tampered_with_are_found_and_mended(store: Store) -> None:
    learner = someone(store)
    give(store, learner, "card-0", 3, 0)
    before = _all(store, learner)
    store.bring_totals_up_to_date(learner)
    with closing(sqlite3.connect(store.where)) as connection, connection:
        connection.execute("UPDATE day_total SET answers = 9 WHERE learner_id = ?", (learner,))
        connection.execute("DELETE FROM tally WHERE learner_id = ? AND measure = 'due'", (learner,))
        connection.execute("INSERT INTO tally VALUES (?, 'waited', 5, 0, 1, 0)", (learner,))
    assert store.wrong_totals(learner) == 2 + 1 + 1  # its section's and all sections' day, due, waited
    assert store.rebuild_totals(learner) == 4
    assert _all(store, learner) == before
    assert store.wrong_totals(learner) == 0


def test_nothing_is_left_of_the_totals_of_a_learner_who_is_erased(store: Store) -> None:
    learner = someone(store)
    give(store, learner, "card-0", 3, 0)
    store.bring_totals_up_to_date(learner)
    give(store, learner, "card-1", 3, 0)
    store.erase(learner)
    assert _all(store, learner) == ({"": [], "walks": [], "heads": []}, {}, [], {}, {})
    with closing(sqlite3.connect(store.where)) as connection:
        (left,) = connection.execute(
            "SELECT (SELECT count(*) FROM day_total WHERE learner_id = :me) "
            "+ (SELECT count(*) FROM tally WHERE learner_id = :me) "
            "+ (SELECT count(*) FROM recount WHERE learner_id = :me) "
            "+ (SELECT count(*) FROM counted_through WHERE learner_id = :me)",
            {"me": learner},
        ).fetchone()
    assert left == 0


def test_an_answer_to_a_card_that_is_counted_writes_nothing_for_the_totals(store: Store) -> None:
    """It is found by its number; of a card that comes, or was not counted, it is put down how it was."""
    learner = someone(store)
    store.bring_totals_up_to_date(learner)
    for day, card in enumerate([*CARDS[:3], "card-0"]):
        give(store, learner, card, 3, day)
    assert put_down(store, learner) == []
    give(store, learner, "card-3", 3, 4)
    store.suspend(learner, ["card-1"], NOW)
    give(store, learner, "card-1", 3, 40)
    assert put_down(store, learner) == ["card-1", "card-3"]
    assert store.wrong_totals(learner) == 0


def test_a_card_that_was_suspended_when_it_was_answered_was_not_counted_before(store: Store) -> None:
    learner = someone(store)
    store.suspend(learner, ["card-0"], NOW)
    store.bring_totals_up_to_date(learner)
    give(store, learner, "card-0", 3, 1)
    assert store.standing(learner).kept == 2
    store.resume(learner, ["card-0"])
    assert store.standing(learner).kept == 3
    assert store.wrong_totals(learner) == 0


def put_down(store: Store, learner: int) -> list[str]:
    with closing(sqlite3.connect(store.where)) as connection:
        rows = connection.execute(
            "SELECT card_id FROM recount WHERE learner_id = ? ORDER BY card_id", (learner,)
        )
        return [card_id for (card_id,) in rows]


def test_what_has_come_since_is_found_without_going_through_the_log(store: Store) -> None:
    """Whoever reads totals pays for the answers since, and not for a million before them."""
    values = {"learner": someone(store), "review": 5, "undo": 5}
    with store._database.reading() as connection:
        for query in (*DAYS_SINCE, *TALLIES_SINCE):
            text, order, constants, _ = query._for(connection.dialect)
            given = [{**constants, **values}[name] for name in order or ()]
            steps = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {text}", given)
            plan = [row[3] for row in steps]
            of_table = {f"{verb} {table}" for verb in ("SCAN", "SEARCH") for table in Row.metadata.tables}
            reads = [step for step in plan if " ".join(step.split()[:2]) in of_table]
            assert reads
            assert not [step for step in reads if step.startswith("SCAN") or "ix_review_day" in step], plan
            assert all("card_id=?" in step for step in reads if step.startswith("SEARCH memory")), plan
