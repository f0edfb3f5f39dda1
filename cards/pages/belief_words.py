"""What is said of claims, in words: a credence and its day, a move, an outcome, when it is asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cards.beliefs.credence import percent
from cards.claims import Outcome
from cards.days import calendar_date, day_number

if TYPE_CHECKING:
    from datetime import date

    from cards.claims import Credence
    from cards.days import DayRules
    from cards.stance import Stance

HUNDRED = 100
OUTCOMES = {Outcome.YES: "turned out true", Outcome.NO: "turned out false", Outcome.VOID: "came to nothing"}
HAS_TURNED_OUT = "This claim has turned out. Take that back first, if there is something to add."
CHANGED = "it means something else since you were last asked"
OCCASIONS = {"before": ", before reading", "after": ", after reading"}


def standing(stance: Stance, today: int, rules: DayRules) -> str:
    """Say where a claim stands: "40% on 12 November 2026 · asked again in 14 days"."""
    if not stance.entries:
        never = CHANGED if stance.earlier else "not asked yet"
        said = [never] if not stance.is_settled else []
    else:
        last = stance.entries[-1]
        said = [f"{percent(last.probability)} {day(day_number(last.at, rules), today)}"]
    return " · ".join([*said, *_outlook(stance, today, rules)])


def said(entry: Credence, today: int, rules: DayRules) -> str:
    """Say what was said: "You said 40% yesterday, before reading."."""
    what = "You had no idea" if entry.probability is None else f"You said {percent(entry.probability)}"
    occasion = OCCASIONS.get(entry.occasion, "")
    return f"{what} {day(day_number(entry.at, rules), today)}{occasion}."


def since(before: Credence | None, now: Credence, *, today: int, rules: DayRules) -> str:
    """Say what was just said, beside what was said before it."""
    if before is None:
        return f"Put down: {percent(now.probability)}."
    then = day(day_number(before.at, rules), today)
    return f"Put down: {percent(now.probability)}. Before it, {then}: {percent(before.probability)}."


def moved(before: Credence, after: Credence) -> str:
    """Say how far a credence has moved: "Before 40%, after 55%: 15 points up."."""
    old, new = before.probability, after.probability
    if old == new:
        return f"{percent(new)[0].upper()}{percent(new)[1:]} before and after."
    sentence = f"Before: {percent(old)}. After: {percent(new)}"
    if old is None or new is None:
        return f"{sentence}."
    return f"{sentence}, {points(abs(new - old))} {'up' if new > old else 'down'}."


def points(share: float) -> str:
    """A difference of two credences, 0 to 1, in percentage points: "15 points", "0.5 points", "1 point"."""
    number = percent(share).removesuffix("%")
    return f"{number} point" if number == "1" else f"{number} points"


def outcome(stance: Stance, rules: DayRules) -> str:
    """Say how a claim has turned out, whoever says so, and when: empty while it is open."""
    if not stance.is_settled:
        return ""
    own = stance.own
    if own is not None and own.outcome is not Outcome.OPEN:
        return f"{OUTCOMES[own.outcome]}, as you said on {in_full(calendar_date(day_number(own.at, rules)))}"
    authors = stance.authors
    assert authors is not None  # noqa: S101 - somebody has said that it is settled
    when = f" on {in_full(authors.on)}" if authors.on else ""
    why = f" ({authors.reason})" if authors.reason else ""
    return f"{OUTCOMES[authors.outcome]}{when}, as its author says{why}"


def by(last: date | None) -> str:
    """Say by when a claim turns out: "By 31 December 2027."; empty for one that may take for ever."""
    return f"By {in_full(last)}." if last else ""


def day(number: int, today: int) -> str:
    """A day past: "today", "yesterday", "on 12 November 2026"."""
    return {today: "today", today - 1: "yesterday"}.get(number, f"on {in_full(calendar_date(number))}")


def in_full(date_: date) -> str:
    """A date: "12 November 2026"."""
    return f"{date_.day} {date_:%B %Y}"


def _outlook(stance: Stance, today: int, rules: DayRules) -> list[str]:
    if stance.is_settled:
        return [outcome(stance, rules)]
    if stance.is_past(today):
        return ["its date has come"]
    ask = stance.next_ask(today, rules)
    if ask is None:
        return [] if not stance.entries else ["not asked again"]
    days = ask - today
    return [f"asked again {_in(days)}"]


def _in(days: int) -> str:
    if days <= 0:
        return "at the desk"
    return "tomorrow" if days == 1 else f"in {days} days"
