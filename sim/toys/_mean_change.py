"""How far a read-off network's answer moves when its activation is pushed: the mean, by integration.

The network reads k orthonormal directions U of a width d ≥ k and answers with one of k options,

    f(h) = softmax(β U h)        C(h, v, α) = ½ Σ_i |f_i(h + α v) − f_i(h)|,    |v| = 1.

C is the share of probability that changes its option. A real activation is the direction of its option plus
Gaussian noise of a root mean square length ν; pushes and starts are of the `KINDS`. Only what lies in
the span of U is read, so an average over d dimensions is one over at most 2 k + 2: the k readings of the
start, the k of the push, and the lengths of both outside the span, which are χ variables.

The average is a sum over the points of one fixed low-discrepancy sequence, the powers of the generalised
golden ratio, turned into Gaussians by the Box–Muller transform. It errs by less than 1% in `reach`.

Source: M. Roberts (2018), "The unreasonable effectiveness of quasirandom sequences"; G. Box and M. Muller
(1958), "A note on the generation of random normal deviates". Left out: networks of more than one layer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.toys._normal import below

if TYPE_CHECKING:
    from numpy.typing import NDArray

READ_OFF, MIXTURE, EXAMPLE, RANDOM, ELSEWHERE = KINDS = (
    "read_off",
    "mixture",
    "example",
    "random",
    "elsewhere",
)

NODES = 8192  # for a number that is quoted
NODES_TO_DRAW = 2048  # for a curve
MOST_ROUNDS = 40  # of the Illinois method: false position that halves the value at an end that stays
CLOSE = 1e-4  # relative, of a change
LEAST = 1e-12  # a change that is as good as none
FIRST_STEP = 0.05  # a distance from which to look for a bracket
HERMITE = np.polynomial.hermite_e.hermegauss(80)


@dataclass(frozen=True)
class Reader:
    """A network that reads its options along orthogonal directions, one each.

    Attributes:
        width: d, the dimensions of an activation.
        options: k, how many directions are read: 3 ≤ k ≤ d.
        sharpness: β, what one unit along a read-off adds to its option's logit.
        noise: ν, the root mean square length of what an activation holds besides its direction.
    """

    width: int
    options: int
    sharpness: float
    noise: float

    @property
    def spread(self) -> float:
        """The standard deviation of the noise along any one direction."""
        return self.noise / math.sqrt(self.width)

    def accuracy(self) -> float:
        """The chance that the option of a real activation gets the most probability."""
        if not self.noise:
            return 1.0
        x, weight = HERMITE
        right = below(x + 1 / self.spread) ** (self.options - 1)
        return float(weight @ right / weight.sum())


def mean_change(
    reader: Reader, kind: str, distances: NDArray[np.float64], nodes: int = NODES_TO_DRAW
) -> NDArray[np.float64]:
    """E C at each distance, [distance], for pushes and starts of one kind."""
    start, push = _readings(reader, kind, nodes)  # [node, option]
    before = softmax(reader.sharpness * start)
    return np.array([_change(reader, start + distance * push, before) for distance in distances])


@lru_cache(maxsize=512)
def reach(reader: Reader, kind: str, change: float) -> float:
    """The distance at which the mean change first passes `change`, a share below ½."""
    start, push = _readings(reader, kind, NODES)
    before = softmax(reader.sharpness * start)

    def beyond(distance: float) -> float:
        return _logit(_change(reader, start + distance * push, before)) - _logit(change)

    low, high, below_low = 0.0, FIRST_STEP, _logit(0.0) - _logit(change)
    while (above := beyond(high)) < 0:
        low, high, below_low = high, 2 * high, above
    for _ in range(MOST_ROUNDS):
        middle = low + (high - low) * below_low / (below_low - above)
        value = beyond(middle)
        if abs(value) < CLOSE:
            break
        if value < 0:
            low, below_low, above = middle, value, above / 2
        else:
            high, above, below_low = middle, value, below_low / 2
    return middle


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities from logits: [..., option]."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    chance: NDArray[np.float64] = raised / raised.sum(axis=-1, keepdims=True)
    return chance


def _logit(share: float) -> float:
    """Changes grow exponentially and then saturate: in these units, that is nearly a straight line."""
    share = min(max(share, LEAST), 1 - LEAST)
    return math.log(share / (1 - share))


def _change(reader: Reader, readings: NDArray[np.float64], before: NDArray[np.float64]) -> float:
    return float(np.abs(softmax(reader.sharpness * readings) - before).sum(axis=-1).mean() / 2)


def _readings(reader: Reader, kind: str, nodes: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is read of a start and of a unit push from it, option 0 being the start's: [node, option] each."""
    k, outside = reader.options, reader.width - reader.options
    normal, share = _nodes(k, nodes)
    own, other, third = np.eye(k)[:3]
    start = own + reader.spread * normal[0]
    if kind == READ_OFF:
        return start, np.broadcast_to(other, start.shape)
    if kind == MIXTURE:
        return start, np.broadcast_to((other + third) / math.sqrt(2), start.shape)
    if kind == EXAMPLE:
        way = other + reader.spread * normal[1] - start
        beside = 2 * reader.spread**2 * _chi_squared(share[0], outside)  # squared, outside the span
        return start, way / np.sqrt((way**2).sum(axis=1) + beside)[:, None]
    push = _on_the_sphere(normal[1], share[0], outside)
    if kind == RANDOM:
        return start, push
    return math.sqrt(1 + reader.noise**2) * _on_the_sphere(normal[0], share[1], outside), push


def _on_the_sphere(
    normal: NDArray[np.float64], share: NDArray[np.float64], outside: int
) -> NDArray[np.float64]:
    """What is read of a random direction, whose readings before it is cut to length 1 are `normal`."""
    length: NDArray[np.float64] = np.sqrt((normal**2).sum(axis=1) + _chi_squared(share, outside))
    return normal / length[:, None]


@lru_cache(maxsize=8)
def _nodes(options: int, nodes: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two sets of Gaussians, [2, node, option], and two uniform numbers, [2, node]."""
    dimensions = 2 * options + 2
    ratio = 2.0
    for _ in range(60):  # x^(D + 1) = x + 1, by iteration
        ratio = (1 + ratio) ** (1 / (dimensions + 1))
    points = (0.5 + np.outer(ratio ** -np.arange(1, dimensions + 1), np.arange(1, nodes + 1))) % 1
    length, angle = np.sqrt(-2 * np.log(1 - points[:options])), 2 * np.pi * points[options : 2 * options]
    return np.stack([length * np.cos(angle), length * np.sin(angle)]).transpose(0, 2, 1), points[-2:]


def _chi_squared(share: NDArray[np.float64], degrees: int) -> NDArray[np.float64]:
    """The value that a χ² variable with so many degrees of freedom stays below with each chance."""
    if degrees == 0:
        return np.zeros_like(share)
    root = np.linspace(0, math.sqrt(degrees) + 6, 2001)[1:]  # the density of χ has no pole at 0
    density = np.exp((degrees - 1) * np.log(root / math.sqrt(degrees)) - (root**2 - degrees) / 2)
    up_to = np.cumsum(density) - density / 2
    return np.interp(share, up_to / density.sum(), root**2)
