"""The desk's words agree with the numbers behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cards.days import DayRules
from cards.desk import Queue
from cards.memory import Memory, Rating
from cards.pages.words import after, rest, standing, why
from cards.schedule import SchedulerSettings, answer

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


def test_the_reason_for_the_dates_counts_the_answers_and_the_days_since() -> None:
    once = after_answers(Rating.EASY)
    assert "once, last earlier today" in why(once, now=NOW, rules=RULES, settings=SETTINGS)
    twice = after_answers(Rating.GOOD, Rating.GOOD)
    assert "2 times, last yesterday" in why(twice, now=NOW + DAY, rules=RULES, settings=SETTINGS)
    assert "2 times, last 5 days ago" in why(twice, now=NOW + 5 * DAY, rules=RULES, settings=SETTINGS)


def test_on_the_day_a_card_is_due_the_chance_that_is_told_is_the_one_that_was_wanted() -> None:
    wanted = replace(SETTINGS, desired_retention=0.8)
    memory, _ = answer(Memory.new(NOW), Rating.EASY, now=NOW, rules=RULES, settings=wanted)
    told = why(memory, now=memory.due, rules=RULES, settings=wanted)
    assert "chance of about 80%" in told
    assert "fallen to 80%" in told


@pytest.mark.parametrize(
    ("ratings", "words"),
    [
        ((), "This card is new."),
        ((Rating.GOOD,), "being learned"),
        ((Rating.EASY, Rating.AGAIN), "had forgotten"),
    ],
)
def test_a_card_in_its_steps_says_why_it_comes_back_so_soon(ratings: tuple[Rating, ...], words: str) -> None:
    assert words in why(after_answers(*ratings), now=NOW, rules=RULES, settings=SETTINGS)


def test_an_empty_desk_says_when_the_next_card_comes_or_how_to_get_one() -> None:
    empty = Queue(ids=(), new=0, learning=0, review=0, next_due=NOW + 3 * DAY)
    assert rest(empty, kept=4, now=NOW, rules=RULES) == {
        "title": "Nothing is due.",
        "sentence": "The next card comes in 3 days.",
    }
    never = replace(empty, next_due=None)
    assert rest(never, kept=0, now=NOW, rules=RULES)["title"] == "You keep no cards yet."
    assert rest(never, kept=4, now=NOW, rules=RULES)["sentence"] == ""
