"""A small book, a learner who keeps its cards, and a hand on the review desk."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from cards.store import Store
from tests.browser.harness import Server, rows

CARDS = 12
SETTLE = 300  # milliseconds: presses within 250 of the reveal are not meant for the answer
TRACK = "---\ntitle: Walks\norder: 10\nsummary: How beliefs walk.\n---\n"
OPENING = "---\ntitle: How do beliefs walk?\ntrack: walks\norder: 10\nsummary: One step at a time.\n---\n"
RECALL = (
    ":::{card} card-NUMBER\nQuestion NUMBER: what is $p(1-p)$?\n---\nAnswer NUMBER, a $\\sigma^2$.\n:::\n"
)
CLOZE = ":::{cloze} card-NUMBER\nSentence NUMBER hides {{$\\sqrt{NUMBER}$::a root}}.\n:::\n"


def write_book(folder: Path, cards: int = CARDS) -> Path:
    """Write a book of one section whose every third card has a hole to fill, and the others an answer."""
    track = folder / "walks"
    track.mkdir(parents=True, exist_ok=True)
    (track / "_track.md").write_text(TRACK, "utf-8")
    blocks = [_card(number) for number in range(cards)]
    (track / "steps.md").write_text("\n".join([OPENING, "Some prose.\n", *blocks]), "utf-8")
    return folder


def _card(number: int) -> str:
    return (CLOZE if number % 3 == 2 else RECALL).replace("NUMBER", str(number))


def keep_cards(server: Server, cards: int = CARDS) -> None:
    """Let the learner have never answered or chosen anything, and keep the first cards of the book."""
    with closing(sqlite3.connect(server.database, timeout=10)) as database, database:
        for table in ("undo", "review", "memory", "card_change", "card_note", "setting"):
            database.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand one line above
    store = Store.open(server.database, now=datetime.now(UTC))
    store.enrol(store.learner("local"), [f"card-{number}" for number in range(cards)], datetime.now(UTC))
    store.close()


def answers(server: Server) -> list[tuple[object, ...]]:
    """The answers that count, as the database has them: card and rating, oldest first."""
    return rows(
        server,
        "SELECT card_id, rating FROM review WHERE id NOT IN (SELECT review_id FROM undo) ORDER BY id",
    )


def presses(server: Server) -> int:
    """How many answers were ever recorded, taken back or not."""
    return len(rows(server, "SELECT id FROM review"))


@dataclass(frozen=True)
class Desk:
    """The review desk on a page."""

    page: Page

    @property
    def stage(self) -> Locator:
        """The card that is asked."""
        return self.page.get_by_role("region", name="Review").locator(".stage")

    @property
    def grades(self) -> Locator:
        """The buttons that grade it."""
        return self.page.get_by_role("group", name="How well did you know it?")

    def asks(self, number: int) -> None:
        """Wait until this card is asked."""
        expect(self.stage).to_contain_text(re.compile(rf"(Question|Sentence) {number}\b"))

    def reveal(self) -> None:
        """Show the answer, and look at it for a moment."""
        self.page.keyboard.press("Space")
        expect(self.grades).to_be_visible()
        self.page.wait_for_timeout(SETTLE)

    def answer(self, key: str) -> None:
        """Show the answer and grade it."""
        self.reveal()
        self.page.keyboard.press(key)


def press_at_once(page: Page, *keys: str) -> None:
    """Press keys within one moment of the page's own time, however slow the machine that drives it."""
    page.evaluate(
        """(keys) => {
            for (const key of keys) {
                const press = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
                document.activeElement.dispatchEvent(press);
            }
        }""",
        list(keys),
    )
