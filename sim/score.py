"""How far off a guess was: one rule for each kind of guess, each the lower the better, and 0 for perfect.

    number     |ln(guess / truth)|                                       the log-ratio
    interval   (U − L) + (2/α)(L − x)⁺ + (2/α)(x − U)⁺,  α = 1 − confidence    the interval score
    choice     0 if it holds the truth, 1 if not                         zero–one loss

An honest reader does best: the expected interval score is least for the quantiles α/2 and 1 − α/2 of what
they believe, so that neither a wide interval nor a narrow one can be had for nothing. It is in the unit of
what was asked, and so is compared with others about the same fact only.

Source: R. Winkler (1972), "A decision-theoretic approach to interval estimation"; T. Gneiting and A. Raftery
(2007), "Strictly proper scoring rules, prediction, and estimation". Left out: scores of whole distributions.
"""

from __future__ import annotations

import math

from sim.guess import Choice, Interval, Number, Said

EXACT = 1e-9  # of a number's size: what a journey through text may change


def score(said: Said, truth: float) -> float | None:
    """Score a guess by the rule of its kind; `None` where that rule has no answer."""
    match said:
        case Number(value):
            return log_ratio(value, truth)
        case Interval(low, high, confidence):
            return interval_score(low, high, truth, confidence)
        case Choice():
            return 0.0 if holds(said, truth) else 1.0


def log_ratio(guess: float, truth: float) -> float | None:
    """|ln(guess / truth)|: 0.69 for twice as much and for half as much.

    Returns:
        `None` where guess and truth have no ratio above 0, unless they are the same.
    """
    if guess == truth:
        return 0.0
    if guess == 0 or truth == 0 or (guess < 0) != (truth < 0):
        return None
    # Their quotient could overflow, or be rounded to 0; the logarithms cannot.
    return abs(math.log(abs(guess)) - math.log(abs(truth)))


def interval_score(low: float, high: float, truth: float, confidence: float) -> float:
    """The interval's width, and 2/(1 − confidence) times whatever the truth is outside it."""
    missed = max(low - truth, truth - high, 0.0)
    return (high - low) + 2 / (1 - confidence) * missed


def holds(said: Interval | Choice, truth: float) -> bool:
    """Whether the truth lies within, ends included."""
    slack = EXACT * abs(truth)
    return said.low - slack <= truth <= said.high + slack
