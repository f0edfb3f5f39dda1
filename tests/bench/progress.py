"""What the progress page shows of 100,000 cards and 1,000,000 answers, against Anki's own graphs of the same.

Both start from an open collection and end with the numbers of a year: answers by day and maturity, true
retention, what comes back when, how stability, difficulty and retrievability are spread, time spent. Ours are
read from the totals that the database keeps in each answer's own transaction; nothing is kept from one round
to the next, on either side.

The what-if is measured against Anki's simulator: both simulate every card that has been answered for a year,
one by one, at one desired retention, without caps and new cards, and begin with the open collection.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from anki.collection import Collection
from anki.scheduler_pb2 import SimulateFsrsReviewRequest

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

ROUNDS, SIMULATIONS = 9, 2  # Anki simulates for some five seconds
SETTINGS = SchedulerSettings()


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
        simulated = [
            (_seconds(lambda: _year(store, learner, today)), _seconds(lambda: _ankis_year(collection)))
            for _ in range(SIMULATIONS)
        ]
        store.close()
        collection.close()
    return [
        (
            f"A year's progress of {CARDS:,} cards, {ANSWERS:,} answers, against Anki's",
            median(mine for mine, _ in rounds),
            median(theirs for _, theirs in rounds),
            0.05,
        ),
        (
            f"{SEEN:,} cards simulated for a year, against Anki's",
            median(mine for mine, _ in simulated),
            median(theirs for _, theirs in simulated),
            0.1,
        ),
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


def _year(store: Store, learner: int, today: int) -> None:
    cards = replace(Cards.of(store.card_states(learner), today), new=0)
    limits = Limits(reviews_a_day=CARDS)
    (year,) = workloads(cards, [SETTINGS.desired_retention], settings=SETTINGS, limits=limits, copies=1)
    if year.n != SEEN:
        raise RuntimeError("these are not the cards of the collection that was built")


def _ankis_year(collection: Collection) -> None:
    request = SimulateFsrsReviewRequest(
        params=SETTINGS.parameters,
        desired_retention=SETTINGS.desired_retention,
        days_to_simulate=DAYS_A_YEAR,
        review_limit=CARDS,
        max_interval=SETTINGS.maximum_interval,
        search="deck:current",
        learning_step_count=len(SETTINGS.learning_steps),
        relearning_step_count=len(SETTINGS.relearning_steps),
    )
    collection._backend.simulate_fsrs_review(request)


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
