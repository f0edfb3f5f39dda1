"""Networks that answer a question about two numbers, and how each of their weights should change.

A network of width H has a row for each place of the left and of the right number, and reads the answer off,

    z = A[left] + B[right],    logits = act(z) W,    act(z) = z², relu(z) or gelu(z),

with no constants. The loss is the mean of −log softmax(logits)[answer] over the pairs that are trained on.
To look up a row is a product with a table of zeros and ones. Here it is a look-up, and its gradient, the sum
of all that arrived for a row, is taken over pairs that were sorted once. What remains are three products of
matrices, of 2 · pairs · H · places operations each; those who train pay little else.

If act is a power of degree d, the loss is the same for tA, tB, t^(−d) W, so by Euler's identity

    A · ∂L/∂A + B · ∂L/∂B = d W · ∂L/∂W,

and where L2 regularisation has come to rest, |A|² + |B|² = d |W|².

All weights are one flat tensor; the parts are views of it, and so are those of the gradient.

Source: A. Gromov (2023), "Grokking modular arithmetic", for squares. Left out: constants, further layers, and
batches; the transformer is in `_grokking_transformer`.
"""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from sim.toys._modular_task import Pairs

Shape = tuple[int, ...]

SQUARE, RELU, GELU, TRANSFORMER = range(4)
PIECE = 1024  # pairs asked at once: little memory is kept, much is given back and asked for each time
DEGREES = {SQUARE: 2, RELU: 1}  # of those activations that are powers


class Layout(NamedTuple):
    """How the weights of a network are laid out, and how large they are at first.

    Attributes:
        shapes: The shape of each part.
        spreads: The standard deviation of each part's first, normal values.
    """

    shapes: Sequence[Shape]
    spreads: Sequence[float]

    @property
    def size(self) -> int:
        """How many weights there are."""
        return sum(map(math.prod, self.shapes))

    @property
    def norm(self) -> float:
        """The root of the expected squared norm of the first weights."""
        each = zip(self.shapes, self.spreads, strict=True)
        return math.sqrt(sum(math.prod(shape) * spread**2 for shape, spread in each))

    @property
    def balance(self) -> float:
        """The expected square of the first part's norm, over that of the last part's."""
        (first, *_, last) = (
            math.prod(shape) * spread**2 for shape, spread in zip(self.shapes, self.spreads, strict=True)
        )
        return first / last

    def scaled(self, by: float, first_by: float) -> Layout:
        """The same with all weights so many times as large, and the first part's so many times again."""
        first, *others = (by * spread for spread in self.spreads)
        return Layout(self.shapes, [first_by * first, *others])

    def parts(self, flat: torch.Tensor) -> list[torch.Tensor]:
        """The parts, as views of all weights."""
        sizes = [math.prod(shape) for shape in self.shapes]
        ends = accumulate(sizes)
        return [
            flat[end - size : end].view(shape)
            for size, end, shape in zip(sizes, ends, self.shapes, strict=True)
        ]

    def random(self, random: torch.Generator) -> torch.Tensor:
        """First weights, flat, on the generator's device."""
        import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

        flat = torch.randn(self.size, generator=random, device=random.device)
        for part, spread in zip(self.parts(flat), self.spreads, strict=True):
            part.mul_(spread)
        return flat


class Network(Protocol):
    """What is trained: for one question, one split of the pairs, and one set of weights at a time."""

    layout: Layout

    def gradient(self, weights: torch.Tensor, gradient: torch.Tensor) -> None:
        """Write the loss's gradient at these weights into another flat tensor."""

    def logits(self, weights: torch.Tensor) -> torch.Tensor:
        """What the network says to all pairs: [pair, place]."""

    def tables(self, weights: torch.Tensor) -> torch.Tensor:
        """The rows that a number is known by, for each side if these differ: [side, place, …]."""


def rows_layout(places: int, width: int) -> Layout:
    """The weights of a network of one layer: at first z has variance 1, and each logit E act(z)²."""
    return Layout([(2 * places, width), (width, places)], [math.sqrt(0.5), 1 / math.sqrt(width)])


class RowNetwork:
    """A network of one layer, as above."""

    def __init__(self, activation: int, places: int, width: int, pairs: Pairs) -> None:
        self.layout = rows_layout(places, width)
        self._activation = activation
        self._places = places
        self._all = _rows(pairs, places)
        self._trained = self._all[pairs.trained]  # [trained, 2]
        self._answer = pairs.answer[pairs.trained][:, None]
        self._sum = Sums(self._trained, 2 * places)

    def gradient(self, weights: torch.Tensor, gradient: torch.Tensor) -> None:
        """Write the loss's gradient at these weights into another flat tensor."""
        import torch  # noqa: PLC0415 - as above

        rows, read = self.layout.parts(weights)
        to_rows, to_read = self.layout.parts(gradient)
        before = torch.nn.functional.embedding_bag(self._trained, rows, mode="sum")  # z: [trained, hidden]
        active = activate(before, self._activation)
        error = errors(active @ read, self._answer)
        torch.mm(active.T, error, out=to_read)
        to_rows.copy_(self._sum(slope(error @ read.T, before, self._activation)))

    def logits(self, weights: torch.Tensor) -> torch.Tensor:
        """What the network says to all pairs: [pair, place]."""
        import torch  # noqa: PLC0415 - as above

        rows, read = self.layout.parts(weights)
        said = torch.empty(len(self._all), self._places, dtype=weights.dtype, device=weights.device)
        pieces = -(-len(self._all) // PIECE)
        for pairs, to in zip(self._all.chunk(pieces), said.chunk(pieces), strict=True):
            before = torch.nn.functional.embedding_bag(pairs, rows, mode="sum")
            torch.mm(activate(before, self._activation), read, out=to)
        return said

    def tables(self, weights: torch.Tensor) -> torch.Tensor:
        """A and B: [side, place, hidden]."""
        return self.layout.parts(weights)[0].view(2, self._places, -1)


class Sums:
    """Adds up what arrived for each row of a table: [item, …] → [row, …], by items sorted once."""

    def __init__(self, rows: torch.Tensor, size: int) -> None:
        import torch  # noqa: PLC0415 - as above

        ordered = rows.T.flatten().sort(stable=True)
        self._item = ordered.indices % len(rows)
        self._start = torch.searchsorted(ordered.values, torch.arange(size, device=rows.device))

    def __call__(self, arrived: torch.Tensor) -> torch.Tensor:
        """Sum, for each row, the items that name it."""
        import torch  # noqa: PLC0415 - as above

        return torch.nn.functional.embedding_bag(self._item, arrived, self._start, mode="sum")


def _rows(pairs: Pairs, places: int) -> torch.Tensor:
    """Which two rows of the table make each pair: [pair, 2]."""
    import torch  # noqa: PLC0415 - as above

    return torch.stack([pairs.left, pairs.right + places], dim=1)


def errors(logits: torch.Tensor, answer: torch.Tensor) -> torch.Tensor:
    """The mean loss's gradient at the logits, [pair, place], for answers [pair, 1]: said less right."""
    import torch  # noqa: PLC0415 - as above

    said = logits.log_softmax(-1).exp_()
    said.scatter_add_(1, answer, torch.full_like(said[:, :1], -1.0))
    return said.div_(len(said))


def activate(before: torch.Tensor, activation: int) -> torch.Tensor:
    """act(z), for each z."""
    import torch  # noqa: PLC0415 - as above

    if activation == SQUARE:
        return before.square()
    return before.relu() if activation == RELU else torch.nn.functional.gelu(before)


def slope(arrived: torch.Tensor, before: torch.Tensor, activation: int) -> torch.Tensor:
    """What arrived at act(z), times its slope at z."""
    import torch  # noqa: PLC0415 - as above

    if activation == SQUARE:
        return arrived.mul_(before).mul_(2)
    if activation == RELU:
        sloped: torch.Tensor = torch.ops.aten.threshold_backward(arrived, before, 0)
    else:
        sloped = torch.ops.aten.gelu_backward(arrived, before)
    return sloped
