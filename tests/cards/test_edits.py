"""Editing many cards at once: each edit changes what it says, says what it changed, and can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cards.days import DayRules
from cards.decision import Change, Matter
from cards.edit import Edit, Edited
from cards.memory import Rating, State
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store
from cards.store.changes import CHANGE
from cards.store.standings import Standing
from tests.cards.documents import dumped, load
from tests.cards.pages_learner import card

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
TOMORROW = 20_785
MANY = [f"card-{number}" for number in range(1200)]  # more than one statement names
PUTS = [Edit.KEEP, Edit.SUSPEND, Edit.BURY, Edit.MARK]
TAKES = [Edit.WITHDRAW, Edit.RESUME, Edit.DIG_OUT, Edit.UNMARK]
NAMES = (f"browser {number}" for number in count())
IDS = (f"{number}.browse" for number in count())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield opened
    opened.close()


def edit(store: Store, learner: int, wanted: Edit, ids: list[str], now: datetime = NOW) -> Edited:
    return store.edit(learner, next(IDS), ids, wanted, at=now, now=now, until=TOMORROW)


def take_back(store: Store, learner: int, done: Edited, at: datetime = LATER) -> int:
    return store.take_back(learner, next(IDS), done, at)


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
    assert take_back(store, me, done) == len(changed)
    assert store.standings(me, MANY[:6]) == before
    assert store.decisions(me) == decided
    assert take_back(store, me, done) == 0


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
    assert take_back(store, me, done) == 2
    assert set(store.memories(me)) == {MANY[1]}


def test_what_was_changed_again_since_is_left_as_it_is(store: Store) -> None:
    me = kept(store, MANY[:2])
    done = edit(store, me, Edit.SUSPEND, MANY[:2])
    store.resume(me, MANY[:1])
    store.suspend(me, MANY[:1], LATER)
    assert take_back(store, me, done) == 1
    assert store.decisions(me)[MANY[0]].suspended_at == LATER
    assert MANY[1] not in store.decisions(me)


def test_what_was_loaded_since_is_left_as_it_is(store: Store) -> None:
    me, elsewhere = kept(store, MANY[:1]), kept(store, MANY[:1])
    store.suspend(me, MANY[:1], NOW)
    done = edit(store, me, Edit.RESUME, MANY[:1])
    load(store, me, dumped(store, elsewhere), replace=True)
    assert take_back(store, me, done) == 0
    assert store.decisions(me) == {}


def test_an_answer_given_since_outlives_the_taking_back(store: Store) -> None:
    me = kept(store, MANY[:1])
    done = edit(store, me, Edit.MARK, MANY[:1])
    after = store.answer(me, Answer("b", MANY[0], Rating.GOOD, LATER), DayRules(), SchedulerSettings())
    assert take_back(store, me, done) == 1
    assert store.memories(me)[MANY[0]] == after


def test_burying_again_on_a_later_day_is_a_change(store: Store) -> None:
    me = kept(store, MANY[:1])
    store.bury(me, MANY[:1], TOMORROW - 5)
    done = edit(store, me, Edit.BURY, MANY[:1])
    assert done.before == {MANY[0]: TOMORROW - 5}
    take_back(store, me, done)
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
    take_back(store, me, done)
    assert asked() == {"card-0"}


DESK = [
    (Edit.SUSPEND, Matter.SUSPEND, False),
    (Edit.RESUME, Matter.SUSPEND, True),
    (Edit.BURY, Matter.BURY, None),
    (Edit.DIG_OUT, Matter.BURY, TOMORROW + 1),
    (Edit.MARK, Matter.MARK, False),
    (Edit.UNMARK, Matter.MARK, True),
    (Edit.KEEP, Matter.KEEP, False),
    (Edit.WITHDRAW, Matter.KEEP, True),
]


def as_edited(stands: Standing | None, wanted: Edit) -> bool:
    """Whether a card is as an edit would leave it."""
    decision = stands.decision if stands else None
    return {
        Matter.KEEP: bool(stands and stands.memory) is (wanted is Edit.KEEP),
        Matter.SUSPEND: bool(decision and decision.suspended_at) is (wanted is Edit.SUSPEND),
        Matter.MARK: bool(decision and decision.marked_at) is (wanted is Edit.MARK),
        Matter.BURY: (decision.buried_until if decision else None)
        == (TOMORROW if wanted is Edit.BURY else None),
    }[wanted.matter]


@pytest.mark.parametrize(("wanted", "matter", "against"), DESK)
@pytest.mark.parametrize("edit_first", [True, False], ids=["edit arrives first", "desk arrives first"])
@pytest.mark.parametrize("edit_later", [True, False], ids=["edit made later", "desk made later"])
def test_of_an_edit_and_a_decision_at_the_desk_the_later_is_heeded(
    store: Store,
    wanted: Edit,
    matter: Matter,
    against: bool | int | None,
    *,
    edit_first: bool,
    edit_later: bool,
) -> None:
    me, cards = kept(store, MANY[:2]), MANY[:1]
    edited_at, decided_at = (LATER, NOW) if edit_later else (NOW, LATER)
    now = LATER + timedelta(hours=1)

    def at_the_desk() -> None:
        store.change(me, Change(f"{next(IDS)}.desk", matter, tuple(cards), against, decided_at), now)

    def in_browse() -> Edited:
        return store.edit(me, next(IDS), cards, wanted, at=edited_at, now=now, until=TOMORROW)

    for do in (in_browse, at_the_desk) if edit_first else (at_the_desk, in_browse):
        do()
    assert as_edited(store.standings(me, cards)[cards[0]], wanted) is edit_later


def test_an_edit_that_arrives_late_says_how_many_were_decided_about_since(store: Store) -> None:
    me = kept(store, MANY[:3])
    store.change(me, Change("1.desk", Matter.MARK, tuple(MANY[:2]), value=False, at=LATER), LATER)
    done = store.edit(me, next(IDS), MANY[:3], Edit.MARK, at=NOW, now=LATER, until=TOMORROW)
    assert (set(done.before), done.late, done.already) == ({MANY[2]}, 2, 0)
    assert set(store.decisions(me)) == {MANY[2]}


def test_an_edit_that_is_sent_again_changes_nothing_even_once_it_was_undone(store: Store) -> None:
    me = kept(store, MANY[:3])

    def send() -> Edited:
        return store.edit(me, "the-same.browse", MANY[:2], Edit.SUSPEND, at=NOW, now=LATER, until=TOMORROW)

    first = send()
    assert not first.is_repeated
    assert send() == Edited(first.client_id, Edit.SUSPEND, first.value, is_repeated=True)
    edit(store, me, Edit.RESUME, MANY[:1], LATER)
    assert send().is_repeated
    assert set(store.decisions(me)) == {MANY[1]}


def test_what_the_desk_has_decided_since_is_not_taken_back_even_if_it_is_the_same(store: Store) -> None:
    """A card suspended in browse and then at the desk is suspended because the desk says so."""
    me = kept(store, MANY[:2])
    done = edit(store, me, Edit.SUSPEND, MANY[:2])
    store.change(me, Change("2.desk", Matter.SUSPEND, tuple(MANY[:1]), value=True, at=LATER), LATER)
    assert take_back(store, me, done, LATER) == 1
    assert set(store.decisions(me)) == {MANY[0]}


def test_taking_back_is_a_decision_that_overrides_what_was_made_before_it(store: Store) -> None:
    me = kept(store, MANY[:2])
    store.suspend(me, MANY[:1], NOW - timedelta(days=1))
    done = edit(store, me, Edit.RESUME, MANY[:1])
    take_back(store, me, done, LATER + timedelta(hours=1))
    late = Change("3.desk", Matter.SUSPEND, tuple(MANY[:1]), value=False, at=LATER)
    store.change(me, late, LATER + timedelta(hours=2))
    assert store.decisions(me)[MANY[0]].suspended_at == NOW - timedelta(days=1)


def test_the_log_says_what_every_edit_and_every_taking_back_has_left(store: Store) -> None:
    """So that the last heeded change of a matter always tells how a card stands."""
    me = kept(store, MANY[:3])
    for wanted in Edit:
        done = edit(store, me, wanted, MANY[:4])
        assert _as_logged(store, me)
        take_back(store, me, done)
        assert _as_logged(store, me)
        edit(store, me, wanted, MANY[:2])


def _as_logged(store: Store, learner: int) -> bool:
    stands = store.standings(learner, MANY[:4])
    with store._database.reading() as connection:
        said = {
            (row.card_id, row.matter): json.loads(row.value)
            for row in connection.execute(
                select(CHANGE).where(CHANGE.c.learner_id == learner, CHANGE.c.heeded).order_by(CHANGE.c.id)
            )
        }
    holds = {
        Matter.KEEP: lambda one: one.memory is not None,
        Matter.SUSPEND: lambda one: one.decision.suspended_at is not None,
        Matter.MARK: lambda one: one.decision.marked_at is not None,
        Matter.BURY: lambda one: one.decision.buried_until,
    }
    return bool(said) and all(
        holds[Matter(matter)](stands[card_id]) == value
        for (card_id, matter), value in said.items()
        # A card that is taken out keeps its decisions, and shows none.
        if matter == "keep" or stands[card_id].memory is not None
    )
