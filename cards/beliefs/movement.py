"""How much each claim's credence moved against how much came to be known: many paths of unlike length.

For the credences p₀, …, p_T of one claim, with u = p (1 − p),

    M = Σ (p_{t+1} − p_t)²        R = u₀ − u_T        X = M − R

as in `sim.movement`, whose functions these are, on one batch for each length of path. A fair credence is a
martingale and has E[X] = 0 wherever its path is broken off, if that was not decided by what comes next.

Counted besides is which way the credence went. Where every day without the event is a little evidence
against it, as with "by this date", nearly all moves go down, and a rare jump up pays for them: that *drift*
says nothing against the one who moves.

Source: N. Augenblick and M. Rabin (2021), "Belief Movement, Uncertainty Reduction, and Rational Updating".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.movement import movement, reduction


class Moved(NamedTuple):
    """What one path comes to.

    Attributes:
        movement: M, the sum of the squared updates; no unit.
        reduction: R, by how much p (1 − p) fell; negative if it rose.
        updates: How many updates there are, those of size zero too: one fewer than credences.
        up: How many of them go up.
        down: How many go down.
    """

    movement: float
    reduction: float
    updates: int
    up: int
    down: int

    @property
    def excess(self) -> float:
        """X = M − R."""
        return self.movement - self.reduction


def measure(path: Sequence[float]) -> Moved:
    """Measure one path of credences, oldest first.

    Raises:
        ValueError: There is no credence, or one that is not within 0 and 1.
    """
    return measure_all([path])[0]


def measure_all(paths: Sequence[Sequence[float]]) -> list[Moved]:
    """Measure many paths at once; the answers come in the order of the paths.

    Raises:
        ValueError: A path has no credence, or one that is not within 0 and 1.
    """
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for place, one in enumerate(paths):
        by_length[len(one)].append(place)
    found: dict[int, Moved] = {}
    for length, places in by_length.items():
        batch = np.array([paths[place] for place in places], dtype=np.float64)  # [claim, time]
        moved, reduced, steps = movement(batch), reduction(batch), np.diff(batch)
        up, down = (steps > 0).sum(axis=1), (steps < 0).sum(axis=1)
        for row, place in enumerate(places):
            amounts = float(moved[row]), float(reduced[row])
            found[place] = Moved(*amounts, length - 1, int(up[row]), int(down[row]))
    return [found[place] for place in range(len(paths))]
