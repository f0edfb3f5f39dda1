"""Bringing 1,000,000 reviews of 100,000 cards home from Anki, against Anki's import of the same package.

The package is written plainly from Anki's own tables. Each side starts from the file: Anki with a collection
that is empty; ours once with a log that is empty, so that every review is new, and once with the log that has
them all, as it is for whoever took the history along before. The two are not equal work: Anki takes in texts,
cards and schedules too, and we compare each review with the log and compute all memories again.

Of what is all new, the writing alone is beyond the ratio aimed at: a million rows of our log, which say the
memory before each answer, with their three B-trees, their foreign keys and the write-ahead log, take about
0.8 of Anki's import when nothing but SQLite's insertion of rows that lie ready is timed.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from cards.anki.home import bring_home
from cards.anki.reading.unpacking import zstd
from cards.days import DayRules
from cards.store import Store
from cards.tuning import Tuning
from tests.bench._hundred_thousand import ANSWERS, CARDS, build_anki, deck

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3
FIRST_ID = 1_600_000_000_000  # Anki's numbers are moments, in milliseconds since 1970
EMPTY_MEDIA = zstd.compress(b"")


def measure() -> list[tuple[str, float, float, float]]:
    """Return (what, our seconds, Anki's, the ratio aimed at)."""
    now = datetime.now(UTC)
    deck()
    with tempfile.TemporaryDirectory() as folder:
        package = _package(Path(folder), now)
        rounds = [_round(Path(folder, f"round-{number}"), package, now) for number in range(ROUNDS)]
    new, known, theirs = (min(seconds) for seconds in zip(*rounds, strict=True))
    what = f"{ANSWERS:,} reviews home from Anki"
    return [
        (f"{what}, all known, against its import", known, theirs, 0.25),
        (f"{what}, all new, against its import", new, theirs, 0.25),
    ]


def _round(folder: Path, package: Path, now: datetime) -> tuple[float, float, float]:
    folder.mkdir()
    with closing(Store.open(folder / "martingale.db", now=now)) as store:
        learner = store.learner("me")

        def ours() -> None:
            with package.open("rb") as file:
                bring_home(store, learner, file, deck(), rules=DayRules(), tuning=Tuning(), now=now)

        new = _seconds(ours)
        theirs = _seconds(lambda: _anki(folder / "collection.anki2", package))
        known = _seconds(ours)
        assert store.belongings(learner)["review"] == ANSWERS
    return new, known, theirs


def _anki(path: Path, package: Path) -> None:
    collection = Collection(str(path))
    options = ImportAnkiPackageOptions(with_scheduling=True)
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
    assert collection.db.scalar("select count() from cards") == CARDS
    assert collection.db.scalar("select count() from revlog") == ANSWERS
    collection.close()


def _package(folder: Path, now: datetime) -> Path:
    source, package = folder / "source.anki2", folder / "deck.apkg"
    build_anki(source, now=now)
    with closing(sqlite3.connect(source)) as connection:
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        connection.execute("UPDATE notes SET guid = 'martingale:' || guid, id = id + ?", [FIRST_ID])
        connection.execute("UPDATE cards SET id = id + ?, nid = nid + ?", [FIRST_ID, FIRST_ID])
        connection.execute("UPDATE revlog SET cid = cid + ?", [FIRST_ID])
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with ZipFile(package, "w", ZIP_STORED) as archive:
        archive.writestr("meta", b"\x08\x03")
        archive.writestr("collection.anki21b", zstd.compress(source.read_bytes()))
        archive.writestr("media", EMPTY_MEDIA)
    source.unlink()
    return package


def _seconds(work: Callable[[], None]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
