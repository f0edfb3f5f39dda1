"""A learner who imports our packages into Anki: a collection of their own, driven by Anki's own backend."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from cards.anki.package import write_package
from cards.card import Card

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from anki.notes import Note

BASE_URL = "http://localhost:8501"
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 3, 9, tzinfo=UTC)

RECALL = Card(
    id="updates-from-half",
    kind="recall",
    section="how-many-updates",
    section_title="How many updates?",
    track="beliefs",
    track_title="Beliefs",
    order=0,
    fields={"front": "<p>Question?</p>", "back": "<p>Answer.</p>"},
    front="",
    back="",
    text_hash="",
)
CLOZE = replace(
    RECALL,
    id="variance-adds",
    kind="cloze",
    fields={"text": '<p>Variances <span class="cloze">add</span>.</p>', "extra": ""},
)


@dataclass(frozen=True)
class Outcome:
    """How many notes an import added, updated, left alone, and could not match."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    conflicting: int = 0


class Learner:
    """A learner's Anki."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.anki = Collection(str(folder / "collection.anki2"))

    def receives(
        self,
        cards: Iterable[Card],
        changed: Mapping[str, datetime] | datetime = MONDAY,
        now: datetime = TUESDAY,
    ) -> Outcome:
        """Export the cards, and import the package."""
        cards = list(cards)
        modified = changed if not isinstance(changed, datetime) else {card.id: changed for card in cards}
        path = self.folder / "deck.apkg"
        write_package(path, cards, modified=modified, base_url=BASE_URL, now=now)
        return self.imports(path)

    def imports(self, path: Path) -> Outcome:
        """Import a package as Anki's dialog does when nothing is ticked."""
        request = ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())
        log = self.anki.import_anki_package(request).log
        return Outcome(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    def note(self, card_id: str) -> Note:
        """Return the one note of a card."""
        (note_id,) = self.anki.db.list("SELECT id FROM notes WHERE guid = ?", f"martingale:{card_id}")
        return self.anki.get_note(note_id)

    def deck_of(self, card_id: str) -> str:
        """Return the name of the deck that a card is in."""
        return self.anki.decks.name(self.note(card_id).cards()[0].did)

    def next_new_cards(self) -> list[str]:
        """Return the ids of the cards that Anki would teach next from the whole book, in its order."""
        self.anki.decks.select(self.anki.decks.id("Martingale"))
        queue = self.anki.sched.get_queued_cards(fetch_limit=10).cards
        return [self.anki.get_note(queued.card.note_id)["CardId"] for queued in queue]

    def healthy(self) -> bool:
        """Tell whether Anki's own check of the database finds nothing to mend."""
        return self.anki.fix_integrity() == ("Database rebuilt and optimized.", True)


@contextmanager
def learner(folder: Path) -> Iterator[Learner]:
    """Open a new learner's Anki in the folder, and close it again."""
    someone = Learner(folder)
    try:
        yield someone
    finally:
        someone.anki.close()
