"""Fuzz: spreading out intervals, so that cards learned together do not come back together for ever.

An interval of d days, d ≥ 2.5, may be moved by up to

    1 + 0.15·(min(d, 7) − 2.5)⁺ + 0.10·(min(d, 20) − 7)⁺ + 0.05·(d − 20)⁺   days,

rounded to whole days: the ranges that Anki uses. Every day of the range is equally
likely. The draw is not random at run time: it is a digest of a seed, so the same review of the same card
always gives the same date, on every machine and in every replay.

Left out: Anki's load balancer, which leans towards days with little to review.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from math import floor, inf

SHORTEST = 2.5
RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, inf, 0.05))


def fuzz_factor(seed: str) -> float:
    """Return a number in [0, 1) that depends on the seed alone."""
    digest = hashlib.blake2b(seed.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32


def fuzz_bounds(days: int, *, minimum: int, maximum: int) -> tuple[int, int]:
    """Return the first and the last day that an interval may be moved to, both within the two limits."""
    days = min(max(days, minimum), maximum)
    reach = _reach(days)
    first = min(max(_rounded(days - reach), minimum), maximum)
    last = min(max(_rounded(days + reach), minimum), maximum)
    if first == last and 2 < last < maximum:  # noqa: PLR2004 - Anki always leaves a choice from three days on
        last += 1
    return first, last


def fuzzed(days: int, *, factor: float | None, minimum: int, maximum: int) -> int:
    """Move an interval within its bounds; without a factor, only keep it within the two limits.

    Args:
        days: The interval to move, in whole days.
        factor: Where in the range to land, in [0, 1).
        minimum: The shortest interval allowed, in days.
        maximum: The longest interval allowed, in days; it wins where the two cross.
    """
    minimum = min(minimum, maximum)
    if factor is None:
        return min(max(days, minimum), maximum)
    first, last = fuzz_bounds(days, minimum=minimum, maximum=maximum)
    return floor(first + factor * (1 + last - first))


@lru_cache(maxsize=4096)
def _reach(days: int) -> float:
    if days < SHORTEST:
        return 0.0
    return 1.0 + sum(share * max(min(days, end) - start, 0.0) for start, end, share in RANGES)


def _rounded(days: float) -> int:
    return floor(days + 0.5)  # halves go up, where Python's own rounding would go to the even neighbour
