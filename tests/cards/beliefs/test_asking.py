"""When a claim is asked again: sparsely, sooner after a move and before its date, never once settled."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.beliefs.asking import (
    BEFORE_DATE,
    FIRST_GAP,
    LONGEST_GAP,
    REPEAT_AFTER,
    REPEAT_UNTIL,
    next_ask,
    next_repeat,
)
from cards.beliefs.history import Entry, History
from cards.days import EPOCH

points = st.integers(0, 100).map(lambda p: p / 100)
histories = st.lists(
    st.tuples(st.integers(0, 400), st.none() | points, st.booleans()), min_size=1, max_size=12
).map(lambda rows: sorted(rows, key=lambda row: row[0]))
days = st.integers(0, 1500)
dates = st.none() | days.map(lambda day: EPOCH + timedelta(days=day))


def followed(credences: list[float | None], by: date | None = None) -> list[int]:
    """The gaps between the days on which someone is asked who answers on the day, and the last one."""
    history: list[Entry] = []
    asked: list[int] = [0]
    for credence in credences:
        history.append(Entry(asked[-1], credence))
        day = next_ask(history, today=asked[-1] + 1, by=by)
        if day is None:
            break
        asked.append(day)
    return [after - before for before, after in pairwise(asked)]


@pytest.mark.parametrize(
    ("credences", "gaps"),
    [
        ([0.5] * 7, [14, 28, 56, 112, 180, 180, 180]),
        ([0.5, 0.5, 0.5, 0.55, 0.55], [14, 28, 56, 14, 28]),
        ([0.5, 0.54, 0.46, 0.5], [14, 28, 56, 112]),
        ([0.5, 0.52, 0.54, 0.56, 0.58], [14, 28, 56, 14, 28]),
        ([0.3, 0.35, 0.4], [14, 14, 14]),
        ([None, None, None, None, 0.5, 0.5], [30, 60, 120, 180, 14, 28]),
        ([0.5, None, None], [14, 30, 60]),
    ],
)
def test_the_schedule(credences: list[float | None], gaps: list[int]) -> None:
    assert followed(credences) == gaps


def test_a_claim_with_a_date_is_asked_once_more_before_it_and_then_waits_for_its_answer() -> None:
    by = EPOCH + timedelta(days=100)
    assert followed([0.5] * 9, by) == [14, 28, 51]
    assert sum(followed([0.5] * 9, by)) == 100 - BEFORE_DATE
    assert next_ask([Entry(0, 0.5)], today=99, by=by) == 99
    assert next_ask([Entry(0, 0.5)], today=100, by=by) is None


@given(histories, days, dates)
def test_it_is_never_in_the_past_nor_on_the_date_nor_once_settled(
    history: History, today: int, by: date | None
) -> None:
    ask = next_ask(history, today=today, by=by)
    assert ask is None or (ask >= today and (by is None or EPOCH + timedelta(days=ask) < by))
    assert by is not None or ask is not None
    assert next_ask(history, today=today, by=by, settled=True) is None


@given(histories)
def test_gaps_are_two_weeks_at_least_and_half_a_year_at_most(history: History) -> None:
    last = max(day for place, (day, _, repeat) in enumerate(history) if not (repeat and place))
    assert FIRST_GAP <= (next_ask(history, today=0) or 0) - last <= LONGEST_GAP


@given(histories, days, dates, st.integers(0, 300))
def test_a_later_look_is_never_told_an_earlier_day(
    history: History, today: int, by: date | None, later: int
) -> None:
    first, second = next_ask(history, today=today, by=by), next_ask(history, today=today + later, by=by)
    assert second is None or (first is not None and first <= second)


@given(histories, days, days)
def test_a_date_never_makes_it_later(history: History, today: int, by_day: int) -> None:
    free = next_ask(history, today=today)
    bound = next_ask(history, today=today, by=EPOCH + timedelta(days=by_day))
    assert free is not None
    assert bound is None or bound <= free


@given(points, points, points, st.integers(1, 100))
def test_whoever_moved_further_is_asked_no_later(start: float, one: float, other: float, wait: int) -> None:
    near, far = sorted((one, other), key=lambda p: abs(p - start))
    asks = [next_ask([Entry(0, start), Entry(wait, end)], today=0) or 0 for end in (near, far)]
    assert asks[1] <= asks[0]


@given(st.lists(points, min_size=1, max_size=8))
def test_the_longer_it_stays_put_the_longer_the_gap(credences: list[float]) -> None:
    gaps = followed([*credences, *[credences[-1]] * 6])
    stays = gaps[len(credences) :]
    assert stays == sorted(stays)
    assert stays[-1] == LONGEST_GAP


@given(histories, points)
def test_repeats_and_what_was_corrected_the_same_day_do_not_move_it(history: History, wrong: float) -> None:
    plain = next_ask(history, today=0)
    last = history[-1][0]
    assert next_ask([*history, Entry(last + 3, 0.9, repeat=True)], today=0) == plain
    corrected = [*history, Entry(last + 20, wrong), Entry(last + 20, 0.5)]
    assert next_ask(corrected, today=0) == next_ask([*history, Entry(last + 20, 0.5)], today=0)


def test_what_was_never_asked_is_not_asked_again() -> None:
    assert next_ask([], today=10) is None
    assert next_repeat("a", [], today=10) is None


def test_one_entry_in_eight_is_to_be_repeated() -> None:
    drawn = [
        next_repeat(f"claim-{claim}", [Entry(day, 0.4)], today=day) is not None
        for claim in range(50)
        for day in range(0, 1000, 10)
    ]
    assert sum(drawn) / len(drawn) == pytest.approx(1 / 8, abs=4 * (7 / 64 / len(drawn)) ** 0.5)


@given(st.sampled_from("abcdefghijklmnop"), histories, days, dates)
def test_a_repeat_comes_some_days_after_an_entry_or_not_at_all(
    claim_id: str, history: History, today: int, by: date | None
) -> None:
    day, credence, repeat = history[-1]
    ask = next_repeat(claim_id, history, today=today, by=by)
    if ask is not None:
        assert today <= ask
        assert REPEAT_AFTER <= ask - day <= REPEAT_UNTIL
        assert by is None or EPOCH + timedelta(days=ask) < by
        assert not repeat
        assert credence not in {None, 0, 1}
        assert ask == next_repeat(claim_id, history, today=ask, by=by)
    assert next_repeat(claim_id, history, today=today, by=by, settled=True) is None


def test_a_missed_repeat_is_gone_after_a_week() -> None:
    claim = next(str(k) for k in range(100) if next_repeat(str(k), [Entry(10, 0.4)], today=10))
    asks = [next_repeat(claim, [Entry(10, 0.4)], today=today) for today in range(10, 20)]
    assert asks == [13, 13, 13, 13, 14, 15, 16, 17, None, None]
    assert next_repeat(claim, [Entry(10, 0.4), Entry(13, 0.4, repeat=True)], today=13) is None
