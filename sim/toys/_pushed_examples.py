"""Pushing activations in all their dimensions, on torch.

Source, equation and names are those of `activation_plateau`. A reading is linear, so that one product with U
serves all distances of a push. Left out: shared pushes; every trial has its own start and its own direction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.toys._mean_change import ELSEWHERE, EXAMPLE, MIXTURE, READ_OFF, Reader

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Tally:
    """Sums over trials of some numbers, and of their squares.

    Attributes:
        trials: How many there were.
        total: [number].
        squares: [number].
    """

    trials: int
    total: NDArray[np.float64]
    squares: NDArray[np.float64]

    @classmethod
    def empty(cls, numbers: int) -> Tally:
        """No trials yet."""
        return cls(0, np.zeros(numbers), np.zeros(numbers))

    def plus(self, values: NDArray[np.float64]) -> Tally:
        """Add trials: [trial, number]."""
        return Tally(
            self.trials + len(values), self.total + values.sum(axis=0), self.squares + (values**2).sum(axis=0)
        )

    @property
    def mean(self) -> NDArray[np.float64]:
        """The mean of each: [number]."""
        return self.total / self.trials

    def passes(self, level: float, places: NDArray[np.float64]) -> tuple[float, float]:
        """Where the means first pass a level, on straight lines between places, and its standard error.

        Means that stay below it pass at the last place; the error is that of a mean, by the slope there.
        """
        mean = self.mean
        last = len(places) - 1
        after = min(max(int(np.argmax(mean >= level)) or last, 1), last)
        rise = (mean[after] - mean[after - 1]) / (places[after] - places[after - 1])
        if rise <= 0:
            return float(places[after]), 0.0
        spread = math.sqrt(max(self.squares[after] / self.trials - mean[after] ** 2, 0.0) / self.trials)
        at = places[after] + (level - mean[after]) / rise
        return float(min(at, places[last])), float(spread / rise)


def read_offs(width: int, options: int, random: torch.Generator) -> torch.Tensor:
    """U: random orthonormal rows, [option, dimension], on the generator's device."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    drawn = torch.randn(width, options, generator=random, device=random.device)
    columns: torch.Tensor = torch.linalg.qr(drawn.cpu())[0]  # not every device can factorise
    return columns.T.contiguous().to(random.device)


def random_directions(count: int, width: int, random: torch.Generator) -> torch.Tensor:
    """Directions drawn evenly from the sphere: [direction, dimension]."""
    import torch  # noqa: PLC0415 - as above

    drawn = torch.randn(count, width, generator=random, device=random.device)
    directions: torch.Tensor = drawn / drawn.norm(dim=1, keepdim=True)
    return directions


def pushed(
    reader: Reader,
    kind: str,
    rows: torch.Tensor,
    distances: torch.Tensor,
    trials: int,
    random: torch.Generator,
) -> torch.Tensor:
    """The change of each trial at each distance: [trial, distance].

    Args:
        reader: The network's sizes and its noise.
        kind: One of `KINDS`.
        rows: U, [option, dimension].
        distances: [distance].
        trials: How many starts and pushes to draw.
        random: Where they come from.
    """
    import torch  # noqa: PLC0415 - as above

    own = torch.randint(reader.options, (trials,), generator=random, device=random.device)
    step = torch.randint(1, reader.options, (trials,), generator=random, device=random.device)
    other = (own + step) % reader.options
    third = (own + 1 + step % (reader.options - 1)) % reader.options  # neither of both
    start = _examples(reader, rows[own], random)
    if kind == READ_OFF:
        push = rows[other]
    elif kind == MIXTURE:
        push = (rows[other] + rows[third]) / math.sqrt(2)
    elif kind == EXAMPLE:
        push = _examples(reader, rows[other], random) - start
        push = push / push.norm(dim=1, keepdim=True)
    else:
        push = random_directions(trials, reader.width, random)
    if kind == ELSEWHERE:
        start = math.sqrt(1 + reader.noise**2) * random_directions(trials, reader.width, random)
    before, slope = start @ rows.T, push @ rows.T  # [trial, option]
    readings = before[:, None] + distances[:, None] * slope[:, None]  # [trial, distance, option]
    after = (reader.sharpness * readings).softmax(-1)
    return (after - (reader.sharpness * before).softmax(-1)[:, None]).abs().sum(-1) / 2


def _examples(reader: Reader, centres: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    import torch  # noqa: PLC0415 - as above

    noise = torch.randn(centres.shape, generator=random, device=random.device)
    return centres + reader.spread * noise
