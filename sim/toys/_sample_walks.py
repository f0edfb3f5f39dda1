"""A few whole walks to draw: exact in law, and thinned to what a screen can show.

Every walk is made of single steps and ends exactly where and when it reached 0 or n; between its start and
its end, only every so many steps are kept.

Left out: anything past `horizon`, where the picture ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._coin_flips import WIDEST, flip_table
from sim.toys._last_words import last_flips
from sim.toys._ruin_spectrum import EVEN, Ends

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

POINTS = 200  # to the horizon; a walk that ends sooner has fewer


class Walk(NamedTuple):
    """One thinned walk: where it was (0 to n) after how many steps."""

    steps: NDArray[np.int64]
    positions: NDArray[np.int64]


def sample_walks(
    k: int, n: int, *, horizon: int, count: int, random: Generator, ends: Ends = EVEN
) -> list[Walk]:
    """Draw `count` walks from k between 0 and n, as far as `horizon` steps."""
    table = flip_table(_word_width(horizon))
    length = -(-horizon // table.width)
    words = random.integers(0, 2**table.width, (count, length), dtype=np.uint16).astype(np.int64)
    after = k + np.cumsum(table.net[words], axis=1, dtype=np.int32)  # [walk, word]
    before = after - table.net[words]
    numbers = np.arange(words.size)
    ending = last_flips(
        after.ravel(), words.ravel(), numbers, length=length, table=table, n=n, ends=ends, random=random
    )
    walk, word = np.divmod(ending.number, length)
    last, flips, place = np.full(count, length - 1), np.full(count, table.width), after[:, -1]
    last[walk], flips[walk], place[walk] = word, ending.flips, np.where(ending.at_top, n, 0)
    steps = table.width * last + flips
    every = -(-length // POINTS)
    kept = [np.arange(0, until + 1, every) for until in last]
    return [
        Walk(np.append(table.width * some, steps[i]), np.append(before[i, some], place[i]))
        for i, some in enumerate(kept)
    ]


def _word_width(horizon: int) -> int:
    return int(np.clip(2 ** int(np.log2(max(horizon // POINTS, 1))), 1, WIDEST))
