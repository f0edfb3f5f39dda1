"""Circuits that tell which pairs of features are both on: drawn by chance, and trained.

    a = relu(W x + b),    y = V a + c,

with a feature x_i that is on (1) or off (0), s of them on at once, and one y for each pair. Errors are those
of `_and_theory`: pairs with both, one and none on count as a third each, as a share of the variance 2/9.

Several circuits are trained side by side, each with a width and an s of its own. Left out: other losses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._and_theory import VARIANCE, chances, pairs, read_off, scale_and_floor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import torch
    from numpy.typing import NDArray

DRAWS = 256  # in one step of training
HELD_OUT = 1024
GLANCE = 256  # of the held-out draws, on the way: looking must cost next to nothing
RATE = 0.01
CIRCUITS, INPUTS = 16, 512  # of the drawn circuits that are measured


class Size(NamedTuple):
    """One circuit's neurons, and the features that are on at once in what it is trained on."""

    width: int
    active: int


class _Circuits(NamedTuple):
    """What is trained, for every circuit at once."""

    into: torch.Tensor  # [circuit, feature, neuron]
    into_bias: torch.Tensor  # [circuit, 1, neuron]
    out: torch.Tensor  # [circuit, neuron, pair]
    out_bias: torch.Tensor  # [circuit, 1, pair]


class _Examples(NamedTuple):
    """Inputs, [circuit, draw, feature]; whether a pair is on, and what it counts, [circuit, draw, pair]."""

    x: torch.Tensor
    both: torch.Tensor
    weight: torch.Tensor


def train(
    features: int, sizes: Sequence[Size], steps: int, random: torch.Generator, told: Collection[int]
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Train a circuit of each size; yield the step and their errors, [circuit], at the steps asked for.

    The last step's errors are on all the held-out draws, those before it on a few of them.
    """
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    circuits, is_there = _begin(features, sizes, random)
    optimiser = torch.optim.Adam(circuits, lr=RATE)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    held_out = _examples(features, sizes, HELD_OUT, random)
    glance = _Examples(*(part[:, :GLANCE].clone() for part in held_out))
    if 0 in told:
        yield 0, _errors(circuits, is_there, glance)
    for step in range(1, steps + 1):
        loss = _losses(circuits, is_there, _examples(features, sizes, DRAWS, random)).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        cosine.step()
        if step in told:
            yield step, _errors(circuits, is_there, glance if step < steps else held_out)


def measured_errors(features: int, size: Size, reach: float, random: torch.Generator) -> NDArray[np.float64]:
    """Draw circuits of neurons that listen by chance, and return the error of the read-offs of each."""
    import torch  # noqa: PLC0415 - as above

    first, second = _pair_indices(features, random.device)
    x, both, weight = (part[0] for part in _examples(features, [size], INPUTS, random))
    said = read_off(size.active, reach)
    scales = torch.as_tensor(
        scale_and_floor(said, np.arange(size.width + 1.0)), dtype=torch.float32, device=random.device
    )
    errors = []
    for _ in range(CIRCUITS):
        listens = torch.rand(size.width, features, generator=random, device=random.device) < reach
        hears_both = (listens[:, first] & listens[:, second]).float()  # [neuron, pair]
        neurons = hears_both.sum(0)
        a = torch.relu(x @ listens.float().T - 1)  # [draw, neuron]
        average = a @ hears_both / neurons.clamp(min=1)
        told = 1 / 3 + scales[neurons.long()] * (average - float(said.mean.mean()))
        errors.append(float((weight * (told - both) ** 2).sum() / len(x) / VARIANCE))
    return np.array(errors)


def _begin(features: int, sizes: Sequence[Size], random: torch.Generator) -> tuple[_Circuits, torch.Tensor]:
    """Untrained circuits, and which neurons each of them has: [circuit, 1, neuron]."""
    import torch  # noqa: PLC0415 - as above

    device, widest = random.device, max(size.width for size in sizes)
    is_there = torch.zeros(len(sizes), 1, widest, device=device)
    for circuit, size in enumerate(sizes):
        is_there[circuit, 0, : size.width] = 1
    into = torch.randn(len(sizes), features, widest, generator=random, device=device)
    out = torch.randn(len(sizes), widest, pairs(features), generator=random, device=device)
    room = is_there.sum(2, keepdim=True)
    circuits = _Circuits(
        into / features**0.5,
        torch.zeros(len(sizes), 1, widest, device=device),
        out / room**0.5,
        torch.full((len(sizes), 1, pairs(features)), 1 / 3, device=device),
    )
    for part in circuits:
        part.requires_grad_()
    return circuits, is_there


def _examples(features: int, sizes: Sequence[Size], draws: int, random: torch.Generator) -> _Examples:
    import torch  # noqa: PLC0415 - as above

    first, second = _pair_indices(features, random.device)
    order = torch.rand(len(sizes), draws, features, generator=random, device=random.device).argsort(-1)
    active = torch.tensor([[[size.active]] for size in sizes], device=random.device)
    x = (order < active).float()
    on = x[..., first] + x[..., second]  # how many of the pair, 0 to 2
    counts = np.array([1 / (3 * pairs(features) * chances(features, size.active)) for size in sizes])
    of_kind = torch.as_tensor(counts[:, ::-1].copy(), dtype=torch.float32, device=random.device)
    weight = torch.gather(of_kind[:, None].expand(-1, draws, -1), 2, on.long())
    return _Examples(x, (on > 1).float(), weight)


def _losses(circuits: _Circuits, is_there: torch.Tensor, examples: _Examples) -> torch.Tensor:
    """The error of each circuit: [circuit]."""
    import torch  # noqa: PLC0415 - as above

    a = torch.relu(torch.baddbmm(circuits.into_bias, examples.x, circuits.into)) * is_there
    wrong = torch.baddbmm(circuits.out_bias, a, circuits.out) - examples.both
    return (examples.weight * wrong**2).sum((1, 2)) / (examples.x.shape[1] * VARIANCE)


def _errors(circuits: _Circuits, is_there: torch.Tensor, examples: _Examples) -> NDArray[np.float64]:
    import torch  # noqa: PLC0415 - as above

    with torch.no_grad():
        errors: NDArray[np.float64] = _losses(circuits, is_there, examples).cpu().double().numpy()
    return errors


def _pair_indices(features: int, device: torch.device) -> torch.Tensor:
    """The two features of each pair: [2, pair]."""
    import torch  # noqa: PLC0415 - as above

    return torch.triu_indices(features, features, offset=1, device=device)
