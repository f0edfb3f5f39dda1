"""What a learner decides about cards: kept, taken back, and never touching what is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cards.days import DayRules
from cards.decision import Decision
from cards.memory import Rating
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CARDS = [f"card-{number}" for number in range(1200)]  # more than one statement names


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "martingale.db", now=NOW)
    opened.enrol(opened.learner("me"), CARDS, NOW)
    yield opened
    opened.close()


Act = Callable[[Store, int], None]
PAIRS: dict[str, tuple[Act, Act, Decision]] = {
    "suspended": (
        lambda store, me: store.suspend(me, CARDS, NOW),
        lambda store, me: store.resume(me, CARDS),
        Decision(suspended_at=NOW),
    ),
    "buried": (
        lambda store, me: store.bury(me, CARDS, 20_000),
        lambda store, me: store.bury(me, CARDS, None),
        Decision(buried_until=20_000),
    ),
    "marked": (
        lambda store, me: store.mark(me, CARDS, NOW),
        lambda store, me: store.unmark(me, CARDS),
        Decision(marked_at=NOW),
    ),
    "verified": (
        lambda store, me: store.verify(me, CARDS, NOW),
        lambda store, me: store.verify(me, CARDS, None),
        Decision(verified_at=NOW),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_decision_is_kept_and_can_be_taken_back(store: Store, name: str) -> None:
    decide, take_back, wanted = PAIRS[name]
    me, other = store.learner("me"), store.learner("other")
    store.enrol(other, CARDS[:1], NOW)
    remembered = store.memories(me)
    decide(store, me)
    assert store.decisions(me) == dict.fromkeys(CARDS, wanted)
    assert store.decisions(other) == {}
    assert store.memories(me) == remembered
    take_back(store, me)
    assert store.decisions(me) == {}


def test_deciding_again_keeps_the_first_moment(store: Store) -> None:
    me = store.learner("me")
    for moment in (NOW, LATER):
        store.suspend(me, CARDS[:1], moment)
        store.mark(me, CARDS[:1], moment)
    assert store.decisions(me) == {CARDS[0]: Decision(suspended_at=NOW, marked_at=NOW)}


def test_a_leech_is_passed_at_the_lapses_it_has(store: Store) -> None:
    me, settings, at = store.learner("me"), SchedulerSettings(learning_steps=(), relearning_steps=()), NOW
    for number, rating in enumerate((Rating.GOOD, Rating.AGAIN, Rating.AGAIN)):
        at += timedelta(days=5)
        store.answer(me, Answer(f"answer-{number}", CARDS[0], rating, at), DayRules(), settings)
    store.pass_leech(me, CARDS[:1])
    assert store.decisions(me) == {CARDS[0]: Decision(leech_passed=2)}


def test_decisions_outlive_an_answer_and_its_undoing(store: Store) -> None:
    me = store.learner("me")
    store.mark(me, CARDS[:1], NOW)
    store.answer(me, Answer("answer", CARDS[0], Rating.GOOD, NOW), DayRules(), SchedulerSettings())
    store.undo(me, "undo", LATER)
    assert store.decisions(me) == {CARDS[0]: Decision(marked_at=NOW)}


def test_cards_that_are_not_kept_cannot_be_decided_about(store: Store) -> None:
    me = store.learner("me")
    store.suspend(me, ["never-enrolled"], NOW)
    assert store.decisions(me) == {}
    assert "never-enrolled" not in store.memories(me)


def test_a_note_is_written_replaced_and_taken_away(store: Store) -> None:
    me, other = store.learner("me"), store.learner("other")
    store.write_note(me, "any-card", " see the proof ", NOW)
    store.write_note(other, "any-card", "mine", NOW)
    assert store.notes(me) == {"any-card": "see the proof"}
    store.write_note(me, "any-card", "see the other proof", LATER)
    assert store.notes(me) == {"any-card": "see the other proof"}
    store.write_note(me, "any-card", "  ", LATER)
    assert store.notes(me) == {}
    assert store.notes(other) == {"any-card": "mine"}
