"""A cohort's database: on PostgreSQL the store does what it does on SQLite, for many at once.

What is shown of the store on SQLite is shown here again, by the same tests (`AGAIN`); and one history, lived
on both, leaves the same document.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, func, insert, select, text

from cards.days import DayRules
from cards.doctor import examine
from cards.memory import Rating
from cards.query import Query, Sort, parse
from cards.schedule import SchedulerSettings
from cards.store import Answer, LoadError, ProblemKind, Store, StoreProblem, migrations
from cards.store.belongings import COMPUTED
from cards.store.log import REVIEW
from cards.store.tables import Row
from tests.cards import (
    searched_book,
    test_changes,
    test_departures,
    test_edits,
    test_filing,
    test_merging,
    test_migrations_data,
    test_portable,
    test_queueing,
    test_search,
    test_store,
    test_store_beliefs,
    test_totals,
)
from tests.cards.documents import dumped, load
from tests.cards.histories import NOW, histories, live
from tests.cards.pages_learner import DECK
from tests.cards.postgresql_server import PostgreSQL, running
from tests.cards.searched_book import LEECH, RULES, Oracle, make_deck
from tests.cards.test_doctor import SHELF
from tests.cards.test_search import weighed
from tests.cards.test_store_together import DESK, NEW_A_DAY, WRITER

BOOK = make_deck()
AGAIN: list[Callable[..., None]] = [
    test_store.test_an_answer_is_what_the_scheduler_says,
    test_store.test_what_is_written_with_an_answer_is_written_as_a_whole_whoever_executes_it,
    test_store.test_an_answer_sent_twice_counts_once,
    test_store.test_an_answer_sent_again_after_its_undo_stays_undone,
    test_store.test_undo_goes_back_step_by_step_to_the_beginning,
    test_store.test_an_undo_sent_twice_undoes_once,
    test_store.test_an_answer_can_be_taken_back_by_name,
    test_store.test_an_answer_that_is_not_the_last_to_its_card_stays,
    test_store.test_today_counts_cards_introduced_and_reviewed_but_no_steps,
    test_store.test_predictions_of_every_kind_come_back_as_they_were_made,
    test_store.test_counterexamples_are_kept_once_withdrawn_and_put_back,
    test_store.test_a_text_is_dated_by_when_it_was_first_seen,
    test_store.test_one_learner_never_sees_anothers_rows,
    test_store_beliefs.test_what_is_taken_back_does_not_count_until_it_is_brought_back,
    test_store_beliefs.test_of_a_check_only_what_was_stated_afterwards_changes,
    test_store_beliefs.test_forgetting_a_claim_leaves_no_row_of_it_and_all_of_the_others,
    test_store_beliefs.test_one_learner_never_sees_or_touches_anothers,
    test_changes.test_what_arrives_late_is_refused_only_for_the_cards_that_were_decided_about_since,
    test_changes.test_an_answer_brings_back_a_card_unless_it_was_taken_out_after_the_answer,
    test_merging.test_a_log_from_elsewhere_leads_where_the_same_answers_lead_here,
    test_merging.test_answers_of_both_sides_count_in_the_order_they_were_given,
    test_edits.test_an_edit_that_arrives_late_says_how_many_were_decided_about_since,
    test_edits.test_the_log_says_what_every_edit_and_every_taking_back_has_left,
    test_edits.test_what_was_changed_again_since_is_left_as_it_is,
    test_filing.test_filing_changes_nothing_that_is_found,
    test_filing.test_what_has_moved_is_counted_and_asked_in_its_turn,
    test_filing.test_what_is_merged_is_filed_at_once,
    test_queueing.test_a_changed_book_changes_the_order,
    test_queueing.test_one_learners_decisions_and_answers_are_not_anothers,
    test_queueing.test_what_was_marked_and_what_was_forgotten_today_is_told,
    test_totals.test_a_card_that_was_suspended_when_it_was_answered_was_not_counted_before,
    test_totals.test_an_answer_counts_by_what_its_card_was_and_in_its_section,
    test_totals.test_some_cards_counted_one_by_one_stand_where_they_are_kept_to_stand,
    test_totals.test_totals_are_what_the_log_and_the_memories_add_up_to,
    test_portable.test_in_an_empty_store_life_goes_on_where_it_was,
    test_search.test_the_learner_has_cards_of_every_condition,
    test_departures.test_each_card_stands_where_its_memory_says,
    test_departures.test_real_numbers_are_read_to_the_last_bit,
    test_departures.test_a_real_number_without_a_meaning_is_as_if_it_were_not_there,
    test_departures.test_answers_to_a_card_of_which_there_is_no_memory_are_left_out,
    test_departures.test_what_has_no_meaning_is_as_if_it_were_not_there_or_as_much_as_there_is_room_for,
    test_departures.test_who_has_undone_everything_takes_no_answers,
    test_departures.test_cards_and_answers_are_of_one_moment,
]
globals().update({test.__name__: test for test in AGAIN})


class Apart(Store):
    """A store in which each test has learners of its own, whatever it calls them."""

    test = ""

    def learner(self, name: str) -> int:
        """Return the id of the test's learner of this name."""
        return super().learner(f"{self.test}: {name}")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    """One server for this file."""
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def shared(server: PostgreSQL) -> Iterator[Store]:
    """One database for all tests of this file that can share one."""
    with closing(Apart.open(server.empty(), now=NOW)) as opened:
        yield opened


@pytest.fixture(scope="module")
def store(shared: Store) -> Store:
    return shared


@pytest.fixture(autouse=True)
def apart(request: pytest.FixtureRequest, shared: Apart) -> None:
    shared.test = request.node.name


@pytest.fixture
def learner(store: Store) -> int:
    return store.learner("who is here")


def test_a_server_that_does_not_let_the_app_write_is_said_with_a_remedy(server: PostgreSQL) -> None:
    address = server.empty()
    with server.connect() as connection:
        connection.execute("CREATE ROLE guest LOGIN")
    as_guest = address.replace("://martingale@", "://guest@")
    only_to_read = f"{address}&options=-cdefault_transaction_read_only%3Don"
    for where, reason in ((as_guest, "permission denied"), (only_to_read, "read-only transaction")):
        with pytest.raises(StoreProblem, match=reason) as caught:
            Store.open(where, now=NOW)
        assert caught.value.kind is ProblemKind.CANNOT_WRITE
        assert "allow its user to create tables" in caught.value.remedy
    with pytest.raises(StoreProblem, match="bogus") as caught:
        Store.open(f"{address}&bogus=1", now=NOW)
    assert caught.value.kind is ProblemKind.BAD_ADDRESS


def test_a_server_that_ends_in_the_middle_does_not_answer(server: PostgreSQL) -> None:
    with closing(Store.open(server.empty(), now=NOW)) as opened, server.connect() as connection:

        def be_ended() -> None:
            with opened._database.writing() as writing:
                one = writing.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
                connection.execute(f"SELECT pg_terminate_backend({one})")
                writing.exec_driver_sql("SELECT 1")

        with pytest.raises(StoreProblem, match="does not answer"):
            be_ended()
        assert opened.learner("somebody") == opened.learners()["somebody"]


@pytest.fixture
def empty(server: PostgreSQL) -> Iterator[Store]:
    with closing(Store.open(server.empty(), now=NOW)) as opened:
        yield opened


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same on SQLite."""
    with closing(Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)) as opened:
        yield opened


# Tables


def test_every_step_keeps_every_row_and_the_last_makes_the_tables_that_are_declared(
    server: PostgreSQL,
) -> None:
    """Each version's new tables are filled before the next step; each column goes on to hold what it held."""
    address = server.empty()
    engine = create_engine(address)
    held: dict[str, list[dict[str, Any]]] = {}
    for version in sorted(migrations.known()):
        with engine.begin() as connection:
            migrations.upgrade(connection, version)
            assert migrations.current(connection) == version
            there = test_migrations_data.reflected(connection)
            assert_holds(test_migrations_data.everything(connection, there), held)
            for table in there.sorted_tables:
                if table.name not in held and not Row.metadata.tables[table.name].info.get(COMPUTED):
                    rows = [test_migrations_data.row_of(table, number) for number in (1, 2, 3)]
                    connection.execute(insert(table), rows)
                    held[table.name] = rows
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
        known = {name for name, table in Row.metadata.tables.items() if not table.info.get(COMPUTED)}
        assert held.keys() == known
    engine.dispose()
    with closing(Store.open(address, now=NOW)) as opened:
        assert opened.examine() == []
        me = opened.learners()["name 1"]
        assert opened.wrong_totals(me) == 0
        opened.repair(me)  # the rows were made up, and what is remembered is not what their log says
        assert opened.memories(me) == opened.replay(me)
        assert opened.wrong_totals(me) == 0


def assert_holds(now: dict[str, list[dict[str, Any]]], held: dict[str, list[dict[str, Any]]]) -> None:
    """Every row that was there is there, in whatever order."""
    for name, rows in held.items():
        left = [{column: row[column] for column in rows[0]} for row in now[name]]
        assert sorted(left, key=repr) == sorted(rows, key=repr), name


def test_several_servers_that_open_a_new_database_at_once_make_it_once(server: PostgreSQL) -> None:
    address = server.empty()

    def start(number: int) -> int:
        with closing(Store.open(address, now=NOW)) as opened:
            opened.stamp_texts({f"card-{one}": "x" for one in range(50)}, NOW + timedelta(days=number))
            return opened.learner("me")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1
    with closing(Store.look_at(address)) as opened:
        assert list(opened.learners()) == ["me"]


# One history on both


@given(histories)
@hypothesis_settings(max_examples=12)
def test_one_history_lived_here_and_on_sqlite_leaves_the_same_document(
    store: Store, elsewhere: Store, history: list[Any]
) -> None:
    here = store.learner(f"lived {next(NUMBERS)}")
    there = elsewhere.learner(f"lived {here}")
    live(store, here, history)
    live(elsewhere, there, history)
    document = dumped(store, here)
    assert in_no_order(document) == in_no_order(dumped(elsewhere, there))
    assert test_portable.everything(store, here) == test_portable.everything(elsewhere, there)
    assert sorted(test_departures.in_columns(store, here)) == sorted(
        test_departures.in_columns(elsewhere, there)
    )
    assert store.replay(here) == store.memories(here)
    assert store.examine_learner(here) == []
    assert store.wrong_totals(here) == 0
    before = store.standing(here), sorted(store.day_totals(here, *test_totals.EVER))
    assert before == (elsewhere.standing(there), sorted(elsewhere.day_totals(there, *test_totals.EVER)))
    store.bring_totals_up_to_date(here)
    assert (store.standing(here), sorted(store.day_totals(here, *test_totals.EVER))) == before
    assert store.wrong_totals(here) == store.rebuild_totals(here) == 0
    back = store.learner(f"loaded {here}")
    load(store, back, dumped(elsewhere, there))
    assert in_no_order(dumped(store, back)) == in_no_order(document)


NUMBERS = iter(range(10**6))


def in_no_order(document: str) -> dict[str, list[list[Any]]]:
    """A document's rows by table, in one order; databases differ in how they order text."""
    tables = json.loads(document)["tables"]
    return {
        name: sorted([table["columns"], *table["rows"]], key=json.dumps) for name, table in tables.items()
    }


@pytest.mark.parametrize("spoilt", ["same row twice", "what this database cannot"])
def test_a_document_that_the_database_refuses_is_refused_in_one_sentence(store: Store, spoilt: str) -> None:
    one, other = store.learner("one"), store.learner("other")
    store.answer(one, Answer("a", "a", Rating.GOOD, NOW), DayRules(), SchedulerSettings())
    document = json.loads(dumped(store, one))
    reviews = document["tables"]["review"]
    if spoilt == "same row twice":
        reviews["rows"].append(reviews["rows"][0])
    else:
        reviews["rows"][0][reviews["columns"].index("elapsed_ms")] = 2**40
    with pytest.raises(LoadError, match=spoilt) as caught:
        store.load(other, io.StringIO(json.dumps(document)))
    assert "\n" not in str(caught.value)
    assert not any(store.belongings(other).values())


def test_the_doctor_finds_what_was_changed_behind_the_stores_back(empty: Store) -> None:
    me = empty.learner("me")
    for card in "ab":
        empty.answer(me, Answer(card, card, Rating.EASY, NOW), DayRules(), SchedulerSettings())
    assert examine(empty, SHELF).is_sound
    with empty._database.writing() as connection:
        connection.execute(text("UPDATE memory SET lapses = 7 WHERE card_id = 'a'"))
    assert len(empty.examine_learner(me)) == 1
    assert empty.repair(me) == 1
    assert empty.examine_learner(me) == []


# Search


Search = test_search.Search


@pytest.fixture(scope="module")
def searched(server: PostgreSQL) -> Iterator[tuple[Search, Oracle]]:
    """A search over the book, and what it should find."""
    with closing(Store.open(server.empty(), now=NOW)) as opened:
        search = searching(opened)
        yield search, Oracle(BOOK, opened.standings(opened.learner("who searches"), BOOK))


@pytest.fixture(scope="module")
def on_sqlite(elsewhere: Store) -> Search:
    """The same search on SQLite."""
    return searching(elsewhere)


def searching(opened: Store) -> Search:
    me, other = opened.learner("who searches"), opened.learner("another")
    searched_book.live(opened, me, BOOK)
    opened.enrol(other, BOOK, NOW)
    opened.mark(other, BOOK, NOW)

    def search(query: Query, sort: Sort = Sort.PLACE, *, reverse: bool = False) -> list[str]:
        return opened.search(
            me, BOOK, query, now=searched_book.NOW, rules=RULES, sort=sort, reverse=reverse, leech=LEECH
        )

    return search


@given(query=test_search.queries)
@hypothesis_settings(max_examples=40)
def test_it_finds_what_looking_at_each_card_and_what_sqlite_finds(
    searched: tuple[Search, Oracle], on_sqlite: Search, query: Query
) -> None:
    here, oracle = searched
    assert here(query) == on_sqlite(query) == oracle.finds(query)
    assert sorted(here(query, Sort.RELEVANCE)) == sorted(on_sqlite(query, Sort.RELEVANCE))


@pytest.mark.parametrize("sort", [sort for sort in Sort if sort is not Sort.RELEVANCE])
@pytest.mark.parametrize("said", ["", "fair -is:new", "is:kept", 'tag:walks "a walk"'])
def test_what_is_found_comes_in_the_order_that_sqlite_gives_it(
    searched: tuple[Search, Oracle], on_sqlite: Search, sort: Sort, said: str
) -> None:
    here, _ = searched
    query = parse(said).query
    for reverse in (False, True):
        assert here(query, sort, reverse=reverse) == on_sqlite(query, sort, reverse=reverse)


@pytest.mark.parametrize(
    "said", ["'", "\\", "a:*", "'a' & 'b'", "a' | 'b", "\x00a", '"a -', "%s %(a)s", ":a <->"]
)
def test_marks_that_mean_something_to_the_server_mean_nothing(
    searched: tuple[Search, Oracle], said: str
) -> None:
    here, oracle = searched
    for asked in (said, f'"{said}"'):
        query = parse(asked).query
        assert here(query) == oracle.finds(query)


def test_what_is_asked_outweighs_what_is_answered_and_that_the_rest(store: Store) -> None:
    found = store.search(store.learner("me"), weighed(), parse("martin").query, now=NOW, rules=RULES)
    assert found == ["in-front", "in-back", "in-title"]


def test_the_index_follows_the_book_and_a_book_that_two_change_at_once(server: PostgreSQL) -> None:
    address = server.empty()
    changed = {name: card for name, card in BOOK.items() if card.order % 2}
    with closing(Store.open(address, now=NOW)) as one, closing(Store.open(address, now=NOW)) as other:
        me = one.learner("me")

        def ids(opened: Store, deck: dict[str, Any]) -> list[str]:
            return opened.search(me, deck, Query(), now=NOW, rules=RULES, sort=Sort.PLACE)

        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(ids, opened, BOOK) for opened in (one, other)]
        assert [future.result() for future in both] == [list(BOOK)] * 2
        assert ids(one, changed) == list(changed)
        assert ids(other, BOOK) == list(BOOK)


# Many at once


def test_two_processes_of_one_learner_lose_and_double_nothing(server: PostgreSQL) -> None:
    """They answer one card, from a database that neither has found yet; then a deck, as two desks do."""
    address = server.empty()
    sent = together([[WRITER, address, name, "25"] for name in ("one", "two")])
    with closing(Store.open(address, now=NOW)) as opened:
        me = opened.learner("me")
        assert sorted(review.client_id for review in opened.reviews(me)) == sorted(sent)
        assert len(sent) == 50 == opened.memories(me)["shared"].reps
        assert opened.replay(me) == opened.memories(me)
        opened.erase(me)
        opened.enrol(opened.learner("me"), DECK, NOW)
    sent = together([[DESK, address, name] for name in ("one", "two")])
    with closing(Store.open(address, now=NOW)) as opened:
        me = opened.learner("me")
        memories = opened.memories(me)
        assert sorted(review.client_id for review in opened.reviews(me)) == sorted(sent)
        assert sum(memory.reps for memory in memories.values()) == len(sent)
        assert sum(memory.reps > 0 for memory in memories.values()) == NEW_A_DAY
        assert opened.replay(me) == memories
        assert opened.wrong_totals(me) == 0


def together(commands: list[list[str]]) -> list[str]:
    """Run scripts at the same time; returns all the lines they say."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for command in commands
    ]
    said: list[str] = []
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        said += out.split()
    return said


def test_threads_that_send_the_same_answer_and_undo_record_it_once(store: Store, learner: int) -> None:
    def send(_: int) -> object:
        answer = Answer("the-same", "a", Rating.GOOD, NOW)
        return store.answer(learner, answer, DayRules(), SchedulerSettings())

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(12)))) == 1
        undone = set(pool.map(lambda _: store.undo(learner, "undo", NOW), range(12)))
    assert len(undone) == 1
    assert store.reviews(learner) == []


def test_who_reads_sees_one_state_of_the_database_however_long_it_takes(store: Store, learner: int) -> None:
    """Or a report made while another tab answers would find a log that its memories do not add up to."""
    many = select(func.count()).select_from(REVIEW).where(REVIEW.c.learner_id == learner)
    with store._database.reading() as connection:
        assert connection.scalar(many) == 0
        store.answer(learner, Answer("b", "a", Rating.GOOD, NOW), DayRules(), SchedulerSettings())
        assert connection.scalar(many) == 0
    with store._database.reading() as connection:
        assert connection.scalar(many) == 1


def test_learners_are_erased_one_by_one(store: Store) -> None:
    mine, theirs = store.learner("mine"), store.learner("theirs")
    for number, who in enumerate((mine, theirs)):
        live(
            store,
            who,
            [(timedelta(), ("answer", "a", Rating.GOOD, number, 0)), (timedelta(), ("note", "a", "x"))],
        )
    store.bring_totals_up_to_date(mine)
    before = dumped(store, theirs)
    store.erase(mine)
    assert not any(store.belongings(mine).values())
    assert dumped(store, theirs) == before
    assert store.wrong_totals(theirs) == 0


def test_a_server_that_is_not_there_is_one_sentence_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem) as caught:
        Store.open(f"postgresql+psycopg://me:secret@/cards?host={tmp_path}", now=NOW)
    assert str(caught.value).startswith("The database of your cards does not answer.")
    assert "secret" not in str(caught.value)
