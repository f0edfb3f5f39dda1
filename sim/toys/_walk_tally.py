"""What simulated walkers add up to, as they end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.toys._absorb import Round
    from sim.toys._ruin_spectrum import Ends


class WalkTally:
    """How long each walker took, where it ended, and how many ended in each bin of time.

    Args:
        walkers: How many there are.
        step: The size of an update.
        ends: The sizes of the last ones to 0 and to 1, as shares of it.
        edges: The edges of the bins, evenly spaced from 0, in periods.
    """

    def __init__(self, walkers: int, step: float, ends: Ends, edges: NDArray[np.int64]) -> None:
        self.updates, self.periods = np.zeros((2, walkers), dtype=np.int64)  # of each, 0 while it walks
        self.at_one = np.zeros(walkers, dtype=np.bool_)
        self.step, self.short = step, 1 - np.square(ends)  # by how much the last square falls short
        self.edges, self.counts = edges, np.zeros(len(edges) - 1, dtype=np.int64)
        self.finished = self.elapsed = 0
        self._updates_made = 0  # by those who have finished

    def add(self, ended: Round, idle: NDArray[np.int64]) -> None:
        """Add the walkers who ended in a round, with the periods in which each of them made no update."""
        self.updates[ended.walkers], self.at_one[ended.walkers] = ended.steps, ended.at_top
        self.periods[ended.walkers] = periods = ended.steps + idle
        bins = (periods - 1) // self.edges[1]
        self.counts += np.bincount(bins[bins < len(self.counts)], minlength=len(self.counts))
        self.finished += len(ended.walkers)
        self.elapsed = ended.elapsed
        self._updates_made += int(ended.steps.sum())

    @property
    def share(self) -> float:
        """The share of walkers that have ended."""
        return self.finished / len(self.updates)

    @property
    def in_bins(self) -> NDArray[np.float64]:
        """The share of walkers that ended in each bin: [bin]."""
        return self.counts / len(self.updates)

    @property
    def sum_squared_updates(self) -> float:
        """The squared updates of a walker so far, added up; the mean over all walkers."""
        made = self._updates_made + (len(self.updates) - self.finished) * self.elapsed
        ended_at_one = int(np.count_nonzero(self.at_one))
        short = self.short @ [self.finished - ended_at_one, ended_at_one]
        return float((made - short) / len(self.updates)) * self.step**2

    def result(self, by_update: int) -> dict[str, float]:
        """What can be quoted once all have ended."""
        return {
            "mean_updates": float(self.updates.mean()),
            "standard_error": float(self.updates.std(ddof=1) / math.sqrt(len(self.updates))),
            "median_updates": float(np.median(self.updates)),
            "share_ended_by": float((self.updates <= by_update).mean()),
            "sum_squared_updates": self.sum_squared_updates,
            "share_ending_at_one": float(self.at_one.mean()),
            "mean_periods": float(self.periods.mean()),
            "walkers_finished": self.finished,
        }
