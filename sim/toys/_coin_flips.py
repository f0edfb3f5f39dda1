"""Fair coin flips, many at a time.

A random number of w bits is w flips. A table over all 2^w numbers holds the walk that each makes (+1 for a
set bit, −1 for a clear one), where it ends, and how low and how high it went. A walker then takes w exact
steps with three look-ups, and its single steps matter only in the one word in which it reaches an end.

Left out: unfair coins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDEST = 16


@dataclass(frozen=True)
class FlipTable:
    """The walks of all words of `width` bits.

    Attributes:
        width: Flips in a word.
        path: Where each walk is after each flip: [word, flip].
        net: Where it ends: [word].
        low: Its lowest point, the start included: [word].
        high: Its highest point, the start included: [word].
    """

    width: int
    path: NDArray[np.int8]
    net: NDArray[np.int16]
    low: NDArray[np.int16]
    high: NDArray[np.int16]


@cache
def flip_table(width: int) -> FlipTable:
    """Return the table for words of `width` bits, 1 to 16."""
    words = np.arange(2**width, dtype=np.uint16)
    bits = words[:, None] >> np.arange(width, dtype=np.uint16) & 1  # [word, flip]
    path = np.cumsum(np.where(bits, np.int8(1), np.int8(-1)), axis=1, dtype=np.int8)
    low, high = np.minimum(path.min(axis=1), 0), np.maximum(path.max(axis=1), 0)
    return FlipTable(width, path, *(part.astype(np.int16) for part in (path[:, -1], low, high)))
