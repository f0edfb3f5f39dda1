"""What it will cost to keep some cards, in one sentence, for the end of a section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cards.card import Deck
from cards.days import day_number
from cards.pages.session import Present
from cards.remembered import remembered
from cards.schedule import SchedulerSettings
from cards.stats.cost import Cost, cost
from cards.stats.pace import ENOUGH, Pace, pace, together
from cards.stats.simulation import Cards
from cards.stats.workload import workloads
from cards.tuning import Tuning

LESS_THAN_A_MINUTE = "less than a minute"
MINUTES_BELOW = 120  # a length of two hours or more is said in hours


def sentence(card_ids: Sequence[str], present: Present) -> str:
    """Say what these cards will cost, at the learner's desired retention and own speed; empty for no cards.

    Raises:
        StoreProblem: The store cannot be read.
    """
    if not card_ids:
        return ""
    taken = pace_of(present)
    of_these = cost(len(card_ids), settings=present.settings, limits=present.limits, pace=taken)
    return f"{_minutes(len(card_ids), of_these)} {basis(taken, present.settings.desired_retention)}"


def of_tuning(deck: Deck, present: Present, tuned: Tuning) -> str:
    """Say what the kept cards of the book will take a day under a tuning, caps aside; empty for no cards.

    Raises:
        StoreProblem: The store cannot be read.
    """
    deck = remembered(deck)
    groups: dict[SchedulerSettings, list[str]] = {}
    for card_id in present.store.counted_ids(present.learner):
        if card_id in deck:
            groups.setdefault(tuned.settings_for(deck[card_id].track), []).append(card_id)
    taken = pace_of(present)
    minutes = sum(_minutes_a_day(ids, settings, present, taken) for settings, ids in groups.items())
    count = sum(map(len, groups.values()))
    if not count:
        return ""
    these = "The card that you keep" if count == 1 else f"The {count:,} cards that you keep"
    about = "about " * (round(minutes) >= 1)
    return (
        f"{these} will take {about}{in_minutes(minutes)} a day over the next year. "
        f"Reckoned at {speed(taken)}."
    )


def _minutes_a_day(ids: Sequence[str], settings: SchedulerSettings, present: Present, taken: Pace) -> float:
    cards = Cards.of(present.store.card_states(present.learner, ids), present.day)
    limits = replace(present.limits, reviews_a_day=max(1, cards.n))
    (found,) = workloads(cards, [settings.desired_retention], settings=settings, limits=limits)
    return found.minutes_a_day(taken.seconds)


def pace_of(present: Present) -> Pace:
    """How long the learner's answers take, from all there have been."""
    today = day_number(present.now, present.rules)
    return pace(together(present.store.day_totals(present.learner, 0, today)))


def basis(taken: Pace, desired_retention: float) -> str:
    """Say what minutes are reckoned from."""
    return f"Reckoned at a desired retention of {desired_retention:.0%} and {speed(taken)}."


def speed(taken: Pace) -> str:
    """Say how long an answer is taken to take, and from what that is known."""
    if taken.own:
        return f"your own {taken.seconds:.1f} seconds an answer (n = {taken.n:,})"
    so_far = f"{taken.n} of yours timed so far, {ENOUGH} are enough"
    return f"an assumed {taken.seconds:.0f} seconds an answer ({so_far})"


def _minutes(cards: int, of_these: Cost) -> str:
    these = "This card" if cards == 1 else f"These {cards} cards"
    first, later = in_minutes(of_these.first_month), in_minutes(of_these.later)
    return f"{these} will take about {first} in the first month, and {later} a month in the long run."


def in_minutes(minutes: float) -> str:
    """Say a time with no more precision than it has: "less than a minute", "1 minute", "2 hours"."""
    whole = round(minutes)
    if whole < 1:
        return LESS_THAN_A_MINUTE
    if whole < MINUTES_BELOW:
        return "1 minute" if whole == 1 else f"{whole} minutes"
    return f"{round(minutes / 60):,} hours"
