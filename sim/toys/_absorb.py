"""Many walkers stepping until they reach an end, on a torch device.

Each round hands every walker that is still walking a row of random words, 16 fair flips each, and finds the
first word that takes it to 0 or n; within that word, the first flip. Those walkers are done, and the rest
go on in a smaller batch with longer rows, so that a round always costs about the same.

Left out: where the walkers were on the way; `_sample_walks` draws that for a few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._coin_flips import WIDEST, flip_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

WORDS_PER_ROUND = 2**16  # about what stays in a core's cache


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


def absorb(k: int, n: int, *, walkers: int, seed: int, device: str) -> Iterator[Round]:
    """Walk `walkers` walkers from k until all have reached 0 or n; one `Round` at a time."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    table = flip_table(WIDEST)
    path, net, low, high = (
        torch.from_numpy(part).to(device) for part in (table.path, table.net, table.low, table.high)
    )
    walking = torch.arange(walkers, device=device)
    position = torch.full((walkers,), k, dtype=torch.int32, device=device)
    elapsed = 0
    while len(walking):
        length = max(WORDS_PER_ROUND // len(walking), 1)
        words = torch.randint(
            2**WIDEST, (len(walking), length), generator=random, dtype=torch.int32, device=device
        )
        after = position[:, None] + net[words].cumsum(1, dtype=torch.int32)  # [walker, word]
        before = after - net[words]
        ends = (before + low[words] <= 0) | (before + high[words] >= n)
        ended = ends.any(1)
        row = ended.nonzero()[:, 0]
        word = ends[row].to(torch.uint8).argmax(1)
        inside = before[row, word] + path[:, words[row, word]]  # [flip, ended]
        flip = ((inside <= 0) | (inside >= n)).to(torch.uint8).argmax(0)
        yield Round(
            elapsed + length * WIDEST,
            walking[row].cpu().numpy(),
            (elapsed + word * WIDEST + flip + 1).cpu().numpy(),
            (inside.gather(0, flip[None])[0] >= n).cpu().numpy(),
        )
        elapsed += length * WIDEST
        walking, position = walking[~ended], after[~ended, -1]
