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
        number: The number of the word in which each of them did: [ended].
        flips: After how many of its flips: [ended].
        at_top: Whether at n rather than at 0: [ended].
    """

    number: NDArray[np.int64]
    flips: NDArray[np.int64]
    at_top: NDArray[np.bool_]


def reach(ends: Ends) -> int:
    """How near to an end a walk comes, at the least, before it may have ended there."""
    return 0 if ends == EVEN else 1


def last_flips(
    after: NDArray[np.integer[Any]],
    words: NDArray[np.int64],
    number: NDArray[np.int64],
    *,
    length: int,
    table: FlipTable,
    n: int,
    ends: Ends,
    random: Generator,
) -> LastFlips:
    """Find the first word in which each walk ends, for those that do.

    Args:
        after: Where a walk would be after each word: [word].
        words: The words themselves: [word].
        number: The number of each, in order, if those of the first walk are 0, 1, …: [word].
        length: How many words each walk has.
        table: The flips of every word.
        n: The upper end.
        ends: The sizes of the last steps to 0 and n.
        random: Decides about the walks that turn back from a shorter last step.
    """
    before = after - table.net.take(words)
    lowest, highest = before + table.low.take(words), before + table.high.take(words)
    possible = np.flatnonzero((lowest <= reach(ends)) | (highest >= n - reach(ends)))
    certain = (lowest[possible] <= 0) | (highest[possible] >= n)
    possible = possible[_none_before(certain, number[possible] // length)]
    start, walk = before[possible], number[possible] // length
    path = start[:, None] + table.path.take(words[possible], axis=0)  # [word, flip]
    stops = (path <= 0) | (path >= n)
    if ends != EVEN:
        stops |= _turned_back(start, path, n, ends, random)
    flip = stops.argmax(axis=1)
    ending = np.flatnonzero(stops[np.arange(len(flip)), flip])
    first = ending[_firsts(walk[ending])]
    last = flip[first]
    at = np.where(last > 0, path[first, last - 1], start[first])  # before the last flip
    return LastFlips(number[possible[first]], last + 1, 2 * at > n)


def _turned_back(
    start: NDArray[np.integer[Any]], path: NDArray[np.integer[Any]], n: int, ends: Ends, random: Generator
) -> NDArray[np.bool_]:
    """Which flips from beside an end are a walk's last, whichever way they go: [word, flip]."""
    at = np.concatenate([start[:, None], path[:, :-1]], axis=1)
    lower, upper = ((1 - size) / (1 + size) for size in ends)
    chance = np.where(at == 1, lower, np.where(at == n - 1, upper, 0.0))
    last: NDArray[np.bool_] = random.random(path.shape) < chance
    return last


def _none_before(certain: NDArray[np.bool_], walks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which words come after none that certainly ended the same walk: what follows such a word is nothing."""
    ended: NDArray[np.int64] = np.cumsum(certain) - certain
    first = _firsts(walks)
    none: NDArray[np.bool_] = ended == ended[first][np.cumsum(first) - 1]
    return none


def _firsts(walks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of these numbers, in order, are the first of their kind."""
    new = np.ones(len(walks), dtype=np.bool_)
    np.not_equal(walks[1:], walks[:-1], out=new[1:])
    return new
