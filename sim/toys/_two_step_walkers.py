"""Many walkers taking steps of two sizes, on a torch device.

Each round gives every walker that is still walking a row of uniform numbers, and each number is one update,
small or large, up or down. Where it leads is looked up, so that the walk owes nothing to the solved system of
`_two_steps`. Walkers at an end stay there and count no further; the next round goes on without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.toys._two_steps import Steps

NUMBERS_PER_ROUND = 2**18
LONGEST_ROUND = 512  # updates


class Round(NamedTuple):
    """What happened in one round.

    Attributes:
        elapsed: Updates that every walker still walking has made by the end of the round.
        made: Small and large updates of all walkers together, in each update of the round: [update, 2].
        walkers: Who walked in it: [walking].
        counts: Small and large updates that each of those made in it: [walking, 2].
        place: Where each of those is at its end: [walking].
    """

    elapsed: int
    made: NDArray[np.int64]
    walkers: NDArray[np.int64]
    counts: NDArray[np.int64]
    place: NDArray[np.int64]


def walk(start: int, steps: Steps, *, walkers: int, seed: int, device: str) -> Iterator[Round]:
    """Walk `walkers` walkers from `start` until all have reached an end; one `Round` at a time."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    edges = torch.from_numpy(steps.kind_edges).float().to(device)
    kinds = steps.moves().shape[1]
    leads = torch.from_numpy(kinds * steps.moves().ravel()).to(device)  # a place is held as its row's start
    tally = torch.from_numpy(steps.tally()).flatten(0, 1).to(device)  # [place and kind, small or large]
    walking = torch.arange(walkers, device=device)
    place = torch.full((walkers,), kinds * start, device=device)
    elapsed = 0
    while len(walking):
        length = min(max(NUMBERS_PER_ROUND // len(walking), 1), LONGEST_ROUND)
        uniform = torch.rand(length, len(walking), generator=random, device=device)
        visited = torch.bucketize(
            uniform, edges, right=True
        )  # the kind; below, place and kind: [update, walker]
        for update in range(length):
            visited[update] += place
            place = leads[visited[update]]
        counts = tally[visited]  # [update, walker, small or large]
        elapsed += length
        yield Round(
            elapsed,
            counts.sum(1).cpu().numpy(),
            walking.cpu().numpy(),
            counts.sum(0).cpu().numpy(),
            (place // kinds).cpu().numpy(),
        )
        left = (place > 0) & (place < kinds * steps.across)
        walking, place = walking[left], place[left]
