"""The noise floor: how much credences move for no reason.

Someone who is asked twice, and learned nothing in between, says two numbers. If each report errs by its own
error of standard deviation σ, the two differ by √2 σ, so that from n pairs

    σ² = Σ (second − first)² / 2n

which is off by a share of about 1/√2n. Every update holds two such errors, so that T reports move by

    2σ² (T − 1)                      and by σ² more if the path then ends at 1 or 0, which are known exactly.

The noise takes σ² from the uncertainty of a first report, and from that of a last one too if the path ends
there. So either way it adds 2σ² to the excess M − R for each update of the path.

Left out: that who remembers the first number repeats it, so that the floor may lie higher; that reports near
0 and 1 cannot err both ways, so that there it lies lower; and errors that last from one report to the next,
which move nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from sim.movement import noise_floor

ENOUGH_PAIRS = 20  # then σ is off by a sixth, and its square by a third: good enough to subtract


class Noise(NamedTuple):
    """How much a report errs.

    Attributes:
        sd: σ, the standard deviation of one report's error, as a share: 0.02 is two points.
        pairs: How many repeat ratings say so.
    """

    sd: float
    pairs: int

    @property
    def enough(self) -> bool:
        """Whether there are pairs enough to subtract it."""
        return self.pairs >= ENOUGH_PAIRS

    @property
    def relative_error(self) -> float:
        """By what share σ may be off: its standard error, if errors are Gaussian."""
        return 1 / math.sqrt(2 * self.pairs)

    def movement(self, updates: int, *, settled: bool = False) -> float:
        """Return the movement that noise alone adds to a path, on average.

        Args:
            updates: How many updates the path has, a last one to 1 or 0 with them.
            settled: Whether it ends at 1 or 0 because the claim was settled.
        """
        return noise_floor(self.sd, updates) - (self.sd**2 if settled else 0.0)

    def excess(self, updates: int) -> float:
        """Return the excess that noise alone adds to so many updates, on average."""
        return noise_floor(self.sd, updates)


def noise(pairs: Sequence[tuple[float, float]]) -> Noise | None:
    """Return how much a report errs, from pairs between which nothing was learned; None without pairs."""
    if not pairs:
        return None
    squares = math.fsum((second - first) ** 2 for first, second in pairs)
    return Noise(math.sqrt(squares / (2 * len(pairs))), len(pairs))
