"""The doctor finds what is wrong, names it, mends what can be mended, and finds nothing where all is well."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from cards.days import DayRules
from cards.decision import Change, Matter
from cards.doctor import Report, Shelf, examine, repair
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, Counterexample, Finding, Store, StoreProblem, backup, filing
from tests.cards.histories import NOW, histories, live
from tests.cards.pages_learner import card

LEARNERS = (f"learner {number}" for number in itertools.count())
SHELF = Shelf({"a": card(1, id="a"), "b": card(2, id="b")}, {"walks"}, {"steps": "walks"})


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for learners who do whatever they like."""
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "martingale.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A learner with two cards, three answers of which one was taken back, and a reading."""
    opened = Store.open(path, now=NOW)
    me = opened.learner("me")
    for number, card_id in enumerate("aba"):
        answer = Answer(f"answer-{number}", card_id, Rating.EASY, NOW + number * timedelta(days=1))
        opened.answer(me, answer, DayRules(), SchedulerSettings())
    opened.undo(me, "undo-1", NOW)
    opened.record_reading(me, "walks", 0.5, NOW)
    yield opened
    opened.close()


def spoil(path: Path, statement: str, *values: object) -> None:
    """Change a database behind the store's back, without the checks that the store has on."""
    with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
        assert connection.execute(statement, values).rowcount != 0


def found(store: Store, shelf: Shelf = SHELF) -> list[str]:
    return [str(finding) for finding in examine(store, shelf).findings]


def the_finding(store: Store, code: str, shelf: Shelf = SHELF) -> Finding:
    """The only thing that is wrong."""
    (finding,) = examine(store, shelf).findings
    assert finding.code == code
    assert "\n" not in str(finding)
    assert finding.remedy
    return finding


def mend(store: Store, shelf: Shelf = SHELF) -> int:
    return repair(store, shelf, store.learners().values(), NOW + timedelta(days=9))


def test_where_all_is_well_nothing_is_found_and_everything_is_counted(store: Store) -> None:
    report = examine(store, SHELF)
    assert report.is_sound
    assert (report.counts["memory"], report.counts["review"], report.counts["undo"]) == (2, 3, 1)
    assert "2 cards" in report.as_text()
    assert "3 answers (1 taken back)" in report.as_text()
    assert report.as_text().endswith(": sound")


@given(histories)
@hypothesis_settings(max_examples=25)
def test_nothing_is_found_whatever_a_learner_did(shared: Store, history: list[Any]) -> None:
    learner = shared.learner(next(LEARNERS))
    live(shared, learner, history)
    before = shared.memories(learner)
    assert shared.examine_learner(learner) == []
    assert shared.repair(learner) == 0
    assert shared.memories(learner) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [("stability", 99.5), ("due_day", 5), ("lapses", 7), ("state", "new"), ("difficulty", None)],
)
def test_a_memory_that_is_not_what_the_log_says_is_named_and_computed_again(
    store: Store, path: Path, column: str, value: object
) -> None:
    me = store.learner("me")
    before = store.memories(me)
    spoil(path, f"UPDATE memory SET {column} = ? WHERE card_id = 'b'", value)  # noqa: S608 - named above
    finding = the_finding(store, "not-the-log")
    assert "'b' of the memories" in finding.what
    assert f"{column} is {'nothing' if value is None else value}" in finding.what
    assert mend(store) == 1
    assert store.memories(me) == before == store.replay(me)
    assert found(store) == []
    assert any("before-repair" in copy.name for copy in backup.backups(path))


def test_a_memory_of_a_card_that_was_taken_out_is_examined_too(store: Store, path: Path) -> None:
    store.withdraw(store.learner("me"), ["b"], NOW)
    spoil(path, "UPDATE memory SET reps = 40 WHERE card_id = 'b'")
    the_finding(store, "not-the-log")
    mend(store)
    assert found(store) == []
    assert "b" not in store.memories(store.learner("me"))


def test_answers_without_a_memory_give_it_again(store: Store, path: Path) -> None:
    before = store.memories(store.learner("me"))
    spoil(path, "DELETE FROM memory WHERE card_id = 'a'")
    assert "'a' of the memories" in the_finding(store, "not-the-log").what
    assert mend(store) == 1
    assert store.memories(store.learner("me")) == before


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE memory SET filed_due_day = 7 WHERE card_id = 'b'", "'b' of the filing"),
        ("UPDATE review SET is_filed = 0 WHERE client_id = 'answer-0'", "1 of them not there"),
    ],
)
def test_what_is_filed_elsewhere_is_filed_anew(store: Store, path: Path, statement: str, named: str) -> None:
    me, tomorrow = store.learner("me"), NOW + timedelta(days=1)
    asked = store.queue(me, SHELF.deck, now=tomorrow, rules=DayRules())
    with store._database.writing(me) as connection:
        filing.file(connection, me)
    spoil(path, statement)
    assert named in the_finding(store, "not-the-log").what
    assert mend(store) == 1
    assert found(store) == []
    assert store.queue(me, SHELF.deck, now=tomorrow, rules=DayRules()) == asked


def test_a_card_that_the_book_does_not_have_is_named_and_can_be_taken_out(store: Store) -> None:
    shelf = Shelf({"a": SHELF.deck["a"]}, SHELF.sections)
    assert "'b'" in the_finding(store, "orphan", shelf).what
    remembered = store.memories(store.learner("me"))["b"]
    assert mend(store, shelf) == 1
    assert found(store, shelf) == []
    assert set(store.memories(store.learner("me"))) == {"a"}
    store.enrol(store.learner("me"), ["b"], NOW)
    assert store.memories(store.learner("me"))["b"] == remembered


def test_a_book_with_a_problem_may_be_holding_a_card_back(store: Store) -> None:
    shelf = Shelf({"a": SHELF.deck["a"]}, is_whole=False)
    finding = the_finding(store, "orphan", shelf)
    assert (finding.is_mendable, "content check" in finding.command) == (False, True)
    assert mend(store, shelf) == 0
    assert set(store.memories(store.learner("me"))) == {"a", "b"}


def test_what_is_kept_of_a_renamed_section_follows_it(store: Store) -> None:
    me = store.learner("me")
    store.record_reading(me, "steps", 0.9, NOW + timedelta(days=1))
    kept = Counterexample("c", "steps", "toy-1", "toy", {}, 1, "note", NOW)
    store.record_counterexample(me, kept)
    assert "'steps'" in the_finding(store, "renamed-section").what
    assert mend(store) == 1
    assert found(store) == []
    (reading,) = store.readings(me).values()
    assert (reading.slug, reading.share, reading.last_at) == ("walks", 0.9, NOW + timedelta(days=1))
    assert [one.client_id for one in store.counterexamples(me, "walks")] == ["c"]


WRONG = {
    "bad-preset": ('UPDATE preset SET settings = \'{"fuzz": 7, "colour": 1}\'', "cannot be read"),
    "bad-answer": ("UPDATE review SET rating = 9 WHERE client_id = 'answer-1'", "'answer-1'"),
    "wrong-day": ("UPDATE review SET day = day + 3 WHERE client_id = 'answer-2'", "nowhere on earth"),
    "undo-of-nothing": ("UPDATE undo SET review_id = 999", "'undo-1'"),
    "bad-value": (
        "INSERT INTO counterexample VALUES (1, 1, 'c1', 'walks', 'toy-1', 'toy', 'no json', 1, '', 1, NULL)",
        "'c1'",
    ),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_cannot_be_mended_is_named_with_a_backup_as_its_remedy(
    store: Store, path: Path, code: str
) -> None:
    statement, said = WRONG[code]
    spoil(path, statement)
    report = examine(store, SHELF)
    finding = next(finding for finding in report.findings if finding.code == code)
    assert said in finding.what
    assert "restore" in finding.command
    assert not finding.is_mendable


def test_a_finding_names_no_more_of_an_id_than_a_sentence_bears(store: Store, path: Path) -> None:
    long = "x" * 5000
    store.enrol(store.learner("me"), [long], NOW)
    store.set_setting(store.learner("me"), long, value=True)
    store.record_reading(store.learner("me"), long, 0.9, NOW)
    spoil(path, "UPDATE setting SET value = '{'")
    spoil(path, "UPDATE review SET rating = 9, client_id = client_id || '-' || hex(zeroblob(500))")
    shelf = Shelf(SHELF.deck, SHELF.sections, {long: "walks"})
    findings = examine(store, shelf).findings
    codes = {finding.code for finding in findings}
    assert codes >= {"orphan", "bad-setting", "bad-answer", "renamed-section"}
    assert all(len(finding.what) < 250 for finding in findings)


def test_a_setting_that_cannot_be_read_is_dropped(store: Store, path: Path) -> None:
    store.set_setting(store.learner("me"), "two_grades", value=True)
    spoil(path, "UPDATE setting SET value = '{'")
    assert store.setting(store.learner("me"), "two_grades", "default") == "default"
    assert "'two_grades'" in the_finding(store, "bad-setting").what
    assert mend(store) == 1
    assert store.setting(store.learner("me"), "two_grades", "default") == "default"


def test_references_to_nothing_and_anothers_settings_are_found(store: Store, path: Path) -> None:
    other = store.learner("other")
    spoil(path, "INSERT INTO reading VALUES (77, 'walks', 0.5, 1)")
    spoil(path, "UPDATE preset SET learner_id = ?", other)
    codes = [finding.code for finding in examine(store, SHELF).findings]
    assert codes == ["points-nowhere", *["bad-preset"] * 3]


def test_an_id_that_is_there_twice_is_found_though_its_index_is_gone(store: Store, path: Path) -> None:
    """A unique index cannot be dropped in SQLite, so the table is made again without it."""
    spoil(path, "CREATE TABLE copy AS SELECT * FROM undo")
    spoil(path, "INSERT INTO copy SELECT id + 1, learner_id, client_id, review_id - 1, at FROM undo")
    spoil(path, "DROP TABLE undo")
    spoil(path, "ALTER TABLE copy RENAME TO undo")
    findings = examine(store, SHELF).findings
    assert any(finding.code == "schema" and "undo" in finding.what for finding in findings)
    doubles = [
        finding.what for finding in store.examine_learner(store.learner("me")) if finding.code == "double"
    ]
    assert doubles == ["'undo-1' is in the table 'undo' more than once."]


@pytest.mark.parametrize(
    ("matter", "value"), [(Matter.KEEP, True), (Matter.SUSPEND, True), (Matter.BURY, 99_999)]
)
def test_one_change_of_several_cards_is_in_the_log_once_for_each_of_them(
    store: Store, matter: Matter, value: bool | int
) -> None:
    store.change(store.learner("me"), Change(f"{matter}-1.tab", matter, ("a", "b"), value, NOW), NOW)
    assert found(store) == []


def test_a_change_that_is_there_twice_for_one_card_is_found(store: Store, path: Path) -> None:
    me = store.learner("me")
    store.change(me, Change("keep-1.tab", Matter.KEEP, ("a", "b"), True, NOW), NOW)
    spoil(path, "CREATE TABLE copy AS SELECT * FROM card_change")
    spoil(
        path,
        "INSERT INTO copy SELECT id + 9, learner_id, client_id, 'a', matter, value, at, heeded FROM copy",
    )
    spoil(path, "DROP TABLE card_change")
    spoil(path, "ALTER TABLE copy RENAME TO card_change")
    (double,) = [finding.what for finding in store.examine_learner(me) if finding.code == "double"]
    assert double == "'keep-1.tab' for 'a' is in the table 'card_change' more than once."


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP INDEX ix_review_day", "ix_review_day"),
        ("ALTER TABLE memory DROP COLUMN verified_at", "verified_at"),
        ("DROP TABLE card_note", "card_note"),
    ],
)
def test_tables_that_are_not_as_declared_are_found(
    store: Store, path: Path, statement: str, said: str
) -> None:
    spoil(path, statement)
    findings = examine(store, SHELF).findings
    assert {finding.code for finding in findings} == {"schema"}
    assert any(said in finding.what for finding in findings)


def test_tables_that_nobody_declared_are_nobodys_business(store: Store, path: Path) -> None:
    spoil(path, "CREATE VIRTUAL TABLE search USING fts5 (text)")
    assert found(store) == []


def test_a_page_that_is_damaged_is_found_and_nothing_is_mended(store: Store, path: Path) -> None:
    store.enrol(store.learner("me"), [f"card-{number}" for number in range(400)], NOW)
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\xa5" * 4096 + whole[len(whole) // 2 + 4096 :])
    again = Store.look_at(path)
    report = examine(again, SHELF)
    assert report.findings[0].code == "damaged"
    with pytest.raises(StoreProblem, match="damaged"):
        mend(again)
    again.close()


def test_no_backup_and_bad_backups_are_found(store: Store, path: Path) -> None:
    (only,) = backup.backups(path)
    only.write_bytes(only.read_bytes()[:3000])
    assert str(only) in the_finding(store, "bad-backup").what
    only.unlink()
    the_finding(store, "no-backup")
    mend(store)
    assert found(store) == []


def test_a_report_counts_what_there_is_in_words_and_no_table_by_its_name(store: Store) -> None:
    counts = {"card_change": 22, "conservation_check": 0, "rescheduled": 1, "reschedule": 2, "preset": 0}
    assert Report((), counts, "here").in_numbers() == "22 card changes, 1 rescheduled card, 2 reschedules"
    assert Report((), {"preset": 0}, "here").in_numbers() == "nothing"
    everything = dict.fromkeys(store.belongings(store.learner("me")), 2)
    assert "_" not in Report((), everything, "here").in_numbers()


def test_a_report_reads_the_same_as_json() -> None:
    finding = Finding("orphan", "A card\nis gone.", "Bring it back.", "python -m this", is_mendable=True)
    report = Report((finding,), {"memory": 1, "review": 1_200}, "here", mended=1)
    assert report.as_text() == (
        "orphan: A card is gone. Bring it back. (python -m this)\n"
        "here: 1 card, 1,200 answers: 1 finding; 1 row mended"
    )
    assert '"sound": false' in report.as_json()
