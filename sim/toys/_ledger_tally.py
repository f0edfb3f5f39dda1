"""What simulated ledgers add up to, as they come.

Each ledger is judged by the functions that judge a reader's own (`sim.movement`). Left out: the ledgers
themselves, which would fill the memory.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.movement import FLAGGED, excess, z_score

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDING_ERROR = 1e-12


@dataclass(frozen=True)
class LedgerTally:
    """Sums over all claims of all ledgers so far.

    Attributes:
        edges: The edges of the bins of Z: [bin + 1].
        moved: Squared movement up to each time: [time].
        reduced: Reduction up to each time: [time].
        excess_squares: The sum of X².
        z: Ledgers in each bin of Z: [bin]; those beyond the ends count at the ends.
        flagged: How many ledgers are flagged.
        ledgers: How many there are.
        claims: How many claims they hold together.
    """

    edges: NDArray[np.float64]
    moved: NDArray[np.float64]
    reduced: NDArray[np.float64]
    z: NDArray[np.int64]
    excess_squares: float = 0.0
    flagged: int = 0
    ledgers: int = 0
    claims: int = 0

    @classmethod
    def empty(cls, edges: NDArray[np.float64], signals: int) -> LedgerTally:
        """Begin, for claims with so many signals."""
        nothing = np.zeros(signals + 1)
        return cls(edges, nothing, nothing, np.zeros(len(edges) - 1, dtype=np.int64))

    def with_ledgers(self, said: NDArray[np.float64]) -> LedgerTally:
        """Add ledgers: [ledger, claim, time]."""
        each = excess(said)
        z = z_score(each)
        middle = (self.edges[:-1] + self.edges[1:]) / 2
        counts, _ = np.histogram(np.clip(z, middle[0], middle[-1]), bins=self.edges)
        moved = np.cumsum((np.diff(said, axis=-1) ** 2).sum(axis=(0, 1)))
        uncertain = (said * (1 - said)).sum(axis=(0, 1))
        return replace(
            self,
            moved=self.moved + np.insert(moved, 0, 0.0),
            reduced=self.reduced + uncertain[0] - uncertain,
            z=self.z + counts,
            excess_squares=self.excess_squares + float((each**2).sum()),
            flagged=self.flagged + int(np.count_nonzero(np.abs(z) > FLAGGED)),
            ledgers=self.ledgers + len(said),
            claims=self.claims + each.size,
        )

    def result(self) -> dict[str, float]:
        """What can be quoted; a reporter who never moves has the ratio 1."""
        moved, reduced = float(self.moved[-1] / self.claims), float(self.reduced[-1] / self.claims)
        variance = max(self.excess_squares / self.claims - (moved - reduced) ** 2, 0.0)
        return {
            "ledgers": self.ledgers,
            "movement": moved,
            "reduction": reduced,
            "ratio": ratio(moved, reduced),
            "excess": moved - reduced,
            "standard_error": math.sqrt(variance / self.claims),
            "flagged": self.flagged / self.ledgers,
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is drawn: mean movement and reduction up to each time, [time], and shares of Z, [bin]."""
        return {
            "mean_movement": self.moved / self.claims,
            "mean_reduction": self.reduced / self.claims,
            "z_share": self.z / self.ledgers,
        }


def ratio(moved: float, reduced: float) -> float:
    """Movement for each unit of reduction; 1 if there is neither."""
    return moved / reduced if abs(reduced) > ROUNDING_ERROR else 1.0
