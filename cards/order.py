"""The orders in which reviews and new cards are asked.

*Relative overdueness* is the days that a review is overdue as a share of its interval: three days late are
much after an interval of a week, and nothing after one of a year. By FSRS the chance of recall depends on the
days since the last answer as a multiple of the interval alone, so this asks first what is closest to being
forgotten.

A *random* order is the same all day for one learner, however often it is drawn, and whatever was answered in
between: each card draws its own number from the seed, the day and its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from hashlib import blake2b
from itertools import chain
from operator import itemgetter

from cards.preferences import Mix, NewOrder, ReviewOrder

NUMBER_BYTES = 8
CARD = itemgetter(0)
PLACE = itemgetter(3)

Due = tuple[str, int, int, int]
"""A review: the card's id, the day numbers of its due date and its last answer, and its place in the book."""


def by_preference(
    ids: Iterable[str], reviews: Iterable[Due], order: ReviewOrder, *, day: int, seed: str
) -> Iterable[str]:
    """Return the ids of reviews, given the longest due first, in another order; ties stay as they are.

    Args:
        ids: The ids of the reviews.
        reviews: The reviews; only one of the two is read, this one where the order has to know more.
        order: The order.
        day: The number of the day.
        seed: What random orders are drawn from, besides the day.
    """
    match order:
        case ReviewOrder.LONGEST_DUE:
            return ids
        case ReviewOrder.OVERDUE:
            return map(CARD, sorted(reviews, key=partial(_earliness, day)))
        case ReviewOrder.BOOK:
            return map(CARD, sorted(reviews, key=PLACE))
        case ReviewOrder.RANDOM:
            return _shuffled(ids, day, seed)


def new_by_preference(new: Iterable[str], order: NewOrder, *, day: int, seed: str) -> Iterable[str]:
    """Return the ids of new cards, given in the book's order, in another."""
    return _shuffled(new, day, seed) if order is NewOrder.RANDOM else new


def mixed(reviews: Sequence[str], new: Sequence[str], mix: Mix) -> Iterable[str]:
    """Return the ids of reviews and new cards in one row; mixed, each kind is spread evenly over it."""
    match mix:
        case Mix.REVIEWS_FIRST:
            return chain(reviews, new)
        case Mix.NEW_FIRST:
            return chain(new, reviews)
        case Mix.MIXED:
            places = [
                ((number + 1) / (len(kind) + 1), card_id)
                for kind in (reviews, new)
                for number, card_id in enumerate(kind)
            ]
            return [card_id for _, card_id in sorted(places, key=lambda placed: placed[0])]


def _earliness(day: int, due: Due) -> float:
    """Relative overdueness, with its sign turned round so that the most overdue sorts first."""
    _, due_day, last_day, _ = due
    return (due_day - day) / ((due_day - last_day) or 1)


def _shuffled(card_ids: Iterable[str], day: int, seed: str) -> list[str]:
    key = f"{day}/{seed}".encode()[: blake2b.MAX_KEY_SIZE]
    return sorted(
        card_ids, key=lambda card_id: blake2b(card_id.encode(), key=key, digest_size=NUMBER_BYTES).digest()
    )
