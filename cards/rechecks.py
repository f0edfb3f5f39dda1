"""Cards that are not asked as they usually are, because what they say has changed or may have.

A card whose author has changed its *meaning* is looked at once more, whatever its date: what is remembered is
an answer to another question. It is an answer like any other, and ends the matter, since the card has then
been answered after the change; so nothing is noted that would have to be undone.

A card past its *shelf life* is not asked at all. It says what was so in a certain month, and may be so no
longer; the learner looks at it and says whether it still holds, which is good for another shelf life. Months
are counted as whole months of the calendar in UTC: what was checked in November 2024 and keeps for 24 months
is asked through November 2026.

Pure functions; the month in which the app runs is an argument, as all time is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cards.days import as_utc
from cards.decision import NO_DECISION
from cards.memory import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from cards.card import Card, Deck
    from cards.decision import Decision
    from cards.memory import Memory

MONTHS = 12

_last: list[tuple[Deck, int, Deck]] = []


def is_changed(memory: Memory, changed_at: datetime | None) -> bool:
    """Whether a card was last answered before its meaning changed; a new card was never answered."""
    if changed_at is None or memory.state is State.NEW or memory.last_review is None:
        return False
    return memory.last_review < changed_at


def is_stale(card: Card, decision: Decision, now: datetime) -> bool:
    """Whether a card is past its shelf life, counted from its author's last check or the learner's."""
    if not card.as_of:
        return False
    checked = _month_of(card.as_of)
    if decision.verified_at is not None:
        checked = max(checked, _month(decision.verified_at))
    return _month(now) > checked + card.shelf_life


def stale(deck: Deck, kept: Iterable[str], decisions: Mapping[str, Decision], now: datetime) -> list[Card]:
    """Return the kept cards that are past their shelf life and not suspended, in the order of the book.

    Args:
        deck: The book's cards by id.
        kept: The ids of the cards that a learner keeps.
        decisions: What the learner has decided, by card id.
        now: The present, in UTC.
    """
    found = []
    for card_id in kept:
        card, decision = deck.get(card_id), decisions.get(card_id, NO_DECISION)
        if card is not None and decision.suspended_at is None and is_stale(card, decision, now):
            found.append(card)
    return sorted(found, key=lambda card: card.order)


def past_shelf_life(deck: Deck, now: datetime) -> Deck:
    """Return the cards of a book that are past their shelf life, unless a learner has found them to hold.

    A deck is taken to stay as it is, as a changed book is another deck: the last one asked for is remembered.
    """
    for known, month, found in _last:
        if known is deck and month == _month(now):
            return found
    old = {card_id: card for card_id, card in deck.items() if is_stale(card, NO_DECISION, now)}
    _last[:] = [(deck, _month(now), old)]
    return old


def _month_of(as_of: str) -> int:
    """Number the month that is written like "2026-11"."""
    year, month = as_of.split("-")
    return int(year) * MONTHS + int(month) - 1


def _month(moment: datetime) -> int:
    in_utc = as_utc(moment)
    return in_utc.year * MONTHS + in_utc.month - 1
