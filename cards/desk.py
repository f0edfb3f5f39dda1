"""What to review now: the queue, its counts, and dates in words.

The order is: cards in their learning steps that are due, the longest waiting first; then those whose meaning
has changed since they were answered (`cards.rechecks`), under no cap; then reviews, the longest due first;
then new cards; ties are settled by the order of the book. Last come learning cards that are due within the
next minutes, so that a session does not end in a wait (Anki calls it learning ahead). New cards and reviews
have caps a day, from which what was already done today is taken off; steps have none, for a card that was
begun is finished.

Everything is pure: the book's deck and the learner's memories go in, a queue comes out. A memory whose card
is no longer in the book is passed over, and waits in the store in case the card returns; a card without a
memory is not enrolled, and is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cards.card import Card, Deck
from cards.days import DayRules, as_utc, day_number, start_of_day
from cards.memory import Memory, State

STEPS = (State.LEARNING, State.RELEARNING)
SECONDS_A_MINUTE, SECONDS_AN_HOUR = 60, 3600
DAYS_A_MONTH, DAYS_A_YEAR = 30.44, 365.25
MONTHS_FROM, YEARS_FROM = 61, 730  # days from which an interval is told in months, and in years


@dataclass(frozen=True)
class Limits:
    """What a learner takes on.

    Attributes:
        new_a_day: New cards introduced in one day.
        reviews_a_day: Reviews in one day.
        learn_ahead: How long before its time a card in its steps may be asked, when nothing else is left.
    """

    new_a_day: int = 20
    reviews_a_day: int = 200
    learn_ahead: timedelta = timedelta(minutes=20)


@dataclass(frozen=True)
class Today:
    """What a learner has done today: new cards introduced, and reviews of cards that were due by the day."""

    introduced: int = 0
    reviewed: int = 0


@dataclass(frozen=True)
class Queue:
    """What is to be done now.

    Attributes:
        cards: What to ask, in order.
        new: How many of them are new.
        learning: How many are in their steps.
        review: How many are reviews.
        next_due: When the next card comes back after these, in UTC, or None if none will.
    """

    cards: tuple[Card, ...]
    new: int
    learning: int
    review: int
    next_due: datetime | None

    @property
    def due(self) -> int:
        """How many were seen before and are due. New cards are an offer, not a debt."""
        return self.learning + self.review


def queue(
    deck: Deck,
    memories: Mapping[str, Memory],
    *,
    now: datetime,
    rules: DayRules,
    limits: Limits = Limits(),
    today: Today = Today(),
    rechecks: Sequence[str] = (),
) -> Queue:
    """Return what a learner is to review now.

    Args:
        deck: The book's cards by id.
        memories: The memories of the cards the learner has enrolled, by card id.
        now: The present, in UTC.
        rules: Where the learner's day begins.
        limits: What the learner takes on a day.
        today: What the learner has already done today.
        rechecks: The ids of cards to look at once more whatever their dates, in order.
    """
    now = as_utc(now)
    day = day_number(now, rules)
    enrolled = [(deck[card_id], memory) for card_id, memory in memories.items() if card_id in deck]

    stepping = sorted(
        ((card, memory) for card, memory in enrolled if memory.state in STEPS),
        key=lambda pair: (pair[1].due, pair[0].order),
    )
    learning = [card for card, memory in stepping if memory.due <= now]
    begun = {card.id for card in learning}
    changed = [
        deck[card_id]
        for card_id in rechecks
        if card_id in deck and card_id in memories and card_id not in begun
    ]
    begun.update(rechecks)
    ahead = [
        card
        for card, memory in stepping
        if now < memory.due <= now + limits.learn_ahead and card.id not in begun
    ]
    reviews = [card for card in _reviews(enrolled, day) if card.id not in begun]
    reviews = changed + reviews[: max(0, limits.reviews_a_day - today.reviewed)]
    unseen = [card for card, memory in enrolled if memory.state is State.NEW]
    new = sorted(unseen, key=lambda card: card.order)[: max(0, limits.new_a_day - today.introduced)]

    cards = (*learning, *reviews, *new, *ahead)
    return Queue(
        cards=cards,
        new=len(new),
        learning=len(learning) + len(ahead),
        review=len(reviews),
        next_due=_next_due(enrolled, {card.id for card in cards}, day=day, rules=rules),
    )


def in_words(due: Memory | datetime, *, now: datetime, rules: DayRules) -> str:
    """Return when something is due, in words: "now", "10 minutes", "today", "tomorrow", "8 days", "3 months".

    A memory that is due by the day, and any moment on a later day, is told by the learner's calendar; a
    moment today is told by the clock.
    """
    now = as_utc(now)
    today = day_number(now, rules)
    moment = due.due if isinstance(due, Memory) else as_utc(due)
    if isinstance(due, Memory) and due.due_day is not None:
        return _days_in_words(due.due_day - today)
    if day_number(moment, rules) > today and moment - now >= timedelta(hours=1):
        return _days_in_words(day_number(moment, rules) - today)
    return _seconds_in_words((moment - now).total_seconds())


def _reviews(enrolled: Iterable[tuple[Card, Memory]], day: int) -> list[Card]:
    due = [
        (memory.due_day, card.order, card)
        for card, memory in enrolled
        if memory.state is State.REVIEW and memory.due_day is not None and memory.due_day <= day
    ]
    return [card for _, _, card in sorted(due, key=lambda entry: entry[:2])]


def _next_due(
    enrolled: Iterable[tuple[Card, Memory]], asked: set[str], *, day: int, rules: DayRules
) -> datetime | None:
    """When the next card comes back, among those that are not asked now.

    New cards and reviews that today's caps have left over come back with the next day.
    """
    moments = []
    for card, memory in enrolled:
        if card.id in asked:
            continue
        if memory.state in STEPS:
            moments.append(memory.due)
        else:
            moments.append(start_of_day(max(day + 1, memory.due_day or 0), rules))
    return min(moments, default=None)


def _seconds_in_words(seconds: float) -> str:
    if seconds <= 0:
        return "now"
    if seconds < SECONDS_AN_HOUR:
        return _counted(max(1, round(seconds / SECONDS_A_MINUTE)), "minute")
    return _counted(round(seconds / SECONDS_AN_HOUR), "hour")


def _days_in_words(days: int) -> str:
    if days <= 0:
        return "today"
    if days == 1:
        return "tomorrow"
    if days < MONTHS_FROM:
        return _counted(days, "day")
    if days < YEARS_FROM:
        return _counted(round(days / DAYS_A_MONTH), "month")
    return _counted(round(days / DAYS_A_YEAR), "year")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
