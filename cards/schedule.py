"""Scheduling: a memory and a rating in, the next memory and a log entry out.

The model is FSRS (Jarrett Ye, Junyao Su and Yilong Cao, 2022, "A Stochastic Shortest Path Algorithm for
Optimizing Spaced Repetition Scheduling"; version 6 of the model, as py-fsrs computes it). A memory has a
stability S, the days until recall falls to 90%, and a difficulty D from 1 to 10; after t days the chance of
recall is

    R(t, S) = (1 + F·t/S)^(−w₂₀),   F = 0.9^(−1/w₂₀) − 1,

and the next interval is the t at which R falls to the desired retention.

The model and the steps are py-fsrs's to the last bit (`cards.model`, `cards.steps`), without what it does
beside; it is the oracle of the tests, and knows the bounds of the weights. What is added to it, to agree with
Anki:

- t is a difference of day numbers (`cards.days`), not of clock times. Reviews dated before the last one count
  as being on the same day.
- For one memory, Hard comes back before Good, and Good before Easy, by at least a day.
- An interval that grew at all grows by at least a day.
- Fuzz is a pure function of a seed (`cards.fuzz`).

Everything here is pure. `due` is always the moment of the answer plus the interval; a memory with a
`due_day` is due as soon as that day begins, whatever the hour of `due`. Nothing stored depends on a time
zone but the day number, which is logged, so a replay gives the same memories wherever the learner has moved
since.

Left out: learning steps of a day or more, fuzz on learning steps, leeches, and intervals of hours where a
learner has no steps at all (the shortest interval outside the steps is a day).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

import fsrs
from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from cards.days import DayRules, as_utc, day_number
from cards.fuzz import fuzz_factor, fuzzed
from cards.memory import Memory, Rating, ReviewLog, State
from cards.model import Model
from cards.shown import shown
from cards.steps import Steps

__all__ = [
    "Memory",
    "Rating",
    "ReviewLog",
    "SchedulerSettings",
    "State",
    "answer",
    "choices",
    "history",
    "is_due",
    "outcome",
    "retrievability",
]

# Version 6 of the model's default weights. They are written out because a stored schedule has to
# replay to the same dates after a newer py-fsrs has brought newer defaults.
DEFAULT_PARAMETERS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip

PARAMETER_BOUNDS: tuple[tuple[float, float], ...] = tuple(
    zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
)
LOWEST_RETENTION, HIGHEST_RETENTION = 0.70, 0.99
LONGEST_INTERVAL = 36500  # a hundred years
MINUTES_A_DAY = 24 * 60
MOST_STEPS = 32  # each is a press of a button, and nobody presses so often for one card

# The first of the ratings whose intervals are kept apart, each after the one before. Easy comes after Good
# even while Good would only have been one step further.
_FIRST_PASS = {state: Rating.HARD if state is State.REVIEW else Rating.GOOD for state in State}
_RATINGS = tuple(Rating)


@dataclass(frozen=True)
class SchedulerSettings:
    """What a learner may tune; the defaults are Anki's.

    Attributes:
        parameters: The 21 weights of FSRS 6.
        desired_retention: The chance of recall at which a card comes back, 0.70 to 0.99.
        learning_steps: Minutes between the first answers to a card.
        relearning_steps: Minutes between the answers to a card that was forgotten.
        maximum_interval: The longest interval, in days.
        fuzz: Whether to spread out intervals.

    Raises:
        ValueError: A setting is out of bounds; the message names it.
    """

    parameters: tuple[float, ...] = DEFAULT_PARAMETERS
    desired_retention: float = 0.9
    learning_steps: tuple[float, ...] = (1.0, 10.0)
    relearning_steps: tuple[float, ...] = (10.0,)
    maximum_interval: int = LONGEST_INTERVAL
    fuzz: bool = True

    def __post_init__(self) -> None:
        if not LOWEST_RETENTION <= self.desired_retention <= HIGHEST_RETENTION:
            raise ValueError(
                f"desired_retention {shown(self.desired_retention)} is out of bounds; "
                f"choose {LOWEST_RETENTION} to {HIGHEST_RETENTION}"
            )
        if not 1 <= self.maximum_interval <= LONGEST_INTERVAL:
            raise ValueError(
                f"maximum_interval {shown(self.maximum_interval)} is out of bounds; "
                f"choose 1 to {LONGEST_INTERVAL} days"
            )
        for name in ("learning_steps", "relearning_steps"):
            if (steps := len(getattr(self, name))) > MOST_STEPS:
                raise ValueError(f"{name} has {steps:,} steps; choose at most {MOST_STEPS}")
            for minutes in getattr(self, name):
                if not 0 < minutes < MINUTES_A_DAY:
                    raise ValueError(
                        f"{name} has a step of {shown(minutes)} minutes; "
                        f"choose more than 0 and less than {MINUTES_A_DAY}"
                    )
        _check(tuple(self.parameters))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(getattr(self, one.name) for one in fields(self)))

    @cached_property
    def model(self) -> Model:
        """The model of memory under these settings."""
        return _model(tuple(self.parameters), self.desired_retention, self.maximum_interval)

    @cached_property
    def steps(self) -> Steps:
        """The waits within a day under these settings."""
        return _steps(tuple(self.learning_steps), tuple(self.relearning_steps))

    def to_json(self) -> str:
        """Return the settings as JSON; equal settings give equal text."""
        values = asdict(self)
        for name in ("parameters", "learning_steps", "relearning_steps"):
            values[name] = [float(number) for number in values[name]]  # 1 and 1.0 are equal, and must read so
        return json.dumps(values, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> SchedulerSettings:
        """Read what `to_json` wrote."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in json.loads(text).items()
        }
        return cls(**values)


def answer(
    memory: Memory,
    rating: Rating,
    *,
    now: datetime,
    rules: DayRules,
    settings: SchedulerSettings,
    seed: str | None = None,
) -> tuple[Memory, ReviewLog]:
    """Return the memory after an answer, and the log entry of the answer.

    Args:
        memory: The memory that was answered.
        rating: How well the card was recalled.
        now: When it was answered.
        rules: Where the learner's day begins.
        settings: The learner's settings.
        seed: What the fuzz is drawn from, usually the card's id; without one there is no fuzz.

    Raises:
        ValueError: `now` has no time zone.
    """
    now = as_utc(now)
    log = ReviewLog(Rating(rating), now, day_number(now, rules), memory)
    return outcome(log, settings=settings, seed=seed), log


def outcome(log: ReviewLog, *, settings: SchedulerSettings, seed: str | None = None) -> Memory:
    """Return the memory after a logged answer. This is what a replay repeats; no time zone enters."""
    return _outcome(log, log.rating, _Intervals(log, settings=settings, seed=seed), settings)


def history(
    memory: Memory,
    answers: Sequence[ReviewLog],
    settings: Sequence[SchedulerSettings],
    *,
    seed: str | None = None,
) -> Memory:
    """Return the memory after a card's answers, one after the other: what `outcome` of each comes to.

    An interval depends on the one before it, as far back as the card last came back within the day. Dates are
    worked out from there on, and the answers before are several times as fast.

    Args:
        memory: The memory before the first.
        answers: The answers; the memories that they hold are not looked at.
        settings: The settings of each.
        seed: What the fuzz is drawn from, as for `answer`.
    """
    given = list(zip(answers, settings, strict=True))
    undated = [memory]
    for log, of_answer in given:
        undated.append(_outcome(replace(log, before=undated[-1]), log.rating, None, of_answer))
    start = max((place for place, one in enumerate(undated) if one.due_day is None), default=0)
    memory = undated[start]
    for log, of_answer in given[start:]:
        memory = outcome(replace(log, before=memory), settings=of_answer, seed=seed)
    return memory


def _outcome(
    log: ReviewLog, rating: Rating, intervals: _Intervals | None, settings: SchedulerSettings
) -> Memory:
    """The memory after an answer; without intervals it is due on the day of the answer."""
    before = log.before
    model, elapsed = settings.model, log.elapsed_days
    state, step, wait = settings.steps.after(before.state, before.step, rating)
    stability = model.stability(before.stability, before.difficulty, elapsed, rating)
    due_day = None
    if wait is None:
        days = intervals.of(rating, model.days(stability)) if intervals else 0
        wait, due_day = timedelta(days=days), log.day + days
    return Memory(
        state=state,
        due=log.at + wait,
        due_day=due_day,
        step=step,
        stability=stability,
        difficulty=model.difficulty(before.difficulty, rating),
        last_review=log.at,
        last_day=log.day,
        reps=before.reps + 1,
        lapses=before.lapses + (before.state is State.REVIEW and rating is Rating.AGAIN),
    )


def choices(
    memory: Memory, *, now: datetime, rules: DayRules, settings: SchedulerSettings, seed: str | None = None
) -> dict[Rating, Memory]:
    """Return what each rating would lead to, for the captions of the buttons; arguments as for `answer`."""
    now = as_utc(now)
    log = ReviewLog(Rating.AGAIN, now, day_number(now, rules), memory)
    intervals = _Intervals(log, settings=settings, seed=seed)
    return {rating: _outcome(log, rating, intervals, settings) for rating in Rating}


def is_due(memory: Memory, *, now: datetime, rules: DayRules) -> bool:
    """Whether a memory is to be reviewed now. A new card is never due: it is introduced, not reviewed."""
    if memory.state is State.NEW:
        return False
    if memory.due_day is None:
        return memory.due <= as_utc(now)
    return memory.due_day <= day_number(now, rules)


def retrievability(memory: Memory, *, now: datetime, rules: DayRules, settings: SchedulerSettings) -> float:
    """Return the chance, 0 to 1, that the card would be recalled today; 0 for a new card."""
    if memory.stability is None or memory.last_day is None:
        return 0.0
    return settings.model.recall(memory.stability, max(0, day_number(now, rules) - memory.last_day))


class _Intervals:
    """The whole days after which a card comes back for each rating of one answer, apart from each other.

    Each rating is worked out once, however many ask: a caption for every button takes all of them.
    """

    def __init__(self, log: ReviewLog, *, settings: SchedulerSettings, seed: str | None) -> None:
        self._log = log
        self._settings = settings
        self._factor = fuzz_factor(f"{seed}/{log.before.reps}") if settings.fuzz and seed else None
        self._last = _interval(log.before)
        self._first_pass = _FIRST_PASS[log.before.state]
        self._days: list[int | None] = [None] * len(_RATINGS)

    def of(self, rating: Rating, of_model: int | None = None) -> int:
        """Return the days for a rating, for which the model alone gives so many, where that is known."""
        days = self._days[rating - 1]
        if days is None:
            shortest = self.of(_RATINGS[rating - 2]) + 1 if rating > self._first_pass else 1
            if of_model is None:
                of_model = _model_days(self._log, rating, self._settings)
            if rating is not Rating.AGAIN and self._last is not None and of_model > self._last:
                shortest = max(shortest, self._last + 1)
            days = self._days[rating - 1] = fuzzed(
                of_model, factor=self._factor, minimum=shortest, maximum=self._settings.maximum_interval
            )
        return days


def _model_days(log: ReviewLog, rating: Rating, settings: SchedulerSettings) -> int:
    """Return the interval in days that the model would give another rating, were it not for the steps."""
    model, before = settings.model, log.before
    return model.days(model.stability(before.stability, before.difficulty, log.elapsed_days, rating))


def _interval(memory: Memory) -> int | None:
    """The interval in days that a memory was given last, or None while it comes back within the day."""
    if memory.due_day is None or memory.last_day is None:
        return None
    return memory.due_day - memory.last_day


# Equal settings share what is worked out of them once, though each request makes settings anew.
_model = lru_cache(maxsize=64)(Model)
_steps = lru_cache(maxsize=64)(Steps)


@lru_cache(maxsize=64)
def _check(weights: tuple[float, ...]) -> None:
    """Let py-fsrs, which knows the bounds of each weight, name the one that breaks them."""
    fsrs.Scheduler(weights)
