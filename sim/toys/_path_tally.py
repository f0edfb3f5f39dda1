"""What the updates of simulated walks and credences add up to, as they come.

Left out: the updates themselves. They are counted where the exact laws are drawn: the walk's at each value
that it can take, the credence's between a few sizes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR = 0.1  # what counts as near 50%


@dataclass(frozen=True)
class PathTally:
    """Sums over all updates so far.

    Attributes:
        heads: How many updates of the walk had each number of heads: [heads].
        sizes: How many updates of the credence fell between each two sizes, and beyond: [size + 1].
        squares: The sum of each path's squared updates of the credence: [path].
        fourths: The sum of their fourth powers, over all paths.
        near_half: The share of credences near 50% after each update.
    """

    heads: NDArray[np.int64]
    sizes: NDArray[np.int64]
    squares: NDArray[np.float64]
    fourths: float = 0.0
    near_half: tuple[float, ...] = ()

    @classmethod
    def empty(cls, *, flips: int, sizes: int, paths: int) -> PathTally:
        """Begin, with updates of so many flips, and so many sizes between which to count."""
        counts = np.zeros(flips + 1, dtype=np.int64), np.zeros(sizes + 1, dtype=np.int64)
        return cls(*counts, np.zeros(paths))

    @property
    def updates(self) -> int:
        """How many updates each path has made."""
        return len(self.near_half)

    def with_update(
        self,
        *,
        heads: NDArray[np.int64],
        larger_than: NDArray[np.int64],
        change: NDArray[np.float64],
        credence: NDArray[np.float64],
    ) -> PathTally:
        """Add one update of every path: its heads, how many sizes it exceeds, its own, and where it led."""
        return replace(
            self,
            heads=self.heads + np.bincount(heads, minlength=len(self.heads)),
            sizes=self.sizes + np.bincount(larger_than, minlength=len(self.sizes)),
            squares=self.squares + change**2,
            fourths=self.fourths + float((change**4).sum()),
            near_half=(*self.near_half, float((np.abs(credence - 0.5) <= NEAR).mean())),
        )

    def result(self) -> dict[str, float | list[float]]:
        """What can be quoted."""
        paths = len(self.squares)
        flips = len(self.heads) - 1
        value = (2 * np.arange(flips + 1) - flips) / math.sqrt(flips)
        chance = self.heads / (self.updates * paths)
        return {
            "walk_kurtosis": float(chance @ value**4 / (chance @ value**2) ** 2),
            "credence_kurtosis": self.fourths * self.updates * paths / float(self.squares.sum()) ** 2,
            "near_half": list(self.near_half),
            "budget": float(self.squares.mean()),
            "budget_error": float(self.squares.std(ddof=1) / math.sqrt(paths)),
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is drawn: the chance of each number of heads, [heads]; the share below each size, [size]."""
        made = self.updates * len(self.squares)
        return {"walk_chance": self.heads / made, "update_share": np.cumsum(self.sizes)[:-1] / made}
