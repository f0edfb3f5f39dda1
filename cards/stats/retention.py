"""True retention: of the reviews that were due by the day, the share that was recalled.

A share k/n is given with Wilson's interval (see `sim.fitting.calibration.wilson`), which stays inside [0, 1]
and is honest for small n.

Answers to cards in their learning steps are no reviews: minutes after the last one, nothing is measured. That
reviews of one card depend on each other is left out, so the interval is a little too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from cards.totals import DayTotal, Maturity
from sim.fitting.calibration import Z95, wilson


class Share(NamedTuple):
    """So many of n."""

    successes: int
    n: int

    @property
    def value(self) -> float:
        """The share itself, 0 to 1; not a number where n is 0."""
        return self.successes / self.n if self.n else math.nan

    def interval(self, z: float = Z95) -> tuple[float, float]:
        """Wilson's interval, by default of 95%; from 0 to 1 where n is 0."""
        return wilson(self.successes, self.n, z) if self.n else (0.0, 1.0)


class Retention(NamedTuple):
    """The share that was recalled, of each kind of review and of all.

    Attributes:
        young: Of reviews of young cards.
        mature: Of reviews of mature cards.
        together: Of both.
        learning: Of answers to cards in their steps, new ones too, which are no reviews.
    """

    young: Share
    mature: Share
    together: Share
    learning: Share


def retention(totals: Iterable[DayTotal]) -> Retention:
    """Return the true retention over some days."""
    recalled, n = dict.fromkeys(Maturity, 0), dict.fromkeys(Maturity, 0)
    for _, maturity, total in totals:
        recalled[maturity] += total.recalled
        n[maturity] += total.answers
    learning, young, mature = (Share(recalled[maturity], n[maturity]) for maturity in Maturity)
    return Retention(young, mature, Share(young.successes + mature.successes, young.n + mature.n), learning)
