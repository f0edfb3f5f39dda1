"""When a claim is asked again: a schedule of its own, sparse, that has nothing to do with memory.

A credence is asked for to see whether it moved, so it is asked again after

    two weeks, four, eight, sixteen, then every 180 days            as long as it stays put

and after two weeks again once it has moved by five points or more: where there was news, more may be on its
way. "Stays put" is against the credence at which it last settled, so that a drift of two points at a time is
seen when it comes to five. Five points is about what people can tell apart; with fewer, noise would look
like news (two reports that err by two points each differ by five or more one time in thirteen). "No idea"
stays put too, from a month on; to have an idea, or to lose it, is a move.

A claim with a date is asked once more a week before it, if it would not be otherwise: late news is what makes
the last forecast worth scoring. From its date on it waits for an answer, not for a credence, and one that is
settled is never asked again.

*Repeat ratings* measure noise (`cards.beliefs.noise`) and are asked rarely: after one entry in eight, which
is drawn by the claim and the day and so is the same whenever it is worked out, three days later, when the
number is no longer on the tip of the tongue and there is little news; twenty pairs are reached with some 160
entries. After a week the chance is gone: then the pair would measure news. Certainty and "no idea" are not
asked to be repeated, for they do not err by points.

Only the last entry of a day counts, and repeats do not move the schedule. Days are day numbers of the learner
(`cards.days`). A claim that was never asked is not asked again: its place in the book asks for it first.
"""

from __future__ import annotations

from datetime import date

from cards.beliefs.history import History, fresh
from cards.days import EPOCH
from cards.fuzz import fuzz_factor

FIRST_GAP = 14  # days
NO_IDEA_GAP = 30
LONGEST_GAP = 180
MOST_DOUBLINGS = 4  # then any gap is the longest
MOVE = 0.05
BEFORE_DATE = 7  # days
REPEATED = 1 / 8  # of the entries
REPEAT_AFTER, REPEAT_UNTIL = 3, 7  # days
ROUNDING = 1e-9  # a move of five points may be that much short of it


def next_ask(history: History, *, today: int, by: date | None = None, settled: bool = False) -> int | None:
    """Return the day on which a claim is asked again, today at the earliest; None for never.

    Args:
        history: The entries, oldest first.
        today: The learner's day number.
        by: The date by which the claim resolves, if it has one.
        settled: Whether it is resolved, yes, no or void.
    """
    entries = _last_of_each_day(history)
    if settled or not entries:
        return None
    asked = entries[-1][0]
    ask = asked + _gap([probability for _, probability in entries])
    if by is None:
        return max(ask, today)
    date_day = (by - EPOCH).days
    if asked < date_day - BEFORE_DATE:
        ask = min(ask, date_day - BEFORE_DATE)
    ask = max(ask, today)
    return ask if ask < date_day else None


def next_repeat(
    claim_id: str, history: History, *, today: int, by: date | None = None, settled: bool = False
) -> int | None:
    """Return the day on which the last entry is to be repeated, today at the earliest; None for not at all.

    Args:
        claim_id: The claim; with the day of the entry it decides whether to ask.
        history: The entries, oldest first.
        today: The learner's day number.
        by: The date by which the claim resolves, if it has one.
        settled: Whether it is resolved, yes, no or void.
    """
    if settled or not history:
        return None
    day, probability, repeat = history[-1]
    if repeat or probability in {None, 0.0, 1.0} or fuzz_factor(f"{claim_id} {day}") >= REPEATED:
        return None
    ask = max(day + REPEAT_AFTER, today)
    too_late = day + REPEAT_UNTIL + 1 if by is None else min(day + REPEAT_UNTIL + 1, (by - EPOCH).days)
    return ask if ask < too_late else None


def _gap(credences: list[float | None]) -> int:
    """Days to wait after entries on days of their own, oldest first."""
    settled_at, stays = credences[0], 0
    for credence in credences[1:]:
        if _moved(settled_at, credence):
            settled_at, stays = credence, 0
        else:
            stays += 1
    first = NO_IDEA_GAP if settled_at is None else FIRST_GAP
    return min(first << min(stays, MOST_DOUBLINGS), LONGEST_GAP)


def _moved(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(after - before) >= MOVE - ROUNDING


def _last_of_each_day(history: History) -> list[tuple[int, float | None]]:
    """The credences by day, without repeats."""
    return sorted({day: probability for day, probability, _ in fresh(history)}.items())
