"""Dates in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from cards.days import DayRules, as_utc, day_number
from cards.memory import Memory

SECONDS_A_MINUTE, SECONDS_AN_HOUR = 60, 3600
DAYS_A_MONTH, DAYS_A_YEAR = 30.44, 365.25
MONTHS_FROM, YEARS_FROM = 61, 730  # days from which an interval is told in months, and in years


def in_words(due: Memory | datetime, *, now: datetime, rules: DayRules) -> str:
    """Return when something is due, in words: "now", "10 minutes", "today", "tomorrow", "8 days", "3 months".

    A memory that is due by the day, and any moment on a later day, is told by the learner's calendar; a
    moment today is told by the clock.
    """
    now = as_utc(now)
    today = day_number(now, rules)
    moment = due.due if isinstance(due, Memory) else as_utc(due)
    if isinstance(due, Memory) and due.due_day is not None:
        return _days_in_words(due.due_day - today)
    if day_number(moment, rules) > today and moment - now >= timedelta(hours=1):
        return _days_in_words(day_number(moment, rules) - today)
    return _seconds_in_words((moment - now).total_seconds())


def _seconds_in_words(seconds: float) -> str:
    if seconds <= 0:
        return "now"
    if seconds < SECONDS_AN_HOUR:
        return _counted(max(1, round(seconds / SECONDS_A_MINUTE)), "minute")
    return _counted(round(seconds / SECONDS_AN_HOUR), "hour")


def _days_in_words(days: int) -> str:
    if days <= 0:
        return "today"
    if days == 1:
        return "tomorrow"
    if days < MONTHS_FROM:
        return _counted(days, "day")
    if days < YEARS_FROM:
        return _counted(round(days / DAYS_A_MONTH), "month")
    return _counted(round(days / DAYS_A_YEAR), "year")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
