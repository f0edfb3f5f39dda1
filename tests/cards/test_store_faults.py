"""Faults while answers are given, copied and read: killed processes, full disks, folders that are shut."""

from __future__ import annotations

import io
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, ProblemKind, Store, StoreProblem, backup, find, migrations, restore

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
KILLS = 50
CARDS = 3000
ROOM = 60_000  # bytes: more than SQLite's own notes beside a database take, less than these cards do

# It forks a child for each line that it reads, so that what takes long to import is imported once. The child
# sends its last answers again, as a browser does that heard nothing, then new ones; an answer's id is written
# to the list of the acknowledged once the store has said that it is kept.
BREEDER = """
import os, sys
from datetime import UTC, datetime
from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, Store

path, acknowledged = sys.argv[1:]
now, rules, settings = datetime(2026, 11, 23, 9, tzinfo=UTC), DayRules(), SchedulerSettings()

def answer_for_ever(start):
    store = Store.open(path, now=now)
    learner = store.learner("me")
    told = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    number = max(0, start - 5)
    while True:
        answer = Answer(f"answer-{number}", f"card-{number % 7}", Rating(1 + number % 4), now)
        store.answer(learner, answer, rules, settings)
        if number % 11 == 10:
            store.undo(learner, f"undo-{number}", now)
        os.write(told, f"answer-{number}\\n".encode())
        number += 1

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        answer_for_ever(int(line))
    print(child, flush=True)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


def test_fifty_kills_lose_no_acknowledged_answer_and_double_none(tmp_path: Path) -> None:
    path, told = tmp_path / "martingale.db", tmp_path / "acknowledged"
    chance = random.Random(50)  # noqa: S311 - nobody is to be kept from guessing when
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    command = [sys.executable, "-c", BREEDER, path, told]
    with subprocess.Popen(command, text=True, bufsize=1, **pipes) as breeder:
        assert breeder.stdin is not None
        assert breeder.stdout is not None
        for kill in range(KILLS):
            breeder.stdin.write(f"{len(acknowledged(told))}\n")
            child = int(breeder.stdout.readline())
            # Half of them while they answer, the others wherever they are, opening the database included.
            before = len(acknowledged(told))
            while kill % 2 and len(acknowledged(told)) == before:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.06))
            os.kill(child, signal.SIGKILL)
            assert breeder.stdout.readline() == "dead\n"
        breeder.stdin.close()
    given = acknowledged(told)
    assert len(given) > KILLS
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        logged = [client_id for (client_id,) in connection.execute("SELECT client_id FROM review")]
    assert set(given) <= set(logged)
    assert len(logged) == len(set(logged))
    assert len(set(logged) - set(given)) <= KILLS  # at most the one that was under way at each kill
    with closing(Store.open(path, now=NOW)) as store:
        learner = store.learner("me")
        assert store.examine_learner(learner) == []
        assert sum(memory.reps for memory in store.memories(learner).values()) == len(store.reviews(learner))


def acknowledged(told: Path) -> list[str]:
    """The ids that were written whole, each once, though it may have been acknowledged again."""
    text = told.read_text("utf-8") if told.exists() else ""
    return list(dict.fromkeys(line for line in text.split("\n")[:-1] if line))


# Full disks. A limit on the size of files stands in for a full disk: what is written beyond it fails.


FULL = """
import resource, signal, sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from cards.__main__ import main
from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, Store, StoreProblem, migrations
migrations.known()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
home, now = Path(sys.argv[1]), datetime(2026, 11, 24, 9, tzinfo=UTC)
path, environ = home / "martingale.db", {"MARTINGALE_HOME": str(home), "MARTINGALE_CONTENT": str(home)}
"""


def when_full(home: Path, code: str) -> str:
    """Run something beside a full disk, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", FULL + code, home], capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" not in done.stderr, done.stderr
    return (done.stdout + done.stderr).strip()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a database of many cards and one answer."""
    home = tmp_path / "home"
    with closing(Store.open(home / "martingale.db", now=NOW)) as store:
        learner = store.learner("local")
        store.enrol(learner, [f"card-{number}" for number in range(CARDS)], NOW)
        answer = Answer("first", "card-0", Rating.GOOD, NOW)
        store.answer(learner, answer, DayRules(), SchedulerSettings())
    return home


def held(home: Path) -> tuple[int, int]:
    """How many cards and answers there are, in a database that is sound."""
    with closing(Store.open(home / "martingale.db", now=NOW)) as store:
        learner = store.learner("local")
        assert store.examine_learner(learner) == []
        return len(store.memories(learner)), len(store.reviews(learner))


def test_an_answer_that_no_longer_fits_is_not_kept_and_can_be_given_again(home: Path) -> None:
    said = when_full(
        home,
        f"ROOM = {ROOM}\n"
        """
with closing(Store.open(path, now=now)) as store:
    learner, given = store.learner("local"), 0
    limit(ROOM)
    try:
        for given in range(1000):
            answer = Answer(f"a-{given}", "card-1", Rating.GOOD, now)
            store.answer(learner, answer, DayRules(), SchedulerSettings())
    except StoreProblem as problem:
        print(given, problem.kind, problem.what)
    limit(resource.RLIM_INFINITY)
    store.answer(learner, answer, DayRules(), SchedulerSettings())
""",
    )
    given, kind, what = said.split(" ", 2)
    assert kind in (ProblemKind.FULL, ProblemKind.CANNOT_WRITE)
    assert what.endswith(".")
    assert held(home) == (CARDS, 1 + int(given) + 1)


REFUSED = {
    "backup": "No backup of your cards can be made",
    "dump": "mine.json cannot be written: no file there may be so large; name a file on another disk.",
    "erase": "No backup of your cards can be made",
    "doctor": "No backup of your cards can be made",
    "restore": "cannot be written",
    "load": "cannot be written",
}


def test_commands_that_no_longer_fit_say_so_and_change_nothing(home: Path, tmp_path: Path) -> None:
    """`load` reads a file of a learner with more cards than there is room for, for one who has nothing."""
    with (
        closing(Store.open(home / "martingale.db", now=NOW + DAY)) as store,
        (tmp_path / "f").open("w") as file,
    ):
        store.dump(store.learner("local"), file, NOW)
        store.learner("other")
    before, files = held(home), {path.name for path in home.rglob("*")}
    printed = when_full(
        home,
        """
out, file = str(home / "mine.json"), str(home.parent / "f")
for command in (
    ["backup"], ["dump", "--out", out], ["erase", "--yes"], ["doctor", "--repair"], ["restore"],
    ["load", file, "--learner", "other"],
):
    limit(SIZE)
    print("exit", main(command, environ, now), file=sys.stderr, flush=True)
    limit(resource.RLIM_INFINITY)
""".replace("SIZE", str(ROOM)),
    )
    lines = printed.splitlines()
    assert lines[1::2] == ["exit 1"] * len(REFUSED)
    for line, (command, said) in zip(lines[::2], REFUSED.items(), strict=True):
        assert said in line, command
    assert held(home) == before
    assert {path.name for path in home.rglob("*")} == files


def test_a_database_is_not_migrated_where_its_backup_does_not_fit(home: Path) -> None:
    printed = when_full(
        home,
        f"""
migrations.head = lambda: "9998"
upgrade = migrations.upgrade


def spoil(connection, to=None):
    if to is None:
        connection.exec_driver_sql("DROP TABLE reading")
    else:
        upgrade(connection, to)  # which tables a version has is found out beside


migrations.upgrade = spoil
limit({ROOM})
try:
    Store.open(path, now=now)
except StoreProblem as problem:
    print(problem.kind, problem.what, problem.where)
""",
    )
    assert printed.startswith(f"{ProblemKind.CANNOT_WRITE} No backup of your cards can be made")
    assert printed.endswith(str(home / "backups"))
    assert held(home) == (CARDS, 1)


# Folders that are shut


@contextmanager
def nobody() -> Iterator[None]:
    """Be somebody who may not write everywhere, as root may."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A folder that everybody may enter, which pytest's own is not, with a database for everybody."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        Store.open(home / "martingale.db", now=NOW).close()
        for path in (home, *home.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        yield home


def test_a_folder_of_backups_that_may_not_be_written_is_named(open_home: Path) -> None:
    migrations.known()
    path = open_home / "martingale.db"
    backup.folder(path).chmod(0o555)
    with nobody(), closing(Store.open(path, now=NOW)) as store:
        with pytest.raises(StoreProblem, match="No backup of your cards can be made") as caught:
            store.back_up(NOW)
        assert caught.value.where == str(backup.folder(path))
        store.set_setting(store.learner("local"), "still", "works")
    backup.folder(path).chmod(0o777)


def test_a_folder_that_may_not_be_written_keeps_its_database_as_it_is(open_home: Path) -> None:
    path = open_home / "martingale.db"
    copy = find(path, "latest")
    whole = path.read_bytes()
    open_home.chmod(0o555)
    with nobody(), pytest.raises(StoreProblem) as caught:
        restore(path, copy, NOW)
    open_home.chmod(0o777)
    assert caught.value.kind is ProblemKind.CANNOT_WRITE
    assert path.read_bytes() == whole


# Databases that change under the app


def test_a_database_that_is_cut_short_while_it_is_open_says_so_and_can_be_restored(home: Path) -> None:
    path = home / "martingale.db"
    with closing(Store.open(path, now=NOW)) as store:
        learner = store.learner("local")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        os.truncate(path, 9000)
        with pytest.raises(StoreProblem) as caught:
            store.withdraw(learner, store.memories(learner), NOW)
        assert caught.value.kind is ProblemKind.DAMAGED
        assert "cards restore" in caught.value.remedy
    restore(path, find(path, "latest"), NOW)
    assert held(home) == (0, 0)


def test_a_clock_that_is_set_back_loses_nothing(home: Path) -> None:
    """Answers dated before the last ones count as being on the same day, and add up as they did."""
    with closing(Store.open(home / "martingale.db", now=NOW)) as store:
        learner = store.learner("local")
        for number, moment in enumerate((NOW + DAY, NOW - 400 * DAY, NOW - DAY)):
            answer = Answer(f"back-{number}", "card-0", Rating.GOOD, moment)
            store.answer(learner, answer, DayRules(), SchedulerSettings())
        assert store.replay(learner) == store.memories(learner)
        assert store.dump(learner, io.StringIO(), NOW - 400 * DAY)["review"] == 4
        assert store.back_up(NOW - 400 * DAY).exists()
    assert held(home) == (CARDS, 4)
