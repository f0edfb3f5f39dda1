"""What a record of credences shows of its keeper, in a sentence, and whether it shows anything yet.

A record is flagged if |Z| > 1.96, which for a fair keeper should happen one time in twenty. Small records do
not keep that promise: simulated Bayesians are flagged 8 to 23% of the time at 5 claims, 9 to 14% at 10, and 6
to 7% at 50. So there is no verdict below 50 claims that moved. (Even there, one who counts evidence half as
much again is seen 61% of the time.)

Two fair records would still be flagged. One is that of a keeper whose reports are noisy: if the excess beyond
the noise of repeat ratings is within chance, the noise is named and not the keeper. The other drifts one way.
For claims "by this date" nearly all moves go down and a rare jump up pays for them; a record in which the
jumps have not come yet looks stubborn, for simulated Bayesians at a prior of 5% about one time in nine with a
hundred claims. So where nine moves in ten go one way, too little movement is explained and never flagged.
When news comes both ways, a Bayesian's record of 50 claims has at most six moves in ten one way.

The verdict is by Z; the bootstrap's interval, which looks at the ratio, may differ from it where both are
near their edge.

Source: N. Augenblick and M. Rabin (2021), "Belief Movement, Uncertainty Reduction, and Rational Updating".
"""

from __future__ import annotations

import math
from enum import StrEnum

from cards.beliefs.together import Together
from sim.movement import FLAGGED

ENOUGH = 50  # claims that moved: with fewer, more than 7% of fair records are flagged
ONE_WAY = 0.9  # of the moves: well above the six in ten that chance explains


class Verdict(StrEnum):
    """What a record shows."""

    TOO_FEW = "too-few"
    FAIR = "fair"
    TOO_MUCH = "too-much"
    NOISE = "noise"
    TOO_LITTLE = "too-little"
    DRIFT = "drift"


def verdict(record: Together) -> Verdict:
    """Return what a record shows."""
    if record.n < ENOUGH or record.z is None:
        return Verdict.TOO_FEW
    if abs(record.z) <= FLAGGED:
        return Verdict.FAIR
    if record.z < 0:
        return Verdict.DRIFT if drifts(record) else Verdict.TOO_LITTLE
    return Verdict.NOISE if _noise_explains(record) else Verdict.TOO_MUCH


def drifts(record: Together) -> bool:
    """Whether nearly all moves go one way, which is explained wherever it is seen and never flagged."""
    return record.n > 0 and record.one_way >= ONE_WAY


def in_words(record: Together) -> str:
    """Say what a record shows, or why it shows nothing yet."""
    found = verdict(record)
    if found is Verdict.TOO_FEW:
        claims = "1 claim has" if record.n == 1 else f"{record.n or 'No'} claims have"
        return (
            f"{claims} moved; a verdict waits for {ENOUGH}, because shorter records of perfectly fair "
            "credences look unfair too often: up to one in four of five claims, one in seven of ten."
        )
    return f"Over {record.n} claims, {_amounts(record)}. {_meaning(record, found)}"


def drift_in_words(record: Together) -> str | None:
    """Explain one-way drift; None where there is none."""
    if not drifts(record):
        return None
    way = "down" if record.down >= record.up else "up"
    return (
        f"{math.floor(100 * record.one_way)}% of your moves go {way}. That alone is no fault: when something "
        "may happen by a date, each day without it is a little evidence against it, and a rare jump pays for "
        "all the small moves."
    )


def _noise_explains(record: Together) -> bool:
    beyond = record.z_beyond_noise
    return record.noise is not None and record.noise.enough and beyond is not None and beyond <= FLAGGED


def _amounts(record: Together) -> str:
    if record.ratio is None:
        return f"your credences moved by {record.movement:.2f} in all while their uncertainty did not fall"
    return f"your credences moved {record.ratio:.2f} times as much as their uncertainty fell"


def _meaning(record: Together, found: Verdict) -> str:
    z = _z(record.z or 0.0)
    measured = record.noise is not None and record.noise.enough
    match found:
        case Verdict.FAIR:
            return f"That is within what chance does to a fair record ({z})."
        case Verdict.NOISE:
            points = 0.0 if record.noise is None else 100 * record.noise.sd
            return (
                f"Chance alone rarely does that ({z}), but the noise in your repeat ratings does: a report "
                f"of yours errs by about {points:.1f} points."
            )
        case Verdict.TOO_MUCH:
            noise = (
                "more of it than your repeat ratings show" if measured else "which repeat ratings would show"
            )
            return (
                f"Chance alone rarely does that ({z}). Counting news too heavily would, and so would noise "
                f"in what you report, {noise}."
            )
        case Verdict.TOO_LITTLE:
            return f"Chance alone rarely does that ({z}). Counting news too lightly would."
        case _:
            return (
                f"Were news to come both ways, that would be too little ({z}); where nearly all moves go one "
                "way, the jumps that pay for them may not have come yet, so there is no verdict."
            )


def _z(z: float) -> str:
    if math.isinf(z):
        return "every claim has the same excess"
    return f"Z = {round(z, 1) + 0.0:.1f}".replace("-", "−")  # no minus before a zero
