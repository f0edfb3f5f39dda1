"""A learner for the tests of the pages: a deck, a store, and a moment."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

from cards.card import Card
from cards.days import DayRules
from cards.pages.session import Present
from cards.preferences import Preferences
from cards.store import Store
from cards.tuning import Tuning

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TUNING = Tuning()
NAMES = (f"learner {number}" for number in itertools.count())


def card(number: int, **changed: str) -> Card:
    """A card of a made-up book, in the order of its number."""
    fields = {
        "id": f"card-{number}",
        "kind": "recall",
        "section": "walks",
        "section_title": "How do beliefs walk?",
        "track": "beliefs",
        "track_title": "Beliefs",
        "front": f"<p>Question {number}</p>",
        "back": f"<p>Answer {number}</p>",
        "text_hash": f"{number}",
    }
    return Card(order=number, fields={"front": "", "back": ""}, **(fields | changed))


DECK = {f"card-{number}": card(number) for number in range(30)}


def open_store(folder: Path) -> Store:
    """A new store in a folder."""
    return Store.open(folder / "martingale.db", now=NOW)


def someone(
    store: Store, *, now: datetime = NOW, two_grades: bool = False, tuning: Tuning = TUNING
) -> Present:
    """A learner that the store has not seen before."""
    return Present(
        store=store,
        learner=store.learner(next(NAMES)),
        now=now,
        rules=DayRules("Europe/London"),
        tuning=tuning,
        preferences=Preferences(two_grades=two_grades),
    )
