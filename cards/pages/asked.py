"""One card as the browser is given it: its faces, its place in the book, and what each grade leads to."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from cards.card import Card
from cards.decision import Decision
from cards.desk import in_words
from cards.kind import get
from cards.leeches import becomes_leech
from cards.memory import Memory, Rating
from cards.pages.reasons import why
from cards.pages.session import Present
from cards.pages.words import GRADES, OF_TWO, after
from cards.schedule import choices

# A round that touches no date has two grades, which say only whether it asks the card again.
IN_A_ROUND = {Rating.AGAIN: "once more", Rating.GOOD: "done"}


def asked(card: Card, memory: Memory, decision: Decision, note: str, present: Present) -> dict[str, Any]:
    """A card that is asked for review."""
    now, rules, settings = present.now, present.rules, present.settings
    outcomes = choices(memory, now=now, rules=rules, settings=settings, seed=card.id)
    return {
        **_shown(card, memory, decision, note, present),
        "choices": [
            _choice(
                rating,
                in_words(outcome, now=now, rules=rules),
                makes_leech=becomes_leech(memory.lapses, outcome.lapses, present.leech_threshold),
            )
            for rating, outcome in outcomes.items()
        ],
        "why": why(memory, outcomes, now=now, rules=rules, settings=settings),
    }


def looked_at(
    card: Card, memory: Memory | None, decision: Decision, note: str, present: Present
) -> dict[str, Any]:
    """A card of a round that touches no date; it need not be kept."""
    return {
        **_shown(card, memory or Memory.new(present.now), decision, note, present),
        "kept": memory is not None,
        "choices": [_choice(rating, when) for rating, when in IN_A_ROUND.items()],
        "why": None,
    }


def _shown(card: Card, memory: Memory, decision: Decision, note: str, present: Present) -> dict[str, Any]:
    return {
        "id": card.id,
        "title": card.section_title,
        "section": card.section,
        "href": f"./{card.section}#card-{card.id}",
        "source": f"{'/'.join(PurePath(card.path).parts[-2:])}:{card.line}" if card.path else "",
        "front": card.front,
        "back": card.back,
        "filled": get(card.kind).note_type.cloze,
        "kept": True,
        "suspended": decision.suspended_at is not None,
        "buried": decision.is_buried(present.day),
        "marked": decision.marked_at is not None,
        "note": note,
        "lapses": memory.lapses,
        "passed": decision.leech_passed,
    }


def _choice(rating: Rating, when: str, *, makes_leech: bool = False) -> dict[str, Any]:
    """One grade: what it is called among four, and among two if it is one of them, and what it leads to."""
    return {
        "rating": int(rating),
        "name": GRADES[rating],
        "of_two": OF_TWO.get(rating),
        "when": when,
        "again": after(when),
        "leech": makes_leech,
    }
