"""Searching 100,000 cards, against Anki's own search of 100,000 notes with the same text and history.

Both return ids, and ours the most relevant first; in alternating rounds, each with another word, so that no
search is asked twice. The index is made before, as Anki's collection is. One row is what a change to the book
costs the next search, against the first search of all, which makes the index. The last is half of the cards
suspended at once and resumed, in alternating rounds with Anki's doing the same.
"""

from __future__ import annotations

import gc
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import anki.collection  # noqa: F401 - first, for Anki's modules import each other in a circle
from anki.cards import CardId
from anki.collection import Collection

from cards.days import DayRules, day_number
from cards.edit import Edit
from cards.query import parse
from cards.store import Store
from tests.bench._hundred_thousand import LEARNER, build_anki, build_ours, deck, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from cards.card import Card

ROUNDS = 25
EDITS, EDITED = 3, 50_000
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
# What is searched for, in our language and in Anki's, by the figure's name; a word takes the place of WORD.
SEARCHES = {
    "Search for one word in 100,000 cards, against Anki's": ("WORD", "WORD", 0.05),
    "The same beside -is:suspended and lapses>1, against Anki's": (
        "WORD -is:suspended lapses>1",
        "WORD -is:suspended prop:lapses>1",
        0.5,
    ),
}


def measure() -> list[tuple[str, float, float, float]]:
    """Return the seconds of a search, and of Anki's: the medians over the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        build_ours(Path(folder, "martingale.db"), now=NOW)
        build_anki(Path(folder, "collection.anki2"), now=NOW)
        store = Store.open(Path(folder, "martingale.db"), now=NOW)
        collection = Collection(str(Path(folder, "collection.anki2")))
        ours, book = _Ours(store), deck()
        made = _seconds(lambda: ours.find(book, "made"))
        gc.collect()
        gc.freeze()  # as the app does when it starts
        rows = []
        for title, (mine, theirs, target) in SEARCHES.items():
            rounds = [_round(ours, collection, mine, theirs, word) for word in words()[:ROUNDS]]
            rows.append((
                title,
                median(seconds for seconds, _ in rounds),
                median(seconds for _, seconds in rounds),
                target,
            ))  # fmt: skip
        card = book["card-7"]
        changed = {**book, card.id: replace(card, front="<p>Other.</p>", text_hash="other")}
        followed = _seconds(lambda: ours.find(changed, "other"))
        edited = [_edited(ours, collection, number) for number in range(EDITS)]
        store.close()
        collection.close()
    return [
        *rows,
        ("Search after one card of 100,000 changed, against the first", followed, made, 0.3),
        (
            "50,000 cards suspended and resumed at once, against Anki's",
            median(seconds for seconds, _ in edited),
            median(seconds for _, seconds in edited),
            6,  # ours writes each card's decision down as well
        ),
    ]


class _Ours:
    """A learner who searches."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.learner = store.learner(LEARNER)
        self.rules = DayRules()

    def find(self, book: dict[str, Card], text: str) -> list[str]:
        """Search as the page does, from the text that was typed."""
        return self.store.search(self.learner, book, parse(text).query, now=NOW, rules=self.rules)

    def edit(self, wanted: Edit, number: int) -> None:
        """Do one thing to half of the cards, in this round."""
        ids, at = [f"card-{card}" for card in range(EDITED)], NOW + timedelta(minutes=number)
        done = self.store.edit(
            self.learner, f"{number}.{wanted}", ids, wanted, at=at, now=at, until=day_number(at, self.rules)
        )
        if len(done.before) != EDITED:
            raise RuntimeError(f"{wanted} has changed {len(done.before)} cards of {EDITED}")


def _round(ours: _Ours, collection: Collection, mine: str, theirs: str, word: str) -> tuple[float, float]:
    book = deck()
    mine, theirs = mine.replace("WORD", word), theirs.replace("WORD", word)
    found = len(ours.find(book, mine)), len(collection.find_cards(theirs))
    if found[0] != found[1]:
        raise RuntimeError(f"'{mine}' finds {found[0]} cards here and {found[1]} in Anki; they must be alike")
    return _seconds(lambda: ours.find(book, mine)), _seconds(lambda: collection.find_cards(theirs))


def _edited(ours: _Ours, collection: Collection, number: int) -> tuple[float, float]:
    cards = [CardId(card) for card in range(1, EDITED + 1)]

    def here() -> None:
        for wanted in (Edit.SUSPEND, Edit.RESUME):
            ours.edit(wanted, number)

    def there() -> None:
        collection.sched.suspend_cards(cards)
        collection.sched.unsuspend_cards(cards)

    return _seconds(here), _seconds(there)


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
