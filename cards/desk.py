"""What to review now: which cards, in which order, within which caps.

First come cards in their learning steps that are due, the longest waiting first; then reviews and new cards,
each in the order that the learner prefers; last learning cards that are due within the next minutes, so that
a session does not end in a wait (Anki calls it learning ahead). New cards and reviews have caps a day, from
which what was already done today is taken off; steps have none, for a card that was begun is finished.

Cards of one family give each other's answers away. One whose sibling was answered today, or comes earlier in
the queue, is left for tomorrow, unless the learner prefers otherwise.

Everything is pure: what waits goes in, as the store tells it (`cards.store.waiting`), and a queue comes out.
What waits comes in as iterables that are read no further than the caps reach. A card that is no longer in the
book is not among it, and waits in the store in case it returns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from cards.backlog import Backlog
from cards.card import Card, Deck
from cards.dates import in_words
from cards.days import DayRules, as_utc, day_number, start_of_day
from cards.families import Families
from cards.memory import State
from cards.order import Due, by_preference, mixed, new_by_preference
from cards.preferences import DEFAULTS, Limits, Preferences, ReviewOrder

__all__ = ["STEPS", "Due", "Limits", "Queue", "Step", "Today", "Waiting", "in_words", "queue"]

STEPS = (State.LEARNING, State.RELEARNING)


@dataclass(frozen=True)
class Today:
    """What a learner has done today: new cards introduced, and reviews of cards that were due by the day."""

    introduced: int = 0
    reviewed: int = 0


class Step(NamedTuple):
    """A card in its learning steps, and when it comes back, in UTC."""

    card_id: str
    due: datetime


@dataclass(frozen=True)
class Waiting:
    """What waits for a learner on a day; nothing that was suspended or withdrawn, or has left the book.

    Attributes:
        steps: The cards in their steps.
        reviews: The reviews due by the day, the longest due first, those of one day in the book's order.
        due_ids: Their ids, in the same order, which are read sooner.
        new: The ids of the new cards, in the book's order.
        later: The reviews due on later days, the soonest first.
        buried: The cards to be asked no sooner than on a later day, and on which.
        rechecks: The ids of cards whose meaning has changed since they were answered (`cards.rechecks`), in
            order: they are asked whatever their dates, before the reviews, under no cap.
        held_back: The ids of cards that are not asked at all: they are past their shelf life.
        answered: The ids of the cards that were answered on the day.
        today: How many of them count against the caps.
        due: How many `reviews` there are, without those that are buried.
        families: The family of each card of the book that has one.
    """

    steps: Sequence[Step] = ()
    reviews: Iterable[Due] = ()
    due_ids: Iterable[str] = ()
    new: Iterable[str] = ()
    later: Iterable[Due] = ()
    buried: Mapping[str, int] = field(default_factory=dict)
    rechecks: Sequence[str] = ()
    held_back: Collection[str] = ()
    answered: Collection[str] = ()
    today: Today = Today()
    due: int = 0
    families: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Queue:
    """What is to be done now.

    Attributes:
        ids: The cards to ask, in order.
        new: How many of them are new.
        learning: How many are in their steps.
        review: How many are reviews.
        next_due: When the next card comes back after these, in UTC, or None if none will.
        backlog: What has piled up beyond a day's reviews, or None if nothing has.
        deck: The book that the cards are from.
    """

    ids: tuple[str, ...]
    new: int
    learning: int
    review: int
    next_due: datetime | None
    backlog: Backlog | None = None
    deck: Deck = field(default_factory=dict, repr=False, compare=False)

    @property
    def cards(self) -> tuple[Card, ...]:
        """What to ask, in order."""
        return self.first(len(self.ids))

    def first(self, count: int) -> tuple[Card, ...]:
        """The first cards to ask; a long queue need not be looked up in the book to its end."""
        return tuple(self.deck[card_id] for card_id in self.ids[:count] if card_id in self.deck)

    @property
    def due(self) -> int:
        """How many were seen before and are due. New cards are an offer, not a debt."""
        return self.learning + self.review


def queue(
    deck: Deck,
    waiting: Waiting,
    *,
    now: datetime,
    rules: DayRules,
    preferences: Preferences = DEFAULTS,
    seed: str = "",
) -> Queue:
    """Return what a learner is to review now.

    Args:
        deck: The book's cards by id.
        waiting: What waits for the learner on the day in which `now` falls.
        now: The present, in UTC.
        rules: Where the learner's day begins.
        preferences: What the learner prefers.
        seed: What random orders are drawn from, besides the day: who the learner is.
    """
    now = as_utc(now)
    day, limits, today = day_number(now, rules), preferences.limits, waiting.today
    taking = _Taking(waiting)
    steps = [step for step in waiting.steps if step.card_id in deck and not taking.passes_over(step.card_id)]
    steps.sort(key=lambda step: (step.due, deck[step.card_id].order))
    learning = taking.begun(step.card_id for step in steps if step.due <= now)
    ahead = taking.begun(step.card_id for step in steps if now < step.due <= now + limits.learn_ahead)
    rechecks = taking.begun(
        card_id for card_id in waiting.rechecks if card_id in deck and card_id not in waiting.held_back
    )
    backlog = Backlog.of(waiting.due, done=today.reviewed, a_day=limits.reviews_a_day)
    order = ReviewOrder.OVERDUE if backlog and preferences.catch_up else preferences.review_order
    reviews = taking.up_to(
        limits.reviews_a_day - today.reviewed,
        by_preference(waiting.due_ids, waiting.reviews, order, day=day, seed=seed),
        parted=preferences.part_review_siblings,
    )
    new = taking.up_to(
        limits.new_a_day - today.introduced,
        new_by_preference(waiting.new, preferences.new_order, day=day, seed=seed),
        parted=preferences.part_new_siblings,
    )
    moments = [step.due for step in steps if step.due > now + limits.learn_ahead]
    days = _later_days(deck, waiting) + [day + 1] * taking.has_left_some
    return Queue(
        ids=(*learning, *rechecks, *mixed(reviews, new, preferences.mix), *ahead),
        new=len(new),
        learning=len(learning) + len(ahead),
        review=len(rechecks) + len(reviews),
        next_due=min((*moments, *(start_of_day(one, rules) for one in days)), default=None),
        backlog=backlog,
        deck=deck,
    )


class _Taking:
    """Taking cards for a day, by their ids; each then holds back its siblings.

    Attributes:
        has_left_some: Whether any was left for tomorrow.
    """

    def __init__(self, waiting: Waiting) -> None:
        self.has_left_some = False
        self._passed_over = {*waiting.buried, *waiting.rechecks, *waiting.held_back}
        self._families = Families(waiting.families, waiting.answered)

    def passes_over(self, card_id: str) -> bool:
        """Whether a card is not asked now, or not in its usual turn."""
        return card_id in self._passed_over

    def begun(self, card_ids: Iterable[str]) -> list[str]:
        """Take all of these: cards that are asked whatever else is."""
        taken = list(card_ids)
        for card_id in taken:
            self._families.hold(card_id)
        return taken

    def up_to(self, most: int, card_ids: Iterable[str], *, parted: bool) -> list[str]:
        """Take the first of these, without those that a sibling holds back if families are parted."""
        if not self._passed_over and not self._families:  # the usual case, taken as a whole
            ids = iter(card_ids)
            taken = list(islice(ids, max(0, most)))
            self.has_left_some |= next(ids, None) is not None
            return taken
        taken = []
        for card_id in card_ids:
            if card_id in self._passed_over:
                continue
            if parted and self._families.holds_back(card_id):
                self.has_left_some = True
            elif len(taken) >= most:
                self.has_left_some = True
                break
            else:
                taken.append(card_id)
                self._families.hold(card_id)
        return taken


def _later_days(deck: Deck, waiting: Waiting) -> list[int]:
    """The days on which the first of those come back that are buried, and of those that are not due yet."""
    buried = [
        until
        for card_id, until in waiting.buried.items()
        if card_id in deck and card_id not in waiting.held_back
    ]
    passed_over = {*waiting.buried, *waiting.held_back}
    later = (due_day for card_id, due_day, *_ in waiting.later if card_id not in passed_over)
    return [*buried, *islice(later, 1)]
