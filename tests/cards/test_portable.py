"""One file out and in again: lossless, whatever a learner did."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, insert, select

from cards.claims import Outcome
from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, Store, projections
from cards.store import belongings as belonging
from cards.store.belongings import COMPUTED, LEARNER, POSITION_IN, belongings
from cards.store.projections import PROJECTIONS
from cards.store.tables import Row
from cards.store.values import sort_of
from tests.cards.documents import LEARNERS, dumped, load
from tests.cards.histories import NOW, histories, live

LOG = {"preset", "review", "undo", "reschedule", "rescheduled"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for all tests of this file; each works on learners of its own."""
    store = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    store.stamp_texts({"a": "x", "b": "y"}, NOW, editions={"b": 3})
    yield store
    store.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "martingale.db", now=NOW)
    yield store
    store.close()


def everything(store: Store, learner: int) -> list[Any]:
    """All that the store says of a learner, by its own methods."""
    return [
        store.memories(learner),
        store.replay(learner),
        store.reviews(learner),
        store.decisions(learner),
        store.notes(learner),
        store.predictions(learner),
        store.counterexamples(learner, "section"),
        store.readings(learner),
        store.belongings(learner),
    ]


# Lossless


@given(histories)
@hypothesis_settings(max_examples=40)
def test_out_and_in_again_is_the_same_whatever_was_done(shared: Store, history: list[Any]) -> None:
    one, other = shared.learner(next(LEARNERS)), shared.learner(next(LEARNERS))
    live(shared, one, history)
    document = dumped(shared, one)
    assert load(shared, other, document) == shared.belongings(one)
    assert dumped(shared, other) == document
    assert everything(shared, other) == everything(shared, one)
    assert shared.examine_learner(other) == []
    assert json.loads(document)["version"] == 1


def test_in_an_empty_store_life_goes_on_where_it_was(shared: Store, empty: Store) -> None:
    """The next answer is scheduled, and the last ones are taken back, as they would have been before."""
    one, other = shared.learner(next(LEARNERS)), empty.learner("me")
    settings, rules = SchedulerSettings(fuzz=False), DayRules()
    for number in range(4):
        answer = Answer(f"answer-{number}", "ab"[number % 2], Rating.GOOD, NOW + number * timedelta(days=1))
        shared.answer(one, answer, rules, settings)
    shared.undo(one, "undo", NOW)
    load(empty, other, dumped(shared, one))
    for store, learner in ((shared, one), (empty, other)):
        store.answer(learner, Answer("next", "a", Rating.HARD, NOW + timedelta(days=9)), rules, settings)
        store.undo(learner, "undo-2", NOW)
        store.undo(learner, "undo-3", NOW)
        store.answer(
            learner, Answer("answer-3", "b", Rating.AGAIN, NOW), rules, settings
        )  # sent again: nothing
    assert everything(empty, other) == everything(shared, one)
    assert dumped(empty, other) == dumped(shared, one)


def test_when_the_books_texts_changed_comes_along_where_nobody_else_is(shared: Store, empty: Store) -> None:
    document = dumped(shared, shared.learner(next(LEARNERS)))
    empty.stamp_texts({"a": "x", "b": "another text"}, NOW + timedelta(days=5))
    load(empty, empty.learner("me"), document)
    later = NOW + timedelta(days=9)
    known = empty.stamp_texts({"a": "x", "b": "another text"}, later)
    assert known == {"a": NOW, "b": NOW + timedelta(days=5)}
    empty.learner("somebody else")
    load(empty, empty.learner("me"), document.replace('["a","x",', '["c","x",'), replace=True)
    assert empty.stamp_texts({"c": "x"}, later) == {"c": later}


def value_for(column: Column[Any], number: int) -> object:
    """A value that a column may hold."""
    if column.nullable and number % 2:
        return None
    if column.name == "outcome":
        return list(Outcome)[number % len(Outcome)]
    return {int: number, float: 1 / (2 + number), str: json.dumps(f"text {number}"), bool: True}[
        sort_of(column)
    ]


@pytest.mark.parametrize(
    "name",
    sorted({one.name for one in belongings()} - {projection.table for projection in PROJECTIONS} - LOG),
)
def test_every_table_that_belongs_to_learners_comes_along(shared: Store, name: str) -> None:
    """Tables that are computed from the log, and the log's own, are covered by what learners do above."""
    one, other = shared.learner(next(LEARNERS)), shared.learner(next(LEARNERS))
    found = next(found for found in belongings() if found.name == name)
    rows = [{column.name: value_for(column, number) for column in found.columns} for number in range(1, 5)]
    with shared._database.writing(one) as connection:
        connection.execute(insert(found.table), [{LEARNER: one, **row} for row in rows])
    assert load(shared, other, dumped(shared, one))[name] == len(rows)
    with shared._database.reading() as connection:
        kept = select(*found.columns).where(found.of(other)).order_by(*found.order)
        assert [dict(row) for row in connection.execute(kept).mappings()] == rows


def test_every_table_that_names_a_learner_is_known() -> None:
    assert {one.name for one in belongings()} >= LOG | {
        "memory",
        "setting",
        "card_note",
        "reading",
        "prediction",
    }
    names = [one.name for one in belongings()]
    assert all(
        names.index(other) < names.index(one.name) for one in belongings() for other in one.refers.values()
    )


@pytest.fixture
def with_events(monkeypatch: pytest.MonkeyPatch) -> MetaData:
    """The tables, with three more: events that are dated by the log, their parts, and a computed one."""
    tables = MetaData()
    for table in Row.metadata.sorted_tables:
        table.to_metadata(tables)
    owner = ForeignKey("learner.id")
    Table(
        "event",
        tables,
        Column("id", Integer, primary_key=True),
        Column("learner_id", Integer, owner, nullable=False),
        Column("through", Integer, nullable=False, info={POSITION_IN: "review"}),
    )
    Table(
        "event_part",
        tables,
        Column("event_id", Integer, ForeignKey("event.id"), primary_key=True),
        Column("card_id", String, primary_key=True),
    )
    Table("total", tables, Column("learner_id", Integer, primary_key=True), info={COMPUTED: True})
    tables.tables["learner"].append_column(Column("noted", String, info={COMPUTED: True}))
    monkeypatch.setattr(belonging, "TABLES", tables)
    return tables


def test_parts_of_rows_and_places_in_the_log_come_along_and_what_is_computed_does_not(
    empty: Store, with_events: MetaData
) -> None:
    """As other tables may have them: rows that belong to a learner's rows, and that count another's."""
    one, other = empty.learner("one"), empty.learner("other")
    tables = with_events.tables
    with empty._database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE learner ADD COLUMN noted VARCHAR")
        with_events.create_all(connection)
    for number, learner in enumerate((other, one, other, one, one)):
        answer = Answer(f"answer-{number}", "a", Rating.GOOD, NOW)
        empty.answer(learner, answer, DayRules(), SchedulerSettings())
    with empty._database.writing() as connection:
        connection.execute(
            insert(tables["event"]),
            [
                {"id": 7, "learner_id": other, "through": 1},
                {"id": 8, "learner_id": one, "through": 0},
                {"id": 9, "learner_id": one, "through": 3},  # the last answer then was the other's
            ],
        )
        connection.execute(insert(tables["event_part"]), [{"event_id": 7, "card_id": "b"}])
        connection.execute(insert(tables["event_part"]), [{"event_id": 9, "card_id": "a"}])
        connection.execute(insert(tables["total"]), [{"learner_id": one}])
    document = json.loads(dumped(empty, one))
    assert document["tables"]["event"]["rows"] == [[0], [1]]
    assert document["tables"]["event_part"]["rows"] == [[2, "a"]]
    assert "total" not in document["tables"]
    load(empty, other, json.dumps(document), replace=True)
    assert json.loads(dumped(empty, other)) == document


def test_a_document_that_another_program_has_laid_out_differently_is_the_same(shared: Store) -> None:
    one, other = shared.learner(next(LEARNERS)), shared.learner(next(LEARNERS))
    live(shared, one, [(timedelta(hours=1), ("answer", "a", Rating.GOOD, 0, 0)), (timedelta(), ("undo", 0))])
    document = dumped(shared, one)
    load(shared, other, json.dumps(json.loads(document), indent=8))
    assert dumped(shared, other) == document


def test_memory_does_not_grow_with_the_log(shared: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three times the answers, and the peak is hardly higher. What replaying takes depends on the cards."""
    monkeypatch.setattr(projections, "rebuild", lambda *_: 0)
    one, other = shared.learner(next(LEARNERS)), shared.learner(next(LEARNERS))
    shared.answer(one, Answer("first", "a", Rating.GOOD, NOW), DayRules(), SchedulerSettings())
    document = json.loads(dumped(shared, one))
    rows = document["tables"]["review"]["rows"]
    peaks = []
    for count in (2_500, 7_500):
        rows[:] = [[f"answer-{number}", *rows[0][1:]] for number in range(count)]
        file = io.StringIO(json.dumps(document))
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            tracemalloc.start()
            shared.load(other, file, replace=True)
            shared.dump(other, nowhere, NOW)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]
