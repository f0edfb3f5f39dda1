"""The guess that a card asks for: what the browser is given of it, and what becomes of the answer.

    {"id", "kind": "answer", "card", "guess": 2500, "repetition": 3, "two": false, "elapsed", "age"}

`guess` is a number, `{"low", "high"}` or null for "I don't know"; `repetition` says which question it is an
answer to, and `two` whether the reader had two grades or four. The truth and the grade are computed here: a
rating that comes with a guess is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cards.card import Card
from cards.instance import Quiz
from cards.kind import UnknownKindError, get
from cards.pages.session import Present
from cards.predict.tolerance import follows
from cards.predicted import with_said
from cards.store import Answer, Prediction
from sim.guess import Ask, Interval, Number

LARGEST = 1e15  # of a guessed number: what a score can still tell apart
MOST_REPETITIONS = 1_000_000
PASSED: tuple[float, ...] = ()


@dataclass(frozen=True)
class Guessed:
    """An answer that is a guess.

    Attributes:
        client_id: Made up by the sender, one an answer.
        card_id: The card that was answered.
        numbers: The number that was guessed, or both ends of an interval; none if the learner passed.
        repetition: How often the learner had answered the card when it was asked.
        two: Whether there were two grades, or four.
        at: When, in UTC.
        elapsed_ms: How long it took, in milliseconds; 0 if nobody knows.
    """

    client_id: str
    card_id: str
    numbers: tuple[float, ...]
    repetition: int
    two: bool
    at: datetime
    elapsed_ms: int = 0


def sides(card: Card, present: Present, repetition: int) -> dict[str, Any]:
    """What the browser is given of a card's two sides, as they are this time, and of the guess asked for.

    Args:
        card: The card.
        present: The learner, now.
        repetition: How often they have answered it; below 0 for what is asked beside the schedule, so that no
            question of the schedule is given away.
    """
    if not asks_for_guess(card):
        return {"front": card.front, "back": card.back, "quiz": None}
    instance = get(card.kind).instance(card, present.learner, repetition)
    quiz = instance.quiz
    if quiz is None:
        return {"front": instance.front, "back": instance.back, "quiz": None}
    asked = {
        "kind": quiz.ask.kind,
        "confidence": quiz.ask.confidence,
        "fact": quiz.fact,
        "question": quiz.title,
        "unit": quiz.unit,
        "truth": quiz.truth,
        "tolerance": quiz.tolerance,
        "within": quiz.within,
        "rule": quiz.rule,
        "repetition": repetition,
        "run": quiz.run,
        "text": card.text_hash,
    }
    return {"front": instance.front, "back": quiz.explanation, "quiz": asked}


def beside_the_schedule(reps: int) -> int:
    """The repetition by which a card is asked when nothing of it counts."""
    return -1 - reps


def asks_for_guess(card: Card | None) -> bool:
    """Whether a card is answered with a guess."""
    if card is None:
        return False
    try:
        return get(card.kind).asks_for_guess
    except UnknownKindError:
        return False


def read_numbers(raw: object) -> tuple[float, ...] | None:
    """Read a guess as the browser sends it; `None` if no page of ours can have sent it."""
    if raw is None:
        return PASSED
    given = (raw.get("low"), raw.get("high")) if isinstance(raw, Mapping) else (raw,)
    numbers = tuple(number for number in map(_number, given) if number is not None)
    return numbers if len(numbers) == len(given) and list(numbers) == sorted(numbers) else None


def read_repetition(raw: object) -> int | None:
    """Read which question was answered; `None` if no page of ours can have sent that."""
    is_count = isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= MOST_REPETITIONS
    return raw if is_count and isinstance(raw, int) else None


def judged(present: Present, guessed: Guessed) -> Answer | None:
    """The answer that a guess comes to, with its grade and its prediction.

    Returns:
        `None` if its card asks for no such guess, or has left the book.
    """
    card = present.deck.get(guessed.card_id)
    if card is None or not asks_for_guess(card):
        return None
    quiz = get(card.kind).instance(card, present.learner, guessed.repetition).quiz
    if quiz is None or len(guessed.numbers) not in (0, _wanted(quiz.ask)):
        return None
    said = _said(quiz.ask, guessed.numbers)
    return Answer(
        client_id=guessed.client_id,
        card_id=card.id,
        rating=follows(said, quiz.truth, quiz.tolerance, two=guessed.two),
        at=guessed.at,
        elapsed_ms=guessed.elapsed_ms,
        repetition=guessed.repetition,
        prediction=with_said(_asked(quiz, guessed), said),
    )


def _asked(quiz: Quiz, guessed: Guessed) -> Prediction:
    return Prediction(
        client_id=guessed.client_id,
        toy=quiz.toy,
        fact=quiz.fact,
        settings=quiz.settings,
        guess=None,
        truth=quiz.truth,
        at=guessed.at,
        kind=quiz.ask.kind,
        card_id=guessed.card_id,
    )


def _wanted(ask: Ask) -> int:
    return 2 if ask.kind == "interval" else 1


def _said(ask: Ask, numbers: tuple[float, ...]) -> Number | Interval | None:
    if not numbers:
        return None
    low, high = numbers[0], numbers[-1]
    return Interval(low, high, ask.confidence) if ask.kind == "interval" else Number(low)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= LARGEST else None  # neither infinity nor "not a number" is
