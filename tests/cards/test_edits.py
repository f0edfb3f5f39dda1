"""Editing many cards at once: each edit changes what it says, says what it changed, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.days import DayRules
from cards.edit import Edit, Edited
from cards.memory import Rating, State
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store
from cards.store.standings import Standing
from tests.cards.pages_learner import card

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
TOMORROW = 20_785
MANY = [f"card-{number}" for number in range(1200)]  # more than one statement names
PUTS = [Edit.KEEP, Edit.SUSPEND, Edit.BURY, Edit.MARK]
TAKES = [Edit.WITHDRAW, Edit.RESUME, Edit.DIG_OUT, Edit.UNMARK]
NAMES = (f"learner {number}" for number in range(10**6))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield opened
    opened.close()


def edit(store: Store, learner: int, wanted: Edit, ids: list[str], now: datetime = NOW) -> Edited:
    return store.edit(learner, ids, wanted, now=now, until=TOMORROW)


def kept(store: Store, cards: list[str]) -> int:
    """A learner that the store has not seen before, who keeps these cards."""
    learner = store.learner(next(NAMES))
    store.enrol(learner, cards, NOW - timedelta(days=1))
    return learner


@pytest.mark.parametrize(("put", "take"), list(zip(PUTS, TAKES, strict=True)))
def test_an_edit_and_its_opposite_undo_each_other_and_are_counted(
    store: Store, put: Edit, take: Edit
) -> None:
    me = store.learner(next(NAMES)) if put is Edit.KEEP else kept(store, MANY)
    other = kept(store, MANY[:1])
    before = store.standings(me, MANY), store.standings(other, MANY[:1])
    done = edit(store, me, put, MANY)
    assert set(done.before) == set(MANY)
    assert (done.already, done.not_kept) == (0, 0)
    after = store.standings(me, MANY)
    assert all(after[card_id] != before[0][card_id] for card_id in MANY)
    again = edit(store, me, put, MANY, LATER)
    assert (again.before, again.already, again.not_kept) == ({}, len(MANY), 0)
    assert store.standings(me, MANY) == after
    assert set(edit(store, me, take, MANY, LATER).before) == set(MANY)
    assert (store.standings(me, MANY), store.standings(other, MANY[:1])) == before


ids = st.lists(st.sampled_from(MANY[:6]), unique=True)
edits = st.tuples(st.sampled_from(Edit), ids)


@given(past=st.lists(edits, max_size=5), last=edits)
@settings(max_examples=40)
def test_taking_an_edit_back_leaves_what_was_before_it(
    store: Store, past: list[tuple[Edit, list[str]]], last: tuple[Edit, list[str]]
) -> None:
    me = kept(store, MANY[:4])
    for hours, (wanted, some) in enumerate(past):
        edit(store, me, wanted, some, NOW + timedelta(hours=hours))
    before, decided = store.standings(me, MANY[:6]), store.decisions(me)
    done = edit(store, me, last[0], last[1], NOW + timedelta(days=1))
    changed = {
        card_id for card_id, stands in store.standings(me, MANY[:6]).items() if stands != before[card_id]
    }
    assert set(done.before) == changed
    assert len(done.before) + done.already + done.not_kept == len(last[1])
    assert store.take_back(me, done) == len(changed)
    assert store.standings(me, MANY[:6]) == before
    assert store.decisions(me) == decided
    assert store.take_back(me, done) == 0


def test_only_kept_cards_are_edited_and_the_others_are_counted(store: Store) -> None:
    me = kept(store, MANY[:3])
    store.withdraw(me, MANY[2:3], NOW)
    store.suspend(me, MANY[1:2], NOW)
    done = edit(store, me, Edit.SUSPEND, MANY[:5], LATER)
    assert (set(done.before), done.already, done.not_kept) == ({MANY[0]}, 1, 3)
    assert store.decisions(me)[MANY[1]].suspended_at == NOW
    assert store.standings(me, MANY[3:4]) == {MANY[3]: Standing()}


def test_a_card_named_twice_counts_once(store: Store) -> None:
    me = kept(store, MANY[:1])
    assert len(edit(store, me, Edit.MARK, [MANY[0], MANY[0]]).before) == 1


def test_keeping_brings_back_what_is_remembered_and_enrols_the_rest_as_new(store: Store) -> None:
    me = kept(store, MANY[:2])
    store.answer(me, Answer("a", MANY[0], Rating.EASY, NOW), DayRules(), SchedulerSettings())
    remembered = store.memories(me)[MANY[0]]
    store.withdraw(me, MANY[:1], NOW)
    done = edit(store, me, Edit.KEEP, MANY[:3], LATER)
    assert (set(done.before), done.already) == ({MANY[0], MANY[2]}, 1)
    memories = store.memories(me)
    assert memories[MANY[0]] == remembered
    assert (memories[MANY[2]].state, memories[MANY[2]].due) == (State.NEW, LATER)
    assert store.replay(me) == memories
    assert store.take_back(me, done) == 2
    assert set(store.memories(me)) == {MANY[1]}


def test_what_was_changed_again_since_is_left_as_it_is(store: Store) -> None:
    me = kept(store, MANY[:2])
    done = edit(store, me, Edit.SUSPEND, MANY[:2])
    store.resume(me, MANY[:1])
    store.suspend(me, MANY[:1], LATER)
    assert store.take_back(me, done) == 1
    assert store.decisions(me)[MANY[0]].suspended_at == LATER
    assert MANY[1] not in store.decisions(me)


def test_an_answer_given_since_outlives_the_taking_back(store: Store) -> None:
    me = kept(store, MANY[:1])
    done = edit(store, me, Edit.MARK, MANY[:1])
    after = store.answer(me, Answer("b", MANY[0], Rating.GOOD, LATER), DayRules(), SchedulerSettings())
    assert store.take_back(me, done) == 1
    assert store.memories(me)[MANY[0]] == after


def test_burying_again_on_a_later_day_is_a_change(store: Store) -> None:
    me = kept(store, MANY[:1])
    store.bury(me, MANY[:1], TOMORROW - 5)
    done = edit(store, me, Edit.BURY, MANY[:1])
    assert done.before == {MANY[0]: TOMORROW - 5}
    store.take_back(me, done)
    assert store.decisions(me)[MANY[0]].buried_until == TOMORROW - 5


def test_standings_are_of_the_learner_alone(store: Store) -> None:
    me, other = kept(store, MANY[:1]), kept(store, MANY[:2])
    store.write_note(other, MANY[0], "mine", NOW)
    store.mark(other, MANY[:2], NOW)
    stands = store.standings(me, MANY[:2])
    assert stands == {MANY[0]: Standing(store.memories(me)[MANY[0]]), MANY[1]: Standing()}
    store.write_note(me, MANY[1], "not kept", NOW)
    assert store.standings(me, MANY[1:2]) == {MANY[1]: Standing(note="not kept")}


def test_cards_that_are_kept_by_an_edit_are_asked_and_those_taken_back_are_not(store: Store) -> None:
    book = {f"card-{number}": card(number) for number in range(5)}
    me = kept(store, ["card-0"])

    def asked() -> set[str]:
        return set(store.queue(me, book, now=NOW, rules=DayRules()).ids)

    assert asked() == {"card-0"}
    done = edit(store, me, Edit.KEEP, list(book))
    assert asked() == set(book)
    store.take_back(me, done)
    assert asked() == {"card-0"}
