"""What the browser is given of evidence to be foreseen: the reader's three numbers, and what they imply.

The arithmetic is written out with the numbers rounded as credences are; where that shows, ≈ says so.
"""

from __future__ import annotations

import math
from typing import Any

from cards.beliefs.conservation import Conservation
from cards.beliefs.credence import percent
from cards.claims import ConservationCheck
from cards.days import day_number
from cards.evidence import Evidence
from cards.pages.belief_words import day, points
from cards.pages.session import Present

THEOREM = (
    "That is your prior again, and it would be with any other numbers: what you expect to believe, you "
    "believe already."
)


def in_place(evidence: Evidence, present: Present) -> dict[str, Any]:
    """What a block in its place is given; the evidence only once the reader has put three numbers down."""
    checks = present.store.conservation_checks(present.learner)
    last = next((check for check in reversed(checks) if check.check_id == evidence.id), None)
    return {
        "check": {"id": evidence.id, "claim": evidence.claim, "may_come": evidence.may_come},
        "said": None if last is None else _said(last, evidence, present),
    }


def _said(check: ConservationCheck, evidence: Evidence, present: Present) -> dict[str, Any]:
    numbers = Conservation(check.prior, check.if_true, check.if_false)
    return {
        "id": check.client_id,
        "when": f"You put these down {day(day_number(check.at, present.rules), present.day)}.",
        "numbers": [
            ["How likely the claim is", percent(check.prior)],
            ["The evidence, if the claim is true", percent(check.if_true)],
            ["The evidence, if the claim is false", percent(check.if_false)],
        ],
        "foreseen": foreseen(numbers),
        "came": evidence.came,
        "implied": implied(numbers, happened=check.happened),
        "comment": evidence.comment,
        "after": afterwards(numbers, check) if check.after is not None else "",
    }


def foreseen(numbers: Conservation) -> list[str]:
    """Say what three numbers imply before the evidence: its chance, both posteriors, and the theorem."""
    true, chance = numbers.prior, numbers.chance
    reckoned = _average(true, numbers.if_true, numbers.if_false, chance)
    sentences = [f"The chance of the evidence, by your numbers: {reckoned}."]
    seen, not_seen = numbers.if_seen, numbers.if_not_seen
    if seen is None or not_seen is None:
        sure = "cannot come" if seen is None else "is certain to come"
        return [*sentences, f"So it {sure}, and will tell you nothing: you stay at {percent(true)}."]
    expected = _average(chance, seen, not_seen, numbers.expected)
    return [
        *sentences,
        f"If it comes, you will have to believe {percent(seen)}; if it does not, {percent(not_seen)}.",
        f"On average over both: {expected}. {THEOREM}",
    ]


def implied(numbers: Conservation, *, happened: bool) -> str:
    """Say what three numbers ask for once the evidence is known."""
    found = numbers.implied(happened=happened)
    if found is None:
        what = "could come" if happened else "could fail to come"
        return (
            f"By your numbers there was no chance at all that it {what}. They say nothing of what to believe "
            "now: one of them was too sure."
        )
    return f"By your own numbers you now believe {percent(found)}{_from(numbers.prior, found)}."


def afterwards(numbers: Conservation, check: ConservationCheck) -> str:
    """Say what the reader believes now, beside what the reader's own numbers ask for."""
    stated = check.after
    found = numbers.implied(happened=check.happened)
    if stated is None:
        return ""
    if found is None:
        return f"You say {percent(stated)}, which no number of yours foresaw."
    if percent(stated) == percent(found):
        return f"You say {percent(stated)}, as your numbers ask."
    more = "more" if stated > found else "less"
    return (
        f"You say {percent(stated)}, {points(abs(stated - found))} {more} than your numbers ask. One of the "
        "four is not what you think."
    )


def _from(prior: float, now: float) -> str:
    if percent(prior) == percent(now):
        return ", as before"
    return f", {points(abs(now - prior))} {'up' if now > prior else 'down'} from {percent(prior)}"


def _average(weight: float, one: float, other: float, result: float) -> str:
    """Write an average of two numbers out: "20% × 60% + 80% × 10% = 20%", or with ≈ where rounding shows."""
    shown = [percent(number) for number in (weight, one, 1 - weight, other)]
    first, second, third, fourth = (_as_shown(words) for words in shown)
    exact = math.isclose(first * second + third * fourth, _as_shown(percent(result)), abs_tol=1e-9)
    return f"{shown[0]} × {shown[1]} + {shown[2]} × {shown[3]} {'=' if exact else '≈'} {percent(result)}"


def _as_shown(words: str) -> float:
    """The number that a credence in words stands for, 0 to 1; one that is only bounded is as its bound."""
    return float(words.removeprefix("under ").removeprefix("over ").removesuffix("%")) / 100
