"""Training a rule and a table together, for several numbers of examples at once.

The weights start at random sizes, each a little different, and follow the gradient of the loss of
`_circuit_theory` in steps that grow with time. The trainings share tensors and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.toys._circuit_theory import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import torch
    from numpy.typing import NDArray

    from sim.toys._circuit_theory import Circuits

SPREAD = 0.3  # of the logarithm of the first weights


def train(
    circuits: Circuits,
    sizes: Sequence[int],
    rule: Sequence[float],
    times: NDArray[np.float64],
    random: torch.Generator,
) -> Iterator[torch.Tensor]:
    """Yield the mean logits of rule and table, [size, part], before the first step and after each.

    Args:
        circuits: What competes.
        sizes: How many examples each training has.
        rule: The size of the rule's weights at first, in each training.
        times: When to step.
        random: The generator, on the device to be used.
    """
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    device = random.device
    count, layers = len(sizes), circuits.layers
    examples = torch.tensor(sizes, device=device, dtype=torch.float32)[:, None]
    there = torch.arange(max(sizes), device=device) < examples  # [size, example]
    first = torch.tensor(rule, device=device, dtype=torch.float32)[:, None]

    def around(size: torch.Tensor | float, width: int) -> torch.Tensor:
        return size * (SPREAD * torch.randn(layers, count, width, generator=random, device=device)).exp()

    v = around(first, circuits.rule_weights)  # [layer, size, weight]
    m = around(FIRST, max(sizes)) * there  # [layer, size, example]
    for step in [0.0, *(times[1:] - times[:-1]).tolist()]:
        by_rule, by_table = v.prod(0).mean(1, keepdim=True), m.prod(0)
        missing = _missing(by_rule + by_table, circuits.answers) * there / examples  # [size, example]
        pull = missing.sum(1, keepdim=True) / circuits.rule_weights
        v = v + step / circuits.slowness * (pull * _others(v) - circuits.decay * v)
        m = m + step * (missing * _others(m) - circuits.decay * m)
        table = (m.prod(0).sum(1, keepdim=True)) / examples
        yield torch.cat([v.prod(0).mean(1, keepdim=True), table], dim=1)


def _missing(logit: torch.Tensor, answers: int) -> torch.Tensor:
    """What is missing from a probability of 1."""
    rest = (answers - 1) * (-logit).exp()
    return rest / (1 + rest)


def _others(weights: torch.Tensor) -> torch.Tensor:
    """For each weight, [layer, …], the product of those of the other layers."""
    import torch  # noqa: PLC0415 - as above

    return weights.flip(0) if len(weights) > 1 else torch.ones_like(weights)
