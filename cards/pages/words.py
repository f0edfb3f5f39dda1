"""What the desk says in words: the grades, where a card stands, and why its dates are what they are."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from cards.card import Card
from cards.days import DayRules, day_number
from cards.desk import Queue, in_words
from cards.memory import Memory, Rating, State
from cards.schedule import SchedulerSettings, is_due, retrievability

GRADES = {Rating.AGAIN: "Forgot", Rating.HARD: "Hard", Rating.GOOD: "Good", Rating.EASY: "Easy"}

# Two are enough for FSRS to work with, and cannot be misused as "Hard, because I forgot it" is.
OF_TWO = {Rating.AGAIN: "Forgot", Rating.GOOD: "Knew it"}


def after(when: str) -> str:
    """Turn the words on a button into the words of a sentence: "in 8 days", "tomorrow", "later today"."""
    if when == "today":
        return "later today"
    return f"in {when}" if when[:1].isdigit() else when


def standing(memory: Memory | None, *, now: datetime, rules: DayRules) -> str:
    """Say where a card stands: "new", "due now", "in review · next in 8 days"."""
    if memory is None:
        return "new"
    if memory.state is State.NEW:
        return "kept · not asked yet"
    if is_due(memory, now=now, rules=rules):
        return "in review · due now"
    return f"in review · next {after(in_words(memory, now=now, rules=rules))}"


def why(memory: Memory, *, now: datetime, rules: DayRules, settings: SchedulerSettings) -> str:
    """Say, in three or four sentences, where the dates on the buttons come from."""
    rule = (
        f"Each date is the day on which your chance of recalling it will have fallen to "
        f"{settings.desired_retention:.0%}; the better you knew it, the later that is."
    )
    if memory.state is not State.REVIEW:
        return f"{_steps(memory)} {rule}"
    chance = retrievability(memory, now=now, rules=rules, settings=settings)
    today = f"Today you would recall it with a chance of about {chance:.0%}."
    return f"{_history(memory, day_number(now, rules))} {today} {rule}"


def changed(at: datetime, rules: DayRules) -> str:
    """Say that what a card means has changed since it was answered, and what an answer does now."""
    return (
        f"What this card means changed on {in_full(at, rules)}, after you last answered it. "
        "Your grade counts as always, and the dates on the buttons are counted from today."
    )


def checked(card: Card, verified_at: datetime | None, rules: DayRules) -> str:
    """Say when a card's facts were last checked, and by whom."""
    month = calendar_month(card.as_of)
    kept = f"{card.shelf_life} months" if card.shelf_life > 1 else "one month"
    if verified_at is not None:
        you = f"and by you on {in_full(verified_at, rules)}"
        return f"Last checked by its author in {month}, {you}. It keeps for {kept}."
    return f"Last checked in {month}. It keeps for {kept}."


def too_old(card: Card) -> str:
    """Say why a card is not asked, where it stands in the prose."""
    return f"its facts are of {calendar_month(card.as_of)}, and not asked until they are checked"


def in_full(moment: datetime, rules: DayRules) -> str:
    """A moment as a date of the learner's calendar: "12 November 2026"."""
    local = moment.astimezone(ZoneInfo(rules.timezone))
    return f"{local.day} {local:%B %Y}"


def calendar_month(as_of: str) -> str:
    """A month that is written like "2026-11", in words: "November 2026"."""
    return f"{date.fromisoformat(f'{as_of}-01'):%B %Y}"


def rest(queue: Queue, kept: int, *, now: datetime, rules: DayRules) -> dict[str, str]:
    """Say that there is nothing to ask, and what comes next."""
    if not kept:
        sentence = "Answer a card where it stands in a section, or keep a whole section's cards at its end."
        return {"title": "You keep no cards yet.", "sentence": sentence}
    if queue.next_due is None:
        return {"title": "Nothing is due.", "sentence": ""}
    next_due = after(in_words(queue.next_due, now=now, rules=rules))
    return {"title": "Nothing is due.", "sentence": f"The next card comes {next_due}."}


def _steps(memory: Memory) -> str:
    if memory.state is State.NEW:
        return "This card is new. It comes back within minutes until it has stuck; Easy skips that."
    if memory.state is State.LEARNING:
        return "This card is being learned. It comes back within minutes until it has stuck."
    return "You had forgotten this card. It comes back within minutes until it has stuck again."


def _history(memory: Memory, today: int) -> str:
    times = "once" if memory.reps == 1 else f"{memory.reps} times"
    days = today - (memory.last_day or today)
    last = {0: "earlier today", 1: "yesterday"}.get(days, f"{days} days ago")
    return f"You have answered this card {times}, last {last}."
