"""What the tuning page says, in sentences and tables, as HTML with every value escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from textwrap import shorten

from cards.card import Deck
from cards.days import calendar_date
from cards.fits import Found
from cards.pages.settings_links import PAGES
from cards.shifts import Foreseen
from sim.fitting.calibration import Bin, wilson
from sim.fitting.judging import ENOUGH

TITLE = PAGES["/tuning"]
STAND = "How well you want to remember, and how your dates are worked out."
WHAT_COUNTS = (
    "A review counts if it came a day or more, by your calendar, after the last answer to that card."
)
NOT_KEPT = "They are not kept."
TAG = re.compile(r"<[^>]+>")
LONGEST_QUESTION = 64


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 card", "1,240 cards"."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def foreseen(seen: Foreseen) -> str:
    """Say what a change would do, in two sentences."""
    if not seen.moved:
        return "No card would move. What you answer from now on would be dated anew."
    sides = [(number, word) for number, word in ((seen.sooner, "sooner"), (seen.later, "later")) if number]
    parts = [f"{number:,} {word}" for number, word in sides] if len(sides) > 1 else [f"all {sides[0][1]}"]
    return (
        f"{counted(seen.moved, 'card')} of {seen.cards:,} would move, {' and '.join(parts)}. "
        f"Due by the end of today: {seen.due_before:,} now, {seen.due_after:,} then."
    )


def examples(seen: Foreseen, deck: Deck) -> str:
    """The cards that would move most, as a table."""
    rows = "".join(
        f'<tr><td><a href="./{deck[one.card_id].section}#card-{one.card_id}">{_question(deck, one.card_id)}'
        f"</a></td><td>{_date(one.before)}</td><td>{_date(one.after)}</td><td>{_signed(one.days)}</td></tr>"
        for one in seen.examples
        if one.card_id in deck
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Moves most", "Now", "Then", "Days"))
    return _table("shifts", head, rows)


def standing(counted_now: int, last: Found | None) -> str:
    """Say how much there is to fit to."""
    if counted_now < ENOUGH:
        are = "1 review counts" if counted_now == 1 else f"{counted_now:,} reviews count"
        return f"{are} so far, and a fit needs {ENOUGH}. {WHAT_COUNTS}"
    if last is None:
        return f"{counted_now:,} of your reviews count: enough to fit the dates to you. {WHAT_COUNTS}"
    more = counted_now - last.counted
    since = f"{counted(more, 'more review')} since the last fit" if more > 0 else "none since the last fit"
    return f"{counted_now:,} of your reviews count, {since}."


def verdict(found: Found) -> str:
    """Say what a fit has come to."""
    of = (
        f"on {counted(found.held_out, 'later review')} of {counted(found.cards, 'card')} that it had not seen"
    )
    gain = f"{abs(found.gain):.4f} ± {found.error:.4f}"
    if found.better:
        return f"The new weights foretell better, {of}: by {gain} nats a review."
    if found.gain > 0:
        return f"The new weights do better {of}, but no more than by chance: {gain} nats a review. {NOT_KEPT}"
    return f"The new weights foretell no better {of}: worse by {gain} nats a review. {NOT_KEPT}"


def losses(found: Found) -> str:
    """The losses before and after, as a table."""
    rows = (
        (f"Held out, {counted(found.held_out, 'review')}", found.before, found.after),
        (f"Fitted to, {counted(found.fitted, 'review')}", found.fitted_before, found.fitted_after),
    )
    body = "".join(
        f'<tr><th scope="row">{name}</th><td>{before:.4f}</td><td>{after:.4f}</td>'
        f"<td>{_signed(after - before, 4)}</td></tr>"
        for name, before, after in rows
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Log-loss", "Before", "After", "Change"))
    return _table("losses", head, body)


def calibration(bins: Sequence[Bin]) -> str:
    """Say what a calibration figure shows: how many answers, and where the line leaves a band."""
    answers, least, most = (
        sum(one.n for one in bins),
        min(one.n for one in bins),
        max(one.n for one in bins),
    )
    each = f"{least:,}" if least == most else f"{least:,} or {most:,}"
    outside = [one for one in bins if not _holds(one)]
    foretold = sum(one.predicted * one.n for one in bins) / answers
    happened = sum(one.recalled for one in bins) / answers
    said = f"Of {counted(answers, 'review')}, {happened:.1%} were recalled; {foretold:.1%} were foretold."
    points = f"{counted(len(bins), 'point')} of {each} reviews, with 95% bands"
    if not outside:
        return f"{said} {points}: each band holds what was foretold."
    leave = "leaves" if len(outside) == 1 else "leave"
    return f"{said} {points}: {len(outside)} of them {leave} out what was foretold."


def _table(kind: str, head: str, rows: str) -> str:
    table = f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="table">{table}</div>'


def _holds(one: Bin) -> bool:
    low, high = wilson(one.recalled, one.n)
    return low <= one.predicted <= high


def _question(deck: Deck, card_id: str) -> str:
    words = unescape(TAG.sub(" ", deck[card_id].front))
    return escape(shorten(words, LONGEST_QUESTION, placeholder=" …") or card_id)


def _date(day: int) -> str:
    date = calendar_date(day)
    return f"{date.day} {date:%b} {date.year}"


def _signed(number: float, places: int = 0) -> str:
    return f"{number:+,.{places}f}".replace("-", "−")
