"""The scheduler agrees with Anki's own backend on the same reviews: memories, and every button's interval."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from cards.days import DayRules
from cards.schedule import Memory, Rating, SchedulerSettings, State, answer, choices
from tests.cards.anki_oracle import History, Verdict, next_day_and_now, verdicts

NO_FUZZ = SchedulerSettings(fuzz=False)
RULES = DayRules("UTC", rollover_hour=4)  # the oracle's clock, and Anki's own rollover
SINGLE = 1e-5  # Anki computes in single precision


@dataclass(frozen=True)
class Clock:
    """Anki's present. Moments are named by how many days ago they were and the hour on the clock."""

    now: datetime
    next_day: datetime

    def at(self, days_ago: int, hour: float) -> datetime:
        """Return the moment on the day that began `days_ago` days before today's, `hour` 4 to 28."""
        return self.next_day + timedelta(days=-days_ago - 1, hours=hour - RULES.rollover_hour)


@pytest.fixture(scope="module")
def clock() -> Clock:
    next_day, now = next_day_and_now()
    return Clock(datetime.fromtimestamp(now, UTC), datetime.fromtimestamp(next_day, UTC))


Answers = list[tuple[datetime, Rating]]


def replay(answers: Answers, settings: SchedulerSettings = NO_FUZZ) -> tuple[Memory, History]:
    """Return our memory after the answers, and the same past for the oracle."""
    memory = Memory.new(datetime(2020, 1, 1, tzinfo=UTC))
    past = []
    for at, rating in answers:
        past.append((round(at.timestamp() * 1000), int(rating), str(memory.state)))
        memory, _ = answer(memory, rating, now=at, rules=RULES, settings=settings)
    steps = settings.learning_steps if memory.state is State.LEARNING else settings.relearning_steps
    interval = 1
    if memory.due_day is not None and memory.last_day is not None:
        interval = memory.due_day - memory.last_day
    return memory, History(
        answers=past,
        state=str(memory.state),
        steps_left=0 if memory.step is None else len(steps) - memory.step,
        interval=interval,
        lapses=memory.lapses,
    )


def assert_agrees(
    memory: Memory, verdict: Verdict, now: datetime, settings: SchedulerSettings = NO_FUZZ
) -> None:
    """Stability and difficulty agree before and after each button, and so do all intervals."""
    if verdict.memory is not None:
        assert (memory.stability, memory.difficulty) == pytest.approx(verdict.memory, rel=SINGLE)
    after = choices(memory, now=now, rules=RULES, settings=settings)
    for rating, chosen in after.items():
        assert (chosen.stability, chosen.difficulty) == pytest.approx(verdict.memories[rating], rel=SINGLE)
    days = {r: m.due_day - m.last_day for r, m in after.items() if m.due_day is not None and m.last_day}
    seconds = {r: (m.due - now).total_seconds() for r, m in after.items() if m.due_day is None}
    assert days == verdict.days
    assert seconds == pytest.approx(verdict.seconds, abs=0.5)  # Anki counts whole seconds


def test_every_button_of_a_new_card(clock: Clock) -> None:
    memory, history = replay([])
    assert_agrees(memory, verdicts([history])[0], clock.now)


def test_the_morning_after_an_evening_is_the_next_day(clock: Clock) -> None:
    """22:00 and then 07:00: 9 hours, one night, one day. Counted in blocks of 24 hours it would be no day."""
    evening = [(clock.at(2, 21.9), Rating.GOOD), (clock.at(2, 22.0), Rating.GOOD)]
    morning = [(clock.at(1, 7.0), Rating.GOOD)]
    memory, history = replay(evening + morning)
    same_evening, _ = replay([*evening, (clock.at(2, 23.0), Rating.GOOD)])
    assert_agrees(memory, verdicts([history])[0], clock.now)
    assert memory.stability is not None
    assert same_evening.stability is not None
    assert memory.stability > 3 * same_evening.stability


def test_just_before_and_just_after_the_rollover(clock: Clock) -> None:
    first = (clock.at(3, 20.0), Rating.EASY)
    late, early = clock.at(3, 27.99), clock.at(2, 4.01)
    histories = [replay([first, (at, Rating.GOOD)]) for at in (late, early)]
    for (memory, _), verdict in zip(histories, verdicts([h for _, h in histories]), strict=True):
        assert_agrees(memory, verdict, clock.now)
    assert histories[0][0].stability != histories[1][0].stability


def random_answers(clock: Clock, draw: random.Random) -> Answers:
    """Answers over the past year: some within one day, some overdue by far; the last may be today."""
    days_ago, answers = 365, []
    minute = 1.0  # Anki gives the very second of the rollover to the day before
    while days_ago >= 0 and len(answers) < 14:
        at = clock.at(days_ago, 4.0) + timedelta(minutes=minute)
        if at >= clock.now - timedelta(minutes=1):
            break
        answers.append((at, draw.choices(list(Rating), weights=[2, 2, 5, 2])[0]))
        if draw.random() < 0.4:
            minute += draw.uniform(1, 120)
        if draw.random() < 0.6 or minute >= 24 * 60:
            days_ago -= draw.choice([1, 1, 2, 3, 8, 20, 60])
            minute = draw.uniform(1, 24 * 60 - 1)
    return answers


@pytest.mark.parametrize(
    ("settings", "preset"),
    [
        (NO_FUZZ, {}),
        (
            SchedulerSettings(fuzz=False, desired_retention=0.8, maximum_interval=1000),
            {"desiredRetention": 0.8, "maxIvl": 1000},
        ),
        (
            SchedulerSettings(fuzz=False, learning_steps=(5,), relearning_steps=(3, 20)),
            {"delays": [5.0], "lapse_delays": [3.0, 20.0]},
        ),
    ],
    ids=["defaults", "shorter intervals", "other steps"],
)
def test_random_histories(clock: Clock, settings: SchedulerSettings, preset: dict[str, object]) -> None:
    draw = random.Random(20261122)  # noqa: S311 - invented histories, not secrets
    pairs = [replay(random_answers(clock, draw), settings) for _ in range(150)]
    for (memory, history), verdict in zip(pairs, verdicts([h for _, h in pairs], **preset), strict=True):
        if history.answers:
            assert_agrees(memory, verdict, clock.now, settings)
