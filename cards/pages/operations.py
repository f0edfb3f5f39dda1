"""What the browser sends: answers, undos and decisions, again and again until it hears that they are saved.

    {"id", "kind": "answer", "card", "rating", "elapsed", "age"}
    {"id", "kind": "undo", "card", "answer", "age"}      takes back the answer with the id `answer`
    {"id", "kind": "suspend", "cards", "on", "age"}      also "mark", "keep" and "bury" (until tomorrow)
    {"id", "kind": "leech", "cards", "lapses", "age"}    keeps leeches that were forgotten so often
    {"id", "kind": "note", "cards", "text", "age"}

`verdicts` has one more kind. `elapsed` and `age` are milliseconds, `age` is how long ago it was. A batch
comes in the order in which it was done, and may repeat what was saved before. What is not an operation at all
is dropped, and confirmed, or it would be sent for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cards.days import DayRules, day_number
from cards.decision import Change, Matter
from cards.memory import Rating
from cards.pages.session import Present
from cards.pages.verdicts import Finding, Verdict, keep
from cards.store import Answer, StoreProblem

LONGEST_ID = 200
LONGEST_NOTE = 2000  # characters: a note says in a few lines what the card does not
MOST_CARDS = 2000  # in one decision
MOST_LAPSES = 100_000
MOST_AT_ONCE = 500  # operations; those beyond are sent again
LONGEST_THOUGHT = timedelta(hours=1)
OLDEST = timedelta(days=30)
MILLISECOND = timedelta(milliseconds=1)
NONSENSE = object()


@dataclass(frozen=True)
class Undo:
    """The wish to take an answer back.

    Attributes:
        client_id: Its own id.
        answer: The id of the answer.
        at: When, in UTC.
    """

    client_id: str
    answer: str
    at: datetime


@dataclass(frozen=True)
class Receipt:
    """What became of a batch.

    Attributes:
        confirmed: The ids of the operations that need not be sent again.
        problem: Why the others could not be saved, as a sentence; empty if all were.
    """

    confirmed: tuple[str, ...] = ()
    problem: str = ""


def save(present: Present, batch: object) -> Receipt:
    """Save a batch, one transaction an operation, as far as the store allows."""
    confirmed: list[str] = []
    try:
        for raw in batch[:MOST_AT_ONCE] if isinstance(batch, list) else []:
            operation = read(raw, now=present.now, rules=present.rules)
            if operation is not None:
                _save(present, operation)
            confirmed.append(name_in(raw, "id"))
    except StoreProblem as problem:
        return Receipt(tuple(confirmed), f"Not saved yet. {problem.what}")
    return Receipt(tuple(confirmed))


def read(raw: object, *, now: datetime, rules: DayRules) -> Answer | Undo | Change | Verdict | None:
    """Read one operation, or `None` if it is not one."""
    client_id, at = name_in(raw, "id"), now - duration_in(raw, "age", OLDEST)
    kind = name_in(raw, "kind")
    if not client_id:
        return None
    if kind == "answer":
        return _answer(raw, client_id, at)
    if kind == "undo":
        answer = name_in(raw, "answer")
        return Undo(client_id, answer, at) if answer else None
    if kind == "verify":
        return _verdict(raw, client_id, at)
    return _change(raw, kind, client_id, at, rules) if kind in list(Matter) else None


def _answer(raw: object, client_id: str, at: datetime) -> Answer | None:
    card, rating = name_in(raw, "card"), _value(raw, "rating")
    if not card or rating not in list(Rating):
        return None
    elapsed = duration_in(raw, "elapsed", LONGEST_THOUGHT) // MILLISECOND
    return Answer(client_id, card, Rating(rating), at, elapsed)


def _verdict(raw: object, client_id: str, at: datetime) -> Verdict | None:
    card, finding, note = name_in(raw, "card"), name_in(raw, "verdict"), _value(raw, "note")
    if not card or finding not in list(Finding):
        return None
    said = _clean(note)[:LONGEST_NOTE] if isinstance(note, str) else ""
    return Verdict(client_id, card, Finding(finding), said, at)


def _change(raw: object, kind: str, client_id: str, at: datetime, rules: DayRules) -> Change | None:
    cards, value = _cards(raw), _decided(raw, Matter(kind), at, rules)
    return None if not cards or value is NONSENSE else Change(client_id, Matter(kind), cards, value, at)


def _decided(raw: object, matter: Matter, at: datetime, rules: DayRules) -> Any:  # noqa: ANN401 - a type a matter
    """What a change says, or `NONSENSE` if nobody can decide that of its matter."""
    on, lapses, text = _value(raw, "on"), _value(raw, "lapses"), _value(raw, "text")
    match matter:
        case Matter.NOTE:
            return _clean(text)[:LONGEST_NOTE] if isinstance(text, str) else NONSENSE
        case Matter.LEECH:
            is_count = isinstance(lapses, int) and not isinstance(lapses, bool)
            return lapses if is_count and 0 <= lapses <= MOST_LAPSES else NONSENSE
        case Matter.BURY if isinstance(on, bool):
            return day_number(at, rules) + 1 if on else None
        case _:
            return on if isinstance(on, bool) else NONSENSE


def _save(present: Present, operation: Answer | Undo | Change | Verdict) -> None:
    store, learner = present.store, present.learner
    match operation:
        case Answer():
            present.answer(operation)
        case Undo():
            store.undo(learner, operation.client_id, operation.at, answer=operation.answer)
        case Change():
            store.change(learner, operation, present.now)
        case Verdict():
            keep(present, operation)


def _cards(raw: object) -> tuple[str, ...]:
    value = _value(raw, "cards")
    named = value[:MOST_CARDS] if isinstance(value, list) else []
    return tuple(card for card in named if _is_name(card))


def _value(raw: object, name: str) -> Any:  # noqa: ANN401 - whatever a browser may send
    return raw.get(name) if isinstance(raw, Mapping) else None


def name_in(raw: object, name: str) -> str:
    """The id that is sent under a name; empty if none is, or one that no database takes."""
    value = _value(raw, name)
    return value if _is_name(value) else ""


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_ID and _clean(value) == value


def _clean(text: str) -> str:
    """Leave out what no database takes as text: NUL, and halves of characters that JSON can name."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def duration_in(raw: object, name: str, longest: timedelta) -> timedelta:
    """The duration that is sent under a name, from nothing to the longest; nothing where it is none."""
    value = _value(raw, name)
    if not isinstance(value, int | float) or not value > 0:  # neither is "not a number"
        return timedelta()
    return min(longest, timedelta(milliseconds=min(value, longest / MILLISECOND)))
