"""The seeds of a sweep.

0:20     from 0 up to, but not including, 20: twenty seeds, as Python's `range` has them
3        this one
1,5,9    these three
"""

from __future__ import annotations

from collections import Counter

from sim.picture import seed_from
from sim.sweeps.errors import SweepError

MOST_SEEDS = 100_000


def parse_seeds(words: str) -> tuple[int, ...]:
    """Read `--seeds`.

    Raises:
        SweepError: If there are none, too many, or one twice.
        SettingError: If one is no seed.
    """
    first, colon, beyond = words.partition(":")
    return _range(seed_from(first), seed_from(beyond)) if colon else _listed(words)


def _range(low: int, high: int) -> tuple[int, ...]:
    if not 1 <= high - low <= MOST_SEEDS:
        raise SweepError(
            f"--seeds {low}:{high} holds {max(high - low, 0):,} seeds, and takes 1 to {MOST_SEEDS:,}. "
            "FROM:TO counts from FROM up to, but not including, TO."
        )
    return tuple(range(low, high))


def _listed(words: str) -> tuple[int, ...]:
    seeds = tuple(seed_from(word) for word in words.split(","))
    seed, times = Counter(seeds).most_common(1)[0]
    if times > 1:
        raise SweepError(f"--seeds gives {seed} more than once.")
    return seeds
