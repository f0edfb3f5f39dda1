"""What comes in is loaded as a whole or not at all, whatever it is."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, LoadError, Store
from cards.store.json_reader import LONGEST
from tests.cards.documents import LEARNERS, dumped, load
from tests.cards.histories import NOW, live


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for all tests of this file; each works on learners of its own."""
    store = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    store.stamp_texts({"a": "x", "b": "y"}, NOW, editions={"b": 3})
    yield store
    store.close()


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
    "a version that is only true": (lambda d: d.update(version=True), 'its "version" is true'),
    "a schema that is a list": (lambda d: d.update(schema=[]), 'its "schema" is [], which'),
    "a schema that is an object": (lambda d: d.update(schema={}), 'its "schema" is {}, which'),
    "no schema": (lambda d: d.pop("schema"), 'its "schema" is null, which'),
    "no moment": (lambda d: d.update(made_at="\ud800"), r'its "made_at" is "\ud800", which is no moment'),
    "a moment that is a number": (lambda d: d.update(made_at=7), 'its "made_at" is 7, which is no moment'),
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
    "a column that is a list": (
        lambda d: d["tables"]["memory"].update(columns=[[1]]),
        "[1] is no name of a column of 'memory'",
    ),
    "a column without end": (
        lambda d: d["tables"]["memory"]["columns"].append("x" * 5000),
        "xxx…' of 'memory'",
    ),
    "a table with half a character": (lambda d: d["tables"].update({"\ud800": {}}), r"a table '\ud800'"),
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
    "a number of 400 digits": (put("memory", "stability", 10**400), "memory.stability is 1000"),
    "a whole number of 400 digits": (put("review", "day", 10**400), "too large"),
    "half a character": (put("card_note", "note", "\ud800"), r'card_note.note is "\ud800", which has half'),
    "half a character in an id": (put("review", "card_id", "\udfff"), r'review.card_id is "\udfff"'),
    "a card without a name": (put("review", "card_id", ""), 'review.card_id is "", which has not 1 to 200'),
    "a card with a name without end": (put("memory", "card_id", "x" * 201), "which has not 1 to 200"),
    "an answer without a name": (put("review", "client_id", ""), "which has not 1 to 200"),
    "steps without end": (
        put("preset", "settings", json.dumps({"learning_steps": [1.0] * 100_000})),
        "preset.settings",
    ),
    "settings that are none": (put("preset", "settings", '{"fuzz": 1}x'), "preset.settings"),
    "settings out of bounds": (put("preset", "settings", '{"desired_retention": 7}'), "preset.settings"),
    "a moment that a clock in the east has no date for": (
        put("review", "at", 253_402_300_799_999),
        "no moment in milliseconds",
    ),
    "a day that a clock in the west has no moment for": (
        put("memory", "buried_until", 2_932_896),
        "memory.buried_until",
    ),
    "an interval that is sure": (put("prediction", "confidence", 1.0), "prediction.confidence is 1.0"),
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


def test_a_refusal_calls_the_document_what_it_is_called_and_says_what_to_do(
    shared: Store, good: dict[str, Any]
) -> None:
    learner = shared.learner(next(LEARNERS))
    for change, remedy in (({"format": 7}, "as this app wrote it"), ({"version": 2}, "update the app")):
        with pytest.raises(LoadError, match=rf"^mine\.json cannot be loaded: .*{remedy}"):
            shared.load(learner, io.StringIO(json.dumps({**good, **change})), name="mine.json")


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


def test_a_value_within_values_is_refused_however_deep_it_is(shared: Store) -> None:
    """Some can be read and no longer be shown: how deep that is depends on who asks."""
    learner = shared.learner(next(LEARNERS))
    head = '{"format": "martingale", "version": '
    for depth in range(500, 1010, 3):
        assert_refused(shared, learner, f'{head}{"[" * depth}{"]" * depth}, "tables": {{}}}}', "be loaded: ")


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
    assert str(caught.value).encode()  # a page and a terminal can be given it
    assert not any(store.belongings(learner).values())
