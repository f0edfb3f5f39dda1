"""Why a card comes back when it does: of the card, of each button, and the rule behind both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from cards.days import DayRules, calendar_date, day_number
from cards.memory import Memory, Rating, State
from cards.pages.words import GRADES
from cards.schedule import SchedulerSettings, retrievability

A_WHILE = 10  # days of stability from which tenths of a day say nothing


def why(
    memory: Memory,
    outcomes: Mapping[Rating, Memory],
    *,
    now: datetime,
    rules: DayRules,
    settings: SchedulerSettings,
) -> dict[str, Any]:
    """Say where a card's dates come from.

    Args:
        memory: The card's memory.
        outcomes: What each grade leads to, as `schedule.choices` gives it.
        now: The present, in UTC.
        rules: Where the learner's day begins.
        settings: The learner's scheduler settings.

    Returns:
        `card`, what is known of the card; `grades`, a rating, its name and its reason each; `rule`.
    """
    today = day_number(now, rules)
    return {
        "card": " ".join(_card(memory, now=now, rules=rules, settings=settings)),
        "grades": [
            {"rating": int(rating), "name": GRADES[rating], "reason": _grade(outcome, today)}
            for rating, outcome in outcomes.items()
        ],
        "rule": _rule(rules, settings),
    }


def _card(memory: Memory, *, now: datetime, rules: DayRules, settings: SchedulerSettings) -> list[str]:
    if memory.state is not State.REVIEW or memory.stability is None:
        return [_steps(memory)]
    today = day_number(now, rules)
    chance = retrievability(memory, now=now, rules=rules, settings=settings)
    said = [
        _history(memory, today),
        f"Its stability is {_days(memory.stability)}: that long after an answer the chance of recall is 90%.",
        f"Today you would recall it with a chance of about {chance:.0%}.",
    ]
    if memory.due_day is not None:
        was = "was due" if memory.due_day < today else "is due"
        said.append(f"It {was} on {_date(memory.due_day, today)}.")
    return said


def _steps(memory: Memory) -> str:
    if memory.state is State.NEW:
        return "This card is new. It comes back within minutes until it has stuck; Easy skips that."
    if memory.state is State.LEARNING:
        return "This card is being learned. It comes back within minutes until it has stuck."
    return "You had forgotten this card. It comes back within minutes until it has stuck again."


def _history(memory: Memory, today: int) -> str:
    times = "once" if memory.reps == 1 else f"{memory.reps} times"
    days = max(0, today - (memory.last_day or today))  # who has travelled west may have a day again
    last = {0: "earlier today", 1: "yesterday"}.get(days, f"{days} days ago")
    return f"You have answered this card {times}, last {last}."


def _grade(outcome: Memory, today: int) -> str:
    """What a grade makes of the card: its stability, and the day on which it then comes back."""
    stability = "" if outcome.stability is None else f"stability {_days(outcome.stability)}"
    if outcome.due_day is None:
        return f"{stability}; first a step of minutes"
    return f"{stability}; {_date(outcome.due_day, today)}"


def _rule(rules: DayRules, settings: SchedulerSettings) -> str:
    place = rules.timezone.replace("_", " ")
    fuzz = " give or take a few days, so that what was learned together is not asked together" * settings.fuzz
    return (
        f"Each date is the day on which your chance of recalling it will have fallen to "
        f"{settings.desired_retention:.0%}{',' * settings.fuzz}{fuzz}. A day begins at "
        f"{rules.rollover_hour:02}:00 ({place}), and a card is due from then on."
    )


def _days(stability: float) -> str:
    number = f"{stability:.0f}" if stability >= A_WHILE else f"{stability:.1f}"
    return "1 day" if number in {"1", "1.0"} else f"{number} days"


@lru_cache(maxsize=4096)  # the cards of a page come back on the same few days
def _date(day: int, today: int) -> str:
    date = calendar_date(day)
    year = "" if date.year == calendar_date(today).year else f" {date.year}"
    return f"{date:%A} {date.day} {date:%B}{year}"
