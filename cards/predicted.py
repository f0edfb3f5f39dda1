"""A prediction as it is kept: what was asked and true, and then what was said, with its score."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.guess import Choice, Interval, Number, Said
from sim.score import score

if TYPE_CHECKING:
    from cards.store import Prediction


def with_said(asked: Prediction, said: Said | None) -> Prediction:
    """Return a prediction with what was said and its score; `None` means that the learner passed."""
    made = replace(asked, score=score(said, asked.truth) if said else None)
    match said:
        case Number(value):
            return replace(made, guess=value)
        case Interval(low, high, confidence):
            return replace(made, low=low, high=high, confidence=confidence)
        case Choice(words, low, high):
            return replace(made, choice=words, low=_end(low), high=_end(high))
        case None:
            return made


def _end(value: float) -> float | None:
    return value if math.isfinite(value) else None
