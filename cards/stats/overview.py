"""All that the progress page shows of some cards over some days, worked out from the store's totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cards.stats import spread
from cards.stats.calendar import DAYS_A_WEEK, Streak, Week, by_day, streak, weeks
from cards.stats.forecast import Forecast, forecast
from cards.stats.model import Model
from cards.stats.pace import Pace, minutes, pace, together
from cards.stats.retention import Retention, retention
from cards.stats.spread import Spread
from cards.totals import DayTotal, Standing, Total

MOST_BINS = 60


class Span(StrEnum):
    """How far back and ahead to look."""

    MONTH = "month"
    YEAR = "year"
    ALL = "all"

    @property
    def days(self) -> int | None:
        """How many days back, today included; None for all there are."""
        return {Span.MONTH: 30, Span.YEAR: 365, Span.ALL: None}[self]

    @property
    def ahead(self) -> int:
        """How many days ahead, today included."""
        return 30 if self is Span.MONTH else 364


@dataclass(frozen=True)
class Overview:
    """What there is to show.

    Attributes:
        today: The number of today.
        first: The first day looked at.
        total: What was answered since then.
        ever: What was answered at all.
        weeks: The same by week and day.
        streak: Days kept in a row, whatever is looked at.
        retention: The true retention since then.
        pace: How long an answer takes, over the whole history.
        minutes: Minutes in each bin of days since then, oldest first; the last bin ends today.
        bin: How many days such a bin has.
        standing: Where the cards stand today.
        forecast: When they come back.
        stability: How their stabilities are spread.
        difficulty: How their difficulties are.
        retrievability: How their chances of recall today are.
        remembered: How many would be recalled today, on average.
    """

    today: int
    first: int
    total: Total
    ever: Total
    weeks: list[Week]
    streak: Streak
    retention: Retention
    pace: Pace
    minutes: tuple[float, ...]
    bin: int
    standing: Standing
    forecast: Forecast
    stability: Spread
    difficulty: Spread
    retrievability: Spread
    remembered: float


def overview(
    history: Sequence[DayTotal], standing: Standing, *, today: int, span: Span, model: Model
) -> Overview:
    """Work out what to show.

    Args:
        history: The totals of every day there has been.
        standing: Where the cards stand.
        today: The number of today.
        span: How far to look.
        model: The learner's model of memory.
    """
    began = min((total.day for total in history), default=today)
    first = began if span.days is None else today - span.days + 1
    looked_at = [total for total in history if first <= total.day <= today]
    days, ever = by_day(history), together(history)
    width = _bin(today - first + 1, span)
    return Overview(
        today=today,
        first=first,
        total=together(looked_at),
        ever=ever,
        weeks=weeks(days, first, today),
        streak=streak(days, standing, today),
        retention=retention(looked_at),
        pace=pace(ever),
        minutes=_minutes(days, first, today, width),
        bin=width,
        standing=standing,
        forecast=forecast(standing, today, span.ahead),
        stability=spread.stability(standing),
        difficulty=spread.difficulty(standing),
        retrievability=spread.retrievability(standing, today, model),
        remembered=spread.remembered(standing, today, model),
    )


def binned(values: Sequence[float], width: int) -> tuple[float, ...]:
    """Return the sums of so many values at a time, from the first on."""
    return tuple(sum(values[start : start + width]) for start in range(0, len(values), width))


def _bin(days: int, span: Span) -> int:
    """Days in a bin: one, or as many weeks as leave few enough bins."""
    if span is Span.MONTH or days <= MOST_BINS:
        return 1
    return DAYS_A_WEEK * -(-days // (DAYS_A_WEEK * MOST_BINS))


def _minutes(days: dict[int, Total], first: int, today: int, width: int) -> tuple[float, ...]:
    """Minutes by bin; the first bin may begin before the first day, and lacks what was then."""
    latest_first = [minutes(days.get(day, Total())) for day in range(today, first - 1, -1)]
    return binned(latest_first, width)[::-1]
