"""Several threads, several processes, and processes that are killed: no acknowledged answer is ever lost."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cards.days import DayRules
from cards.preferences import DEFAULTS
from cards.schedule import Memory, Rating, SchedulerSettings
from cards.store import Answer, Store
from tests.cards.pages_learner import DECK

NEW_A_DAY = DEFAULTS.new_a_day
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

WRITER = """
import itertools, sys
from datetime import UTC, datetime
from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, Store

path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
now = datetime(2026, 11, 23, 9, tzinfo=UTC)
store = Store.open(path, now=now)
learner = store.learner("me")
for number in itertools.islice(itertools.count(), count or None):
    client_id = f"{name}-{number}"
    store.answer(learner, Answer(client_id, "shared", Rating.GOOD, now), DayRules(), SchedulerSettings())
    print(client_id, flush=True)
store.close()
"""


# Asks for the queue and answers what comes first, as a desk does, until the desk is empty.
DESK = """
import sys
from datetime import UTC, datetime
from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, Store
from tests.cards.pages_learner import DECK

path, name = sys.argv[1:]
now, rules = datetime(2026, 11, 23, 9, tzinfo=UTC), DayRules()
store = Store.open(path, now=now)
learner = store.learner("me")
while cards := store.queue(learner, DECK, now=now, rules=rules).cards:
    client_id = f"{name}-{cards[0].id}-{len(cards)}"
    store.answer(learner, Answer(client_id, cards[0].id, Rating.EASY, now), rules, SchedulerSettings())
    print(client_id, flush=True)
store.close()
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "martingale.db", now=NOW)
    yield opened
    opened.close()


def give(store: Store, learner: int, client_id: str) -> Memory:
    return store.answer(
        learner, Answer(client_id, "shared", Rating.GOOD, NOW), DayRules(), SchedulerSettings()
    )


def writer(path: Path, name: str, count: int = 0) -> subprocess.Popen[str]:
    """Start a process that answers one card and prints each client id once the answer is acknowledged."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, path, name, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_sound(store: Store, path: Path, acknowledged: set[str]) -> None:
    """All acknowledged answers are in the log, and the memory is their sum."""
    learner = store.learner("me")
    logged = [review.client_id for review in store.reviews(learner)]
    assert acknowledged <= set(logged)
    assert len(logged) == len(set(logged)) == store.memories(learner)["shared"].reps
    assert store.replay(learner) == store.memories(learner)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_threads_that_answer_the_same_card(store: Store, tmp_path: Path) -> None:
    learner = store.learner("me")
    sent = [f"answer-{number}" for number in range(200)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda client_id: give(store, learner, client_id), sent))
    assert_sound(store, tmp_path / "martingale.db", set(sent))


def test_threads_that_send_the_same_answer(store: Store) -> None:
    learner = store.learner("me")
    with ThreadPoolExecutor(4) as pool:
        outcomes = set(pool.map(lambda _: give(store, learner, "the-same"), range(20)))
    assert len(outcomes) == len(store.reviews(learner)) == 1


def test_threads_that_read_while_another_writes(store: Store) -> None:
    """Each sees whole answers: the log and the memory never disagree within what is acknowledged."""
    learner = store.learner("me")

    def read(_: int) -> None:
        before = len(store.reviews(learner))
        memory = store.memories(learner).get("shared")
        after = len(store.reviews(learner))
        assert before <= (memory.reps if memory else 0) <= after

    with ThreadPoolExecutor(3) as pool:
        reading = pool.map(read, range(60))
        for number in range(60):
            give(store, learner, f"answer-{number}")
        list(reading)


def test_an_answer_is_kept_after_another_process_has_deleted_everything(tmp_path: Path) -> None:
    path = tmp_path / "martingale.db"
    with closing(Store.open(path, now=NOW)) as one, closing(Store.open(path, now=NOW)) as other:
        learner = one.learner("me")
        for name, store in (("a", one), ("b", other)):
            store.answer(learner, Answer(name, "card", Rating.GOOD, NOW), DayRules(), SchedulerSettings())
        one.erase(learner)
        after = other.answer(learner, Answer("c", "card", Rating.GOOD, NOW), DayRules(), SchedulerSettings())
        assert [review.client_id for review in one.reviews(learner)] == ["c"]
        assert one.memories(learner) == one.replay(learner) == {"card": after}


def test_processes_that_create_and_write_one_database(tmp_path: Path) -> None:
    path = tmp_path / "home" / "martingale.db"
    writers = [writer(path, name, 60) for name in ("one", "two")]
    acknowledged: set[str] = set()
    for process in writers:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        acknowledged.update(out.split())
    assert len(acknowledged) == 120
    store = Store.open(path, now=NOW)
    assert_sound(store, path, acknowledged)
    store.close()


def test_two_desks_that_work_through_one_deck_lose_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "martingale.db"
    store = Store.open(path, now=NOW)
    learner = store.learner("me")
    store.enrol(learner, DECK, NOW)
    desks = [
        subprocess.Popen(
            [sys.executable, "-c", DESK, path, name],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for name in ("one", "two")
    ]
    acknowledged: list[str] = []
    for process in desks:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        acknowledged += out.split()
    memories, reviews = store.memories(learner), store.reviews(learner)
    assert sorted(review.client_id for review in reviews) == sorted(acknowledged)
    assert sum(memory.reps for memory in memories.values()) == len(acknowledged)
    assert sum(memory.reps > 0 for memory in memories.values()) == NEW_A_DAY
    assert store.replay(learner) == memories
    assert store.queue(learner, DECK, now=NOW, rules=DayRules()).cards == ()
    store.close()


@pytest.mark.parametrize("answers", [1, 7, 40])
def test_a_writer_that_is_killed(tmp_path: Path, answers: int) -> None:
    path = tmp_path / "martingale.db"
    process = writer(path, "killed")
    assert process.stdout is not None
    acknowledged = {process.stdout.readline().strip() for _ in range(answers)}
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    acknowledged.update(line for line in rest.splitlines() if "-" in line)  # the last may be cut off
    store = Store.open(path, now=NOW)
    assert_sound(store, path, acknowledged)
    store.close()
