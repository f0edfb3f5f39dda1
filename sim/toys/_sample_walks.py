"""A few whole walks to draw: exact in law, and thinned to what a screen can show.

Every walk is made of fair single steps and ends exactly where and when it reached 0 or n; between its start
and its end, only every so many steps are kept.

Left out: anything past `horizon`, where the picture ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._coin_flips import WIDEST, FlipTable, flip_table

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

POINTS = 300  # to the horizon; a walk that ends sooner has fewer


class Walk(NamedTuple):
    """One thinned walk: where it was (0 to n) after how many steps."""

    steps: NDArray[np.int64]
    positions: NDArray[np.int64]


def sample_walks(k: int, n: int, *, horizon: int, count: int, random: Generator) -> list[Walk]:
    """Draw `count` walks from k between 0 and n, as far as `horizon` steps."""
    table = flip_table(_word_width(horizon))
    length = -(-horizon // table.width)
    words = random.integers(0, 2**table.width, (count, length), dtype=np.uint16)
    after = k + np.cumsum(table.net[words], axis=1, dtype=np.int32)  # [walk, word]
    before = after - table.net[words]
    ends = (before + table.low[words] <= 0) | (before + table.high[words] >= n)
    return [_thin(n, table, *walk) for walk in zip(words, before, ends, strict=True)]


def _word_width(horizon: int) -> int:
    return int(np.clip(2 ** int(np.log2(max(horizon // POINTS, 1))), 1, WIDEST))


def _thin(
    n: int,
    table: FlipTable,
    words: NDArray[np.uint16],
    before: NDArray[np.int32],
    ends: NDArray[np.bool_],
) -> Walk:
    every = -(-len(words) // POINTS)
    last = int(ends.argmax()) if ends.any() else len(words) - 1
    kept = np.arange(0, last + 1, every)
    inside = before[last] + table.path[:, words[last]]  # single steps of the word in which the walk ends
    arrived = (inside <= 0) | (inside >= n)
    flip = int(arrived.argmax()) if arrived.any() else table.width - 1
    steps = np.append(kept * table.width, last * table.width + flip + 1)
    return Walk(steps, np.append(before[kept], inside[flip]).astype(np.int64))
