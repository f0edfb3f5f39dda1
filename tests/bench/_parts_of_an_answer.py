"""What an answer costs, taken apart: `python -m tests.bench._parts_of_an_answer [small]`.

With 100,000 cards and 1,000,000 answers, or with a thousand cards that are new, it prints the medians of

- *in all*: what `Store.answer` takes, committed with full synchronisation;
- *the disk's*: by how much less it takes where nothing waits for the disk;
- *SQLite's*: what the same statements with the same values take by themselves, nothing waiting for the disk;
- *ours*: the rest, which is Python's;

and the pages that an answer writes to the log, by table and index: a page that is written again by the next
answer counts again. It is a tool for whoever wants to make answers quicker, and promises no figure.
"""

from __future__ import annotations

import gc
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor

from cards.days import DayRules
from cards.memory import Rating
from cards.preferences import Leeches
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store
from cards.store.prepared import Prepared
from tests.bench._hundred_thousand import LEARNER, build_ours, client_id

ANSWERS, FIRST = 1500, 300
FRAME, PAGE_NUMBER, LOG_HEADER = 24, 4, 32  # bytes
NOW = datetime.now(UTC)
MOMENT = int(NOW.timestamp() * 1000)
Statements = list[list[tuple[str, Any]]]  # of each answer


def main(size: str) -> None:
    """Print the parts and the pages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "built.db")
        build_small(path) if size == "small" else build_ours(path, now=NOW)
        with closing(Store.open(path, now=NOW)) as store:
            store.bring_totals_up_to_date(store.learner(LEARNER))  # as whoever has looked at their progress
        copies = [Path(folder, f"{name}.db") for name in ("synced", "unsynced", "noted", "repeated")]
        for copy in copies:
            shutil.copy(path, copy)
        synced, unsynced, noted, repeated = copies
        gc.collect()
        gc.freeze()
        everything, without_disk = median(timed(synced)), median(timed(unsynced, waits=False))
        with noting() as statements:
            timed(noted, waits=False, before_each=lambda: statements.append([]))
        of_sqlite = repeat(repeated, statements)
        for name, seconds in (
            ("in all", everything),
            ("the disk's", everything - without_disk),
            ("SQLite's", of_sqlite),
            ("ours", without_disk - of_sqlite),
        ):
            print(f"{name:<32}{seconds * 1e6:8.1f} µs")
        for name, pages in written(path):
            print(f"{name:<32}{pages:8.2f} pages")


def build_small(path: Path) -> None:
    """Write a database of cards that are all new."""
    store = Store.open(path, now=NOW)
    learner = store.learner(LEARNER)
    store.enrol(learner, [f"card-{number}" for number in range(2 * ANSWERS)], NOW)
    store._preset(learner, SchedulerSettings())
    store.close()


def timed(path: Path, *, waits: bool = True, before_each: Callable[[], None] = lambda: None) -> list[float]:
    """Answer cards, and return the seconds that each answer took but the first."""
    with closing(Store.open(path, now=NOW)) as store:
        learner = store.learner(LEARNER)
        if not waits:
            with store._database.writing() as connection:
                driver = connection.connection.driver_connection
            driver.execute("PRAGMA synchronous = OFF")
        seconds = []
        for number, card in enumerate(due(path)):
            answer = Answer(client_id(MOMENT + number), card, Rating.GOOD, NOW + timedelta(minutes=1), 1500)
            before_each()
            start = perf_counter()
            store.answer(learner, answer, DayRules(), SchedulerSettings(), leeches=Leeches())
            seconds.append(perf_counter() - start)
    return seconds[FIRST:]


def due(path: Path) -> list[str]:
    """Return the cards that are due the longest, or are new."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT card_id FROM memory ORDER BY due_day IS NULL, due_day, rowid LIMIT ?", (ANSWERS,)
        )
        return [card_id for (card_id,) in rows]


@contextmanager
def noting() -> Iterator[Statements]:
    """Note what is handed to the driver."""
    statements: Statements = []
    execute = Prepared._execute

    def noted(self: Prepared, connection: Connection, values: Mapping[str, object]) -> DBAPICursor:
        compiled = self._for(connection.dialect)
        if statements:
            statements[-1].append((compiled.text, compiled.arranged({**compiled.constants, **values})))
        return execute(self, connection, values)

    Prepared._execute = noted  # type: ignore[method-assign]  # to look on, and no more
    try:
        yield statements
    finally:
        Prepared._execute = execute  # type: ignore[method-assign]  # as it was


def repeat(path: Path, statements: Statements) -> float:
    """Execute statements, one transaction an answer, and return the median seconds of these."""
    seconds = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in (
            "synchronous = OFF",
            "mmap_size = 268435456",
            "cache_size = -65536",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        for of_answer in statements:
            start = perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            for text, values in of_answer:
                connection.execute(text, values).fetchone()
            connection.execute("COMMIT")
            seconds.append(perf_counter() - start)
    return median(seconds[FIRST:])


def written(path: Path) -> list[tuple[str, float]]:
    """Answer cards, and return the pages each answer writes to the log, by what they belong to."""
    with closing(Store.open(path, now=NOW)) as store:
        learner, cards = store.learner(LEARNER), due(path)[: ANSWERS - FIRST]
        with store._database.writing() as connection:
            driver = connection.connection.driver_connection
        driver.execute("PRAGMA wal_autocheckpoint = 0")
        store.answer(learner, Answer("first", "first", Rating.GOOD, NOW), DayRules(), SchedulerSettings())
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (size,) = driver.execute("PRAGMA page_size").fetchone()
        for number, card in enumerate(cards):
            answer = Answer(client_id(MOMENT + number), card, Rating.GOOD, NOW + timedelta(minutes=1), 1500)
            store.answer(learner, answer, DayRules(), SchedulerSettings(), leeches=Leeches())
        log = path.with_name(f"{path.name}-wal").read_bytes()
        owner = dict(driver.execute("SELECT pageno, name FROM dbstat"))
    starts = range(LOG_HEADER, len(log), FRAME + size)
    pages = Counter(owner.get(int.from_bytes(log[start : start + PAGE_NUMBER]), "others") for start in starts)
    return [("all", pages.total() / len(cards)), *((name, n / len(cards)) for name, n in pages.most_common())]


if __name__ == "__main__":
    main("".join(sys.argv[1:]))
