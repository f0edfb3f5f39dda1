"""A learner's document in the hands of a test: written to a text, and loaded from one."""

from __future__ import annotations

import io
import itertools

from cards.store import Store
from tests.cards.histories import NOW

LEARNERS = (f"learner {number}" for number in itertools.count())


def dumped(store: Store, learner: int) -> str:
    """All that a learner has, as a document."""
    file = io.StringIO()
    store.dump(learner, file, NOW)
    return file.getvalue()


def load(store: Store, learner: int, document: str, **how: bool) -> dict[str, int]:
    """Load a document; returns how many rows of each table were in it."""
    return store.load(learner, io.StringIO(document), **how).rows
