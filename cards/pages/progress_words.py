"""What the progress page says: of each picture the same in words, and of each number how many it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cards.days import calendar_date
from cards.pages.cost import in_minutes
from cards.pages.progress_figures import time_unit
from cards.stats.calendar import DAYS_A_WEEK
from cards.stats.overview import Overview, Span
from cards.stats.pace import MS_A_SECOND, Pace, minutes
from cards.stats.retention import Retention, Share
from cards.stats.spread import Spread
from cards.stats.workload import Workload
from cards.totals import Stage

NO_REVIEWS = (
    "No reviews yet: a card is reviewed on the days after it has been learned. "
    "The share that you recall will stand here."
)
SPANS = {Span.MONTH: "in the last 30 days", Span.YEAR: "in the last year", Span.ALL: "since you began"}
HARD_FROM, CERTAIN_FROM, SHAKY_BELOW = 8, 0.9, 0.7
COMPARED = (0.8, 0.9, 0.95, 0.97)
STEEP = 2  # times what a point costs in the middle of the curve
WHOLE_FROM = 10  # minutes


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 card", "8 cards"."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def on_date(day: int) -> str:
    """A day number as a date: "4 Jun 2026"."""
    at = calendar_date(day)
    return f"{at.day} {at:%b %Y}"


def summary(shown: Overview, gone: int) -> str:
    """How many cards are kept, and how many of them are known."""
    standing = shown.standing
    new = standing.at(Stage.NEW)
    seen = standing.kept - new
    said = f"You keep {counted(standing.kept, 'card')}."
    if seen:
        said += f" Of {seen:,} answered so far, you would recall about {shown.remembered:,.0f} today."
    if new:
        said += f" {counted(new, 'card')} {'is' if new == 1 else 'are'} still to begin."
    if gone:
        left = "has left the book, and is" if gone == 1 else "have left the book, and are"
        said += f" {counted(gone, 'card')} {left} not asked."
    return said


def kept_days(shown: Overview) -> str:
    """The days kept in a row; nothing where there is no row to speak of."""
    days, answered = shown.streak.days, shown.streak.answered
    if days <= 1:
        return ""
    free = days - answered
    if not free:
        return f"You have answered on {days} days in a row."
    rest = "on the other nothing was due" if free == 1 else f"on the other {free} nothing was due"
    return f"{days} days kept in a row: you answered on {answered}, and {rest}."


def retention(found: Retention, desired: float, span: Span) -> str:
    """The true retention by maturity, each with its interval and its n."""
    learning = found.learning
    steps = (
        f" Of {counted(learning.n, 'answer')} in the learning steps, {learning.successes:,} were not "
        "“Forgot”; those are no reviews, and do not count above."
    )
    if not found.together.n:
        return f"{NO_REVIEWS}{steps if learning.n else ''}"
    parts = [
        f"{name} cards {_share(share)}"
        for name, share in (("young", found.young), ("mature", found.mature))
        if share.n
    ]
    return (
        f"You recalled {_share(found.together)} of the reviews {SPANS[span]}: {'; '.join(parts)}. "
        f"You ask for {desired:.0%}. In brackets is where the true share lies with 95% confidence. "
        f"A card is mature from an interval of three weeks.{steps if learning.n else ''}"
    )


def time_spent(shown: Overview, span: Span) -> str:
    """How long it took, and seconds an answer."""
    total = shown.total
    if not total.timed:
        return f"No timed answers {SPANS[span]}."
    weeks = shown.bin // DAYS_A_WEEK
    each = "day" if not weeks else "week" if weeks == 1 else f"run of {weeks} weeks"
    days = sum(week.days for week in shown.weeks)
    spent = in_minutes(minutes(total))
    return (
        f"{spent[:1].upper()}{spent[1:]} {SPANS[span]}, for the {total.timed:,} answers that were timed: "
        f"{total.elapsed_ms / total.timed / MS_A_SECOND:.1f} seconds an answer, "
        f"{in_minutes(minutes(total) / max(1, days))} on a day with answers (n = {days:,}). "
        f"A bar is a {each}, in minutes."
    )


def comes_back(shown: Overview, span: Span) -> str:
    """What comes back and when."""
    found = shown.forecast
    if not found.n:
        return "Nothing comes back: no card that you keep has been answered yet."
    overdue = f", {found.overdue:,} of them from days before" if found.overdue else ""
    week, month = sum(found.days[1:8]), sum(found.days[1:30])
    after = "after that" if span is Span.MONTH else "after a year"
    return (
        f"Of {counted(found.n, 'card')}, {found.days[0]:,} {'is' if found.days[0] == 1 else 'are'} due today"
        f"{overdue}; {week:,} in the 7 days from tomorrow, {month:,} in the 29 days from tomorrow, "
        f"{found.later:,} {after}. Each card is counted once; new cards are not."
    )


def stability(found: Spread) -> str:
    """How stable the cards are."""
    if found.middle is None:
        return _none("stability")
    low, high = found.middle
    return (
        "Stability is the number of days until the chance of recall has fallen to 90%. The median of "
        f"{counted(found.n, 'card')} is between {low:,.0f} and {high:,.0f} days. A bar reaches up to the "
        "number on its right, and is twice as wide as the one before."
    )


def difficulty(found: Spread) -> str:
    """How difficult the cards are."""
    if found.middle is None:
        return _none("difficulty")
    low, high = found.middle
    hard = found.at_least(HARD_FROM)
    return (
        "Difficulty goes from 1 to 10, and says how slowly stability grows. The median of "
        f"{counted(found.n, 'card')} is between {low:.0f} and {high:.0f}; "
        f"{hard:,} {'is' if hard == 1 else 'are'} at {HARD_FROM} or more."
    )


def chances(found: Spread, remembered: float) -> str:
    """How likely the cards are to be recalled today."""
    if found.middle is None:
        return _none("chance of recall")
    certain, shaky = found.at_least(CERTAIN_FROM), found.n - found.at_least(SHAKY_BELOW)
    return (
        f"Of {counted(found.n, 'card')} you would recall about {remembered:,.0f} today, "
        f"{remembered / found.n:.0%}: {certain:,} with a chance of {CERTAIN_FROM:.0%} or more, "
        f"and {shaky:,} with one below {SHAKY_BELOW:.0%}."
    )


def what_if(found: Sequence[Workload], pace: Pace, present: float) -> str:
    """What the present setting costs, what others would, and where the curve bends."""
    at = {workload.desired_retention: workload for workload in found}
    here = at[present]
    unit, days = time_unit(found, pace, present)

    def costs(workload: Workload) -> str:
        spent = days * workload.minutes_a_day(pace.seconds)
        time = f"{spent:.1f} minutes" if spent < WHOLE_FROM else in_minutes(spent)
        answers = f"{days * workload.answers_a_day:,.0f} answers"
        return f"{answers} and {time} a {unit}, {workload.remembered:,.0f} cards known after the year"

    others = [
        f"At {share:.0%}: {costs(at[share])}." for share in COMPARED if share != present and share in at
    ]
    return (
        f"At the {present:.0%} that you ask for (n = {counted(here.n, 'card')}): {costs(here)}. "
        f"{' '.join(others)} {_bend(found, pace)}"
    )


def caps(found: Sequence[Workload], reviews_a_day: int, new_a_day: int) -> str:
    """Whether the caps bind."""
    kept = f"Your caps are kept: {reviews_a_day:,} reviews and {new_a_day:,} new cards a day."
    bound = [workload for workload in found if workload.capped]
    if not bound:
        return f"{kept} No review is left over."
    worst = max(bound, key=lambda workload: workload.capped)
    first = min(workload.desired_retention for workload in bound)
    return (
        f"{kept} From {first:.0%} on, reviews are left over on some days; at {worst.desired_retention:.0%} "
        f"on {worst.capped:.0%} of them. What is left over is asked later, and forgotten more often."
    )


def _bend(found: Sequence[Workload], pace: Pace) -> str:
    """What one more point costs in the middle of the curve, and from where on it costs twice as much."""
    points = [100 * (more.desired_retention - one.desired_retention) for one, more in pairwise(found)]
    seconds = [pace.seconds * (more.answers_a_day - one.answers_a_day) for one, more in pairwise(found)]
    each = [more / point for more, point in zip(seconds, points, strict=True)]
    usual = sorted(each)[len(each) // 2]
    steep = next((one for one, cost in zip(found, each, strict=False) if cost > STEEP * usual > 0), None)
    if steep is None:
        return ""
    return (
        f"One more point costs {usual:.1f} seconds a day in the middle of the curve, "
        f"and over twice that from {steep.desired_retention:.0%} on."
    )


def _share(share: Share) -> str:
    low, high = share.interval()
    return f"{share.value:.1%} of {share.n:,} ({low:.1%} to {high:.1%})"


def _none(what: str) -> str:
    return f"No card has been answered yet, so none has a {what}."
