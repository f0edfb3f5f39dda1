"""When the cards that a learner keeps come back, if nothing else happens.

Each card is counted once, on the day that it is due; that it will come back again after that, and that new
cards will be begun, is left out here and simulated in `cards.stats.workload`. Cards that were due before
today, and cards in their steps, are due today.
"""

from __future__ import annotations

from dataclasses import dataclass

from cards.totals import Standing


@dataclass(frozen=True)
class Forecast:
    """Cards that come back.

    Attributes:
        days: How many on each day from today on.
        overdue: How many of today's were due before today.
        later: How many come back after the last of the days.
    """

    days: tuple[int, ...]
    overdue: int
    later: int

    @property
    def n(self) -> int:
        """How many cards come back at all."""
        return sum(self.days) + self.later


def forecast(standing: Standing, today: int, days: int) -> Forecast:
    """Return how many cards come back on each of so many days, today being the first."""
    ahead = [0] * days
    overdue = later = 0
    for day, cards in standing.due.items():
        if day >= today + days:
            later += cards
        else:
            ahead[max(0, day - today)] += cards
        overdue += cards if day < today else 0
    return Forecast(tuple(ahead), overdue, later)
