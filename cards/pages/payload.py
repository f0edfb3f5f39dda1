"""What the browser is given: the next cards, the date that each grade leads to, and what has been saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Any

from cards.card import Card, Deck
from cards.decision import NO_DECISION
from cards.desk import Queue, in_words
from cards.kind import get
from cards.memory import Memory, Rating, State
from cards.pages.operations import Receipt
from cards.pages.session import Present
from cards.pages.words import GRADES, OF_TWO, after, changed, checked, rest, standing, too_old, why
from cards.rechecks import is_changed
from cards.schedule import choices, is_due
from cards.store import StoreProblem

AHEAD = 25  # cards given at a time: more than anyone answers while one answer is on its way
FAR = timedelta(hours=12)  # a page that is left open is asked about what comes within this time
RETRY = timedelta(seconds=5)
NO_CHANGES: Mapping[str, datetime] = MappingProxyType({})
MILLISECOND = timedelta(milliseconds=1)


def desk(deck: Deck, present: Present, receipt: Receipt) -> dict[str, Any]:
    """What the review desk is given."""
    memories = present.memories()
    due = present.queue(deck, memories)
    kept = sum(card_id in deck for card_id in memories)
    changes = present.store.meaning_changes()
    return {
        "cards": [asked(card, memories[card.id], present, changes) for card in islice(due.cards, AHEAD)],
        "left": len(due.cards),
        "verify": verify(deck, present),
        "wake": _wake(due, present),
        "rest": rest(due, kept, now=present.now, rules=present.rules),
        "two_grades": present.two_grades,
        **_saved(receipt),
    }


def verify(deck: Deck, present: Present) -> list[dict[str, Any]]:
    """The next cards past their shelf life: shown with both sides, to be said to hold or not."""
    decisions = present.store.decisions(present.learner)
    return [
        {
            **shown(card),
            "checked": checked(card, decisions.get(card.id, NO_DECISION).verified_at, present.rules),
            "sources": "; ".join(card.sources),
        }
        for card in islice(present.stale(deck), AHEAD)
    ]


def closed_desk(problem: StoreProblem, receipt: Receipt) -> dict[str, Any]:
    """What the review desk is given while the store cannot be read. A card that is in front stays there."""
    return {
        "cards": [],
        "left": 0,
        "verify": [],
        "wake": RETRY // MILLISECOND,
        "two_grades": None,
        "rest": {
            "title": "Your cards cannot be read just now.",
            "sentence": f"{problem.what} {problem.remedy}",
        },
        **_saved(receipt),
    }


def place(card: Card, present: Present, receipt: Receipt) -> dict[str, Any]:
    """What a card in its place in the prose is given: grades only while it is new or due."""
    memory = present.memories().get(card.id)
    now, rules = present.now, present.rules
    is_old = present.is_stale(card)
    given = asked(card, memory or Memory.new(now), present, present.store.meaning_changes())
    open_to_grades = (
        memory is None
        or memory.state is State.NEW
        or is_due(memory, now=now, rules=rules)
        or given["changed"]
    )
    return {
        "card": given if open_to_grades and not is_old else {**given, "choices": []},
        "closed": "Its facts may have changed; see the review desk." if is_old else "",
        "standing": too_old(card) if is_old else standing(memory, now=now, rules=rules),
        "two_grades": present.two_grades,
        **_saved(receipt),
    }


def asked(
    card: Card, memory: Memory, present: Present, changes: Mapping[str, datetime] = NO_CHANGES
) -> dict[str, Any]:
    """One card: its faces, where it stands in the book, what has changed, and what each grade leads to."""
    now, rules, settings = present.now, present.rules, present.settings
    outcomes = choices(memory, now=now, rules=rules, settings=settings, seed=card.id)
    changed_at = changes.get(card.id)
    is_other = changed_at is not None and is_changed(memory, changed_at)
    return {
        **shown(card),
        "changed": changed(changed_at, rules) if changed_at is not None and is_other else "",
        "choices": [
            _choice(rating, in_words(outcome, now=now, rules=rules)) for rating, outcome in outcomes.items()
        ],
        "why": why(memory, now=now, rules=rules, settings=settings),
    }


def shown(card: Card) -> dict[str, Any]:
    """One card as it stands in the book."""
    return {
        "id": card.id,
        "title": card.section_title,
        "href": f"./{card.section}#card-{card.id}",
        "front": card.front,
        "back": card.back,
        "filled": get(card.kind).note_type.cloze,
    }


def _choice(rating: Rating, when: str) -> dict[str, Any]:
    """One grade: what it is called among four, and among two if it is one of them, and what it leads to."""
    return {
        "rating": int(rating),
        "name": GRADES[rating],
        "of_two": OF_TWO.get(rating),
        "when": when,
        "again": after(when),
    }


def _wake(due: Queue, present: Present) -> int | None:
    """Milliseconds until a card will have come back and the desk should ask again; `None` if far off."""
    if due.next_due is None:
        return None
    wait = due.next_due - present.limits.learn_ahead - present.now
    return max(1000, wait // MILLISECOND) if wait < FAR else None


def _saved(receipt: Receipt) -> dict[str, Any]:
    return {"confirmed": list(receipt.confirmed), "problem": receipt.problem}
