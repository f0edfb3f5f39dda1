"""A fair walk with steps of two sizes, exactly.

The walk is on 0, 1, …, n and stops at both ends. From k, an update is large with chance q if a large step of
m fits on both sides, m ≤ k ≤ n − m, and small otherwise, a step of 1; up and down are equally likely. With P
the chances of going from one inner place to another, the expected numbers of updates of both kinds that are
still to come, from each place, solve

    (I − P) C = (1 − q_k, q_k)        where q_k is q where a large step fits, and 0 elsewhere

and after t updates the walk has made C_k − (Pᵗ C)_k of them.

Source: J. Kemeny and J. L. Snell (1960), "Finite Markov Chains", chapter III. Left out: the whole
distribution of the counts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Steps(NamedTuple):
    """The rule of a walk, with updates of four kinds: large down, small down, small up, large up.

    Attributes:
        across: Small steps between 0 and 1: n.
        large: Small steps in a large one: m.
        chance: The chance that an update is large where that fits: q.
    """

    across: int
    large: int
    chance: float

    @property
    def kind_edges(self) -> NDArray[np.float64]:
        """Where a uniform number passes from one kind of update to the next: [3]."""
        return np.array([self.chance / 2, 0.5, 1 - self.chance / 2])

    def fits(self) -> NDArray[np.bool_]:
        """Whether a large step fits at each place: [place 0 to n]."""
        place = np.arange(self.across + 1)
        inside: NDArray[np.bool_] = (place >= self.large) & (place <= self.across - self.large)
        return inside

    def moves(self) -> NDArray[np.int64]:
        """Where each kind of update leads from each place, ends to themselves: [place 0 to n, kind]."""
        place, fits = np.arange(self.across + 1), self.fits()
        size = np.where(fits, self.large, 1)
        leads = np.stack([place - size, place - 1, place + 1, place + size], axis=1)
        leads[[0, -1]] = [[0], [self.across]]
        return leads

    def tally(self) -> NDArray[np.int64]:
        """What each kind of update counts as at each place: [place 0 to n, kind, small or large]."""
        small, large = [1, 0], [0, 1]
        fits = self.fits()[:, None, None]
        counts = np.where(fits, [[large, small, small, large]], [[small, small, small, small]])
        counts[[0, -1]] = 0
        return counts.astype(np.int64)


def transitions(steps: Steps) -> NDArray[np.float64]:
    """The chance of each update's leading from one place to another: [from 0 to n, to 0 to n]."""
    shares = np.diff(steps.kind_edges, prepend=0, append=1)
    chances = np.zeros((steps.across + 1, steps.across + 1))
    place = np.arange(steps.across + 1)
    for kind, leads in enumerate(steps.moves().T):
        chances[place, leads] += shares[kind]
    return chances


@lru_cache(maxsize=256)
def expected_counts(steps: Steps) -> NDArray[np.float64]:
    """The expected small and large updates still to come: [place 0 to n, small or large]."""
    inner = slice(1, steps.across)
    stay = transitions(steps)[inner, inner]
    large = np.where(steps.fits(), steps.chance, 0)[inner]
    counts = np.zeros((steps.across + 1, 2))
    counts[inner] = np.linalg.solve(np.eye(len(stay)) - stay, np.stack([1 - large, large], axis=1))
    counts.setflags(write=False)
    return counts


@lru_cache(maxsize=64)
def _stride(steps: Steps, every: int) -> NDArray[np.float64]:
    """The chances of being led from one place to another by `every` updates: [from 0 to n, to 0 to n]."""
    stride = np.linalg.matrix_power(transitions(steps), every)
    stride.setflags(write=False)
    return stride


def counts_so_far(start: int, steps: Steps, every: int, times: int) -> NDArray[np.float64]:
    """The expected small and large updates among the first 0, `every`, 2 `every`, …: [time, small or large].

    Args:
        start: Where the walk begins.
        steps: Its rule.
        every: Updates between two times.
        times: How many times there are, the first included.
    """
    stride = _stride(steps, every)
    to_come = expected_counts(steps)
    chance = np.zeros(steps.across + 1)
    chance[start] = 1
    made = np.zeros((times, 2))
    for time in range(1, times):
        chance = chance @ stride
        made[time] = to_come[start] - chance @ to_come
    return made
