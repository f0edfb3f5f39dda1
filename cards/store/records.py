"""What goes into the store and comes out of it, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cards.memory import Memory, Rating

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True)
class Answer:
    """An answer to a card, as the review desk sends it.

    Attributes:
        client_id: Made up by the sender, one an answer; sending it again changes nothing.
        card_id: The card that was answered.
        rating: How well it was recalled.
        at: When, in UTC.
        elapsed_ms: How long it took, in milliseconds.
    """

    client_id: str
    card_id: str
    rating: Rating
    at: datetime
    elapsed_ms: int = 0


@dataclass(frozen=True)
class Undone:
    """An answer that was taken back.

    Attributes:
        client_id: The id that the answer was sent with.
        card_id: The card that was answered.
        rating: The rating that no longer counts.
        memory: The memory of the card before the answer, which holds again.
    """

    client_id: str
    card_id: str
    rating: Rating
    memory: Memory


@dataclass(frozen=True)
class Review:
    """An answer that counts, as the log keeps it.

    Attributes:
        client_id: The id that it was sent with.
        card_id: The card that was answered.
        rating: How well it was recalled.
        at: When, in UTC.
        day: The learner's day number then.
        elapsed_ms: How long it took, in milliseconds.
        before: The memory of the card before it.
    """

    client_id: str
    card_id: str
    rating: Rating
    at: datetime
    day: int
    elapsed_ms: int
    before: Memory


@dataclass(frozen=True)
class Reading:
    """How far a section has been read: the share of it, 0 to 1, and when it was last open, in UTC."""

    slug: str
    share: float
    last_at: datetime


@dataclass(frozen=True)
class Prediction:
    """A guess at what a simulation will do, made before it was run.

    Attributes:
        client_id: Made up by the sender, one a prediction; sending it again changes nothing.
        toy: The simulation.
        fact: What of it was guessed.
        settings: The settings that it was guessed for.
        guess: The guess, or None if the learner passed.
        truth: The simulation's own answer.
        at: When, in UTC.
    """

    client_id: str
    toy: str
    fact: str
    settings: Mapping[str, float]
    guess: float | None
    truth: float
    at: datetime

    @property
    def skipped(self) -> bool:
        """Whether the learner passed."""
        return self.guess is None
