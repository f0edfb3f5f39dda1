"""What browsers send about cards is decided once, and never in place of what was decided later elsewhere."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.days import DayRules
from cards.decision import Change, Decision, Matter
from cards.memory import Rating
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CARDS = ("card-0", "card-1")
NAMES = (f"learner {number}" for number in itertools.count())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield opened
    opened.close()


def someone(store: Store) -> int:
    """A learner that the store has not seen before, who keeps the cards."""
    learner = store.learner(next(NAMES))
    store.enrol(learner, CARDS, NOW - MINUTE)
    return learner


def change(
    name: str,
    matter: Matter,
    value: bool | int | str | None,
    at: datetime = NOW,
    cards: tuple[str, ...] = CARDS,
) -> Change:
    return Change(name, matter, cards, value, at)


HELD = {
    Matter.SUSPEND: (True, Decision(suspended_at=NOW), False),
    Matter.MARK: (True, Decision(marked_at=NOW), False),
    Matter.BURY: (20_000, Decision(buried_until=20_000), None),
    Matter.LEECH: (8, Decision(leech_passed=8), 0),
}


@pytest.mark.parametrize("matter", HELD)
def test_a_change_is_made_and_another_takes_it_back(store: Store, matter: Matter) -> None:
    value, held, none = HELD[matter]
    me = someone(store)
    store.change(me, change("1.tab", matter, value), NOW)
    assert store.decisions(me) == dict.fromkeys(CARDS, held)
    store.change(me, change("2.tab", matter, none), NOW)
    assert store.decisions(me) == {}


def test_cards_are_taken_out_and_come_back_as_they_were_remembered(store: Store) -> None:
    me = someone(store)
    store.answer(me, Answer("0.tab", CARDS[0], Rating.GOOD, NOW), DayRules(), SchedulerSettings())
    remembered = store.memories(me)
    store.change(me, change("1.tab", Matter.KEEP, value=False), NOW)
    assert store.memories(me) == {}
    store.change(me, change("2.tab", Matter.KEEP, value=True), NOW)
    assert store.memories(me) == remembered


def test_a_note_is_written_and_taken_away(store: Store) -> None:
    me = someone(store)
    store.change(me, change("1.tab", Matter.NOTE, "see the proof", cards=("never-enrolled",)), NOW)
    assert store.notes(me) == {"never-enrolled": "see the proof"}
    store.change(me, change("2.tab", Matter.NOTE, "", cards=("never-enrolled",)), NOW)
    assert store.notes(me) == {}


TABS = ("here", "there")
MOVES = st.lists(st.tuples(st.sampled_from(TABS), st.booleans()), min_size=1, max_size=6)


@given(MOVES, st.randoms(use_true_random=False))
def test_whatever_is_delayed_or_sent_again_the_last_to_decide_is_heeded(
    store: Store, moves: list[tuple[str, bool]], chance: Random
) -> None:
    """Each tab delivers its changes in order, some of them twice; the tabs' deliveries mix in any order."""
    me = someone(store)
    made = [
        (tab, change(f"{number}.{tab}", Matter.SUSPEND, value, NOW + number * MINUTE))
        for number, (tab, value) in enumerate(moves)
    ]
    waiting = {tab: [one for of, one in made if of == tab] for tab in TABS}
    delivered: list[Change] = []
    while any(waiting.values()):
        tab = chance.choice([tab for tab in TABS if waiting[tab]])
        delivered.append(waiting[tab].pop(0))
        store.change(me, delivered[-1], NOW + 10 * MINUTE)
        store.change(me, chance.choice(delivered), NOW + 10 * MINUTE)
    assert bool(store.decisions(me)) is moves[-1][1]


def test_what_arrives_late_is_refused_only_for_the_cards_that_were_decided_about_since(store: Store) -> None:
    me = someone(store)
    store.change(me, change("1.there", Matter.SUSPEND, value=False, cards=CARDS[:1]), NOW)
    store.change(me, change("1.here", Matter.SUSPEND, True, NOW - 5 * MINUTE), NOW)
    assert set(store.decisions(me)) == {CARDS[1]}


def test_one_tabs_changes_are_heeded_in_the_order_in_which_they_arrive_whatever_their_times(
    store: Store,
) -> None:
    me = someone(store)
    store.change(me, change("1.here", Matter.SUSPEND, value=True), NOW)
    store.change(me, change("2.here", Matter.SUSPEND, False, NOW - MINUTE), NOW)
    assert store.decisions(me) == {}


def test_a_clock_that_was_set_back_keeps_nobody_from_deciding(store: Store) -> None:
    me, earlier = someone(store), NOW - timedelta(days=1)
    store.change(me, change("1.here", Matter.MARK, value=True), NOW)
    store.change(me, change("1.there", Matter.MARK, False, earlier), earlier)
    assert store.decisions(me) == {}


def test_a_change_about_no_card_changes_nothing(store: Store) -> None:
    me = someone(store)
    store.change(me, change("1.here", Matter.SUSPEND, value=True, cards=()), NOW)
    assert store.decisions(me) == {}


def test_an_answer_brings_back_a_card_unless_it_was_taken_out_after_the_answer(store: Store) -> None:
    for age, is_kept in ((timedelta(), True), (5 * MINUTE, False)):
        me = someone(store)
        store.change(me, change("1.there", Matter.KEEP, value=False), NOW)
        late = Answer("1.here", CARDS[0], Rating.GOOD, NOW - age)
        store.answer(me, late, DayRules(), SchedulerSettings())
        assert (CARDS[0] in store.memories(me)) is is_kept
