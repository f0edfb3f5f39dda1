"""The days of a calendar: what was done on each, and how many were kept in a row.

A day is *kept* if something was answered on it, or if nothing was due: a learner who has nothing to do has
not failed to do it. Whether something was due on a past day is known from what came later. A card that was
due that day was either answered since, and the log knows from which day to which it had waited, or it is
waiting still. New cards are an offer and never due. A card that was withdrawn or suspended since, and never
answered, is not held against the day. Today counts once something is answered, and never breaks the row.

Left out: a card that was moved to an earlier day by rescheduling counts as having been due from that day on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cards.days import calendar_date
from cards.totals import DayTotal, Standing, Total

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Week:
    """A week from Monday to Sunday.

    Attributes:
        monday: Its first day number.
        answers: How much was answered on each of its days; None for days outside what is looked at.
    """

    monday: int
    answers: tuple[int | None, ...]

    @property
    def total(self) -> int:
        """How much was answered in it."""
        return sum(answers or 0 for answers in self.answers)

    @property
    def days(self) -> int:
        """On how many of its days something was answered."""
        return sum(bool(answers) for answers in self.answers)


@dataclass(frozen=True)
class Streak:
    """Days kept in a row, up to today.

    Attributes:
        days: How many.
        answered: On how many of them something was answered; on the others nothing was due.
    """

    days: int
    answered: int


def by_day(totals: Iterable[DayTotal]) -> dict[int, Total]:
    """Return what was answered on each day, of every maturity; days without answers are left out."""
    found: dict[int, Total] = {}
    for day, _, total in totals:
        found[day] = found.get(day, Total()).plus(total)
    return found


def weeks(days: Mapping[int, Total], first: int, last: int) -> list[Week]:
    """Return the weeks that hold the days from the first to the last, oldest first."""
    monday = first - calendar_date(first).weekday()
    return [
        Week(
            start,
            tuple(
                days.get(day, Total()).answers if first <= day <= last else None
                for day in range(start, start + DAYS_A_WEEK)
            ),
        )
        for start in range(monday, last + 1, DAYS_A_WEEK)
    ]


def waiting(standing: Standing, first: int, last: int) -> dict[int, int]:
    """Return how many cards were due on each day and were not answered on it; today's are those due now."""
    changes: dict[int, int] = {}
    for source in (standing.waited, standing.due):
        for day, cards in source.items():
            changes[day] = changes.get(day, 0) + cards
    level = sum(cards for day, cards in changes.items() if day < first)
    found = {}
    for day in range(first, last + 1):
        level += changes.get(day, 0)
        found[day] = level
    return found


def streak(days: Mapping[int, Total], standing: Standing, today: int) -> Streak:
    """Return how many days in a row were kept, today with them if something was answered today.

    Args:
        days: What was answered on each day, since the first.
        standing: Where the learner's cards stand now.
        today: The number of today.
    """
    answered = {day for day, total in days.items() if total.answers}
    if not answered:
        return Streak(0, 0)
    first = min(answered)
    left_over = waiting(standing, first, today)
    start = today
    while start > first and (start - 1 in answered or not left_over[start - 1]):
        start -= 1
    row = range(start, today + (today in answered))
    return Streak(len(row), sum(day in answered for day in row))


def month_starts(first: int, last: int) -> list[tuple[int, date]]:
    """Return the first day of each month that begins within some days, by number and as a date."""
    dates = ((day, calendar_date(first) + timedelta(days=day - first)) for day in range(first, last + 1))
    return [(day, at) for day, at in dates if at.day == 1]
