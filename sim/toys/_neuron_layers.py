"""Three layers that look alike neuron by neuron, and what a linear map can read from each.

Features are off with chance 1 − p and otherwise uniform on [0, 1], independently. Neuron j has the activation
Σ_i W_ji x_i. In each of the three layers it answers to m features, and its weights on these are a point drawn
evenly from the unit sphere in m dimensions: of a single neuron, all three say exactly the same. What differs
is what the neurons are to one another, in blocks that have their m features to themselves:

    rotated      m neurons, at right angles: the features, seen along other axes
    copied       r m neurons: r rotations of the same features, one beside the other
    crowded      m neurons over r blocks, as evenly as can be, at right angles: m / r for m features

So the crowded layer has exactly r features to a neuron, whatever m is: 3 neurons that answer to 3 features
each, at 2 to a neuron, are a block of one and a block of two. With m below r a block would have no neuron.

The features are uncorrelated and vary alike, so the best linear map gives back, of all their variance, the
share that lies in the span of the neurons' weights,

    rank W / features.

Source: the three cases are L. Chan's (2024), "Superposition is not 'just' neuron polysemanticity"; the
construction is ours. Left out: neurons that bend what they sum, and features that depend on each other.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEAST_NEURONS = 24
NAMES = ("rotated", "copied", "crowded")


class Block(NamedTuple):
    """How many neurons share how many features with nobody else."""

    neurons: int
    features: int


def blocks(answers_to: int, ratio: int) -> tuple[tuple[Block, ...], ...]:
    """The blocks that each layer repeats, as in `NAMES`.

    Args:
        answers_to: Features that each neuron answers to, m, at least `ratio`.
        ratio: Copies of each feature, and features to a neuron where it is crowded.
    """
    ends = [answers_to * block // ratio for block in range(ratio + 1)]
    return (
        (Block(answers_to, answers_to),),
        (Block(ratio * answers_to, answers_to),),
        tuple(Block(end - start, answers_to) for start, end in pairwise(ends)),
    )


def neurons(answers_to: int, ratio: int) -> int:
    """How many neurons each layer has: whole blocks in all three, and enough to look at."""
    whole = ratio * answers_to  # a block of copies, and so many times the other two layers' m
    return whole * -(-LEAST_NEURONS // whole)


def features(answers_to: int, ratio: int) -> tuple[int, int, int]:
    """How many features each layer holds, as in `NAMES`."""
    count = neurons(answers_to, ratio)
    return count, count // ratio, count * ratio


def linear_shares(answers_to: int, ratio: int) -> tuple[float, float, float]:
    """The share of the features' variance that a linear map can give back, as in `NAMES`."""
    rotated, copied, crowded = (
        sum(min(block) for block in repeated) / sum(block.features for block in repeated)
        for repeated in blocks(answers_to, ratio)
    )
    return rotated, copied, crowded


def layers(answers_to: int, ratio: int, random: np.random.Generator) -> list[NDArray[np.float64]]:
    """The weights of each layer, [neuron, feature], as in `NAMES`; neurons and features in no order."""
    count = neurons(answers_to, ratio)
    return [_layer(count, repeated, random) for repeated in blocks(answers_to, ratio)]


def _layer(count: int, repeated: Sequence[Block], random: np.random.Generator) -> NDArray[np.float64]:
    times = count // sum(block.neurons for block in repeated)
    weights = np.zeros((count, times * sum(block.features for block in repeated)))
    row = column = 0
    for block in times * tuple(repeated):
        weights[row : row + block.neurons, column : column + block.features] = _block(block, random)
        row, column = row + block.neurons, column + block.features
    return weights[random.permutation(count)][:, random.permutation(weights.shape[1])]


def _block(block: Block, random: np.random.Generator) -> NDArray[np.float64]:
    rotations = -(-block.neurons // block.features)
    stacked = np.concatenate([_rotation(block.features, random) for _ in range(rotations)])
    return stacked[: block.neurons]


def _rotation(size: int, random: np.random.Generator) -> NDArray[np.float64]:
    """A rotation or reflection drawn evenly from all of them (G. Stewart, 1980): [size, size]."""
    q, r = np.linalg.qr(random.standard_normal((size, size)))
    turned: NDArray[np.float64] = q * np.sign(np.diag(r))
    return turned


def variance(density: float) -> float:
    """The variance of one feature."""
    return density / 3 - density**2 / 4
