"""What has to be done now and then while the app is open, out of the way of whoever reads.

The texts of the cards are dated when the book has changed (`cards.store.texts`), and the database is backed
up when a new day has begun. Both are noticed by a look that costs nothing, and done in a thread of their own.
A page says which cards mean something else since yesterday, so whoever opens the first one after a save waits
for the dates, but not for long. What cannot be done now is tried again at the next look.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from cards.card import Deck
from cards.store import Store, StoreProblem


@dataclass(frozen=True)
class Tended:
    """What was done last, and for whom.

    Attributes:
        store: The open store.
        deck: The deck whose texts it has dated; the book hands down the same one until a file is saved.
        day: The day, by UTC, on which it was backed up.
    """

    store: Store
    deck: Deck
    day: date


PATIENCE = 1.0  # seconds that a page waits for the dates; those of a hundred thousand texts take longer

_last: list[Tended] = []
_busy = threading.Lock()


def tend(store: Store, deck: Deck, now: datetime) -> threading.Thread | None:
    """Do what has become due since the last call; returns the thread that does it, or None if nothing has.

    When it returns, the texts are dated, unless that takes longer than a page should.
    """
    wanted = Tended(store, deck, now.date())
    if _last and _is_done(_last[0], wanted):
        return None
    dated = threading.Event()
    thread = threading.Thread(target=_tend, args=(wanted, now, dated), name="tending", daemon=True)
    thread.start()
    if not _last or _last[0].deck is not deck:
        dated.wait(PATIENCE)
    return thread


def _tend(wanted: Tended, now: datetime, dated: threading.Event) -> None:
    try:
        with _busy, suppress(StoreProblem):
            if _last and _is_done(_last[0], wanted):
                return
            wanted.store.stamp_texts(hashes(wanted.deck), now, editions=editions(wanted.deck))
            dated.set()
            wanted.store.back_up_daily(now)
            _last[:] = [wanted]
    finally:
        dated.set()


def hashes(deck: Deck) -> Mapping[str, str]:
    """The digests of the cards' texts, by id."""
    return {card.id: card.text_hash for card in deck.values()}


def editions(deck: Deck) -> Mapping[str, int]:
    """The editions of the cards' meanings, by id."""
    return {card.id: card.edition for card in deck.values()}


def _is_done(last: Tended, wanted: Tended) -> bool:
    return last.store is wanted.store and last.deck is wanted.deck and last.day == wanted.day
