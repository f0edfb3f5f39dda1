"""One file out and in again: lossless whatever a learner did, and all or nothing whatever comes in."""

from __future__ import annotations

import io
import itertools
import json
import os
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, insert, select

from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, LoadError, Store, projections
from cards.store import belongings as belonging
from cards.store.belongings import COMPUTED, LEARNER, POSITION_IN, belongings
from cards.store.json_reader import LONGEST, JsonReader, NotJsonError
from cards.store.projections import PROJECTIONS
from cards.store.tables import Row
from cards.store.values import sort_of
from tests.cards.histories import NOW, histories, live

LEARNERS = (f"learner {number}" for number in itertools.count())
LOG = {"preset", "review", "undo"}


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


def dumped(store: Store, learner: int) -> str:
    file = io.StringIO()
    store.dump(learner, file, NOW)
    return file.getvalue()


def load(store: Store, learner: int, document: str, **how: bool) -> dict[str, int]:
    return store.load(learner, io.StringIO(document), **how).rows


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
    return {int: number, float: number / 3, str: json.dumps(f"text {number}"), bool: True}[sort_of(column)]


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


# All or nothing


def test_whoever_has_something_is_not_overrun(shared: Store) -> None:
    one = shared.learner(next(LEARNERS))
    shared.enrol(one, ["a", "b"], NOW)
    before = dumped(shared, one)
    with pytest.raises(LoadError, match=r"already \(2 cards, 0 answers, 2 rows in all\)"):
        load(shared, one, before)
    assert dumped(shared, one) == before


def test_replacing_takes_the_place_of_all_that_was_there(shared: Store) -> None:
    one, other = shared.learner(next(LEARNERS)), shared.learner(next(LEARNERS))
    shared.enrol(one, ["a"], NOW)
    shared.enrol(other, ["b"], NOW)
    shared.answer(other, Answer("mine", "b", Rating.EASY, NOW), DayRules(), SchedulerSettings())
    load(shared, other, dumped(shared, one), replace=True)
    assert dumped(shared, other) == dumped(shared, one)
    shared.answer(other, Answer("mine", "b", Rating.EASY, NOW), DayRules(), SchedulerSettings())
    assert shared.examine_learner(other) == []


def test_a_dry_run_says_the_same_and_keeps_nothing(shared: Store) -> None:
    one, other = shared.learner(next(LEARNERS)), shared.learner(next(LEARNERS))
    shared.enrol(one, ["a"], NOW)
    shared.enrol(other, ["b"], NOW)
    before = dumped(shared, other)
    rows = load(shared, other, dumped(shared, one), replace=True, dry_run=True)
    assert rows == shared.belongings(one)
    assert dumped(shared, other) == before


def test_memories_that_are_not_what_the_log_says_are_computed_again(shared: Store) -> None:
    one, other = shared.learner(next(LEARNERS)), shared.learner(next(LEARNERS))
    shared.answer(one, Answer("a1", "a", Rating.EASY, NOW), DayRules(), SchedulerSettings())
    document = json.loads(dumped(shared, one))
    memory = document["tables"]["memory"]
    memory["rows"][0][memory["columns"].index("stability")] = 123.0
    assert shared.load(other, io.StringIO(json.dumps(document))).recomputed == 1
    assert dumped(shared, other) == dumped(shared, one)


Spoil = Callable[[dict[str, Any]], object]


def rows_of(document: dict[str, Any], table: str) -> list[list[Any]]:
    rows: list[list[Any]] = document["tables"][table]["rows"]
    return rows


def put(table: str, column: str, value: object) -> Spoil:
    def spoil(document: dict[str, Any]) -> None:
        place = document["tables"][table]["columns"].index(column)
        rows_of(document, table)[0][place] = value

    return spoil


def drop_column(document: dict[str, Any]) -> None:
    review = document["tables"]["review"]
    place = review["columns"].index("rating")
    del review["columns"][place]
    for row in review["rows"]:
        del row[place]


BAD: dict[str, tuple[Spoil, str]] = {
    "no format": (lambda d: d.pop("format"), "does not begin with"),
    "another format": (lambda d: d.update(format="anki"), "does not begin with"),
    "no version": (lambda d: d.update(version="1"), "which version"),
    "a newer version": (lambda d: d.update(version=2), "newer version of the app"),
    "a newer schema": (lambda d: d.update(schema="9999"), "newer version of the app"),
    "an unknown part": (lambda d: d.update(extra=1), "its part 'extra'"),
    "no tables": (lambda d: d.pop("tables"), "no tables"),
    "an unknown table": (lambda d: d["tables"].update(learner={}), "a table 'learner'"),
    "an unknown column": (
        lambda d: d["tables"]["memory"]["columns"].append("learner_id"),
        "column 'learner_id'",
    ),
    "a column too few": (drop_column, "no column 'rating'"),
    "a column twice": (lambda d: d["tables"]["review"]["columns"].append("rating"), "different names"),
    "a value too few": (lambda d: rows_of(d, "review")[0].pop(), "row 1 of 'review'"),
    "a row that is none": (lambda d: rows_of(d, "review").append({}), "row 3 of 'review'"),
    "a text for a number": (put("review", "at", "yesterday"), 'review.at is "yesterday"'),
    "a truth value for a number": (put("review", "elapsed_ms", True), "review.elapsed_ms is true"),
    "a fraction for a whole number": (put("review", "day", 1.5), "review.day is 1.5"),
    "a number for a text": (put("review", "card_id", 7), "review.card_id is 7"),
    "nothing where something must be": (put("review", "client_id", None), "review.client_id is missing"),
    "a rating that is none": (put("review", "rating", 5), "review.rating is 5"),
    "a state that is none": (put("review", "before_state", "asleep"), 'review.before_state is "asleep"'),
    "a moment before time": (put("review", "at", -1), "review.at is -1"),
    "a moment after time": (put("memory", "due", 10**15), "memory.due"),
    "a day after time": (put("review", "day", 10**9), "review.day"),
    "a number no database holds": (put("counterexample", "seed", 2**64), "too large"),
    "settings that are none": (put("preset", "settings", '{"fuzz": 1}x'), "preset.settings"),
    "settings out of bounds": (put("preset", "settings", '{"desired_retention": 7}'), "preset.settings"),
    "a setting that is no JSON": (put("setting", "value", "{"), "setting.value"),
    "a preset that is not there": (put("review", "preset_id", 9), "review.preset_id points to a row"),
    "an undo of nothing": (put("undo", "review_id", 0), "undo.review_id points to a row"),
    "an undo of another's answer": (put("undo", "review_id", 3), "undo.review_id points to a row"),
    "an answer twice": (lambda d: rows_of(d, "review").append(rows_of(d, "review")[0]), "same row twice"),
    "an answer undone twice": (lambda d: rows_of(d, "undo").append(["u2", 2, 5]), "same row twice"),
    "a reference before its row": (
        lambda d: d.update(tables=dict(reversed(d["tables"].items()))),
        "comes before",
    ),
    "rows before columns": (
        lambda d: d["tables"].update(memory=dict(reversed(d["tables"]["memory"].items()))),
        "columns, then rows",
    ),
}


@pytest.fixture(scope="module")
def good(shared: Store) -> dict[str, Any]:
    """A document with a row in every table."""
    learner = shared.learner(next(LEARNERS))
    history = [
        ("answer", "a", Rating.GOOD, 0, 0),
        ("answer", "b", Rating.EASY, 0, 0),
        ("undo", 0),
        ("note", "a", "a note"),
        ("set", "key", 1),
        ("read", "section", 0.5),
        ("predict", {}, 1.0, 2.0, None, "", None),
        ("counter", {}, 7, "note", False),
    ]
    live(shared, learner, [(timedelta(), act) for act in history])
    document: dict[str, Any] = json.loads(dumped(shared, learner))
    return document


@pytest.mark.parametrize("name", BAD)
def test_a_document_with_a_fault_is_refused_in_one_sentence(
    shared: Store, good: dict[str, Any], name: str
) -> None:
    spoil, said = BAD[name]
    learner = shared.learner(next(LEARNERS))
    document = json.loads(json.dumps(good))
    assert load(shared, learner, json.dumps(document), dry_run=True)["review"] == 2
    spoil(document)
    assert_refused(shared, learner, json.dumps(document), said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ends too early"),
        ("Dear diary, today I learned about martingales.", "not JSON"),
        ("[1, 2]", "'{' was expected"),
        ("{}", "does not begin with"),
        ('{"format": NaN}', "not JSON"),
        ('{"format": ' + "[" * 100_000, "not JSON"),
        ('{"format": ' + "9" * 5_000 + "}", "not JSON"),
        ('{"format": "' + "x" * (2 * LONGEST) + '"}', "more than 4,000,000 characters"),
        ("PK\x03\x04 a package of Anki's", "not JSON"),
    ],
)
def test_what_is_no_document_is_refused_in_one_sentence(shared: Store, text: str, said: str) -> None:
    assert_refused(shared, shared.learner(next(LEARNERS)), text, said)


def test_a_document_that_was_cut_off_anywhere_is_refused(shared: Store, good: dict[str, Any]) -> None:
    whole = json.dumps(good, indent=1)
    learner = shared.learner(next(LEARNERS))
    for end in range(0, len(whole), 97):
        assert_refused(shared, learner, whole[:end], "cut off")


def test_something_after_the_end_is_refused(shared: Store, good: dict[str, Any]) -> None:
    assert_refused(shared, shared.learner(next(LEARNERS)), json.dumps(good) + "{}", "follows the end")


def test_bytes_that_are_no_text_are_refused(shared: Store) -> None:
    file = io.TextIOWrapper(io.BytesIO(b'{"format": "\xff\xfe"}'), encoding="utf-8")
    with pytest.raises(LoadError, match="not a text in UTF-8"):
        shared.load(shared.learner(next(LEARNERS)), file)


def assert_refused(store: Store, learner: int, document: str, said: str) -> None:
    with pytest.raises(LoadError) as caught:
        load(store, learner, document)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200
    assert not any(store.belongings(learner).values())


# The reader of JSON


@given(histories)
@hypothesis_settings(max_examples=20)
def test_a_value_is_read_the_same_in_pieces_of_any_size(history: list[Any]) -> None:
    document = json.dumps([str(act) for act in history] + [12345, -1.5e10, True, None])

    class Drop(io.StringIO):
        """Gives one character at a time."""

        def read(self, _size: int | None = -1, /) -> str:
            return super().read(1)

    assert JsonReader(Drop(document)).value() == json.loads(document)
    assert list(JsonReader(Drop(document)).elements()) == json.loads(document)


def test_the_line_of_a_mistake_is_told() -> None:
    reader = JsonReader(io.StringIO('{\n"a": 1,\n"b" 2}'))
    members = reader.members()
    assert (next(members), reader.value()) == ("a", 1)
    with pytest.raises(NotJsonError, match="':' was expected in line 3"):
        next(members)
