"""Made-up learners: what they forget is drawn from known weights, by py-fsrs and not by our own model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import fsrs
import numpy as np
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from sim.fitting.answers import Answers
from sim.fitting.fisher import SPREAD, Prior

DAY_ZERO = datetime(2020, 1, 1, tzinfo=UTC)
PRIOR = Prior(DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS)
DEFAULTS = np.array(DEFAULT_PARAMETERS)
FIRST = [0.25, 0.1, 0.5, 0.15]  # Again, Hard, Good, Easy
RECALLED = [0.12, 0.75, 0.13]  # Hard, Good, Easy


def scheduler(weights: object) -> fsrs.Scheduler:
    """py-fsrs with these weights, without steps and fuzz."""
    plain = tuple(float(weight) for weight in weights)
    return fsrs.Scheduler(plain, learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def someone(random: np.random.Generator, spread: float = 0.7) -> np.ndarray:
    """Weights of a learner who differs from the defaults, by this share of what learners differ."""
    weights = DEFAULTS + spread * np.array(SPREAD) * random.standard_normal(21)
    weights[:4] = DEFAULTS[:4] * np.exp(random.normal(0, 0.8 * spread, 4))
    return np.clip(weights, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS)


def remembered(weights: np.ndarray, cards: int, each: int, random: np.random.Generator) -> Answers:
    """The answers of such a learner to cards that come about when the default weights have them come."""
    asking, truth = scheduler(DEFAULT_PARAMETERS), scheduler(weights)
    rows = [row for card in range(cards) for row in _of_card(card, each, asking, truth, random)]
    rows.sort(key=lambda row: row[0])
    days, numbers, ratings = (np.array(column) for column in zip(*rows, strict=True))
    return Answers(card=numbers, rating=ratings, day=days)


def _of_card(
    number: int, each: int, asking: fsrs.Scheduler, truth: fsrs.Scheduler, random: np.random.Generator
) -> list[tuple[int, int, int]]:
    asked = known = fsrs.Card(card_id=number, due=DAY_ZERO)
    day, rows = int(random.integers(0, 200)), []
    for turn in range(each):
        now = DAY_ZERO + timedelta(days=day)
        recalled = random.random() < truth.get_card_retrievability(known, now)
        later = int(random.choice([2, 3, 4], p=RECALLED)) if recalled else 1
        rating = later if turn else int(random.choice([1, 2, 3, 4], p=FIRST))
        rows.append((day, number, rating))
        asked, _ = asking.review_card(asked, fsrs.Rating(rating), now)
        known, _ = truth.review_card(known, fsrs.Rating(rating), now)
        if random.random() > 0.05:  # else it is asked again the same day
            day += 1 + int((asked.due - now).days * random.uniform(0.8, 1.5))
    return rows
