"""What it costs to keep new cards: minutes a month, in the first month and in the long run.

The cards are simulated (see `cards.stats.workload`) as if they were the learner's only ones, beginning today
under the cap of new cards, at the learner's desired retention. The long run is the second half of a year,
when the first steep weeks are over.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from cards.stats.pace import SECONDS_A_MINUTE
from cards.stats.workload import DAYS_A_YEAR, Cards, workloads

if TYPE_CHECKING:
    from cards.desk import Limits
    from cards.schedule import SchedulerSettings
    from cards.stats.pace import Pace

DAYS_A_MONTH = 30
LONG_RUN_FROM = DAYS_A_YEAR // 2
SIMULATED = 1000  # cards, all copies together: the mean is right to a few parts in a hundred


@dataclass(frozen=True)
class Cost:
    """What some cards cost.

    Attributes:
        first_month: Minutes in the first 30 days.
        later: Minutes in 30 days of the second half of the first year, on average.
    """

    first_month: float
    later: float


def cost(new: int, *, settings: SchedulerSettings, limits: Limits, pace: Pace) -> Cost:
    """Return what so many new cards cost a learner who answers at this pace."""
    first, later = _answers(new, settings, limits)
    minutes = pace.seconds / SECONDS_A_MINUTE
    return Cost(first * minutes, later * minutes)


@lru_cache(maxsize=256)
def _answers(new: int, settings: SchedulerSettings, limits: Limits) -> tuple[float, float]:
    """Answers in the first month, and in a later one."""
    if not new:
        return 0.0, 0.0
    nobody = np.zeros(0)
    cards = Cards(np.zeros(0, dtype=np.int64), nobody, nobody, new=new)
    (year,) = workloads(
        cards,
        [settings.desired_retention],
        settings=settings,
        limits=limits,
        copies=max(1, SIMULATED // new),
    )
    later = year.answers[LONG_RUN_FROM:].mean() * DAYS_A_MONTH
    return float(year.answers[:DAYS_A_MONTH].sum()), float(later)
