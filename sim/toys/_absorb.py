"""Many walkers stepping until they reach an end, on a torch device.

Each round hands every walker that is still walking a row of random words, 16 fair flips each, and adds up
how far they lead (`_coin_flips`). A word of w flips from a to b comes no lower than (a + b − w)/2 and no
higher than (a + b + w)/2; only where that is at an end is the word gone through flip by flip (`_last_words`).
Who ended is done, and the rest go on with longer rows as they become fewer, so that a round is worth its
overhead. Some thousand walkers are taken at a time, so that all of it stays in a core's cache.

Left out: where the walkers were on the way; `_sample_walks` draws that for a few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._coin_flips import WIDEST, flip_table
from sim.toys._last_words import last_flips, reach
from sim.toys._ruin_spectrum import EVEN, Ends

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch
    from numpy.random import Generator
    from numpy.typing import NDArray

    from sim.toys._coin_flips import FlipTable

    Ended = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]

TOGETHER = 2**15  # walkers
WORDS = 2**18  # of all of those in one round
LONGEST_ROW = 256  # words: four times where they lead is within 16 bits
WORDS_IN_A_NUMBER = 64 // WIDEST


class Round(NamedTuple):
    """Who ended in one round.

    Attributes:
        elapsed: Steps that every walker still walking has taken by the end of the round.
        walkers: Which walkers ended in it: [ended].
        steps: The steps each of them took in all: [ended].
        at_top: Whether each ended at n rather than at 0: [ended].
    """

    elapsed: int
    walkers: NDArray[np.int64]
    steps: NDArray[np.int64]
    at_top: NDArray[np.bool_]


class _Rules(NamedTuple):
    """What a walk needs to know besides where it is; `net` is twice how far each word leads: [word]."""

    n: int
    ends: Ends
    table: FlipTable
    net: torch.Tensor
    words: Callable[[int], torch.Tensor]
    turning: Generator


class _Walkers(NamedTuple):
    """Who is still walking, and twice how far each of them is above the middle: both [walking]."""

    who: NDArray[np.int64]
    height: torch.Tensor


def absorb(k: int, n: int, *, walkers: int, seed: int, device: str, ends: Ends = EVEN) -> Iterator[Round]:
    """Walk `walkers` walkers from k until all have reached 0 or n; one `Round` at a time."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    table = flip_table(WIDEST)
    net = torch.from_numpy(2 * table.net).to(device)
    turning = np.random.default_rng((seed, 2))
    rules = _Rules(n, ends, table, net, _random_words(seed, device), turning)
    height = torch.full((walkers,), 2 * k - n, dtype=torch.int16, device=device)
    walking, elapsed = _Walkers(np.arange(walkers), height), 0
    while len(walking.who):
        length = min(WORDS // min(len(walking.who), TOGETHER), n**2 // WIDEST + 1, LONGEST_ROW)
        done = [_walk(some, elapsed, length, rules) for some in _batches(walking)]
        left, ended = zip(*done, strict=True)
        elapsed += length * WIDEST
        yield Round(elapsed, *(np.concatenate(part) for part in zip(*ended, strict=True)))
        who, heights = zip(*left, strict=True)
        walking = _Walkers(np.concatenate(who), torch.cat(heights))


def _batches(walking: _Walkers) -> Iterator[_Walkers]:
    for first in range(0, len(walking.who), TOGETHER):
        some = slice(first, first + TOGETHER)
        yield _Walkers(walking.who[some], walking.height[some])


def _walk(walking: _Walkers, elapsed: int, length: int, rules: _Rules) -> tuple[_Walkers, Ended]:
    """Give walkers a row of words each; return who walks on, and who ended, after how long, and where."""
    import torch  # noqa: PLC0415 - as above

    who, n = walking.who, rules.n
    words = rules.words(len(who) * length)  # [walker and word]
    moved = rules.net.index_select(0, words)
    rows = moved.view(-1, length)
    rows[:, 0] += walking.height
    height = rows.cumsum(1, dtype=torch.int16)  # after each word
    rows[:, 0] -= walking.height
    height_of_both = moved.sub_(height.view(-1), alpha=2).abs_().cpu().numpy()
    near = np.flatnonzero(height_of_both >= 2 * (n - WIDEST - 2 * reach(rules.ends)))
    picked = torch.from_numpy(near).to(words.device)
    chosen = words.index_select(0, picked).long().cpu().numpy()
    last = last_flips(
        (height.view(-1).index_select(0, picked) + n).cpu().numpy() >> 1,
        chosen,
        near,
        length=length,
        table=rules.table,
        n=n,
        ends=rules.ends,
        random=rules.turning,
    )
    ended, word = np.divmod(last.number, length)
    on = np.delete(np.arange(len(who)), ended)
    left = _Walkers(who[on], height[:, -1].index_select(0, torch.from_numpy(on).to(words.device)))
    return left, (who[ended], elapsed + word * WIDEST + last.flips, last.at_top)


def _random_words(seed: int, device: str) -> Callable[[int], torch.Tensor]:
    """Draw so many words of 16 bits on a device."""
    import torch  # noqa: PLC0415 - as above

    if device != "cpu":
        random = torch.Generator(device).manual_seed(seed)
        return lambda count: torch.randint(
            2**WIDEST, (count,), generator=random, dtype=torch.int32, device=device
        )
    numbers = np.random.Generator(np.random.SFC64(seed))  # a third faster than torch's on a core

    def words(count: int) -> torch.Tensor:
        wide = numbers.integers(0, 2**64, -(-count // WORDS_IN_A_NUMBER), dtype=np.uint64)
        return torch.from_numpy(wide.view(np.uint16)[:count]).int()

    return words
