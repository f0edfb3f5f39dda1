"""When many walkers end, drawn from the exact law: no walker takes a step.

How many of N walkers end with each step, and at which end, is one draw from the multinomial law with the
chances P(T = t, at 0) and P(T = t, at n) of `_ruin_spectrum`; which of the walkers they are says nothing, for
all are alike. Time is taken in blocks: those who have not ended in one are drawn again in the next, with the
chances that are left, until none remains. So nothing is cut off, however long the last walk is.

Left out: where the walkers were on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.toys._absorb import Round
from sim.toys._ruin_spectrum import EVEN, Ends, Modes, evenly_spaced, modes, powers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SHORTEST, LONGEST = 64, 2**15  # steps in a block
BLOCKS = 16  # in n² steps, by which all but one walk in a hundred have ended
FORGOTTEN = 1e-20  # what is left of a mode when no sum can tell


def draw_times(k: int, n: int, *, walkers: int, seed: int, ends: Ends = EVEN) -> Iterator[Round]:
    """Draw when and where `walkers` walkers from k end; one `Round` for each block of time."""
    random = np.random.default_rng((seed, 3))
    length = min(max(n**2 // BLOCKS, SHORTEST), LONGEST)
    law = modes(k, n, ends)
    elapsed = done = 0
    while done < walkers:
        chances = _chances(law, length)  # [step, end]
        counts = random.multinomial(walkers - done, np.append(chances, max(1 - chances.sum(), 0)))[:-1]
        step, at_top = np.divmod(np.repeat(np.arange(len(counts)), counts), 2)
        yield Round(elapsed + length, done + np.arange(len(step)), elapsed + step + 1, at_top == 1)
        elapsed, done = elapsed + length, done + len(step)
        law = _later(law, length)


def _chances(law: Modes, length: int) -> NDArray[np.float64]:
    """The chances of ending with each of the next steps, for those who are left: [step, end]."""
    flows = [evenly_spaced(flow, law.angle, every=1, count=length) for flow in law.flow.T]
    ends: NDArray[np.float64] = np.maximum(np.stack(flows, axis=1), 0)  # rounding makes −1e-19 of no chance
    return ends / float(law.total.sum())


def _later(law: Modes, length: int) -> Modes:
    """The law as it is after so many steps, without what has died away."""
    flow = law.flow * powers(law.angle, np.array([length]))[0][:, None]
    left = np.abs(flow).max(axis=1) > FORGOTTEN * np.abs(flow).max()
    return Modes(law.angle[left], flow[left])
