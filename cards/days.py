"""Calendar days as a learner lives them.

FSRS counts days between reviews. Counting blocks of 24 hours would call an evening and the next morning the
same day, though the learner has slept in between; so days are counted on the learner's own calendar, and a
day begins at a rollover hour in the small hours instead of at midnight, as Anki does.

A *day number* counts such days from 1970-01-01. It is found by moving the clock on the wall back by the
rollover and taking the date: working on wall time keeps every day one day long across changes to and from
summer time.

Left out: rollovers that are not on the hour. A learner who travels west may see a day number repeat or go
back by one; whoever subtracts day numbers has to allow for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class DayRules:
    """Where a learner's day begins.

    Attributes:
        timezone: A name of the IANA time zone database, such as "Europe/London".
        rollover_hour: The local hour at which a day begins, 0 to 23.
    """

    timezone: str = "UTC"
    rollover_hour: int = 4

    def __post_init__(self) -> None:
        if not 0 <= self.rollover_hour <= 23:  # noqa: PLR2004 - the hours of a clock
            raise ValueError(f"rollover hour {self.rollover_hour} is not an hour of the day; choose 0 to 23")
        try:
            ZoneInfo(self.timezone)
        except (LookupError, ValueError, OSError) as error:  # unknown, malformed, or the name of a folder
            raise ValueError(
                f"time zone {self.timezone!r} is not known; use a name such as Europe/London, or UTC"
            ) from error


def as_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC.

    Raises:
        ValueError: The moment carries no time zone, so nobody can say when it was.
    """
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; pass a moment in UTC")
    return moment.astimezone(UTC)


@lru_cache(maxsize=1024)  # a card that is shown asks some ten times which day the present is
def day_number(moment: datetime, rules: DayRules) -> int:
    """Return the number of the learner's day in which a moment falls, counted from 1970-01-01."""
    wall = as_utc(moment).astimezone(ZoneInfo(rules.timezone)).replace(tzinfo=None)
    return ((wall - timedelta(hours=rules.rollover_hour)).date() - EPOCH).days


def calendar_date(day: int) -> date:
    """Return the date that a day number stands for."""
    return EPOCH + timedelta(days=day)


def number_of_date(date_: date) -> int:
    """Return the day number that stands for a date."""
    return (date_ - EPOCH).days


def start_of_day(day: int, rules: DayRules) -> datetime:
    """Return the moment, in UTC, at which a learner's day begins.

    Where the clocks skip the rollover hour that night, the day begins when they skip.
    """
    wall = datetime.combine(calendar_date(day), time(rules.rollover_hour))
    return wall.replace(tzinfo=ZoneInfo(rules.timezone)).astimezone(UTC)
