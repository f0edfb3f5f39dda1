"""Scores of forecasts, all proper: nobody expects a better one by saying what they do not believe.

For a forecast p and an outcome o, 1 if it happened and else 0,

    Brier score      (p − o)²                     one-sided: 0 is best, 0.25 a coin's, 1 worst
    log score        1 + log₂ p(outcome)          bits gained on a coin: 1 is best, 0 a coin's
    interval score   (U − L) + (2/α)(L − x)⁺ + (2/α)(x − U)⁺      `sim.score.interval_score`

Elsewhere the Brier score is also summed over both outcomes, from 0 to 2: twice this one. The log score clips
p to [0.01, 0.99], so that one claim costs 5.6 bits at most; within the clip it is proper, beyond it nothing
is gained by saying more. The interval score is in the unit of what was asked, so that means over unlike
questions say nothing; how often intervals held the truth, against the confidence they were given with, does.

Sources: G. W. Brier (1950), "Verification of forecasts expressed in terms of probability"; I. J. Good (1952),
"Rational decisions"; R. L. Winkler (1972), "A decision-theoretic approach to interval estimation". Left out:
forecasts of more than two outcomes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cards.stats.retention import Share
from sim.guess import Interval
from sim.score import holds

CLIP = 0.01  # from 0 and from 1
FEWEST = 2  # claims that have a spread


class Mean(NamedTuple):
    """A score on average over claims.

    Attributes:
        value: The mean, in the unit of the score.
        error: Its standard error, the claims being independent; None for one claim.
        n: How many claims.
    """

    value: float
    error: float | None
    n: int


class Coverage(NamedTuple):
    """How often intervals held the truth.

    Attributes:
        held: Those that did, ends included, of all; with Wilson's band as `held.interval()`.
        confidence: How often they were said to, on average: 0 to 1.
    """

    held: Share
    confidence: float


def brier(probability: float, happened: bool) -> float:
    """Return the one-sided Brier score, 0 (best) to 1."""
    return (probability - happened) ** 2


def log_score(probability: float, happened: bool) -> float:
    """Return the bits gained on a coin: at most 0.99, and −5.64 at worst."""
    clipped = min(max(probability, CLIP), 1 - CLIP)
    return 1 + math.log2(clipped if happened else 1 - clipped)


def mean(scores: Iterable[float]) -> Mean | None:
    """Return the mean of scores, one a claim, with its error; None if there are none."""
    every = list(scores)
    if not every:
        return None
    n = len(every)
    middle = math.fsum(every) / n
    if n < FEWEST:
        return Mean(middle, None, n)
    squares = math.fsum((score - middle) ** 2 for score in every)
    return Mean(middle, math.sqrt(squares / (n - 1) / n), n)


def coverage(predictions: Sequence[tuple[Interval, float]]) -> Coverage | None:
    """Return how often intervals held the truth, given with each; None if there are none."""
    if not predictions:
        return None
    held = sum(holds(said, truth) for said, truth in predictions)
    confidence = math.fsum(said.confidence for said, _ in predictions) / len(predictions)
    return Coverage(Share(held, len(predictions)), confidence)
