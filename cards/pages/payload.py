"""What the browser is given: the next cards, the date that each grade leads to, and what has been saved."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any

from cards.card import Card, Deck
from cards.desk import Queue, in_words
from cards.kind import get
from cards.memory import Memory, Rating, State
from cards.pages.operations import Receipt
from cards.pages.session import Present
from cards.pages.words import GRADES, OF_TWO, after, rest, standing, why
from cards.schedule import choices, is_due
from cards.store import StoreProblem

AHEAD = 25  # cards given at a time: more than anyone answers while one answer is on its way
FAR = timedelta(hours=12)  # a page that is left open is asked about what comes within this time
RETRY = timedelta(seconds=5)
MILLISECOND = timedelta(milliseconds=1)


def desk(deck: Deck, present: Present, receipt: Receipt) -> dict[str, Any]:
    """What the review desk is given."""
    memories = present.memories()
    due = present.queue(deck, memories)
    kept = sum(card_id in deck for card_id in memories)
    return {
        "cards": [asked(card, memories[card.id], present) for card in islice(due.cards, AHEAD)],
        "left": len(due.cards),
        "wake": _wake(due, present),
        "rest": rest(due, kept, now=present.now, rules=present.rules),
        "two_grades": present.two_grades,
        **_saved(receipt),
    }


def closed_desk(problem: StoreProblem, receipt: Receipt) -> dict[str, Any]:
    """What the review desk is given while the store cannot be read. A card that is in front stays there."""
    return {
        "cards": [],
        "left": 0,
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
    open_to_grades = memory is None or memory.state is State.NEW or is_due(memory, now=now, rules=rules)
    shown = asked(card, memory or Memory.new(now), present)
    return {
        "card": shown if open_to_grades else {**shown, "choices": []},
        "standing": standing(memory, now=now, rules=rules),
        "two_grades": present.two_grades,
        **_saved(receipt),
    }


def asked(card: Card, memory: Memory, present: Present) -> dict[str, Any]:
    """One card: its faces, where it stands in the book, and what each grade leads to."""
    now, rules, settings = present.now, present.rules, present.settings_for(card)
    outcomes = choices(memory, now=now, rules=rules, settings=settings, seed=card.id)
    return {
        "id": card.id,
        "title": card.section_title,
        "href": f"./{card.section}#card-{card.id}",
        "front": card.front,
        "back": card.back,
        "filled": get(card.kind).note_type.cloze,
        "choices": [
            _choice(rating, in_words(outcome, now=now, rules=rules)) for rating, outcome in outcomes.items()
        ],
        "why": why(memory, now=now, rules=rules, settings=settings),
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
