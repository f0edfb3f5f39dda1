"""A learner who reviews in Anki: in the past as rows of its log, and now through its scheduler."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from anki.collection import DeckIdLimit, ExportAnkiPackageOptions
from anki.scheduler.v3 import CardAnswer

from cards.days import DayRules
from cards.memory import Rating
from cards.zone import zone_of
from tests.cards.anki_learner import Learner
from tests.cards.anki_process import free_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ANKI_DAYS = DayRules(zone_of(os.environ), 4)  # Anki's own rollover, on the clock that it reads
DAY_MS = 86_400_000
BUTTONS = {
    Rating.AGAIN: CardAnswer.AGAIN,
    Rating.HARD: CardAnswer.HARD,
    Rating.GOOD: CardAnswer.GOOD,
    Rating.EASY: CardAnswer.EASY,
}
MODERN, LEGACY, COLLECTION, OLD_COLLECTION = "modern.apkg", "legacy.apkg", "modern.colpkg", "legacy.colpkg"


class Reviewer(Learner):
    """A learner's Anki with FSRS on."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.anki.set_config("fsrs", True)

    def has_reviewed(self, card_id: str, past: Sequence[tuple[float, Rating]]) -> list[int]:
        """Put reviews so many days ago into the log, as of a review card; return their moments."""
        card = self.note(card_id).cards()[0]
        moments = []
        for days_ago, rating in sorted(past, key=lambda one: -one[0]):
            at = free_id(self.anki, int(time.time() * 1000 - days_ago * DAY_MS))
            kind = 1 if moments else 0
            row = (at, card.id, -1, int(rating), 1, 1, 500, 3210, kind)
            self.anki.db.execute("insert into revlog values (?,?,?,?,?,?,?,?,?)", *row)
            moments.append(at)
        card.type = card.queue = 2
        card.ivl, card.due, card.reps = 1, self.anki.sched.today, len(moments)
        card.last_review_time = moments[-1] // 1000
        self.anki.update_card(card)
        return moments

    def reviews(self, ratings: Sequence[Rating]) -> int:
        """Answer whatever Anki asks now; return how many answers that were, if it ran out of cards."""
        self.anki.decks.select(self.anki.decks.id("Martingale"))
        for count, rating in enumerate(ratings):
            queue = self.anki.sched.get_queued_cards(fetch_limit=1).cards
            if not queue:
                return count
            card = self.anki.get_card(queue[0].card.id)
            card.start_timer()
            answer = self.anki.sched.build_answer(card=card, states=queue[0].states, rating=BUTTONS[rating])
            self.anki.sched.answer_card(answer)
        return len(ratings)

    def exports(self, name: str) -> Path:
        """Export the deck or the whole collection with its scheduling, as the file's name says."""
        path, legacy = self.folder / name, name.startswith("legacy")
        if name.endswith("colpkg"):
            self.anki.export_collection_package(str(path), include_media=False, legacy=legacy)
            self.anki.reopen()
            return path
        options = ExportAnkiPackageOptions(
            with_scheduling=True, with_deck_configs=True, with_media=False, legacy=legacy
        )
        limit = DeckIdLimit(self.anki.decks.id("Martingale"))
        self.anki.export_anki_package(out_path=str(path), options=options, limit=limit)
        return path

    def memory(self, card_id: str) -> tuple[float, float]:
        """Return the stability and the difficulty that Anki works out from its log."""
        state = self.anki._backend.compute_memory_state(self.note(card_id).cards()[0].id).state
        return state.stability, state.difficulty

    def log(self) -> list[tuple[int, int]]:
        """Return the moment and the rating of every review in the log."""
        return [
            tuple(row) for row in self.anki.db.all("select id, ease from revlog where ease > 0 order by id")
        ]
