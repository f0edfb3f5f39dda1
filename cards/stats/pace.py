"""Time spent: minutes by day, and seconds an answer.

An answer that nobody timed counts for none. What a learner's answer takes is the mean over those that were
timed, once there are enough of them; before that an assumption stands in, and whoever quotes it says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cards.totals import DayTotal, Total

ENOUGH = 100  # answers: then the mean's own error is about a tenth of the spread between answers
ASSUMED = 8.0  # seconds an answer, question and answer read
MS_A_SECOND, SECONDS_A_MINUTE = 1000, 60


@dataclass(frozen=True)
class Pace:
    """How long an answer takes.

    Attributes:
        seconds: Seconds an answer.
        n: How many of the learner's own answers were timed.
        own: Whether the seconds are the learner's own; else they are assumed.
    """

    seconds: float
    n: int
    own: bool


def together(totals: Iterable[DayTotal]) -> Total:
    """Return what all of some days' answers add up to."""
    added = Total()
    for _, _, total in totals:
        added = added.plus(total)
    return added


def pace(total: Total) -> Pace:
    """Return how long an answer takes, from the learner's own answers once there are `ENOUGH` of them."""
    if total.timed < ENOUGH:
        return Pace(ASSUMED, total.timed, own=False)
    return Pace(total.elapsed_ms / total.timed / MS_A_SECOND, total.timed, own=True)


def minutes(total: Total) -> float:
    """Return the minutes that some answers took, as far as they were timed."""
    return total.elapsed_ms / MS_A_SECOND / SECONDS_A_MINUTE
