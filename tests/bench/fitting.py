"""Fitting FSRS to a learner's log: a hundred thousand reviews against a minute, and py-fsrs's own optimiser.

The fit is what a worker does, search and judgement, on one thread. py-fsrs is given the same 4,000 reviews,
once, for it takes half a minute; ours is timed before and after it, and the mean counts. The third figure is
no time: both sets of weights are tried on reviews of the same learner that neither has seen, and it compares
how far above the true weights' log-loss, in nats, each comes out. From learner to learner that differs; over
six of them with 1,700 reviews each, ours came out lower every time.

The last compares foreseeing a reschedule of 300 cards with replaying their log, of which it is one more.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from cards.schedule import SchedulerSettings
from cards.store import Store
from sim.fitting.answers import Answers
from sim.fitting.fisher import chances, log_loss, search
from sim.fitting.work import Fit, messages
from tests.cards.long_history import live
from tests.sim.py_fsrs_optimizer import optimizer
from tests.sim.remembering import PRIOR, remembered, someone

MINUTE = 60.0
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
WARM_UP, EACH = 20, 10


def measure() -> list[tuple[str, float, float, float]]:
    """Return the seconds of fits and of a reschedule, and the losses that two optimisers end at."""
    torch.set_num_threads(1)
    random = np.random.default_rng(1)
    weights = someone(random)
    seconds(remembered(weights, WARM_UP, EACH, random))  # torch loads what it needs
    many = remembered(weights, 10_000, EACH, random)
    few, fresh = remembered(weights, 400, EACH, random), remembered(weights, 2_000, EACH, random)
    before = seconds(few)
    started = perf_counter()
    theirs = np.array(optimizer(few).compute_optimal_parameters())
    of_theirs = perf_counter() - started
    after = seconds(few)
    *_, ours = search(few, few.counts, PRIOR)
    return [
        ("Fit of 100,000 reviews, against a minute", seconds(many), MINUTE, 1.0),
        ("Fit of 4,000 reviews, against py-fsrs's optimiser", (before + after) / 2, of_theirs, 0.2),
        (
            "Excess log-loss of that fit on fresh reviews (nats), against py-fsrs's",
            excess(ours.weights, weights, fresh),
            excess(theirs, weights, fresh),
            1.0,
        ),
        reschedule(),
    ]


def seconds(answers: Answers) -> float:
    """How long a fit takes."""
    started = perf_counter()
    for _ in messages(Fit(answers, PRIOR.weights, PRIOR)):
        pass
    return perf_counter() - started


def excess(weights: np.ndarray, truth: np.ndarray, answers: Answers) -> float:
    """By how much weights foretell worse than the true ones."""
    theirs, least = (log_loss(chances(one, answers), answers.recalled) for one in (weights, truth))
    return float((theirs - least)[answers.counts].mean())


def reschedule() -> tuple[str, float, float, float]:
    """The seconds of foreseeing a reschedule, against those of a replay."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "martingale.db", now=NOW)
        learner = store.learner("me")
        cards = [f"card-{number}" for number in range(300)]
        live(store, learner, cards, until=NOW, days=100)
        settings = dict.fromkeys(cards, SchedulerSettings(desired_retention=0.95))
        rounds = []
        for _ in range(3):
            started = perf_counter()
            store.rescheduled(learner, settings)
            foreseen = perf_counter()
            store.replay(learner)
            rounds.append((foreseen - started, perf_counter() - foreseen))
        store.close()
    ours, baseline = (min(column) for column in zip(*rounds, strict=True))
    return ("Foreseeing a reschedule, against replaying the log", ours, baseline, 1.3)
