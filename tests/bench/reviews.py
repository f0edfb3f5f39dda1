"""Answering a card, with the commit on the disk, against Anki's own backend doing the same.

Both write to the same disk with a write-ahead log and full synchronisation, in alternating rounds, so that a
busy disk is busy for both. The first rounds are left out: in them both logs grow to their lasting size, which
costs the disk more than writing over them ever will. The work is the same: a card and a rating go in, the
card is scheduled, the answer is committed, and the card's new state comes out. Finding the next card is not
counted.
"""

from __future__ import annotations

import gc
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, time

from anki.collection import Collection

from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, Store
from tests.bench._hundred_thousand import client_id

WARM_UP, ROUNDS = 20, 41
ANSWERS = 60
CARDS = ROUNDS * ANSWERS
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def measure() -> list[tuple[str, float, float, float]]:
    """Return the seconds an answer takes, and those Anki takes: the medians over the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        ours, anki = Ours(Path(folder)), Anki(Path(folder))
        gc.collect()
        gc.freeze()  # as the app does when it starts
        rounds = [(ours.answer_some(), anki.answer_some()) for _ in range(ROUNDS)][WARM_UP:]
        ours.close()
        anki.close()
    return [
        (
            "Answer to a card, scheduled and committed, against Anki's",
            median(seconds for seconds, _ in rounds),
            median(seconds for _, seconds in rounds),
            1.0,
        )
    ]


class Ours:
    """A store with new cards."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.open(folder / "martingale.db", now=NOW)
        self.learner = self.store.learner("me")
        self.cards = [f"card-{number}" for number in range(CARDS)]
        self.store.enrol(self.learner, self.cards, NOW)
        self.rules, self.settings = DayRules(), SchedulerSettings()

    def answer_some(self) -> float:
        """Answer the next cards, and return the seconds each took."""
        cards, self.cards = self.cards[:ANSWERS], self.cards[ANSWERS:]
        at = NOW + timedelta(hours=1)
        answers = [Answer(client_id(int(time() * 1000)), card, Rating.GOOD, at, 1500) for card in cards]
        start = perf_counter()
        for answer in answers:
            self.store.answer(self.learner, answer, self.rules, self.settings)
        return (perf_counter() - start) / ANSWERS

    def close(self) -> None:
        """Close the store."""
        self.store.close()


class Anki:
    """A collection of Anki's with as many new cards, scheduled by FSRS."""

    def __init__(self, folder: Path) -> None:
        self.collection = Collection(str(folder / "collection.anki2"))
        self.collection.set_config("fsrs", True)
        preset = self.collection.decks.config_dict_for_deck_id(1)
        preset["new"]["perDay"] = preset["rev"]["perDay"] = CARDS  # reviews cap new cards too
        self.collection.decks.update_config(preset)
        for number in range(CARDS):
            note = self.collection.new_note(self.collection.models.by_name("Basic"))
            note["Front"] = f"card-{number}"
            self.collection.add_note(note, 1)

    def answer_some(self) -> float:
        """Answer the next cards, and return the seconds each took."""
        scheduler, seconds = self.collection.sched, 0.0
        for _ in range(ANSWERS):
            card = scheduler.getCard()
            start = perf_counter()
            scheduler.answerCard(card, Rating.GOOD)
            seconds += perf_counter() - start
        return seconds / ANSWERS

    def close(self) -> None:
        """Close the collection."""
        self.collection.close()
