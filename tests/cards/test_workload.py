"""The simulated workload: the same as py-fsrs card by card, and what closed forms say it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.days import DayRules, day_number
from cards.desk import Limits
from cards.memory import Memory, Rating, State
from cards.schedule import DEFAULT_PARAMETERS, SchedulerSettings, answer, outcome
from cards.schedule import retrievability as of_one
from cards.stats.cost import DAYS_A_MONTH, cost
from cards.stats.model import EASY, GOOD, HARD, Model
from cards.stats.pace import Pace
from cards.stats.workload import Cards, Workload, workloads
from cards.totals import CardState

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
RULES = DayRules()
TODAY = day_number(NOW, RULES)
PLAIN = SchedulerSettings(fuzz=False)
UNCAPPED = Limits(new_a_day=10**6, reviews_a_day=10**6)

# Weights at which no success makes a memory more stable: w₉ takes away all that S would gain, and more.
FLAT = (*DEFAULT_PARAMETERS[:8], 0.0, 0.8, 0.001, *DEFAULT_PARAMETERS[11:])


def deck(n: int, seed: int, *, new: int = 0) -> Cards:
    random = np.random.default_rng(seed)
    stability = np.exp(random.normal(2, 1.3, n))
    last = -np.floor(random.uniform(0, 1.3, n) * stability).astype(np.int64)
    return Cards(last, stability, random.uniform(1, 10, n), new=new)


@given(
    st.floats(0.01, 3000),
    st.floats(1, 10),
    st.integers(1, 500),
    st.sampled_from([Rating.AGAIN, Rating.HARD, Rating.GOOD]),
)
def test_the_model_is_that_of_the_scheduler(
    stability: float, difficulty: float, days: int, rating: Rating
) -> None:
    memory = Memory(
        State.REVIEW,
        NOW,
        due_day=TODAY,
        stability=stability,
        difficulty=difficulty,
        last_review=NOW - timedelta(days=days),
        last_day=TODAY - days,
    )
    after, _ = answer(memory, rating, now=NOW, rules=RULES, settings=PLAIN)
    model = Model(PLAIN)
    s, d = np.array([stability]), np.array([difficulty])
    chance = model.retrievability(days, s)
    assert chance == pytest.approx(of_one(memory, now=NOW, rules=RULES, settings=PLAIN))
    ours = (
        model.after_lapse(s, d, chance)
        if rating is Rating.AGAIN
        else model.after_recall(s, d, chance, int(rating))
    )
    assert ours[0] == pytest.approx(after.stability)
    assert model.next_difficulty(d, int(rating))[0] == pytest.approx(after.difficulty)


@given(st.floats(0.01, 300), st.sampled_from([HARD, GOOD, EASY]))
def test_the_first_day_is_that_of_the_scheduler(stability: float, rating: int) -> None:
    model = Model(PLAIN)
    first, log = answer(Memory.new(NOW), Rating(rating), now=NOW, rules=RULES, settings=PLAIN)
    assert model.first(rating) == pytest.approx((first.stability, first.difficulty))
    step = replace(first, state=State.LEARNING, step=0, stability=stability, due_day=None)
    again = outcome(replace(log, rating=Rating(rating), before=step), settings=PLAIN)
    assert model.again_the_same_day(np.array([stability]), rating)[0] == pytest.approx(again.stability)


def one_by_one(
    cards: Cards, scheduler: SchedulerSettings, limits: Limits, days: int, seed: int
) -> tuple[list[int], list[int], list[int]]:
    """The same simulation through py-fsrs: reviews, lapses and answers of each day."""
    random = np.random.default_rng(seed)
    reach = Model(scheduler)
    memories = []
    for last, stability, difficulty in zip(cards.last, cards.stability, cards.difficulty, strict=True):
        interval = int(reach.interval(np.array([stability]), scheduler.desired_retention)[0])
        memories.append(
            Memory(
                State.REVIEW,
                NOW,
                due_day=TODAY + int(last) + interval,
                stability=float(stability),
                difficulty=float(difficulty),
                last_review=NOW,
                last_day=TODAY + int(last),
            )
        )
    memories += [Memory.new(NOW)] * cards.new
    reviews, lapses, answers = [], [], []

    def grade(number: int, rating: Rating, now: datetime) -> None:
        memories[number], _ = answer(memories[number], rating, now=now, rules=RULES, settings=scheduler)

    def finish(number: int, now: datetime) -> int:
        """Answer a card in its steps Good until it is done with them."""
        answered = 0
        while memories[number].state in (State.NEW, State.LEARNING, State.RELEARNING):
            grade(number, Rating.GOOD, now)
            answered += 1
        return answered

    for day in range(days):
        now = NOW + timedelta(days=day)
        due = [
            number
            for number, memory in enumerate(memories)
            if memory.due_day is not None and memory.due_day <= TODAY + day
        ]
        longest = sorted(due, key=lambda number: (memories[number].due_day, number))
        asked = sorted(longest[: limits.reviews_a_day])
        draws = random.random(len(asked))
        forgotten = answered = 0
        for number, draw in zip(asked, draws, strict=True):
            chance = of_one(memories[number], now=now, rules=RULES, settings=scheduler)
            grade(number, Rating.GOOD if draw < chance else Rating.AGAIN, now)
            forgotten += draw >= chance
            answered += 1 + finish(number, now)
        unseen = [number for number, memory in enumerate(memories) if memory.state is State.NEW]
        answered += sum(finish(number, now) for number in unseen[: limits.new_a_day])
        reviews.append(len(asked))
        lapses.append(forgotten)
        answers.append(answered)
    return reviews, lapses, answers


@pytest.mark.parametrize(
    ("scheduler", "limits"),
    [
        (PLAIN, UNCAPPED),
        (replace(PLAIN, desired_retention=0.8), Limits(new_a_day=2, reviews_a_day=6)),
        (replace(PLAIN, learning_steps=(), relearning_steps=()), UNCAPPED),
        (replace(PLAIN, learning_steps=(1.0, 5.0, 10.0), relearning_steps=(5.0, 10.0)), UNCAPPED),
        (replace(PLAIN, maximum_interval=20), UNCAPPED),
    ],
)
def test_it_is_what_py_fsrs_does_card_by_card(scheduler: SchedulerSettings, limits: Limits) -> None:
    """The same draws to the same cards on the same days: every count of every day is equal."""
    cards = deck(60, seed=4, new=15)
    (ours,) = workloads(
        cards,
        [scheduler.desired_retention],
        settings=scheduler,
        limits=limits,
        days=60,
        seed=7,
        copies=1,
    )
    reviews, lapses, answers = one_by_one(cards, scheduler, limits, 60, 7)
    assert ours.reviews.tolist() == reviews
    assert ours.lapses.tolist() == lapses
    assert ours.answers.tolist() == answers
    assert sum(reviews) > 60


def of_a_year(cards: Cards, retention: float, scheduler: SchedulerSettings = PLAIN) -> Workload:
    (year,) = workloads(cards, [retention], settings=scheduler, limits=UNCAPPED)
    return year


@pytest.mark.parametrize("retention", [0.8, 0.9, 0.95])
def test_cards_whose_stability_never_grows_are_due_once_an_interval(retention: float) -> None:
    """The closed form: an interval is S/F·(r^(−1/w₂₀) − 1), and so many of them fit into the days."""
    flat = SchedulerSettings(parameters=FLAT, fuzz=False)
    stability = 100.0
    factor = 0.9 ** (-1 / flat.parameters[20]) - 1
    interval = stability / factor * (retention ** (-1 / flat.parameters[20]) - 1)
    n = 4000
    cards = Cards(
        np.zeros(n, dtype=np.int64), np.full(n, stability), np.full(n, 10.0)
    )  # the hardest gain least
    days = 3 * round(interval) + 3
    (found,) = workloads(cards, [retention], settings=flat, limits=UNCAPPED, days=days)
    first = np.flatnonzero(found.reviews)[0]
    assert first == round(interval)
    assert found.reviews[first] == n
    recalled = 1 - found.lapses[first] / n
    assert recalled == pytest.approx(retention, abs=4 * np.sqrt(retention * (1 - retention) / n))
    # Those that were recalled come back after the same interval, or the day after it.
    second = found.reviews[2 * round(interval) : 2 * round(interval) + 3].sum()
    assert second >= n - found.lapses[first]


def test_every_review_is_forgotten_as_often_as_the_desired_retention_says() -> None:
    year = of_a_year(deck(3000, seed=1), 0.85)
    forgotten, n = year.lapses[60:].sum(), year.reviews[60:].sum()  # once the overdue are done
    assert forgotten / n == pytest.approx(0.15, abs=0.02)  # intervals are whole days


def test_remembering_more_costs_more() -> None:
    found = workloads(deck(400, seed=2, new=50), [0.7, 0.8, 0.9, 0.95, 0.99], settings=PLAIN, limits=UNCAPPED)
    assert np.all(np.diff([year.answers_a_day for year in found]) > 0)
    assert np.all(np.diff([year.remembered for year in found]) > 0)


def test_the_caps_are_kept_and_it_is_said_when_they_bind() -> None:
    cards = deck(300, seed=3, new=40)
    limits = Limits(new_a_day=3, reviews_a_day=5)
    (tight,) = workloads(cards, [0.9], settings=PLAIN, limits=limits, days=30, copies=1)
    assert tight.reviews.max() == 5
    assert tight.capped == 1.0
    (loose,) = workloads(cards, [0.9], settings=PLAIN, limits=UNCAPPED, days=30, copies=1)
    assert loose.capped == 0.0


def test_the_same_seed_gives_the_same_year_and_no_global_state_is_touched() -> None:
    before = np.random.get_state()[1].tolist()  # noqa: NPY002 - this is what must not move
    one, other = (workloads(deck(50, seed=5), [0.9], settings=PLAIN, limits=UNCAPPED, days=40) for _ in "ab")
    assert one[0].answers.tolist() == other[0].answers.tolist()
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


def test_no_cards_are_no_work() -> None:
    (nothing,) = workloads(Cards.of([], TODAY), [0.9], settings=PLAIN, limits=Limits())
    assert (nothing.answers_a_day, nothing.remembered, nothing.n) == (0, 0, 0)


def test_a_learners_cards_are_counted_from_today() -> None:
    states = [
        CardState(TODAY + 5, TODAY - 3, 8.0, 4.0),
        CardState(None, None, None, None),
        CardState(TODAY, TODAY + 1, 2.0, 3.0),
    ]
    for order in (states, states[::-1]):
        cards = Cards.of(order, TODAY)
        assert (cards.last.tolist(), cards.stability.tolist(), cards.new) == ([-3, 0], [8.0, 2.0], 1)


SLOW = Pace(60.0, 500, own=True)  # a minute an answer: minutes are answers


def test_the_first_month_begins_every_card_and_the_long_run_is_calmer() -> None:
    of_ten = cost(10, settings=PLAIN, limits=Limits(), pace=SLOW)
    assert of_ten.first_month > 2 * 10  # two answers to begin each
    assert 0 < of_ten.later < of_ten.first_month / 2
    assert cost(0, settings=PLAIN, limits=Limits(), pace=SLOW).first_month == 0
    fast = cost(10, settings=PLAIN, limits=Limits(), pace=replace(SLOW, seconds=6.0))
    assert fast.first_month == pytest.approx(of_ten.first_month / 10)


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 4))
def test_under_the_cap_the_cost_is_that_of_each_card(times: int) -> None:
    one = cost(5, settings=PLAIN, limits=UNCAPPED, pace=SLOW)
    more = cost(5 * times, settings=PLAIN, limits=UNCAPPED, pace=SLOW)
    assert more.first_month == pytest.approx(times * one.first_month, rel=0.1)


def test_the_cap_on_new_cards_spreads_the_first_month() -> None:
    limits = Limits(new_a_day=1)
    of_many = cost(100, settings=PLAIN, limits=limits, pace=SLOW)
    of_a_month = cost(DAYS_A_MONTH, settings=PLAIN, limits=limits, pace=SLOW)
    assert of_many.first_month == pytest.approx(of_a_month.first_month, rel=0.1)
