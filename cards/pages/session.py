"""Who is here, and when it is: what every page needs before it can ask or answer anything.

One store is open in a process, shared by all its sessions. A local install has one learner. The clock is read
here and nowhere else; everything below a page takes the time as an argument.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import streamlit as st

from cards import paths, preferences
from cards.about import About
from cards.card import Card, Deck
from cards.cram import Cram, CramKind, chosen
from cards.days import DayRules, day_number
from cards.decision import Change, Matter
from cards.desk import Queue
from cards.evidence import Evidence
from cards.leeches import Leech, is_offered
from cards.memory import Memory
from cards.preferences import DEFAULTS, PREFERENCES, Limits, Preferences
from cards.rechecks import past_shelf_life, stale
from cards.remembered import is_remembered, remembered
from cards.schedule import SchedulerSettings
from cards.store import LOCAL, Answer, Store, StoreProblem
from cards.tuning import TUNING, Tuning

NO_EVIDENCE: Mapping[str, Evidence] = MappingProxyType({})

_opened: dict[str, Store] = {}
_opening = threading.Lock()
_shelf: dict[str, Deck] = {}
_evidence: dict[str, Mapping[str, Evidence]] = {}


@dataclass(frozen=True)
class Present:
    """A learner, at a moment.

    Attributes:
        store: Where everything the learner has lies.
        learner: The learner's id there.
        now: The moment, in UTC.
        rules: Where the learner's day begins.
        tuning: What the learner has chosen of the scheduler.
        preferences: What the learner prefers at the desk.
        deck: The cards of the book by id, as it is on disk.
        evidence: The pieces of evidence that the book has a reader foresee, by id.
    """

    store: Store
    learner: int
    now: datetime
    rules: DayRules
    tuning: Tuning
    preferences: Preferences = DEFAULTS
    deck: Deck = field(default_factory=dict, repr=False)
    evidence: Mapping[str, Evidence] = field(default_factory=dict, repr=False)

    @property
    def settings(self) -> SchedulerSettings:
        """The learner's scheduler settings where no track has its own."""
        return self.settings_for(None)

    def settings_for(self, card: Card | None) -> SchedulerSettings:
        """The scheduler settings for a card, by its track; without a card of the book, the overall ones."""
        return self.tuning.settings_for(card.track if card else None)

    @property
    def limits(self) -> Limits:
        """What the learner takes on a day."""
        return self.preferences.limits

    @property
    def two_grades(self) -> bool:
        """Whether the learner grades with two buttons instead of four."""
        return self.preferences.two_grades

    @property
    def leech_threshold(self) -> int:
        """How often a card is forgotten until it is a leech."""
        return self.preferences.leech_threshold

    @property
    def day(self) -> int:
        """The number of the learner's day."""
        return day_number(self.now, self.rules)

    def memories(self) -> dict[str, Memory]:
        """The memories of all the cards that the learner keeps, by card id: for exports, not for a page."""
        return self.store.memories(self.learner)

    def about(self, card_ids: Iterable[str]) -> dict[str, About]:
        """What is known of some cards, by id; each of them is there."""
        named = list(card_ids)
        memories = self.store.memories_of(self.learner, named)
        decisions = self.store.decisions(self.learner, named)
        notes = self.store.notes(self.learner, named)
        return {name: About.of(memories.get(name), decisions.get(name), notes.get(name)) for name in named}

    def queue(self, deck: Deck) -> Queue:
        """What there is to review now; what is past its shelf life is not asked, and no claim is."""
        return self.store.queue(
            self.learner,
            remembered(deck),
            now=self.now,
            rules=self.rules,
            preferences=self.preferences,
            held_back={card.id for card in self.stale(deck)},
        )

    def kept(self, deck: Deck) -> int:
        """How many cards of the book are kept."""
        return self.store.kept(self.learner, remembered(deck))

    def stale(self, deck: Deck) -> list[Card]:
        """The kept cards past their shelf life, which the learner is to look at."""
        old = past_shelf_life(remembered(deck), self.now)
        if not old:
            return []
        kept = self.store.memories_of(self.learner, old)
        return stale(old, kept, self.store.decisions(self.learner, old), self.now)

    @cached_property
    def meaning_changes(self) -> Mapping[str, datetime]:
        """When the meaning of a card last changed, in UTC, by card id, for those whose meaning ever did."""
        return self.store.meaning_changes()

    def answer(self, answer: Answer) -> Memory:
        """Record an answer as the learner's tuning and preferences have it, under its card's section.

        An answer to a claim, which nobody grades, changes nothing.
        """
        card = self.deck.get(answer.card_id)
        if card and not is_remembered(card):
            return Memory.new(answer.at)
        if card:
            answer = replace(answer, section=card.section)
        settings = self.settings_for(card)
        return self.store.answer(self.learner, answer, self.rules, settings, leeches=self.preferences.leeches)

    def change(self, change: Change) -> None:
        """Make a decision, once however often it is sent; no claim is kept."""
        if change.matter is Matter.KEEP:
            kept = tuple(card_id for card_id in change.card_ids if not self.is_claim(card_id))
            change = replace(change, card_ids=kept)
        self.store.change(self.learner, change, self.now)

    def is_claim(self, card_id: str) -> bool:
        """Whether a card of the book is a claim, which is not graded as memory."""
        return card_id in self.deck and not is_remembered(self.deck[card_id])

    def leeches(self) -> list[Leech]:
        """The leeches that the learner is still to say something about, the most often forgotten first."""
        often = self.leech_threshold
        return [one for one in self.store.leeches(self.learner, often) if is_offered(one, often)]

    def cram(self, deck: Deck, cram: Cram) -> tuple[Card, ...]:
        """The cards of a choice, to go through beside the schedule: nothing of it is to be recorded."""
        deck = remembered(deck)
        match cram.kind:
            case CramKind.MARKED:
                return chosen(deck, cram, self.store.marked(self.learner))
            case CramKind.LEECHES:
                leeches = self.store.leeches(self.learner, self.leech_threshold)
                return chosen(deck, cram, {leech.card_id for leech in leeches})
            case CramKind.FORGOTTEN:
                return chosen(deck, cram, self.store.forgotten(self.learner, self.day))
        return chosen(deck, cram)

    def later(self) -> Present:
        """The same learner when a button is pressed, which may be long after the page was drawn."""
        return replace(self, now=now())

    def prefer(self, wanted: Preferences) -> None:
        """Keep what the learner prefers."""
        self.store.set_setting(self.learner, PREFERENCES, wanted.to_json())


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
            threading.Thread(target=_check, args=[_opened["store"]], daemon=True, name="check-store").start()
        return _opened["store"]


def _check(opened: Store) -> None:
    with suppress(StoreProblem):  # a store that is damaged says so to whoever uses it next
        opened.check()


def shelve(deck: Deck, evidence: Mapping[str, Evidence] = NO_EVIDENCE) -> None:
    """Take note of the book's cards and of its evidence, which what is saved and shown belongs to."""
    _shelf["deck"], _evidence["all"] = deck, evidence


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
    wanted, _ = preferences.read(opened.setting(learner, PREFERENCES))
    return Present(
        store=opened,
        learner=learner,
        now=now(),
        rules=day_rules(st.context.timezone, wanted.day_starts_at),
        tuning=tuning(opened, learner),
        preferences=wanted,
        deck=_shelf.get("deck", {}),
        evidence=_evidence.get("all", NO_EVIDENCE),
    )


def tuning(opened: Store, learner: int) -> Tuning:
    """What a learner has chosen of the scheduler; what cannot be read is as if nothing had been.

    Raises:
        StoreProblem: The store cannot be read.
    """
    try:
        return Tuning.from_json(opened.setting(learner, TUNING))
    except ValueError:
        return Tuning()


def day_rules(timezone: str | None, day_starts_at: int = DEFAULTS.day_starts_at) -> DayRules:
    """The day rules of a browser's time zone; UTC where it names none that is known here."""
    try:
        return DayRules(timezone or "UTC", day_starts_at)
    except ValueError:
        return DayRules("UTC", day_starts_at)
