"""Taking 100,000 cards with 1,000,000 reviews to Anki, against Anki's own export of as many, and its memory.

Both export one deck of a collection, as a learner does who has others beside it, with its scheduling; both
start from a closed database, and end with a package on disk.

Memory is the greatest resident set of a process that has imported what it needs and made the book's cards,
above what it was then. The database is read without mapping it: what the system maps of a file, it can drop.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from unittest.mock import patch

from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions

from cards.anki.package import write_package
from cards.anki.progress import progress_of
from cards.days import DayRules
from cards.store import Store, engine
from cards.tuning import Tuning
from tests.bench._hundred_thousand import ANSWERS, CARDS, LEARNER, build_anki, build_ours, deck

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3
ROOM = 300e6  # bytes


def measure() -> list[tuple[str, float, float, float]]:
    """Return (what, ours, baseline, the ratio aimed at)."""
    now = datetime.now(UTC)
    deck()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build_ours(folder / "martingale.db", now=now)
        build_anki(folder / "collection.anki2", now=now)
        rounds = [
            (_seconds(lambda: ours(folder, now)), _seconds(lambda: _anki(folder))) for _ in range(ROUNDS)
        ]
        sizes = (folder / "ours.apkg").stat().st_size, (folder / "anki.apkg").stat().st_size
        memory = _memory(folder)
    best = min(mine for mine, _ in rounds), min(theirs for _, theirs in rounds)
    what = f"{ANSWERS:,} reviews to Anki"
    return [
        (f"{what}, seconds against Anki's export", *best, 0.6),
        (f"{what}, bytes against Anki's export", *sizes, 1.0),
        (f"{what}, bytes of memory against 300 MB", memory, ROOM, 1.0),
    ]


def ours(folder: Path, now: datetime) -> None:
    """Export with history."""
    cards = deck()
    with closing(Store.open(folder / "martingale.db", now=now)) as store:
        progress = progress_of(store, store.learner(LEARNER), Tuning(), rules=DayRules(), now=now)
    written = write_package(
        folder / "ours.apkg",
        cards.values(),
        modified=dict.fromkeys(cards, now),
        base_url="http://localhost",
        now=now,
        progress=progress,
    )
    assert written.cards == CARDS


def _anki(folder: Path) -> None:
    collection = Collection(str(folder / "collection.anki2"))
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=False)
    limit = DeckIdLimit(collection.decks.id("Default"))
    count = collection.export_anki_package(out_path=str(folder / "anki.apkg"), options=options, limit=limit)
    assert count == CARDS
    collection.close()


def _memory(folder: Path) -> float:
    command = [sys.executable, "-m", __name__, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _seconds(work: Callable[[], None]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _resident(which: str) -> int:
    """What Linux says of this process' memory: "VmRSS", or "VmHWM" for the greatest so far, in bytes."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{which}:"))


def main(folder: Path) -> None:
    """Print how much memory an export takes, in bytes."""
    deck()
    Path("/proc/self/clear_refs").write_text("5", "utf-8")  # the greatest counts from here
    before = _resident("VmRSS")
    unmapped = tuple(pragma for pragma in engine.PRAGMAS if not pragma.startswith("mmap_size"))
    with patch.object(engine, "PRAGMAS", unmapped):
        ours(folder, datetime.now(UTC))
    print(_resident("VmHWM") - before)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
