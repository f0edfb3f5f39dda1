"""A guess: what a reader committed to before a simulation ran, kept with the answer that was true then.

A guess is a number, an interval that should hold the answer with some confidence, or a choice among ranges;
`Ask` is how an author asks for one. `sim.score` judges them.

Whoever keeps guesses is told of each once. `client_id` is made by the browser for that one commit: the same
id again is the same guess, sent twice, and is to be counted once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["number", "interval", "choice"]

CONFIDENCE = 0.8


@dataclass(frozen=True)
class Number:
    """A number, in the fact's unit."""

    value: float


@dataclass(frozen=True)
class Interval:
    """Two numbers in the fact's unit, and the chance that the reader gives to the answer being between."""

    low: float
    high: float
    confidence: float = CONFIDENCE


@dataclass(frozen=True)
class Choice:
    """A range among which a reader chooses, both ends included: "100 to 1,000".

    Attributes:
        words: As the author wrote it.
        low: Its lower end, in the fact's unit; minus infinity for "under".
        high: Its upper end; infinity for "over".
    """

    words: str
    low: float = -math.inf
    high: float = math.inf


Said = Number | Interval | Choice


@dataclass(frozen=True)
class Ask:
    """How a guess is asked for.

    Attributes:
        kind: As a number, an interval or a choice.
        confidence: Of an interval.
        choices: Of a choice: ranges in rising order that leave no gap.
    """

    kind: Kind = "number"
    confidence: float = CONFIDENCE
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Guess:
    """One answer to "what do you expect?".

    Attributes:
        toy: The simulation's name.
        fact: Which of its facts was asked for.
        settings: All its settings when the reader answered.
        seed: The seed that the page had then.
        kind: How it was asked for.
        said: What the reader said; `None` if they asked to be shown instead.
        truth: The exact answer for those settings, in the fact's unit.
        client_id: Made by the browser, unique to this answer.
        at: When the browser took it, in milliseconds since 1970 (UTC).
    """

    toy: str
    fact: str
    settings: Mapping[str, float | str]
    seed: int
    kind: Kind
    said: Said | None
    truth: float
    client_id: str
    at: int

    @property
    def skipped(self) -> bool:
        """Whether the reader asked to be shown."""
        return self.said is None


@dataclass(frozen=True)
class PreviousGuess:
    """What a reader said here on an earlier visit.

    Attributes:
        said: The guess, or `None` if they asked to be shown.
        settings: The settings it was said about; empty means those that the author chose.
    """

    said: Said | None
    settings: Mapping[str, float | str] = field(default_factory=dict)
