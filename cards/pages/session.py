"""Who is here, and when it is: what every page needs before it can ask or answer anything.

One store is open in a process, shared by all its sessions. A local install has one learner. The clock is read
here and nowhere else; everything below a page takes the time as an argument.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from cards import paths
from cards.card import Card, Deck
from cards.days import DayRules, day_number
from cards.decision import NO_DECISION, Decision
from cards.desk import Limits, Queue, queue
from cards.memory import Memory
from cards.rechecks import is_stale, rechecks, stale, without
from cards.schedule import SchedulerSettings
from cards.store import LOCAL, Store

TWO_GRADES = "two_grades"

_opened: dict[str, Store] = {}
_opening = threading.Lock()


@dataclass(frozen=True)
class Present:
    """A learner, at a moment.

    Attributes:
        store: Where everything the learner has lies.
        learner: The learner's id there.
        now: The moment, in UTC.
        rules: Where the learner's day begins.
        settings: The learner's scheduler settings.
        limits: What the learner takes on a day.
        two_grades: Whether the learner grades with two buttons instead of four.
    """

    store: Store
    learner: int
    now: datetime
    rules: DayRules
    settings: SchedulerSettings
    limits: Limits
    two_grades: bool

    def memories(self) -> dict[str, Memory]:
        """The memories of the cards that the learner keeps, by card id."""
        return self.store.memories(self.learner)

    def queue(self, deck: Deck, memories: dict[str, Memory]) -> Queue:
        """What there is to review now; what is suspended or past its shelf life is not asked."""
        today = self.store.today(self.learner, day_number(self.now, self.rules))
        decisions = self.store.decisions(self.learner)
        changes = self.store.meaning_changes()
        asked = {
            card_id: memory for card_id, memory in memories.items() if not _is_suspended(decisions, card_id)
        }
        deck = without(deck, stale(deck, asked, decisions, self.now))
        return queue(
            deck,
            asked,
            now=self.now,
            rules=self.rules,
            limits=self.limits,
            today=today,
            rechecks=rechecks(deck, asked, changes),
        )

    def stale(self, deck: Deck) -> list[Card]:
        """The cards past their shelf life, which the learner is to look at."""
        return stale(deck, self.memories(), self.store.decisions(self.learner), self.now)

    def is_stale(self, card: Card) -> bool:
        """Whether a card, kept or not, is past its shelf life."""
        return is_stale(card, self.store.decisions(self.learner).get(card.id, NO_DECISION), self.now)


def _is_suspended(decisions: Mapping[str, Decision], card_id: str) -> bool:
    return decisions.get(card_id, NO_DECISION).suspended_at is not None


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def store() -> Store:
    """The store of this process, opened by the first call.

    Raises:
        StoreProblem: It cannot be opened. The next call tries again, so that mending it needs no restart.
    """
    with _opening:
        if "store" not in _opened:
            _opened["store"] = Store.open(place(), now=now())
        return _opened["store"]


def close() -> None:
    """Close the store, when the app ends."""
    with _opening:
        if "store" in _opened:
            _opened.pop("store").close()


def place() -> str | Path:
    """The database that the environment names."""
    return paths.database(os.environ)


@contextmanager
def closed() -> Iterator[str | Path]:
    """Close the store while its file is replaced; who asks for it meanwhile waits, and opens the new one."""
    with _opening:
        if "store" in _opened:
            _opened.pop("store").close()
        yield place()


def present() -> Present:
    """The learner of this session, now.

    Raises:
        StoreProblem: The store cannot be opened or read.
    """
    opened = store()
    if st.session_state.get("store") is not opened:  # it is another one after a restore
        st.session_state["store"], st.session_state["learner-id"] = opened, opened.learner(LOCAL)
    learner: int = st.session_state["learner-id"]
    return Present(
        store=opened,
        learner=learner,
        now=now(),
        rules=day_rules(st.context.timezone),
        settings=SchedulerSettings(),
        limits=Limits(),
        two_grades=opened.setting(learner, TWO_GRADES, default=False) is True,
    )


def day_rules(timezone: str | None) -> DayRules:
    """The day rules of a browser's time zone; UTC where it names none that is known here."""
    try:
        return DayRules(timezone=timezone or "UTC")
    except ValueError:
        return DayRules()
