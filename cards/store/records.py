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
        elapsed_ms: How long it took, in milliseconds; 0 if nobody knows.
        section: The slug of the section that the card stands in; empty if nobody knows.
        repetition: How many answers to the card there were when it was asked, where it asks something else
            each time. An answer to a question that was never asked is not recorded.
        prediction: The guess that the answer is, under the same client id. It is kept with the answer if that
            is to the card's present question, and counts for as long as the answer does.
    """

    client_id: str
    card_id: str
    rating: Rating
    at: datetime
    elapsed_ms: int = 0
    section: str = ""
    repetition: int | None = None
    prediction: Prediction | None = None


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
        section: The section that the card stood in then; empty if that was not said.
    """

    client_id: str
    card_id: str
    rating: Rating
    at: datetime
    day: int
    elapsed_ms: int
    before: Memory
    section: str = ""


@dataclass(frozen=True)
class Recalled:
    """The answers that count, in columns, as a fit needs them.

    Attributes:
        card_ids: The card of each.
        ratings: Its rating, 1 to 4.
        days: The learner's day number then.
        stabilities: The stability of the card's memory before it, as it was then; None while new.
        decays: The weight w₂₀ of the settings that it was given under.
    """

    card_ids: tuple[str, ...]
    ratings: tuple[int, ...]
    days: tuple[int, ...]
    stabilities: tuple[float | None, ...]
    decays: tuple[float, ...]


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
        guess: A guess that is a number; None for the other kinds, and if the learner passed.
        truth: The simulation's own answer.
        at: When, in UTC.
        kind: How it was asked for: "number", "interval" or "choice".
        low: The lower end of an interval or of a choice; None where it has none.
        high: The upper end.
        confidence: The chance that the learner gave an interval to hold the truth.
        choice: The words that were chosen; empty for the other kinds.
        score: By the rule of its kind, the lower the better; None where there is none.
        card_id: The card that asked; empty if a section did.
    """

    client_id: str
    toy: str
    fact: str
    settings: Mapping[str, float | str]
    guess: float | None
    truth: float
    at: datetime
    kind: str = "number"
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    choice: str = ""
    score: float | None = None
    card_id: str = ""

    @property
    def skipped(self) -> bool:
        """Whether the learner passed."""
        return self.guess is None and self.confidence is None and not self.choice


@dataclass(frozen=True)
class Counterexample:
    """Settings at which a simulation contradicts a section, as a learner found them.

    Attributes:
        client_id: Made up by the sender, one a counterexample; sending it again changes nothing.
        section: The slug of the section.
        block: Which of its simulations.
        toy: What that simulation is.
        settings: The settings.
        seed: The seed.
        note: Why they do, in the learner's words.
        at: When it was found, in UTC.
    """

    client_id: str
    section: str
    block: str
    toy: str
    settings: Mapping[str, float | str]
    seed: int
    note: str
    at: datetime
