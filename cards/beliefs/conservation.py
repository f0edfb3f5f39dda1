"""Conservation of expected evidence: what a reader's own three numbers imply, before the evidence is seen.

From a prior P(H) and the chances of the evidence if the claim is true and if it is false,

    P(E) = P(H) P(E|H) + P(¬H) P(E|¬H)
    P(H|E) = P(H) P(E|H) / P(E)              P(H|¬E) = P(H) P(¬E|H) / P(¬E)
    P(E) P(H|E) + P(¬E) P(H|¬E) = P(H)

so the posterior that is to be expected is the prior, whatever the numbers: who expects to be moved one way
has not yet moved enough. What seeing it is worth is log₂ P(E|H)/P(E|¬H) bits for the claim.

Source: T. Bayes (1763), "An essay towards solving a problem in the doctrine of chances"; the name is E.
Yudkowsky's (2007, "Conservation of expected evidence"); bits of evidence are I. J. Good's (1950, "Probability
and the weighing of evidence"). Left out: evidence with more than two outcomes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Conservation:
    """Three numbers that a reader gave, each from 0 to 1.

    Attributes:
        prior: P(H), how likely the claim is.
        if_true: P(E|H), how likely the evidence is if the claim is true.
        if_false: P(E|¬H), how likely it is if the claim is false.

    Raises:
        ValueError: A number is not within 0 and 1; the message names it.
    """

    prior: float
    if_true: float
    if_false: float

    def __post_init__(self) -> None:
        for name, value in (
            ("prior", self.prior),
            ("chance of the evidence if the claim is true", self.if_true),
            ("chance of the evidence if the claim is false", self.if_false),
        ):
            if not 0 <= value <= 1:  # so that "not a number" is refused too
                raise ValueError(f"The {name} is {value:g}; it has to lie between 0 and 1.")

    @property
    def chance(self) -> float:
        """P(E), how likely the evidence is at all: 0 to 1."""
        return self.prior * self.if_true + (1 - self.prior) * self.if_false

    @property
    def if_seen(self) -> float | None:
        """P(H|E), the credence once the evidence is seen; None if it cannot be."""
        return _share(self.prior * self.if_true, (1 - self.prior) * self.if_false)

    @property
    def if_not_seen(self) -> float | None:
        """P(H|¬E), the credence once it is known not to come; None if it is certain to."""
        return _share(self.prior * (1 - self.if_true), (1 - self.prior) * (1 - self.if_false))

    @property
    def expected(self) -> float:
        """The posterior that is to be expected, summed up from its two values; it is the prior."""
        seen, not_seen = self.if_seen, self.if_not_seen
        return self.chance * (seen or 0.0) + (1 - self.chance) * (not_seen or 0.0)

    @property
    def bits_if_seen(self) -> float | None:
        """What seeing the evidence adds to the claim's log-odds, in bits; None if it could not be seen."""
        return _bits(self.if_true, self.if_false)

    @property
    def bits_if_not_seen(self) -> float | None:
        """What its absence adds, in bits; negative if that speaks against the claim."""
        return _bits(1 - self.if_true, 1 - self.if_false)

    def implied(self, *, happened: bool) -> float | None:
        """Return the credence that the numbers ask for now; None if they called this impossible."""
        return self.if_seen if happened else self.if_not_seen


def _share(part: float, rest: float) -> float | None:
    return part / (part + rest) if part + rest else None


def _bits(if_true: float, if_false: float) -> float | None:
    if not if_true or not if_false:
        return None if if_true == if_false else math.copysign(math.inf, if_true - if_false)
    return math.log2(if_true) - math.log2(if_false)  # their quotient could overflow
