"""What a browser is given of the cards that a search has found: rows, and one card with both its faces."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from cards.card import Card, Deck
from cards.days import day_number
from cards.decision import Decision
from cards.desk import in_words
from cards.kind import get
from cards.memory import Memory, State
from cards.pages.session import Present
from cards.pages.words import after, standing
from cards.plain import pieces
from cards.remembered import is_remembered
from cards.schedule import retrievability
from cards.store.standings import Standing

LINE = 160  # characters of a question that a row shows
WARM_DAYS = 10  # below so many days, a stability is told to a tenth


def rows(ids: Iterable[str], deck: Deck, here: Present) -> list[dict[str, Any] | None]:
    """Return a row for each card; None for one that has left the book since it was found."""
    known = [card_id for card_id in ids if card_id in deck]
    standings = here.store.standings(here.learner, known)
    return [
        _row(deck[card_id], standings[card_id], here) if card_id in standings else None for card_id in ids
    ]


def shown(card: Card, here: Present, *, on_this_machine: bool) -> dict[str, Any]:
    """Return a card with both its faces and all that is known of it.

    Args:
        card: The card.
        here: The learner, now.
        on_this_machine: Whether the browser runs where the book's files lie. Only then may it know where.
    """
    stands = here.store.standings(here.learner, [card.id])[card.id]
    return {
        **_row(card, stands, here),
        "faces": {"front": card.front, "back": card.back, "filled": get(card.kind).note_type.cloze},
        "place": f"/{card.section}#card-{card.id}",
        "source": f"{'/'.join(PurePath(card.path).parts[-2:])}:{card.line}" if card.path else "",
        "open": editor(card) if on_this_machine and card.path else "",
        "facts": _facts(card, stands.memory if is_remembered(card) else None, here),
        "note": stands.note,
    }


def editor(card: Card) -> str:
    """The address that opens a card's line in an editor that knows it: `vscode://file/home/me/book.md:12`."""
    return f"vscode://file/{quote(PurePath(card.path).as_posix().lstrip('/'))}:{card.line}"


def _row(card: Card, stands: Standing, here: Present) -> dict[str, Any]:
    memory = stands.memory if is_remembered(card) else None
    return {
        "id": card.id,
        "front": [[piece.text, piece.is_tex] for piece in pieces(card.front, LINE)],
        "section": card.section_title,
        "kind": get(card.kind).title,
        "standing": standing(memory, now=here.now, rules=here.rules) if memory else _not_kept(card),
        "flags": flags(stands, here) if is_remembered(card) else ["note"] * bool(stands.note),
        "stability": "" if memory is None or memory.stability is None else days(memory.stability),
        "difficulty": "" if memory is None or memory.difficulty is None else f"{memory.difficulty:.1f}",
        "lapses": "" if memory is None or memory.state is State.NEW else str(memory.lapses),
    }


def _not_kept(card: Card) -> str:
    return "not kept" if is_remembered(card) else "claim"


def flags(stands: Standing, here: Present) -> list[str]:
    """What a learner has decided about a card, and what it is for that, in words."""
    decision, memory = stands.decision, stands.memory
    buried = decision.buried_until is not None and decision.buried_until > day_number(here.now, here.rules)
    said = {
        "suspended": decision.suspended_at is not None,
        "buried": buried,
        "marked": decision.marked_at is not None,
        "leech": memory is not None and is_leech(memory, decision, here.leech_threshold),
        "note": bool(stands.note),
    }
    return [word for word, holds in said.items() if holds]


def is_leech(memory: Memory, decision: Decision, threshold: int) -> bool:
    """Whether a card is forgotten again and again, and the learner has not waved that away."""
    return memory.lapses >= threshold and memory.lapses > decision.leech_passed


def days(number: float) -> str:
    """A stability: "0.4 days", "12 days"."""
    if number >= WARM_DAYS:
        return f"{number:,.0f} days"
    return f"{number:.1f} days"


def _facts(card: Card, memory: Memory | None, here: Present) -> list[list[str]]:
    """What there is to say of a card, each with its name."""
    facts = [["Kind", get(card.kind).title], ["Tags", ", ".join(card.tags)]]
    if memory is not None and memory.stability is not None and memory.difficulty is not None:
        chance = retrievability(memory, now=here.now, rules=here.rules, settings=here.settings)
        facts += [
            ["Comes back", after(in_words(memory, now=here.now, rules=here.rules))],
            ["Recall today", f"{chance:.0%}"],
            ["Stability", days(memory.stability)],
            ["Difficulty", f"{memory.difficulty:.1f} of 10"],
            ["Answered", _times(memory.reps)],
            ["Forgotten", _times(memory.lapses)],
        ]
    return [[name, value] for name, value in facts if value]


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
