"""One card as the browser is given it: its faces, its place in the book, and what each grade leads to."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from cards.about import About
from cards.card import Card
from cards.desk import in_words
from cards.kind import get
from cards.leeches import becomes_leech
from cards.memory import Memory, Rating
from cards.pages.quizzes import beside_the_schedule, sides
from cards.pages.reasons import why
from cards.pages.session import Present
from cards.pages.words import GRADES, OF_TWO, after, changed
from cards.rechecks import is_changed
from cards.schedule import choices

# A round that touches no date has two grades, which say only whether it asks the card again.
IN_A_ROUND = {Rating.AGAIN: "once more", Rating.GOOD: "done"}


def asked(card: Card, about: About, present: Present) -> dict[str, Any]:
    """A card that is asked for review; one that is not kept is asked as a new one."""
    now, rules, settings = present.now, present.rules, present.settings_for(card)
    memory = about.memory or Memory.new(now)
    outcomes = choices(memory, now=now, rules=rules, settings=settings, seed=card.id)
    changed_at = present.meaning_changes.get(card.id)
    is_other = changed_at is not None and is_changed(memory, changed_at)
    return {
        **shown(card, about, present),
        **sides(card, present, memory.reps),
        "changed": changed(changed_at, rules) if changed_at is not None and is_other else "",
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


def looked_at(card: Card, about: About, present: Present) -> dict[str, Any]:
    """A card of a round that touches no date; it need not be kept."""
    choices_of_round = [_choice(rating, when) for rating, when in IN_A_ROUND.items()]
    return {
        **shown(card, about, present),
        **beside(card, about, present),
        "choices": choices_of_round,
        "why": None,
    }


def beside(card: Card, about: About, present: Present) -> dict[str, Any]:
    """The sides of a card that is asked beside the schedule, where an answer changes nothing."""
    reps = about.memory.reps if about.memory else 0
    return sides(card, present, beside_the_schedule(reps))


def shown(card: Card, about: About, present: Present) -> dict[str, Any]:
    """A card as it stands in the book and with the learner, whatever is asked of it."""
    memory, decision = about.memory, about.decision
    return {
        "id": card.id,
        "title": card.section_title,
        "section": card.section,
        "href": f"./{card.section}#card-{card.id}",
        "source": f"{'/'.join(PurePath(card.path).parts[-2:])}:{card.line}" if card.path else "",
        "front": card.front,
        "back": card.back,
        "quiz": None,
        "filled": get(card.kind).note_type.cloze,
        "kept": memory is not None,
        "suspended": decision.suspended_at is not None,
        "buried": decision.is_buried(present.day),
        "marked": decision.marked_at is not None,
        "note": about.note,
        "lapses": memory.lapses if memory else 0,
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
