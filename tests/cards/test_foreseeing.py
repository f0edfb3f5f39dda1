"""A worker foresees what the store would do, says how far it is, and fails in a sentence."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cards import shifts
from cards.days import DayRules, day_number
from cards.foreseeing import AT_A_TIME, Wanted, read, tell
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, Store
from cards.tuning import Tuning
from sim.worker import Message

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RULES = DayRules()
CARDS = [f"card-{number}" for number in range(2 * AT_A_TIME + 50)]
TRACKS = {card_id: "beliefs" if number % 2 else "walks" for number, card_id in enumerate(CARDS[:-10])}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A learner who has answered all kept cards but twenty, and ten of whose cards are in no book now."""
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    me = opened.learner("me")
    opened.enrol(me, CARDS, NOW)
    for number, card_id in enumerate(CARDS[20:]):
        answer = Answer(f"{number}", card_id, Rating.EASY, NOW)
        opened.answer(me, answer, RULES, SchedulerSettings())
    yield opened
    opened.close()


@pytest.fixture
def wanted(store: Store) -> Wanted:
    tuning = Tuning(desired_retention=0.8, by_track={"walks": 0.95})
    today = day_number(NOW + timedelta(days=3), RULES)
    return Wanted("a name", store.address, store.learner("me"), tuning, TRACKS, today, RULES)


def told(wanted: Wanted) -> list[dict[str, Any]]:
    said: list[Message] = []
    tell(wanted, said.append)
    assert [message.final for message in said] == [False] * (len(said) - 1) + [True]
    return [json.loads(message.json) for message in said]


def test_what_is_foreseen_is_what_a_reschedule_would_do(store: Store, wanted: Wanted) -> None:
    *_, last = told(wanted)
    assert (last["state"], last["wanted"]) == ("done", "a name")
    settings = {card_id: wanted.tuning.settings_for(TRACKS[card_id]) for card_id in CARDS[20:-10]}
    before = store.memories(wanted.learner)
    after = store.rescheduled(wanted.learner, settings)
    seen = read(last["seen"])
    assert seen == shifts.foreseen(before, after, today=wanted.today, rules=RULES)
    assert seen.sooner > 0
    assert seen.later > 0
    assert store.memories(wanted.learner) == before, "and nothing is changed by looking"


def test_it_is_said_how_far_the_replay_is(wanted: Wanted) -> None:
    *running, _ = told(wanted)
    of = len(CARDS) - 30
    assert [one["readout"] for one in running] == [f"100 of {of} cards", f"200 of {of} cards"]
    assert [one["progress"] for one in running] == [pytest.approx(100 / of), pytest.approx(200 / of)]
    assert all(one["seconds_left"] >= 0 for one in running)


def test_it_goes_to_a_process_of_its_own_and_shows_no_address(wanted: Wanted) -> None:
    assert pickle.loads(pickle.dumps(wanted)) == wanted  # noqa: S301 - our own
    assert wanted.address not in repr(wanted)


def test_a_database_that_cannot_be_read_is_one_sentence(wanted: Wanted, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database" * 100)
    (said,) = told(replace(wanted, address=f"sqlite:///{tmp_path}/broken.db"))
    assert said["state"] == "failed"
    assert said["error"].startswith("The database of your cards is damaged")
