"""A small book with claims, and a learner who keeps a ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cards.claims import Claim, ConservationCheck, Credence, Outcome, Resolution
from cards.store import LOCAL, Store
from tests.browser.harness import Server
from tests.browser.reviewing import write_book

CLAIMS = 60  # more than are on the page at first
SKY = """---
title: What falls from the sky?
track: walks
order: 20
summary: Weather.
resolved: {it-rains: yes 2026-01-31}
---

:::{credence} it-rains
It *rains*.
---
Look up.
:::

:::{credence} it-snows
It snows.
---
Look up again.
:::

:::{conservation} the-glass
:happened: false
It snows, or it will.
---
The glass falls.
---
It stood still.
:::
"""


def keep_a_ledger(home: Path, folder: Path) -> Server:
    """Write the book into a folder, and fill the ledger; returns an app that is not started yet."""
    book = write_book(folder)
    (book / "walks" / "sky.md").write_text(SKY, "utf-8")
    server = Server(home=home, content=book)
    store = Store.open(server.database, now=datetime.now(UTC))
    learner = store.learner(LOCAL)
    for number in range(CLAIMS):
        fill(store, learner, number)
    before = datetime.now(UTC) - timedelta(days=40)
    store.record_credence(learner, Credence("snow", "it-snows", 0.25, before))
    store.record_conservation(
        learner, ConservationCheck("glass", "the-glass", 0.5, 0.75, 0.25, False, before, after=0.3)
    )
    store.close()
    return server


def fill(store: Store, learner: int, number: int) -> None:
    """A claim with two credences, 20% or 70% last, which turns out if its number is even."""
    name, now = f"own-{number}", datetime.now(UTC)
    store.keep_claim(learner, Claim(name, f"Claim number {number} holds.", None, now - timedelta(days=30)))
    for days, credence in ((20, 0.5), (10, 0.7 if number % 4 else 0.2)):
        entry = Credence(f"{name}-{days}", name, credence, now - timedelta(days=days))
        store.record_credence(learner, entry)
    if number % 2 == 0:
        outcome = Outcome.YES if number % 4 else Outcome.NO
        store.record_resolution(learner, Resolution(f"{name}-r", name, outcome, now - timedelta(days=1)))
