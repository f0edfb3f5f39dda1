"""The scheduler: its golden sequence, its order, its days, and its replay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.days import DayRules, start_of_day
from cards.schedule import (
    DEFAULT_PARAMETERS,
    Memory,
    Rating,
    ReviewLog,
    SchedulerSettings,
    State,
    answer,
    choices,
    is_due,
    outcome,
    retrievability,
)

NO_FUZZ = SchedulerSettings(fuzz=False)
UTC_DAYS = DayRules("UTC", rollover_hour=0)
LONDON = DayRules("Europe/London")
START = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)

gaps = st.one_of(
    st.integers(0, 7200).map(lambda seconds: timedelta(seconds=seconds)),
    st.integers(0, 400 * 24).map(lambda hours: timedelta(hours=hours)),
)
reviews = st.lists(st.tuples(gaps, st.sampled_from(Rating)), max_size=12)
seeds = st.one_of(st.none(), st.text("abc", min_size=1, max_size=4))


def after(
    answers: list[tuple[timedelta, Rating]],
    *,
    rules: DayRules = LONDON,
    settings: SchedulerSettings = NO_FUZZ,
    seed: str | None = None,
) -> tuple[Memory, list[ReviewLog], datetime]:
    """Answer a new card; return its memory, the log, and the moment of the last answer."""
    memory, now, logs = Memory.new(START), START, []
    for gap, rating in answers:
        now += gap
        memory, log = answer(memory, rating, now=now, rules=rules, settings=settings, seed=seed)
        logs.append(log)
    return memory, logs, now


def days_until_due(memory: Memory) -> int:
    """The interval of a memory that comes back by the day; 0 for one that comes back within it."""
    if memory.due_day is None or memory.last_day is None:
        return 0
    return memory.due_day - memory.last_day


def test_golden_intervals() -> None:
    """Each answer given when it is due, as py-fsrs's own test of its first thirteen intervals has it."""
    good, again = Rating.GOOD, Rating.AGAIN
    ratings = [good, good, good, good, good, good, again, again, good, good, good, good, good]
    memory, now, intervals = Memory.new(START), START, []
    for rating in ratings:
        memory, _ = answer(memory, rating, now=now, rules=UTC_DAYS, settings=NO_FUZZ)
        intervals.append(days_until_due(memory))
        now = memory.due
    assert intervals == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_stability_is_the_days_until_recall_falls_to_nine_tenths() -> None:
    settings = replace(NO_FUZZ, parameters=(*DEFAULT_PARAMETERS[:3], 30.0, *DEFAULT_PARAMETERS[4:]))
    memory, _, now = after([(timedelta(), Rating.EASY)], settings=settings)
    assert memory.stability == 30
    due = now + timedelta(days=30)
    assert retrievability(memory, now=due, rules=LONDON, settings=settings) == pytest.approx(0.9, abs=1e-12)
    assert days_until_due(memory) == 30


def test_the_morning_after_is_a_day_later_though_nine_hours_have_passed() -> None:
    evening = datetime(2026, 11, 22, 22, tzinfo=UTC)
    memory = Memory.new(evening)
    for _ in range(2):
        memory, _ = answer(memory, Rating.GOOD, now=evening, rules=LONDON, settings=NO_FUZZ)
    night, log_night = answer(
        memory, Rating.GOOD, now=evening + timedelta(hours=1), rules=LONDON, settings=NO_FUZZ
    )
    morning, log_morning = answer(
        memory, Rating.GOOD, now=evening + timedelta(hours=9), rules=LONDON, settings=NO_FUZZ
    )
    assert (log_night.elapsed_days, log_morning.elapsed_days) == (0, 1)
    assert night.stability == pytest.approx(2.3065, abs=1e-4)  # within a day nothing is proved
    assert morning.stability > 3 * night.stability


def test_summer_time_neither_adds_nor_takes_a_day() -> None:
    """The night of 29 March 2026 is an hour short; 23 hours between two breakfasts are one day."""
    saturday = datetime(2026, 3, 28, 8, tzinfo=UTC)
    memory, _ = answer(Memory.new(saturday), Rating.EASY, now=saturday, rules=LONDON, settings=NO_FUZZ)
    _, log = answer(
        memory, Rating.GOOD, now=datetime(2026, 3, 29, 7, tzinfo=UTC), rules=LONDON, settings=NO_FUZZ
    )
    assert log.elapsed_days == 1


def test_flying_west_over_the_date_line_counts_no_negative_days() -> None:
    tokyo, honolulu = DayRules("Asia/Tokyo"), DayRules("Pacific/Honolulu")
    at = datetime(2026, 11, 22, 21, tzinfo=UTC)  # Monday morning in Tokyo
    memory, first = answer(Memory.new(at), Rating.EASY, now=at, rules=tokyo, settings=NO_FUZZ)
    later = at + timedelta(hours=8)  # Sunday evening in Honolulu
    west, second = answer(memory, Rating.GOOD, now=later, rules=honolulu, settings=NO_FUZZ)
    stayed, _ = answer(memory, Rating.GOOD, now=later, rules=tokyo, settings=NO_FUZZ)
    assert second.day < first.day
    assert second.elapsed_days == 0
    assert west.stability == stayed.stability


@given(reviews, st.integers(1, 1000).map(lambda hours: timedelta(hours=hours)), st.sampled_from(Rating))
def test_a_review_dated_before_the_last_one_counts_as_the_same_day(
    answers: list[tuple[timedelta, Rating]], back: timedelta, rating: Rating
) -> None:
    memory, _, now = after(answers)
    early, log = answer(memory, rating, now=now - back, rules=LONDON, settings=NO_FUZZ)
    same, _ = answer(memory, rating, now=now, rules=LONDON, settings=NO_FUZZ)
    assert log.elapsed_days == 0
    assert (early.stability, early.difficulty, early.state) == (same.stability, same.difficulty, same.state)
    assert early.last_review == now - back


@given(reviews, gaps, seeds)
def test_harder_never_comes_back_later(
    answers: list[tuple[timedelta, Rating]], gap: timedelta, seed: str | None
) -> None:
    settings = SchedulerSettings()
    memory, _, now = after(answers, settings=settings, seed=seed)
    chosen = choices(memory, now=now + gap, rules=LONDON, settings=settings, seed=seed)
    again, hard, good, easy = (chosen[rating] for rating in Rating)
    assert again.due <= hard.due <= good.due <= easy.due
    assert again.stability <= hard.stability <= good.stability <= easy.stability
    assert again.difficulty >= hard.difficulty >= good.difficulty >= easy.difficulty
    if memory.state is State.REVIEW and days_until_due(easy) < settings.maximum_interval:
        assert days_until_due(hard) < days_until_due(good) < days_until_due(easy)


@given(reviews, gaps, seeds)
def test_forgetting_never_lengthens(
    answers: list[tuple[timedelta, Rating]], gap: timedelta, seed: str | None
) -> None:
    memory, _, now = after(answers, seed=seed)
    forgotten, _ = answer(memory, Rating.AGAIN, now=now + gap, rules=LONDON, settings=NO_FUZZ, seed=seed)
    assert forgotten.due - forgotten.last_review <= timedelta(minutes=10)
    if memory.stability is not None:
        assert forgotten.stability <= memory.stability
        assert forgotten.difficulty >= memory.difficulty


@given(reviews, seeds)
def test_what_always_holds_of_a_memory(answers: list[tuple[timedelta, Rating]], seed: str | None) -> None:
    memory, logs, now = after(answers, settings=SchedulerSettings(), seed=seed)
    in_steps = memory.state in (State.LEARNING, State.RELEARNING)
    assert (memory.state is State.NEW) == (not answers)
    assert (memory.step is not None) == in_steps
    assert (memory.due_day is not None) == (memory.state is State.REVIEW)
    assert memory.reps == len(logs)
    assert memory.lapses == sum(
        log.before.state is State.REVIEW and log.rating is Rating.AGAIN for log in logs
    )
    if answers:
        assert memory.stability is not None
        assert memory.stability > 0
        assert memory.difficulty is not None
        assert 1 <= memory.difficulty <= 10
        assert memory.last_review == now < memory.due
        assert 0 <= retrievability(memory, now=memory.due, rules=LONDON, settings=NO_FUZZ) <= 1


@given(reviews, seeds)
def test_the_log_replays_to_the_same_memory(
    answers: list[tuple[timedelta, Rating]], seed: str | None
) -> None:
    settings = SchedulerSettings()
    memory, logs, _ = after(answers, rules=LONDON, settings=settings, seed=seed)
    replayed = Memory.new(START)
    for log in logs:
        assert log.before == replayed
        replayed = outcome(ReviewLog(log.rating, log.at, log.day, replayed), settings=settings, seed=seed)
    assert replayed == memory


@given(reviews, gaps)
def test_fuzz_moves_dates_and_nothing_else(answers: list[tuple[timedelta, Rating]], gap: timedelta) -> None:
    memory, _, now = after(answers)
    plain = choices(memory, now=now + gap, rules=LONDON, settings=NO_FUZZ, seed="a-card")
    moved = choices(memory, now=now + gap, rules=LONDON, settings=SchedulerSettings(), seed="a-card")
    for rating in Rating:
        dates = {"due": plain[rating].due, "due_day": plain[rating].due_day}
        assert replace(moved[rating], **dates) == plain[rating]


def test_without_a_seed_there_is_no_fuzz() -> None:
    memory, _, now = after([(timedelta(), Rating.EASY)])
    fuzzy = SchedulerSettings()
    assert choices(memory, now=now, rules=LONDON, settings=fuzzy) == choices(
        memory, now=now, rules=LONDON, settings=NO_FUZZ
    )


def test_due_by_the_day_from_its_first_moment() -> None:
    memory, _, _ = after([(timedelta(), Rating.EASY)])
    assert memory.due_day is not None
    morning = start_of_day(memory.due_day, LONDON)
    assert is_due(memory, now=morning, rules=LONDON)
    assert not is_due(memory, now=morning - timedelta(seconds=1), rules=LONDON)


def test_due_in_steps_at_the_minute() -> None:
    memory, _, now = after([(timedelta(), Rating.AGAIN)])
    assert is_due(memory, now=now + timedelta(minutes=1), rules=LONDON)
    assert not is_due(memory, now=now + timedelta(seconds=59), rules=LONDON)
    assert not is_due(Memory.new(START), now=START, rules=LONDON)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"desired_retention": 0.5}, r"desired_retention 0.5 is out of bounds; choose 0.7 to 0.99"),
        ({"maximum_interval": 0}, r"maximum_interval 0 is out of bounds; choose 1 to 36500 days"),
        ({"learning_steps": (0.0,)}, r"learning_steps has a step of 0.0 minutes"),
        ({"relearning_steps": (1440.0,)}, r"relearning_steps has a step of 1440.0 minutes"),
        ({"learning_steps": (1.0,) * 100_000}, r"learning_steps has 100,000 steps; choose at most 32"),
        ({"relearning_steps": (1.0,) * 33}, r"relearning_steps has 33 steps; choose at most 32"),
        ({"parameters": DEFAULT_PARAMETERS[:19]}, r"Expected 21 parameters, got 19"),
        ({"parameters": (-1.0, *DEFAULT_PARAMETERS[1:])}, r"parameters\[0\] = -1.0 is out of bounds"),
    ],
)
def test_a_setting_out_of_bounds_is_named(setting: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SchedulerSettings(**setting)


@given(
    st.builds(
        SchedulerSettings,
        desired_retention=st.floats(0.7, 0.99),
        learning_steps=st.lists(st.floats(0.5, 1000), max_size=3).map(tuple),
        maximum_interval=st.integers(1, 36500),
        fuzz=st.booleans(),
    )
)
def test_settings_round_trip_through_json(settings: SchedulerSettings) -> None:
    assert SchedulerSettings.from_json(settings.to_json()) == settings


def test_equal_settings_read_the_same() -> None:
    assert SchedulerSettings(learning_steps=(1, 10)).to_json() == SchedulerSettings().to_json()
