"""Calendar days: one a date, each beginning at the rollover, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.days import DayRules, as_utc, calendar_date, day_number, start_of_day

ZONES = (
    "UTC",
    "Europe/London",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Havana",
)
rules = st.builds(DayRules, st.sampled_from(ZONES), st.integers(0, 23))
days = st.integers(0, 40_000)
moments = st.datetimes(datetime(1975, 1, 1), datetime(2075, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def test_day_number_one_is_the_second_of_january_1970() -> None:
    assert day_number(datetime(1970, 1, 2, 4, tzinfo=UTC), DayRules()) == 1
    assert calendar_date(1) == date(1970, 1, 2)


def test_a_day_ends_at_the_rollover_not_at_midnight() -> None:
    rules = DayRules("Europe/London", rollover_hour=4)
    evening = day_number(datetime(2026, 11, 22, 22, tzinfo=UTC), rules)
    assert day_number(datetime(2026, 11, 23, 3, 59, tzinfo=UTC), rules) == evening
    assert day_number(datetime(2026, 11, 23, 4, 0, tzinfo=UTC), rules) == evening + 1
    assert day_number(datetime(2026, 11, 23, 7, 0, tzinfo=UTC), rules) == evening + 1


@pytest.mark.parametrize(("date_", "hours"), [((2026, 3, 28), 23), ((2026, 10, 24), 25), ((2026, 6, 1), 24)])
def test_days_across_a_change_of_clocks_are_23_or_25_hours_long(
    date_: tuple[int, int, int], hours: int
) -> None:
    rules = DayRules("Europe/London")
    day = (date(*date_) - date(1970, 1, 1)).days
    assert start_of_day(day + 1, rules) - start_of_day(day, rules) == timedelta(hours=hours)


@given(days, rules)
def test_a_day_begins_where_its_number_does(day: int, rules: DayRules) -> None:
    start = start_of_day(day, rules)
    assert day_number(start, rules) == day
    assert day_number(start - timedelta(microseconds=1), rules) == day - 1


@given(moments, moments, rules)
def test_later_is_never_an_earlier_day(one: datetime, other: datetime, rules: DayRules) -> None:
    earlier, later = sorted((one, other))
    assert day_number(earlier, rules) <= day_number(later, rules)


@given(moments, st.integers(-23, 23), rules)
def test_the_zone_a_moment_is_written_in_changes_nothing(
    moment: datetime, hours: int, rules: DayRules
) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    assert as_utc(elsewhere) == moment
    assert day_number(elsewhere, rules) == day_number(moment, rules)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2026-11-22T10:00:00 has no time zone"):
        day_number(datetime(2026, 11, 22, 10), DayRules())  # noqa: DTZ001 - that is the mistake


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=r"time zone .* is not known; use a name such as Europe/London"):
        DayRules(name)


@pytest.mark.parametrize("hour", [-1, 24])
def test_a_rollover_is_an_hour_of_the_day(hour: int) -> None:
    with pytest.raises(ValueError, match=f"rollover hour {hour} is not an hour of the day"):
        DayRules("UTC", hour)
