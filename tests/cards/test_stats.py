"""Statistics: each against its definition, worked out another way."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cards.days import EPOCH, DayRules
from cards.memory import Memory, State
from cards.schedule import SchedulerSettings
from cards.schedule import retrievability as of_one
from cards.stats import spread
from cards.stats.calendar import Streak, by_day, month_starts, streak, waiting, weeks
from cards.stats.forecast import forecast
from cards.stats.model import Model
from cards.stats.pace import ASSUMED, ENOUGH, Pace, minutes, pace
from cards.stats.retention import Share, retention
from cards.totals import DayTotal, Maturity, Seen, Stage, Standing, Total

NOTHING = Standing({}, [], {}, {})


def answered(*days: int) -> dict[int, Total]:
    return {day: Total(1, 1, 0, 1, 1000) for day in days}


def test_a_share_has_wilsons_interval_at_95_percent_or_another() -> None:
    """Newcombe (1998), table I, method 3; at z = 1 and half of n, (1/2) ± 1 / (2 √(n + 1))."""
    assert Share(81, 263).interval() == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert Share(4, 8).interval(1) == pytest.approx((1 / 3, 2 / 3))


def test_of_nothing_nothing_is_known() -> None:
    assert Share(0, 0).interval() == (0.0, 1.0)
    assert math.isnan(Share(0, 0).value)


def test_retention_is_of_reviews_and_answers_in_the_steps_are_apart() -> None:
    found = retention([
        DayTotal(1, Maturity.LEARNING, Total(50, 30)),
        DayTotal(1, Maturity.YOUNG, Total(10, 8)),
        DayTotal(2, Maturity.YOUNG, Total(10, 9)),
        DayTotal(2, Maturity.MATURE, Total(40, 39)),
    ])  # fmt: skip
    assert found == ((17, 20), (39, 40), (56, 60), (30, 50))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12))), st.integers(0, 30))
def test_every_answer_is_in_the_calendar_once(days: list[tuple[int, int]], first: int) -> None:
    totals = [DayTotal(day, Maturity.YOUNG, Total(answers)) for day, answers in days]
    shown = weeks(by_day(totals), first, 30)
    assert sum(week.total for week in shown) == sum(answers for day, answers in days if day >= first)
    assert all(
        (EPOCH + timedelta(days=week.monday)).weekday() == 0 and len(week.answers) == 7 for week in shown
    )
    assert sum(count is not None for week in shown for count in week.answers) == 31 - first


def test_months_begin_on_their_first_day() -> None:
    first = (datetime(2026, 1, 15, tzinfo=UTC).date() - EPOCH).days
    assert [at.isoformat() for _, at in month_starts(first, first + 50)] == ["2026-02-01", "2026-03-01"]


WAITS = st.lists(st.tuples(st.integers(0, 25), st.integers(1, 10)), max_size=8)


@given(WAITS, st.lists(st.integers(0, 40), max_size=4), st.sets(st.integers(0, 30)))
def test_a_day_is_kept_if_something_was_answered_or_nothing_was_due(
    late: list[tuple[int, int]], due: list[int], on_time: set[int]
) -> None:
    """Each late answer had waited from its day to the day before; each card that is due waits still."""
    today = 30
    late = [(day, min(wait, today - day)) for day, wait in late]
    changes = Counter[int]()
    for day, wait in late:
        changes[day] += 1
        changes[day + wait] -= 1
    days = on_time | {day + wait for day, wait in late}
    standing = Standing(Counter(due), [], {}, changes)
    waited = {
        day: sum(start <= day < start + wait for start, wait in late) + sum(one <= day for one in due)
        for day in range(today + 1)
    }
    assert waiting(standing, 0, today) == waited

    assume(days)
    length = 0
    while (day := today - 1 - length) >= min(days) and (day in days or waited[day] == 0):
        length += 1
    length += today in days
    assert streak(answered(*days), standing, today).days == length


def test_a_day_with_nothing_due_is_kept_and_one_that_was_missed_is_not() -> None:
    assert streak(answered(10, 11, 14), NOTHING, 15) == Streak(5, 3)
    missed = Standing({}, [], {}, {12: 1, 14: -1})  # due on the 12th, answered on the 14th
    assert streak(answered(10, 11, 14), missed, 15) == Streak(1, 1)
    still_due = Standing({12: 1}, [], {}, {})
    assert streak(answered(10, 11, 14), still_due, 15) == Streak(1, 1)


def test_today_counts_when_something_is_answered_and_never_breaks_the_row() -> None:
    due_today = Standing({15: 3}, [], {}, {})
    assert streak(answered(13, 14), due_today, 15) == Streak(2, 2)
    assert streak(answered(13, 14, 15), due_today, 15) == Streak(3, 3)
    assert streak({}, due_today, 15) == Streak(0, 0)


def test_seconds_an_answer_are_ones_own_once_there_are_enough() -> None:
    assert pace(Total(500, 0, 0, ENOUGH - 1, 10**6)) == Pace(ASSUMED, ENOUGH - 1, own=False)
    assert pace(Total(500, 0, 0, ENOUGH, ENOUGH * 6500)) == Pace(6.5, ENOUGH, own=True)
    assert minutes(Total(2, 0, 0, 2, 90_000)) == 1.5


@given(st.dictionaries(st.integers(-20, 60), st.integers(1, 9)), st.integers(1, 40))
def test_each_card_comes_back_once(due: dict[int, int], days: int) -> None:
    found = forecast(Standing(due, [], {}, {}), 0, days)
    assert found.n == sum(due.values())
    assert found.days[0] == sum(cards for day, cards in due.items() if day <= 0)
    assert found.overdue == sum(cards for day, cards in due.items() if day < 0)
    assert all(found.days[day] == due.get(day, 0) for day in range(1, days))


@given(st.lists(st.tuples(st.floats(0.01, 30_000), st.integers(0, 400)), min_size=1, max_size=20))
def test_chances_of_recall_are_those_of_the_scheduler(cards: list[tuple[float, int]]) -> None:
    now, settings = datetime(2026, 11, 26, 9, tzinfo=UTC), SchedulerSettings()
    today = (now.date() - EPOCH).days
    seen = [Seen(today - days, 0, 1, stability) for stability, days in cards]
    chances = [
        of_one(
            Memory(State.REVIEW, now, stability=stability, difficulty=5.0, last_day=today - days),
            now=now,
            rules=DayRules(),
            settings=settings,
        )
        for stability, days in cards
    ]
    standing, model = Standing({}, seen, {}, {}), Model(settings)
    assert spread.remembered(standing, today, model) == pytest.approx(sum(chances))
    assume(all(abs(20 * chance - round(20 * chance)) > 1e-9 for chance in chances))
    wanted = Counter(min(19, int(20 * chance)) for chance in chances)
    found = spread.retrievability(standing, today, model)
    assert list(found.cards) == [wanted[place] for place in range(20)]


def test_the_median_card_lies_in_the_middle_bin() -> None:
    seen = [Seen(0, 0, 2, 0.5), Seen(0, 3, 1, 5.0), Seen(1, 3, 1, 7.0), Seen(1, 5, 3, 20.0)]
    stages = {(Stage.NEW, 0): 4, (Stage.YOUNG, 3): 2, (Stage.MATURE, 9): 5}
    standing = Standing({}, seen, stages, {})
    by_stability = spread.stability(standing)
    assert by_stability.edges == (0, 1, 2, 4, 8, 16, 32)[: len(by_stability.cards) + 1]
    assert by_stability.cards == (2, 0, 0, 2, 0, 3)
    assert by_stability.middle == (4, 8)
    by_difficulty = spread.difficulty(standing)
    assert (by_difficulty.cards, by_difficulty.n) == ((0, 0, 2, 0, 0, 0, 0, 0, 5), 7)
    assert by_difficulty.middle == (9, 10)
    assert spread.stability(NOTHING).middle is None
