"""What the ledger says of calibration: the curve and its bins, scores and their parts, and predictions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

import numpy as np

from cards.beliefs.calibration import Bin, Forecast
from cards.beliefs.murphy import ENOUGH, Murphy, murphy
from cards.beliefs.scores import Mean, brier, coverage, log_score, mean
from cards.pages.ledger_figures import CURVE_MARGIN, curve, places
from cards.pages.ledger_words import counted
from sim.guess import Interval
from sim.score import interval_score, log_ratio
from sim.spec import BrokenToyError, UnknownToyError, get
from sim.toys._drawing import number

if TYPE_CHECKING:
    from cards.reckoning import Reckoning
    from cards.store import Prediction

WHICH = (
    "Only claims that have turned out true or false count, each with one forecast: the last credence that "
    "you gave before you said how it turned out, and no later than its date. Repeat ratings, void claims and "
    "“no idea” do not count."
)
NONE_YET = (
    "No claim of yours has turned out yet. Once one has, this shows how often you were right when you were "
    "so sure."
)
HONEST = "Both are proper: nobody expects a better score by saying what they do not believe."


def calibration(found: Reckoning, drawn: Callable[[Any], str]) -> dict[str, Any]:
    """The curve, its bins and the scores of forecasts.

    Args:
        found: The ledger's reckoning.
        drawn: Turns a figure into JSON.
    """
    if not found.forecasts:
        return {"which": WHICH, "none": NONE_YET}
    return {
        "which": WHICH,
        "figure": drawn(curve(found.bins)),
        "margin": CURVE_MARGIN,
        "readout": read_out(found.bins, found.forecasts),
        "bins": [
            {"name": name(one), "cells": cells(one), "claims": list(one.claims), **place}
            for one, place in zip(found.bins, places(found.bins), strict=True)
        ],
        "scores": scores(found.forecasts),
        "honest": HONEST,
        "murphy": decomposed(murphy(found.forecasts), len(found.forecasts)),
    }


def name(one: Bin) -> str:
    """A bin's edges: "60–70%"."""
    return f"{one.low:.0%}–{one.high:.0%}".replace("%–", "–")


def cells(one: Bin) -> list[str]:
    """What the table says of a bin: mean forecast, how many came true, Wilson's band."""
    low, high = one.true.interval()
    return [
        f"{100 * one.forecast:.0f}%",
        f"{one.true.successes} of {one.n}",
        f"{one.true.value:.0%}",
        f"{low:.0%} to {high:.0%}",
    ]


def read_out(bins: Sequence[Bin], forecasts: Sequence[Forecast]) -> str:
    """Say what the curve shows."""
    held = sum(low <= one.forecast <= high for one in bins for low, high in [one.true.interval()])
    true = sum(one.happened for one in forecasts)
    return (
        f"{counted(len(forecasts), 'claim')} with a forecast, of which {true:,} came true. A point is a bin: "
        "how sure you were on average, and the share that came true, with its 95% band (Wilson's) and how "
        "many claims that is. On the dotted line both are alike; it runs through "
        f"{held} of {counted(len(bins), 'band')}."
    )


def scores(forecasts: Iterable[Forecast]) -> list[list[str]]:
    """The scores, in rows: a name, a value with its error, and how to read it."""
    said = [(one.probability, one.happened) for one in forecasts]
    rows = []
    for title, meaning, each in (
        ("Brier score", "one-sided: 0 best, 0.25 a coin, 1 worst", brier),
        ("Log score", "bits gained on a coin: 1 best, 0 a coin; credences count as 1% to 99%", log_score),
    ):
        found = mean(each(probability, happened) for probability, happened in said)
        if found is not None:
            rows.append([title, _with_error(found), f"{meaning}; {counted(found.n, 'claim')}"])
    return rows


def decomposed(found: Murphy | None, n: int) -> dict[str, Any]:
    """Murphy's decomposition, in rows and words; from a hundred claims on, and why not before."""
    if found is None:
        return {
            "words": f"What the Brier score is made of is told from {ENOUGH} claims on, and you have {n}: "
            "with fewer, even a perfectly calibrated record looks unreliable, by 0.033 at 50 claims.",
            "rows": [],
        }
    plain, corrected = found.plain, found.corrected
    return {
        "words": f"Brier score {plain.brier:.3f} = reliability − resolution + uncertainty + variance within "
        "bins − covariance within bins, exactly. Chance alone makes both reliability and resolution larger "
        "than they are; the second column is without that bias.",
        "rows": [
            [
                "Reliability",
                f"{plain.reliability:.3f}",
                _signed(corrected.reliability),
                "how far off; 0 is best",
            ],
            [
                "Resolution",
                f"{plain.resolution:.3f}",
                _signed(corrected.resolution),
                "how well you tell claims apart; the more the better",
            ],
            [
                "Uncertainty",
                f"{plain.uncertainty:.3f}",
                _signed(corrected.uncertainty),
                "the claims' own, and not yours",
            ],
            ["Variance within bins", f"{plain.within_variance:.3f}", "", "lost by sorting into bins"],
            ["Covariance within bins", _signed(plain.within_covariance), "", "lost likewise"],
        ],
    }


def predictions(made: Sequence[Prediction]) -> dict[str, Any]:
    """What guesses at simulations came to: how often intervals held, and by what factor numbers were off."""
    said = [one for one in made if not one.skipped]
    intervals = [pair for one in said if (pair := _interval(one)) is not None]
    off = [ratio for one in said if (ratio := _off(one)) is not None]
    sentences = []
    held = coverage(intervals)
    if held is not None:
        low, high = held.held.interval()
        sentences.append(
            f"{held.held.successes} of {counted(held.held.n, 'interval')} held the answer "
            f"({held.held.value:.0%}, 95% band {low:.0%} to {high:.0%}); "
            f"you said {held.confidence:.0%} would."
        )
    if off:
        sentences.append(
            f"{counted(len(off), 'number')} off by a log-ratio of {fmean(off):.2f} on average, typically by "
            f"a factor of {_factor(median(off))}."
        )
    return {"sentences": sentences, "rows": _by_fact(said)}


def _by_fact(said: Sequence[Prediction]) -> list[list[str]]:
    """One row a quantity that was asked for: an interval's score has its unit, and compares with no other."""
    by_fact: defaultdict[tuple[str, str], list[Prediction]] = defaultdict(list)
    for one in said:
        by_fact[one.toy, one.fact].append(one)
    rows = []
    for (toy, fact), some in by_fact.items():
        pairs = [pair for one in some if (pair := _interval(one)) is not None]
        off = [ratio for one in some if (ratio := _off(one)) is not None]
        held, (title, unit) = coverage(pairs), _called(toy, fact)
        score = (
            fmean(interval_score(one.low, one.high, truth, one.confidence) for one, truth in pairs)
            if pairs
            else 0
        )
        if pairs or off:
            rows.append([
                title,
                f"{held.held.successes} of {held.held.n}" if held else "–",
                f"{number(score)} {unit}".strip() if pairs else "–",
                f"{fmean(off):.2f} ({len(off)})" if off else "–",
            ])  # fmt: skip
    return rows


def _called(toy: str, fact: str) -> tuple[str, str]:
    """What a fact is called, and its unit; its own name if the simulation is gone."""
    try:
        quantity = get(toy).module.FACTS.get(fact)
    except (UnknownToyError, BrokenToyError):
        quantity = None
    return (quantity.title, quantity.unit) if quantity is not None else (f"{toy}: {fact}", "")


def _interval(made: Prediction) -> tuple[Interval, float] | None:
    if made.kind != "interval" or made.low is None or made.high is None or not made.confidence:
        return None
    return Interval(made.low, made.high, made.confidence), made.truth


def _off(made: Prediction) -> float | None:
    return None if made.kind != "number" or made.guess is None else log_ratio(made.guess, made.truth)


def _factor(ratio: float) -> str:
    return number(float(np.exp(min(ratio, 20.0))))


def _with_error(found: Mean) -> str:
    value = _signed(found.value)
    return value if found.error is None else f"{value} ± {found.error:.3f}"


def _signed(value: float) -> str:
    return f"{round(value, 3) + 0.0:.3f}".replace("-", "−")
