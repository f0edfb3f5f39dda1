"""What a learner says of simulations is kept with its score, found again, and refused with a sentence."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cards.days import DayRules
from cards.pages import session
from cards.schedule import SchedulerSettings
from cards.store import Store
from content.blocks import SimBlock
from content.pages import learner
from sim.counterexample import Counterexample, NotKeptError
from sim.guess import Ask, Choice, Guess, Interval, Kind, Number, PreviousGuess, Said

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LEARNERS = (f"learner {number}" for number in itertools.count())
SETTINGS = {"start": 0.5, "step": 0.01, "update_probability": 1.0, "walkers": 20_000}
OVER = Choice("over 1,000", low=1000)
FOUND = Counterexample("c1", "belief_walk", SETTINGS, 7, "Four updates are enough.")


def block(ask: Ask | None = None) -> SimBlock:
    return SimBlock(
        "belief_walk-1", "belief_walk", {"start": 0.5}, predict="expected_updates", ask=ask or Ask()
    )


def guess(said: Said | None, kind: Kind = "number", client_id: str = "g1") -> Guess:
    return Guess("belief_walk", "expected_updates", SETTINGS, 7, kind, said, 2500.0, client_id, 0)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield opened
    opened.close()


def someone(store: Store) -> session.Present:
    return session.Present(store, store.learner(next(LEARNERS)), NOW, DayRules(), SchedulerSettings())


@pytest.fixture(autouse=True)
def present(store: Store, monkeypatch: pytest.MonkeyPatch) -> session.Present:
    """A learner of their own for each test."""
    here = someone(store)
    monkeypatch.setattr(session, "present", lambda: here)
    return here


@pytest.mark.parametrize(
    ("said", "ask", "score"),
    [
        (Number(200.0), Ask(), math.log(12.5)),
        (Interval(100.0, 2000.0, 0.9), Ask("interval", 0.9), 1900 + 20 * 500),
        (OVER, Ask("choice", choices=(Choice("under 1,000", high=1000), OVER)), 0.0),
        (Choice("under 1,000", high=1000), Ask("choice", choices=(OVER,)), 1.0),
        (None, Ask("choice", choices=(OVER,)), None),
    ],
)
def test_a_guess_of_each_kind_is_kept_with_its_score_and_found_again(
    said: Said | None, ask: Ask, score: float | None, present: session.Present
) -> None:
    for _ in range(2):
        learner.record_guess(guess(said, ask.kind))
    (kept,) = present.store.predictions(present.learner)
    assert (kept.kind, kept.truth, kept.skipped) == (ask.kind, 2500.0, said is None)
    assert kept.score == (None if score is None else pytest.approx(score))
    assert learner.guess(block(ask)) == PreviousGuess(said, SETTINGS)


def test_a_guess_is_found_for_the_question_that_it_answered(present: session.Present) -> None:
    learner.record_guess(guess(Number(200.0)))
    assert learner.guess(block(Ask("interval"))) is None
    learner.record_guess(guess(None, "interval", "g2"))
    assert learner.guess(block(Ask("interval"))) == PreviousGuess(None, SETTINGS)
    assert learner.guess(block()) == PreviousGuess(Number(200.0), SETTINGS)
    assert len(present.store.predictions(present.learner)) == 2


def test_settings_that_break_a_claim_are_listed_under_their_simulation() -> None:
    there = learner.counterexamples("how-many-updates", block())
    assert there.kept == []
    for _ in range(2):
        there.keep(FOUND)
    assert learner.counterexamples("how-many-updates", block()).kept == [FOUND]
    assert learner.counterexamples("elsewhere", block()).kept == []
    another = SimBlock("belief_walk-2", "belief_walk", {})
    assert learner.counterexamples("how-many-updates", another).kept == []
    there.withdraw("c1")
    assert learner.counterexamples("how-many-updates", block()).kept == []
    there.restore("c1")
    assert learner.counterexamples("how-many-updates", block()).kept == [FOUND]


def test_there_is_an_end_to_what_is_kept_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learner, "MOST_COUNTEREXAMPLES", 1)
    learner.counterexamples("here", block()).keep(FOUND)
    full = learner.counterexamples("here", block())
    full.keep(FOUND)  # sent again, it is there already
    with pytest.raises(NotKeptError, match=r"1 settings are kept here already. Remove one of them first."):
        full.keep(Counterexample("c2", "belief_walk", SETTINGS, 7, "Another."))


def test_a_full_disk_is_a_sentence_and_nothing_is_half_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path / "martingale.db", now=NOW)
    here = someone(store)
    monkeypatch.setattr(session, "present", lambda: here)
    there = learner.counterexamples("how-many-updates", block())
    pages = "PRAGMA max_page_count = 1"  # SQLite takes that for "no larger than it is"
    with store._database.writing() as connection:
        connection.exec_driver_sql(pages)
    long = Counterexample("c1", "belief_walk", SETTINGS, 7, "x" * 50_000)  # more than its free pages hold
    for keep in (
        lambda: there.keep(long),
        lambda: learner.record_guess(guess(Number(1.0), client_id="g" * 50_000)),
    ):
        with pytest.raises(NotKeptError, match=r"^This is not saved. The disk is full.* Free some space"):
            keep()
    assert learner.counterexamples("how-many-updates", block()).kept == []
    assert store.predictions(here.learner) == []
    learner.record_reading("how-many-updates", 0.5)  # what is not worth a word is forgotten without one
    store.close()
