"""What benchmarks measure with: the processor's seconds, and how fast it multiplies."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import torch

LARGE = 1024  # rows of the matrices whose product shows the machine's speed


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, by the processor's clock: the machine is shared."""
    began = process_time()
    work()
    return process_time() - began


def speed() -> float:
    """Operations a second in the product of large matrices, the best of a few."""
    a, b = torch.rand(2, LARGE, LARGE)
    return 2 * LARGE**3 / min(seconds(lambda: a @ b) for _ in range(5))
