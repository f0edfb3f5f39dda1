"""What remembering costs: a year of reviews of a learner's own cards, at several desired retentions.

Each day the cards that are due are answered: a card is recalled with chance R(t, S), and then graded Good, or
else it is forgotten, taken through its relearning steps and graded Good in them; new cards are taken through
their learning steps in the same way. Dates follow `cards.schedule` to the day, without its fuzz. What differs
between two desired retentions is only the dates; the same seed draws the same numbers.

The cards are first dated anew for each desired retention, as rescheduling would: those that this makes
overdue are due today. The caps are honoured. Of reviews beyond the cap the longest due are answered, and the
others wait; new cards are begun in the order of the book, so many a day.

A small deck is simulated in several copies, each with caps of its own, and the result is their mean. Left
out: grades of Hard and Easy, cards kept later on, days without a review, and what was done today already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cards.stats.pace import SECONDS_A_MINUTE
from cards.stats.simulation import Cards, Simulation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cards.desk import Limits
    from cards.schedule import SchedulerSettings

    Floats = NDArray[np.float64]

__all__ = ["Cards", "Workload", "workloads"]

DAYS_A_YEAR = 365
ENOUGH_CARDS = (
    2000  # simulated at one setting: then the mean of a year is right to about one part in a hundred
)


@dataclass(frozen=True)
class Workload:
    """A simulated run of days, at one desired retention; means over the copies.

    Attributes:
        desired_retention: Which.
        reviews: Reviews that were due by the day, on each day: [day].
        lapses: How many of them were forgotten: [day].
        answers: All answers, those in the steps included: [day].
        capped: The share of days on which reviews were left over, 0 to 1.
        remembered: Cards that would be recalled at the end of the last day.
        n: Cards that were simulated, copies not counted.
    """

    desired_retention: float
    reviews: Floats
    lapses: Floats
    answers: Floats
    capped: float
    remembered: float
    n: int

    @property
    def answers_a_day(self) -> float:
        """Answers a day, over all the days."""
        return float(self.answers.mean())

    def minutes_a_day(self, seconds: float) -> float:
        """Minutes a day, at so many seconds an answer."""
        return self.answers_a_day * seconds / SECONDS_A_MINUTE


def workloads(
    cards: Cards,
    retentions: Sequence[float],
    *,
    settings: SchedulerSettings,
    limits: Limits,
    days: int = DAYS_A_YEAR,
    seed: int = 0,
    copies: int = 0,
) -> list[Workload]:
    """Simulate the cards at each desired retention.

    Args:
        cards: The learner's cards.
        retentions: The desired retentions.
        settings: The learner's scheduler settings; their own desired retention is not used.
        limits: What the learner takes on a day.
        days: How many days.
        seed: Of the draws.
        copies: Of each card; 0 for as many as make `ENOUGH_CARDS`.
    """
    copies = copies or max(1, ENOUGH_CARDS // max(1, cards.n))
    simulation = Simulation(cards, retentions, settings, limits, copies)
    random = np.random.default_rng(seed)
    for day in range(days):
        simulation.day(day, random)
    return _summed(simulation, retentions, copies, days)


def _summed(simulation: Simulation, retentions: Sequence[float], copies: int, days: int) -> list[Workload]:
    """What has happened, by desired retention; means over the copies."""
    shape = (days, len(retentions), copies)
    reviews, lapses, left = (
        np.reshape(counts, shape) for counts in (simulation.reviews, simulation.lapses, simulation.left)
    )
    begun = simulation.learning * np.array(simulation.begun)
    answers = (reviews + simulation.relearning * lapses).mean(axis=2) + begun[:, None]
    remembered = simulation.remembered(days).reshape(len(retentions), copies).mean(axis=1)
    return [
        Workload(
            desired_retention=retention,
            reviews=reviews[:, place].mean(axis=1),
            lapses=lapses[:, place].mean(axis=1),
            answers=answers[:, place],
            capped=float((left[:, place] > 0).mean()),
            remembered=float(remembered[place]),
            n=simulation.size,
        )
        for place, retention in enumerate(retentions)
    ]
