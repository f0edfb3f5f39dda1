"""The word of flips in which a walk ends, gone through flip by flip.

A walk on 0, 1, …, n ends when it is at 0 or n. Where its last step would be a shorter one, f of a whole step
at the lower end, it should go down from 1 with chance 1/(1 + f), and a fair flip does so with ½. So of the
walks that turn back there, by a flip up, each has ended at 0 after all with chance

    (1 − f)/(1 + f),   for   ½ + ½ (1 − f)/(1 + f) = 1/(1 + f)

and the flip that would have turned it back was its last. At n it is the same with g.

Left out: unfair flips.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.toys._ruin_spectrum import EVEN, Ends

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from sim.toys._coin_flips import FlipTable


class LastFlips(NamedTuple):
    """How some walks ended.

    Attributes:
        word: The word in which each of them did, by its place among those that were given: [ended].
        flips: After how many of its flips: [ended].
        at_top: Whether at n rather than at 0: [ended].
    """

    word: NDArray[np.int64]
    flips: NDArray[np.int64]
    at_top: NDArray[np.bool_]


def reach(ends: Ends) -> int:
    """How near to an end a walk comes, at the least, before it may have ended there."""
    return 0 if ends == EVEN else 1


def last_flips(
    before: NDArray[np.integer[Any]],
    words: NDArray[np.int64],
    walks: NDArray[np.int64],
    *,
    table: FlipTable,
    n: int,
    ends: Ends,
    random: Generator,
) -> LastFlips:
    """Find the first word in which each walk ends, for those that do.

    Args:
        before: Where a walk was before each word: [word].
        words: The words themselves, walk by walk and in order: [word].
        walks: Whose each word is: [word].
        table: The flips of every word.
        n: The upper end.
        ends: The sizes of the last steps to 0 and n.
        random: Decides about the walks that turn back from a shorter last step.
    """
    lowest = before + np.minimum(table.low.take(words), 0)  # the place before the word is one of its places
    highest = before + np.maximum(table.high.take(words), 0)
    possible = np.flatnonzero((lowest <= reach(ends)) | (highest >= n - reach(ends)))
    certain = (lowest[possible] <= 0) | (highest[possible] >= n)
    possible = possible[_none_before(certain, walks[possible])]
    start, walk = before[possible], walks[possible]
    after = start[:, None] + table.path.take(words[possible], axis=0)  # [word, flip]
    stops = (after <= 0) | (after >= n)
    if ends != EVEN:
        stops |= _turned_back(start, after, n, ends, random)
    flip = stops.argmax(axis=1)
    ending = np.flatnonzero(stops[np.arange(len(flip)), flip])
    first = ending[_firsts(walk[ending])]
    last = flip[first]
    at = np.where(last > 0, after[first, last - 1], start[first])  # before the last flip
    return LastFlips(possible[first], last + 1, 2 * at > n)


def _turned_back(
    start: NDArray[np.integer[Any]], after: NDArray[np.integer[Any]], n: int, ends: Ends, random: Generator
) -> NDArray[np.bool_]:
    """Which flips from beside an end are a walk's last, whichever way they go: [word, flip]."""
    at = np.concatenate([start[:, None], after[:, :-1]], axis=1)
    lower, upper = ((1 - size) / (1 + size) for size in ends)
    chance = np.where(at == 1, lower, np.where(at == n - 1, upper, 0.0))
    last: NDArray[np.bool_] = random.random(after.shape) < chance
    return last


def _none_before(certain: NDArray[np.bool_], walks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which words come after none that certainly ended the same walk: what follows such a word is nothing."""
    ended: NDArray[np.int64] = np.cumsum(certain) - certain
    first = _firsts(walks)
    none: NDArray[np.bool_] = ended == ended[first][np.cumsum(first) - 1]
    return none


def _firsts(walks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of these numbers, in order, are the first of their kind."""
    new: NDArray[np.bool_] = np.diff(walks, prepend=-1) != 0
    return new
