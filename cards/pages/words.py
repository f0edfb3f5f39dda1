"""What the desk says in words: the grades, where a card stands, and that there is nothing to ask."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from cards.card import Card
from cards.days import DayRules, day_number
from cards.decision import NO_DECISION, Decision
from cards.desk import Queue, in_words
from cards.memory import Memory, Rating, State
from cards.schedule import is_due

GRADES = {Rating.AGAIN: "Forgot", Rating.HARD: "Hard", Rating.GOOD: "Good", Rating.EASY: "Easy"}

# Two are enough for FSRS to work with, and cannot be misused as "Hard, because I forgot it" is.
OF_TWO = {Rating.AGAIN: "Forgot", Rating.GOOD: "Knew it"}


def after(when: str) -> str:
    """Turn the words on a button into the words of a sentence: "in 8 days", "tomorrow", "later today"."""
    if when == "today":
        return "later today"
    return f"in {when}" if when[:1].isdigit() else when


def standing(
    memory: Memory | None,
    decision: Decision = NO_DECISION,
    *,
    now: datetime,
    rules: DayRules,
    often: int = 8,
) -> str:
    """Say where a card stands: "new", "in review · due now", "in review · next in 8 days · marked".

    Args:
        memory: The card's memory, if it is kept.
        decision: What the learner has decided about it.
        now: The present, in UTC.
        rules: Where the learner's day begins.
        often: From how many times on it is told how often the card was forgotten.
    """
    if memory is None:
        return "new"
    also = []
    if memory.lapses >= often:
        also.append(f"forgotten {memory.lapses} times")
    if decision.marked_at is not None:
        also.append("marked")
    return " · ".join([_state(memory, decision, now=now, rules=rules), *also])


def _state(memory: Memory, decision: Decision, *, now: datetime, rules: DayRules) -> str:
    if decision.suspended_at is not None:
        return "suspended"
    if decision.is_buried(day_number(now, rules)):
        return "in review · put off until tomorrow"
    if memory.state is State.NEW:
        return "kept · not asked yet"
    if is_due(memory, now=now, rules=rules):
        return "in review · due now"
    return f"in review · next {after(in_words(memory, now=now, rules=rules))}"


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
