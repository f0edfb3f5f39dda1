"""A learner with a long log, who forgets by known weights and not by those that the app begins with."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import fsrs
import numpy as np

from cards.days import DayRules
from cards.memory import Rating
from cards.schedule import DEFAULT_PARAMETERS
from cards.store import Answer, Store
from cards.tuning import Tuning

RULES = DayRules()
DAY_ZERO = datetime(2020, 1, 1, tzinfo=UTC)
RECALLED = [Rating.HARD, Rating.GOOD, Rating.EASY]

# Someone who keeps what was known at once for long, and the rest for hours; and forgets by a steeper curve.
UNEVEN = (0.02, 0.1, 20.0, 60.0, *DEFAULT_PARAMETERS[4:8], 1.2, *DEFAULT_PARAMETERS[9:20], 0.7)


def live(store: Store, learner: int, card_ids: Sequence[str], *, until: datetime, days: int = 150) -> None:
    """Answer cards when the app has them come, on each of the days before a moment."""
    random = np.random.default_rng(0)
    truth = fsrs.Scheduler(UNEVEN, enable_fuzzing=False)
    known = {card_id: fsrs.Card(card_id=number, due=DAY_ZERO) for number, card_id in enumerate(card_ids)}
    first, apart = until - timedelta(days=days), timedelta(days=days) / (2 * len(card_ids))
    due = [(first + number * apart, card_id) for number, card_id in enumerate(card_ids)]
    heapq.heapify(due)
    for number in count():
        at, card_id = heapq.heappop(due)
        if at > until:
            return
        date = DAY_ZERO + timedelta(days=at.date().toordinal())
        recalled = random.random() < truth.get_card_retrievability(known[card_id], date)
        rating = Rating(random.choice(RECALLED, p=[0.1, 0.8, 0.1])) if recalled else Rating.AGAIN
        known[card_id], _ = truth.review_card(known[card_id], fsrs.Rating(rating), date)
        sent = Answer(f"lived-{number}", card_id, rating, at, elapsed_ms=4000)
        after = store.answer(learner, sent, RULES, Tuning().settings_for(None))
        heapq.heappush(due, (max(at, after.due) + timedelta(minutes=1), card_id))
