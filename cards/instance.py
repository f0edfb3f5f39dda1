"""What a card asks once: for most kinds the same every time, for some drawn anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.guess import Ask

NOBODY = 0  # the learner of what is drawn for everybody, as for a package: no learner of a store has this id


@dataclass(frozen=True)
class Quiz:
    """The guess that an instance asks for, and what it is held against.

    Attributes:
        toy: The simulation.
        fact: Which of its facts is asked for.
        title: What that is, in a sentence's words.
        unit: Its unit.
        ask: Whether as a number or as an interval.
        settings: All the simulation's settings.
        seed: The seed of the run that shows it.
        truth: The answer.
        tolerance: How near to it is near enough, in its unit.
        within: The same in words.
        rule: What it takes for a guess to be Good, as a sentence.
        run: The address of that very run.
        explanation: What is shown with the answer, as HTML; may be empty.
    """

    toy: str
    fact: str
    title: str
    unit: str
    ask: Ask
    settings: Mapping[str, float | str]
    seed: int
    truth: float
    tolerance: float
    within: str
    rule: str
    run: str
    explanation: str


@dataclass(frozen=True)
class Instance:
    """The two sides of a card as it is asked once, as HTML, and the guess that it asks for, if it does."""

    front: str
    back: str
    quiz: Quiz | None = None
