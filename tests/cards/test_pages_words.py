"""The desk's words agree with the numbers behind them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cards.days import DayRules, day_number
from cards.decision import Decision
from cards.desk import Queue
from cards.memory import Memory, Rating
from cards.pages.reasons import why
from cards.pages.words import after, rest, standing
from cards.schedule import SchedulerSettings, answer, choices

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RULES = DayRules("Europe/London")
SETTINGS = SchedulerSettings()
DAY = timedelta(days=1)


def after_answers(*ratings: Rating) -> Memory:
    """A memory after these answers, a minute apart, the last of them now."""
    memory = Memory.new(NOW)
    for minutes, rating in enumerate(ratings, start=1 - len(ratings)):
        at = NOW + timedelta(minutes=minutes)
        memory, _ = answer(memory, rating, now=at, rules=RULES, settings=SETTINGS)
    return memory


@pytest.mark.parametrize(
    ("button", "sentence"),
    [
        ("10 minutes", "in 10 minutes"),
        ("8 days", "in 8 days"),
        ("today", "later today"),
        ("tomorrow", "tomorrow"),
        ("now", "now"),
    ],
)
def test_the_words_on_a_button_fit_into_a_sentence(button: str, sentence: str) -> None:
    assert after(button) == sentence


def test_a_card_says_where_it_stands() -> None:
    reviewed = after_answers(Rating.EASY)
    assert standing(None, now=NOW, rules=RULES) == "new"
    assert standing(Memory.new(NOW), now=NOW, rules=RULES) == "kept · not asked yet"
    assert standing(after_answers(Rating.GOOD), now=NOW, rules=RULES) == "in review · next in 10 minutes"
    assert standing(reviewed, now=reviewed.due - DAY, rules=RULES) == "in review · next tomorrow"
    assert standing(reviewed, now=reviewed.due, rules=RULES) == "in review · due now"


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision(suspended_at=NOW), "suspended"),
        (Decision(suspended_at=NOW, marked_at=NOW), "suspended · marked"),
        (Decision(buried_until=day_number(NOW, RULES) + 1), "in review · put off until tomorrow"),
        (Decision(buried_until=day_number(NOW, RULES), marked_at=NOW), "in review · due now · marked"),
    ],
)
def test_a_card_says_what_was_decided_about_it(decision: Decision, words: str) -> None:
    due = replace(after_answers(Rating.EASY), due_day=day_number(NOW, RULES))
    assert standing(due, decision, now=NOW, rules=RULES) == words


def test_a_card_that_is_forgotten_often_says_how_often() -> None:
    due = replace(after_answers(Rating.EASY), due_day=day_number(NOW, RULES))
    for lapses, also in ((7, ""), (8, " · forgotten 8 times")):
        stands = standing(replace(due, lapses=lapses), now=NOW, rules=RULES, often=8)
        assert stands == f"in review · due now{also}"


def reasons(memory: Memory, now: datetime, settings: SchedulerSettings = SETTINGS) -> dict[str, Any]:
    outcomes = choices(memory, now=now, rules=RULES, settings=settings)
    return why(memory, outcomes, now=now, rules=RULES, settings=settings)


def test_the_reason_for_the_dates_counts_the_answers_and_the_days_since() -> None:
    once = after_answers(Rating.EASY)
    assert "once, last earlier today" in reasons(once, NOW)["card"]
    twice = after_answers(Rating.GOOD, Rating.GOOD)
    assert "2 times, last yesterday" in reasons(twice, NOW + DAY)["card"]
    assert "2 times, last earlier today" in reasons(twice, NOW - DAY)["card"]  # after a flight to the west
    assert "2 times, last 5 days ago" in reasons(twice, NOW + 5 * DAY)["card"]


def test_on_the_day_a_card_is_due_the_chance_that_is_told_is_the_one_that_was_wanted() -> None:
    wanted = replace(SETTINGS, desired_retention=0.8)
    memory, _ = answer(Memory.new(NOW), Rating.EASY, now=NOW, rules=RULES, settings=wanted)
    told = reasons(memory, memory.due, wanted)
    assert "chance of about 80%" in told["card"]
    assert "fallen to 80%" in told["rule"]


def test_each_button_gives_its_stability_and_the_day_that_follows_from_it() -> None:
    """Where 90% is wanted and nothing is fuzzed, the interval is the stability, to the nearest day."""
    exact = replace(SETTINGS, fuzz=False)
    memory, _ = answer(Memory.new(NOW), Rating.EASY, now=NOW, rules=RULES, settings=exact)
    told = {grade["name"]: grade["reason"] for grade in reasons(memory, memory.due, exact)["grades"]}
    assert list(told) == ["Forgot", "Hard", "Good", "Easy"]
    good = choices(memory, now=memory.due, rules=RULES, settings=exact)[Rating.GOOD]
    back = (memory.due + round(good.stability or 0) * DAY).date()
    assert told["Good"] == f"stability {good.stability:.0f} days; {back:%A} {back.day} {back:%B %Y}"
    assert told["Forgot"].endswith("; first a step of minutes")


def test_a_day_in_another_year_is_told_with_its_year() -> None:
    near, far = (replace(after_answers(Rating.EASY), stability=stability) for stability in (1.0, 3000.0))
    assert not re.search(r"\d{4}$", reasons(near, near.due)["grades"][0]["reason"])
    assert re.search(r"\d{4}$", reasons(far, far.due)["grades"][3]["reason"])


def test_the_rule_says_where_a_day_begins_and_whether_dates_are_spread() -> None:
    assert "A day begins at 04:00 (Europe/London)" in reasons(after_answers(), NOW)["rule"]
    assert "give or take" in reasons(after_answers(), NOW)["rule"]
    assert "give or take" not in reasons(after_answers(), NOW, replace(SETTINGS, fuzz=False))["rule"]


@pytest.mark.parametrize(
    ("ratings", "words"),
    [
        ((), "This card is new."),
        ((Rating.GOOD,), "being learned"),
        ((Rating.EASY, Rating.AGAIN), "had forgotten"),
    ],
)
def test_a_card_in_its_steps_says_why_it_comes_back_so_soon(ratings: tuple[Rating, ...], words: str) -> None:
    assert words in reasons(after_answers(*ratings), NOW)["card"]


def test_an_empty_desk_says_when_the_next_card_comes_or_how_to_get_one() -> None:
    empty = Queue(ids=(), new=0, learning=0, review=0, next_due=NOW + 3 * DAY)
    assert rest(empty, kept=4, now=NOW, rules=RULES) == {
        "title": "Nothing is due.",
        "sentence": "The next card comes in 3 days.",
    }
    never = replace(empty, next_due=None)
    assert rest(never, kept=0, now=NOW, rules=RULES)["title"] == "You keep no cards yet."
    assert rest(never, kept=4, now=NOW, rules=RULES)["sentence"] == ""
