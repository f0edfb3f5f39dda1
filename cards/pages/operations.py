"""What the browser sends: answers and undos, each with an id, again and again until it hears they are saved.

One operation is `{"id", "kind": "answer", "card", "rating", "elapsed", "age"}` or `{"id", "kind": "undo",
"card", "answer", "age"}`: `elapsed` and `age` are milliseconds, `age` is how long ago it was, and `answer` is
the id of the answer that is taken back; `verdicts` has a third kind. A batch comes in the order in which it
was done, and may repeat what was saved before. What is not an operation at all is dropped, and confirmed, or
it would be sent for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cards.memory import Rating
from cards.pages.session import Present
from cards.pages.verdicts import LONGEST_NOTE, Finding, Verdict, keep
from cards.store import Answer, StoreProblem

LONGEST_ID = 200
LONGEST_THOUGHT = timedelta(hours=1)
OLDEST = timedelta(days=30)
MILLISECOND = timedelta(milliseconds=1)


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
        for raw in batch if isinstance(batch, list) else []:
            operation = read(raw, now=present.now)
            if operation is not None:
                _save(present, operation)
            confirmed.append(_text(raw, "id"))
    except StoreProblem as problem:
        return Receipt(tuple(confirmed), f"Not saved yet. {problem.what}")
    return Receipt(tuple(confirmed))


def read(raw: object, *, now: datetime) -> Answer | Undo | Verdict | None:
    """Read one operation, or `None` if it is not one."""
    client_id, at = _text(raw, "id"), now - _duration(raw, "age", OLDEST)
    match _text(raw, "kind"):
        case "answer":
            card, rating = _text(raw, "card"), _value(raw, "rating")
            if not client_id or not card or rating not in list(Rating):
                return None
            elapsed = _duration(raw, "elapsed", LONGEST_THOUGHT) // MILLISECOND
            return Answer(client_id, card, Rating(rating), at, elapsed)
        case "undo":
            answer = _text(raw, "answer")
            return Undo(client_id, answer, at) if client_id and answer else None
        case "verify":
            card, finding, note = _text(raw, "card"), _text(raw, "verdict"), _value(raw, "note")
            if client_id and card and finding in list(Finding):
                said = note[:LONGEST_NOTE] if isinstance(note, str) else ""
                return Verdict(client_id, card, Finding(finding), said, at)
    return None


def _save(present: Present, operation: Answer | Undo | Verdict) -> None:
    store, learner = present.store, present.learner
    if isinstance(operation, Verdict):
        keep(present, operation)
    elif isinstance(operation, Answer):
        store.answer(learner, operation, present.rules, present.settings)
    else:
        store.undo(learner, operation.client_id, operation.at, answer=operation.answer)


def _value(raw: object, name: str) -> Any:  # noqa: ANN401 - whatever a browser may send
    return raw.get(name) if isinstance(raw, Mapping) else None


def _text(raw: object, name: str) -> str:
    value = _value(raw, name)
    return value if isinstance(value, str) and len(value) <= LONGEST_ID else ""


def _duration(raw: object, name: str, longest: timedelta) -> timedelta:
    value = _value(raw, name)
    if not isinstance(value, int | float) or not value > 0:  # neither is "not a number"
        return timedelta()
    return min(longest, timedelta(milliseconds=min(value, longest / MILLISECOND)))
