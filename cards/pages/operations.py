"""What the browser sends: answers, undos and decisions, again and again until it hears that they are saved.

    {"id", "kind": "answer", "card", "rating", "elapsed", "age"}
    {"id", "kind": "answer", "card", "guess", …}         to a card that asks for a guess: see `quizzes`
    {"id", "kind": "undo", "card", "answer", "age"}      takes back the answer with the id `answer`
    {"id", "kind": "suspend", "cards", "on", "age"}      also "mark", "keep" and "bury" (until tomorrow)
    {"id", "kind": "leech", "cards", "lapses", "age"}    keeps leeches that were forgotten so often
    {"id", "kind": "note", "cards", "text", "age"}

`verdicts` has one more kind, and `beliefs_sent` those about claims. `elapsed` and `age` are milliseconds,
`age` is how long ago it was. A batch comes in the order in which it was done, and may repeat what was saved
before. What is not an operation at all is dropped, and confirmed, or it would be sent for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cards.days import DayRules, day_number
from cards.decision import Change, Matter
from cards.memory import Rating
from cards.pages import beliefs_sent, believed, sent
from cards.pages.beliefs_sent import Belief
from cards.pages.believed import Refusal, RefusedError
from cards.pages.quizzes import Guessed, asks_for_guess, judged, read_numbers, read_repetition
from cards.pages.sent import MILLISECOND
from cards.pages.session import Present
from cards.pages.verdicts import Finding, Verdict, keep
from cards.store import Answer, StoreProblem

MOST_CARDS = 2000  # in one decision
MOST_LAPSES = 100_000
MOST_AT_ONCE = 500  # operations; those beyond are sent again
LONGEST_THOUGHT = timedelta(hours=1)
OLDEST = timedelta(days=30)
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


Operation = Answer | Guessed | Undo | Change | Verdict | Belief


@dataclass(frozen=True)
class Receipt:
    """What became of a batch.

    Attributes:
        confirmed: The ids of the operations that need not be sent again.
        problem: Why the others could not be saved, as a sentence; empty if all were.
        told: What there is to say of one, by its id.
        refused: Why one that need not be sent again was not saved, by its id.
    """

    confirmed: tuple[str, ...] = ()
    problem: str = ""
    told: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, Refusal] = field(default_factory=dict)


def save(present: Present, batch: object) -> Receipt:
    """Save a batch, one transaction an operation, as far as the store allows."""
    confirmed: list[str] = []
    told: dict[str, str] = {}
    refused: dict[str, Refusal] = {}
    problem = ""
    try:
        for raw in batch[:MOST_AT_ONCE] if isinstance(batch, list) else []:
            client_id = sent.text(raw, "id")
            operation = read(raw, now=present.now, rules=present.rules)
            try:
                if operation is not None and (sentence := _save(present, operation)):
                    told[client_id] = sentence
            except RefusedError as error:
                refused[client_id] = error.refusal
            confirmed.append(client_id)
    except StoreProblem as error:
        problem = f"Not saved yet. {error.what}"
    return Receipt(tuple(confirmed), problem, told, refused)


def read(raw: object, *, now: datetime, rules: DayRules) -> Operation | None:
    """Read one operation, or `None` if it is not one."""
    client_id, at = sent.text(raw, "id"), now - sent.duration(raw, "age", OLDEST)
    kind = sent.text(raw, "kind")
    if not client_id:
        return None
    if kind == "answer":
        return _guessed(raw, client_id, at) if sent.has(raw, "guess") else _answer(raw, client_id, at)
    if kind == "undo":
        answer = sent.text(raw, "answer")
        return Undo(client_id, answer, at) if answer else None
    if kind == "verify":
        return _verdict(raw, client_id, at)
    if kind in list(Matter):
        return _change(raw, kind, client_id, at, rules)
    return beliefs_sent.read(raw, kind, client_id, at)


def _answer(raw: object, client_id: str, at: datetime) -> Answer | None:
    card, rating = sent.text(raw, "card"), sent.value(raw, "rating")
    if not card or rating not in list(Rating):
        return None
    elapsed = sent.duration(raw, "elapsed", LONGEST_THOUGHT) // MILLISECOND
    return Answer(client_id, card, Rating(rating), at, elapsed)


def _guessed(raw: object, client_id: str, at: datetime) -> Guessed | None:
    card, numbers = sent.text(raw, "card"), read_numbers(sent.value(raw, "guess"))
    repetition = read_repetition(sent.value(raw, "repetition"))
    if not card or numbers is None or repetition is None:
        return None
    elapsed = sent.duration(raw, "elapsed", LONGEST_THOUGHT) // MILLISECOND
    return Guessed(client_id, card, numbers, repetition, sent.value(raw, "two") is True, at, elapsed)


def _verdict(raw: object, client_id: str, at: datetime) -> Verdict | None:
    card, finding = sent.text(raw, "card"), sent.text(raw, "verdict")
    if not card or finding not in list(Finding):
        return None
    return Verdict(client_id, card, Finding(finding), sent.words(raw, "note"), at)


def _change(raw: object, kind: str, client_id: str, at: datetime, rules: DayRules) -> Change | None:
    cards, value = _cards(raw), _decided(raw, Matter(kind), at, rules)
    return None if not cards or value is NONSENSE else Change(client_id, Matter(kind), cards, value, at)


def _decided(raw: object, matter: Matter, at: datetime, rules: DayRules) -> Any:  # noqa: ANN401 - a type a matter
    """What a change says, or `NONSENSE` if nobody can decide that of its matter."""
    on, lapses, text = sent.value(raw, "on"), sent.value(raw, "lapses"), sent.value(raw, "text")
    match matter:
        case Matter.NOTE:
            return sent.words(raw, "text") if isinstance(text, str) else NONSENSE
        case Matter.LEECH:
            is_count = isinstance(lapses, int) and not isinstance(lapses, bool)
            return lapses if is_count and 0 <= lapses <= MOST_LAPSES else NONSENSE
        case Matter.BURY if isinstance(on, bool):
            return day_number(at, rules) + 1 if on else None
        case _:
            return on if isinstance(on, bool) else NONSENSE


def _save(present: Present, operation: Operation) -> str:
    """Save an operation; return what there is to say of it, which is mostly nothing.

    Raises:
        RefusedError: What it says cannot be saved, now or later.
    """
    store, learner = present.store, present.learner
    match operation:
        case Answer() if not asks_for_guess(present.deck.get(operation.card_id)):
            present.answer(operation)
        case Guessed():
            answer = judged(present, operation)
            if answer is not None:
                present.answer(answer)
        case Undo():
            store.undo(learner, operation.client_id, operation.at, answer=operation.answer)
        case Change():
            present.change(operation)
        case Verdict():
            keep(present, operation)
        case Answer():  # one without the guess that its card asks for
            pass
        case _:
            return believed.keep(present, operation)
    return ""


def _cards(raw: object) -> tuple[str, ...]:
    value = sent.value(raw, "cards")
    named = value[:MOST_CARDS] if isinstance(value, list) else []
    return tuple(card for card in named if sent.is_name(card))
