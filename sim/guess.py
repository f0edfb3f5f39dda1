"""A guess: what a reader committed to before a simulation ran, kept with the answer that was true then.

Whoever keeps guesses is told of each once. `client_id` is made by the browser for that one commit: the same
id again is the same guess, sent twice, and is to be counted once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Guess:
    """One answer to "what do you expect?".

    Attributes:
        toy: The simulation's name.
        fact: Which of its facts was asked for.
        settings: All its settings when the reader answered.
        seed: The seed that the page had then.
        guess: What the reader said, in the fact's unit; `None` if they asked to be shown instead.
        truth: The exact answer for those settings.
        skipped: Whether they asked to be shown.
        client_id: Made by the browser, unique to this answer.
        at: When the browser took it, in milliseconds since 1970 (UTC).
    """

    toy: str
    fact: str
    settings: Mapping[str, float]
    seed: int
    guess: float | None
    truth: float
    skipped: bool
    client_id: str
    at: int


@dataclass(frozen=True)
class PreviousGuess:
    """What a reader said here on an earlier visit.

    Attributes:
        guess: The number, or `None` if they asked to be shown.
        settings: The settings it was said about; empty means those that the author chose.
    """

    guess: float | None
    settings: Mapping[str, float] = field(default_factory=dict)
