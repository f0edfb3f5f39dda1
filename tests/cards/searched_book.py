"""A book to search, a learner whose cards stand in every way, and an oracle that looks at each card."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from cards.card import Card
from cards.days import DayRules, day_number
from cards.folding import words
from cards.memory import Memory, Rating, State
from cards.plain import plain
from cards.query import Compare, Condition, Is, Named, Query, Sort, Term, Words
from cards.schedule import SchedulerSettings, is_due
from cards.store import Answer, Store
from cards.store.standings import Standing

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RULES = DayRules("Europe/London")
VOCABULARY = ["fair", "fairly", "walk", "walks", "naïve", "variance", "σ", "step", "7", "p(1-p)", "a"]
CARDS, KEPT = 80, 60
MINUTES_A_DAY = 60 * 24
LEECH = 2
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


def make_deck(seed: int = 1, cards: int = CARDS) -> dict[str, Card]:
    """A book of three sections, with cards of a few words out of a small vocabulary."""
    drawn = Random(seed)  # noqa: S311 - a made-up book keeps no secrets
    made = [_card(number, drawn, cards) for number in range(cards)]
    return {card.id: card for card in made}


def _card(number: int, drawn: Random, cards: int) -> Card:
    def face() -> str:
        said = " ".join(drawn.choices(VOCABULARY, k=drawn.randint(1, 5)))
        maths = drawn.choice(["", ' <span class="math inline">\\sigma^2 &lt; p_7</span>'])
        return f"<p>{said}{maths}</p>"

    section = number * 3 // cards
    front, back = face(), face()
    return Card(
        id=f"card-{number}",
        kind=drawn.choice(["recall", "cloze"]),
        section=f"section-{section}",
        section_title=["Walks", "A fair step", "Variance"][section],
        track=f"track-{section // 2}",
        track_title="Track",
        order=number,
        fields={"front": front, "back": back},
        front=front,
        back=back,
        text_hash=f"{front}|{back}",
        tags=drawn.choice([(), ("walks",), ("walks::fair",), ("theorems::walks", "step")]),
    )


def live(store: Store, learner: int, deck: dict[str, Card]) -> None:
    """Let a learner keep most cards, answer some of them, and decide all sorts of things about them."""
    drawn = Random(2)  # noqa: S311 - nor does a made-up learner
    ids = list(deck)[:KEPT]
    store.enrol(learner, ids, NOW - timedelta(days=90))
    for card_id in ids[:50]:
        at = NOW - timedelta(days=drawn.choice([1, 3, 10, 30, 60]))
        ratings = drawn.choices([Rating.AGAIN, Rating.GOOD, Rating.GOOD, Rating.EASY], k=drawn.randint(1, 6))
        gaps = drawn.choices([1, 30, MINUTES_A_DAY, MINUTES_A_DAY * 9], k=len(ratings))
        _answer(store, learner, card_id, at, list(zip(ratings, gaps, strict=True)))
    for card_id in ids[50:55]:
        forgotten = [
            (Rating.EASY, MINUTES_A_DAY * 9),
            *[(Rating.AGAIN, 20), (Rating.EASY, MINUTES_A_DAY * 9)] * 3,
        ]
        _answer(store, learner, card_id, NOW - timedelta(days=50), forgotten)
    today = day_number(NOW, RULES)
    store.suspend(learner, ids[::5], NOW)
    store.bury(learner, ids[1::7], today + 1)
    store.bury(learner, ids[2::7], today)  # its day has come
    store.mark(learner, ids[::4], NOW)
    store.pass_leech(learner, ids[::3])
    store.withdraw(learner, ids[::11], NOW)
    for card_id in list(deck)[::6]:
        store.write_note(learner, card_id, "see the proof", NOW)


def _answer(
    store: Store, learner: int, card_id: str, at: datetime, answers: list[tuple[Rating, int]]
) -> None:
    """Answer a card, each time so many minutes before the next, as long as that is past."""
    for number, (rating, minutes) in enumerate(answers):
        if at <= NOW:
            answer = Answer(f"{card_id}-{number}", card_id, rating, at)
            store.answer(learner, answer, RULES, SchedulerSettings())
        at += timedelta(minutes=minutes)


@dataclass(frozen=True)
class Oracle:
    """Search by looking at each card of a deck, and at where it stands."""

    deck: dict[str, Card]
    standings: dict[str, Standing]

    def finds(self, query: Query) -> list[str]:
        """The ids of the cards that a query finds, in the order of the book."""
        return [
            card.id
            for card in self.deck.values()
            if all(self._meets(card, term) is not term.negated for term in query.terms)
        ]

    def _meets(self, card: Card, term: Term) -> bool:
        stands = self.standings[card.id]
        match term:
            case Words(wanted, whole):
                parts = (plain(card.front), plain(card.back), card.section_title, " ".join(card.tags))
                return any(_has(words(part), wanted, whole=whole) for part in parts)
            case Named("tag", name):
                return any(tag == name or tag.startswith(f"{name}::") for tag in card.tags)
            case Named(field, name):
                return getattr(card, field) == name
            case Is(condition):
                return _is(condition, stands)
            case Compare(field, comparison, number):
                value = number_of(field, stands.memory)
                return value is not None and COMPARISONS[comparison](value, number)


def _has(text: tuple[str, ...], wanted: tuple[str, ...], *, whole: bool) -> bool:
    windows = (text[start : start + len(wanted)] for start in range(len(text) - len(wanted) + 1))
    return any(
        window[:-1] == wanted[:-1]
        and (window[-1] == wanted[-1] if whole else window[-1].startswith(wanted[-1]))
        for window in windows
    )


def _is(condition: Condition, stands: Standing) -> bool:
    memory, decision = stands.memory, stands.decision
    if condition is Condition.NOTE:
        return bool(stands.note)
    if memory is None:
        return False
    suspended = decision.suspended_at is not None
    buried = (decision.buried_until or 0) > day_number(NOW, RULES)
    return {
        Condition.KEPT: True,
        Condition.NEW: memory.state is State.NEW,
        Condition.LEARNING: memory.state in (State.LEARNING, State.RELEARNING),
        Condition.REVIEW: memory.state is State.REVIEW,
        Condition.DUE: is_due(memory, now=NOW, rules=RULES) and not suspended and not buried,
        Condition.SUSPENDED: suspended,
        Condition.BURIED: buried,
        Condition.MARKED: decision.marked_at is not None,
        Condition.LEECH: memory.lapses >= LEECH and memory.lapses > decision.leech_passed,
    }[condition]


def number_of(field: str, memory: Memory | None) -> float | None:
    """What a comparison compares."""
    if memory is None or (field == "due" and memory.state is State.NEW):
        return None
    if field == "due":
        day = memory.due_day if memory.due_day is not None else day_number(memory.due, RULES)
        return day - day_number(NOW, RULES)
    value: float | None = getattr(memory, field)
    return value


def sort_key(sort: Sort, card: Card, memory: Memory | None) -> Any:  # noqa: ANN401 - whatever can be compared
    """What a card is ordered by; None comes last."""
    if sort is Sort.SECTION:
        return " ".join(words(card.section_title))
    if sort is Sort.DUE:
        return memory.due if memory is not None and memory.state is not State.NEW else None
    if sort in (Sort.STABILITY, Sort.DIFFICULTY, Sort.LAPSES):
        return None if memory is None else getattr(memory, sort.value)
    return card.order
