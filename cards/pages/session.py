"""Who is here, and when it is: what every page needs before it can ask or answer anything.

One store is open in a process, shared by all its sessions. A local install has one learner. The clock is read
here and nowhere else; everything below a page takes the time as an argument.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from cards import paths
from cards.about import About
from cards.card import Card, Deck
from cards.cram import Cram, CramKind, chosen
from cards.days import DayRules, day_number
from cards.decision import NO_DECISION, Decision
from cards.desk import Limits, Queue, queue
from cards.memory import Memory, Rating
from cards.schedule import SchedulerSettings
from cards.store import Store

LEARNER = "local"
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

    def about(self, card_ids: Iterable[str]) -> dict[str, About]:
        """What is known of some cards, by id; each of them is there."""
        named = list(card_ids)
        memories = self.memories()
        decisions = self.store.decisions(self.learner, named)
        notes = self.store.notes(self.learner, named)
        return {name: About.of(memories.get(name), decisions.get(name), notes.get(name)) for name in named}

    @property
    def day(self) -> int:
        """The number of the learner's day."""
        return day_number(self.now, self.rules)

    @property
    def leech_threshold(self) -> int:
        """How often a card is forgotten until it is a leech; Anki's number."""
        return 8

    def queue(self, deck: Deck, memories: dict[str, Memory]) -> Queue:
        """What there is to review now."""
        today = self.store.today(self.learner, self.day)
        asked = askable(memories, self.store.decisions(self.learner), self.day)
        return queue(deck, asked, now=self.now, rules=self.rules, limits=self.limits, today=today)

    def cram(self, deck: Deck, cram: Cram) -> tuple[Card, ...]:
        """The cards of a choice, to go through beside the schedule: nothing of it is to be recorded."""
        memories, decisions = self.memories(), self.store.decisions(self.learner)
        match cram.kind:
            case CramKind.MARKED:
                return chosen(
                    deck, cram, {name for name in memories if name in decisions and decisions[name].marked_at}
                )
            case CramKind.LEECHES:
                return chosen(
                    deck,
                    cram,
                    {name for name, memory in memories.items() if memory.lapses >= self.leech_threshold},
                )
            case CramKind.FORGOTTEN:
                today = [review for review in self.store.reviews(self.learner) if review.day == self.day]
                return chosen(
                    deck, cram, {review.card_id for review in today if review.rating is Rating.AGAIN}
                )
        return chosen(deck, cram)


def askable(memories: Mapping[str, Memory], decisions: Mapping[str, Decision], day: int) -> dict[str, Memory]:
    """The memories of the cards that may be asked on a day: neither suspended nor buried."""
    return {
        card_id: memory
        for card_id, memory in memories.items()
        if decisions.get(card_id, NO_DECISION).is_asked(day)
    }


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
            _opened["store"] = Store.open(paths.database(os.environ), now=now())
        return _opened["store"]


def close() -> None:
    """Close the store, when the app ends."""
    with _opening:
        if "store" in _opened:
            _opened.pop("store").close()


def present() -> Present:
    """The learner of this session, now.

    Raises:
        StoreProblem: The store cannot be opened or read.
    """
    opened = store()
    if "learner-id" not in st.session_state:
        st.session_state["learner-id"] = opened.learner(LEARNER)
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
