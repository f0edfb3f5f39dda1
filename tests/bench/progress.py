"""What the progress page shows of 100,000 cards and 1,000,000 answers, against Anki's own graphs of the same.

Both start from an open collection and end with the numbers of a year: answers by day and maturity, true
retention, what comes back when, how stability, difficulty and retrievability are spread, time spent. Ours are
read from the totals that the database keeps in each answer's own transaction; nothing is kept from one round
to the next, on either side.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from anki.collection import Collection

from cards.days import DayRules, day_number
from cards.desk import Limits
from cards.schedule import SchedulerSettings
from cards.stats.model import Model
from cards.stats.overview import Span, overview
from cards.stats.workload import DAYS_A_YEAR, Cards, workloads
from cards.store import Store
from tests.bench._hundred_thousand import ANSWERS, CARDS, LEARNER, SEEN, build_anki, build_ours

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 9
SETTINGS = SchedulerSettings()
A_THIRD = 1 / 3  # of a second: what a reader waits for without wondering


def measure() -> list[tuple[str, float, float, float]]:
    """Return the seconds for a year's numbers, ours and Anki's, and for the what-if beside its target."""
    now = datetime.now(UTC)  # Anki reads the clock itself
    with tempfile.TemporaryDirectory() as folder:
        ours, anki = Path(folder, "ours.db"), Path(folder, "anki.anki2")
        build_ours(ours, now=now)
        build_anki(anki, now=now)
        store, collection = Store.open(ours, now=now), Collection(str(anki))
        learner, today = store.learner(LEARNER), day_number(now, DayRules())
        rounds = [
            (
                _seconds(lambda: _numbers(store, learner, today)),
                _seconds(lambda: collection._backend.graphs(search="", days=DAYS_A_YEAR)),
            )
            for _ in range(ROUNDS)
        ]
        store.close()
        collection.close()
    simulated = [_seconds(_year) for _ in range(ROUNDS)]
    return [
        (
            f"A year's progress of {CARDS:,} cards, {ANSWERS:,} answers, against Anki's",
            median(mine for mine, _ in rounds),
            median(theirs for _, theirs in rounds),
            0.05,
        ),
        (f"{CARDS:,} cards simulated for a year, against a third of a second", median(simulated), A_THIRD, 1),
    ]


def _numbers(store: Store, learner: int, today: int) -> None:
    history = store.day_totals(learner, 0, today)
    shown = overview(
        history,
        store.standing(learner),
        today=today,
        span=Span.YEAR,
        model=Model(SETTINGS),
    )
    answers = sum(day.total.answers for day in history)
    if (answers, shown.standing.kept, shown.retrievability.n) != (ANSWERS, CARDS, SEEN):
        raise RuntimeError("these are not the numbers of the collection that was built")


def _year() -> None:
    random = np.random.default_rng(1)
    stability = np.exp(random.normal(3, 1.2, CARDS))
    last = -np.floor(random.random(CARDS) * stability).astype(np.int64)
    cards = Cards(last, stability, random.uniform(1, 10, CARDS))
    workloads(cards, [0.9], settings=SETTINGS, limits=Limits(reviews_a_day=CARDS))


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
