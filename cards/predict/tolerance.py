"""How near a guess must come, and the grade that follows.

    :tolerance: 10%          of the answer, whatever it is
    :tolerance: 5            in the answer's own unit
    :tolerance: 5 points     the same where that unit is the point; of a share, five percentage points

With e the distance of a number from the answer and τ the tolerance, a guess is Easy for e ≤ τ/4, Good for
e ≤ τ, Hard for e ≤ 2τ, and else Forgot. With h half the width of an interval: one that holds the answer is
Easy for h ≤ τ/2, Good for h ≤ 2τ, Hard for h ≤ 4τ, and else too wide to say anything: Forgot. One that misses
it by no more than τ is Hard if h ≤ 2τ, since an honest interval of 80% misses one answer in five. Where there
are two buttons, Easy and Good are the one, Hard and Forgot the other. To pass is to have forgotten.

The browser paints the same grade at once, by `follows.js`; what is recorded is computed here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cards.kind import Finding
from cards.memory import Rating
from cards.predict.numerals import NUMERAL, read_numeral
from sim.guess import Interval, Number
from sim.words import SHARE, number, quantity

if TYPE_CHECKING:
    from sim.spec import Quantity

OPTION = "tolerance"
POINTS = "points"
WIDE = 2  # tolerances in half the width of an interval that is still Good
SLACK = 1e-9  # of a number's size: what a journey through text may change

_TOLERANCE = re.compile(rf"(?P<size>{NUMERAL})(?:[ \t]+(?P<unit>\D.*))?")


@dataclass(frozen=True)
class Tolerance:
    """How near a guess must come: a share of the answer, or a distance in the answer's own unit."""

    size: float
    relative: bool = False

    def at(self, truth: float) -> float:
        """The distance from this answer that is still near enough, in its unit."""
        return self.size * abs(truth) if self.relative else self.size

    def words(self, unit: str, times: float = 1) -> str:
        """Say it, or a multiple of it: "10%", "5 percentage points", "20 updates"."""
        size = times * self.size
        if self.relative:
            return f"{number(100 * size)}%"
        return f"{number(100 * size)} percentage points" if unit == SHARE else quantity(size, unit)

    def rule(self, unit: str, kind: str) -> str:
        """Say what it takes for a number, or for an interval, to be Good."""
        if kind != "interval":
            return f"Within {self.words(unit)} of the answer is Good."
        widest = self.words(unit, 2 * WIDE)
        return (
            f"Good if it holds the answer and is no wider than {widest}{' of it' if self.relative else ''}."
        )


def read_tolerance(text: str, fact: Quantity) -> Tolerance | Finding:
    """Read a tolerance for a fact, or say what is wrong with it."""
    match = _TOLERANCE.fullmatch(text)
    if match is None:
        return _wrong(f"'{text}' is not a tolerance.", "write a share of the answer, such as '10%'")
    size, relative = read_numeral(match["size"])
    unit = (match["unit"] or "").strip()
    if not (size > 0 and math.isfinite(size)) or (relative and size > 1):
        most = "up to 100%" if relative else "above 0"
        return _wrong(f"A tolerance of {match['size']} is no tolerance.", f"write one {most}, such as '10%'")
    if not unit:
        return Tolerance(size, relative)
    if fact.unit == SHARE and unit == POINTS and not relative:
        return Tolerance(size / 100)
    if unit != fact.unit or relative:
        own = "in points or in percent" if fact.unit == SHARE else f"in {fact.unit or 'plain numbers'}"
        return _wrong(f"The tolerance is in {unit}, and the answer is {own}.", "write it so, or as a share")
    return Tolerance(size)


def follows(said: Number | Interval | None, truth: float, tolerance: float, *, two: bool = False) -> Rating:
    """The grade that follows from a guess.

    Args:
        said: The guess; `None` if the learner passed.
        truth: The answer.
        tolerance: How near is near enough, in the answer's unit.
        two: Whether there are only two grades, Forgot and Good.
    """
    rating = _of_four(said, truth, tolerance * (1 + SLACK) + SLACK * abs(truth))
    if not two:
        return rating
    return Rating.GOOD if rating >= Rating.GOOD else Rating.AGAIN


def _of_four(said: Number | Interval | None, truth: float, tolerance: float) -> Rating:
    match said:
        case Number(value):
            return _first_that_holds(abs(value - truth), tolerance / 4, tolerance, 2 * tolerance)
        case Interval(low, high):
            half = (high - low) / 2
            missed = max(low - truth, truth - high, 0.0)
            if missed > SLACK * abs(truth):
                near = missed <= tolerance and half <= WIDE * tolerance
                return Rating.HARD if near else Rating.AGAIN
            return _first_that_holds(half, tolerance / 2, WIDE * tolerance, 2 * WIDE * tolerance)
        case None:
            return Rating.AGAIN


def _first_that_holds(off: float, easy: float, good: float, hard: float) -> Rating:
    if off <= easy:
        return Rating.EASY
    if off <= good:
        return Rating.GOOD
    return Rating.HARD if off <= hard else Rating.AGAIN


def _wrong(message: str, hint: str) -> Finding:
    return Finding("bad-option", message, hint, OPTION)
