"""What training a network takes: seconds on one core, and memory.

All but a few steps' worth of time goes into products of matrices, of which a step has three for each of the
network's own, over the pairs trained on; a look at how it does has one of each, over all pairs.

Left out: devices other than the processor, which are faster.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.toys._grokking_networks import TRANSFORMER, Layout, rows_layout
from sim.toys._grokking_transformer import MULTIPLE, transformer_layout

LOOK_EVERY = 25  # steps, at the least, from one look to the next
MOST_LOOKS = 300
SECONDS_PER_PRODUCT = 4e-11  # of two numbers, on one core; measured, as are these:
SECONDS_PER_STEP = {False: 2e-4, True: 8e-4}  # for starting kernels, without and with attention
BYTES = 4
COPIES = 4  # of the largest tensors, at once


def look_every(steps: int) -> int:
    """How many steps lie between two looks."""
    return max(LOOK_EVERY, -(-steps // MOST_LOOKS))


class Effort(NamedTuple):
    """What it takes to train one network of these sizes.

    Attributes:
        network: The kind of network.
        places: How many numbers there are.
        width: Its neurons.
        trained: Pairs that are trained on.
    """

    network: int
    places: int
    width: int
    trained: int

    @property
    def layout(self) -> Layout:
        """The network's weights."""
        make = transformer_layout if self.network == TRANSFORMER else rows_layout
        return make(self.places, self.width)

    @property
    def products(self) -> int:
        """Multiplications for one pair, forth only."""
        if self.network != TRANSFORMER:
            return self.width * self.places
        stream = self.width // MULTIPLE
        return stream * self.width + (self.width + stream) * self.places

    def seconds(self, steps: int) -> float:
        """How long so many steps take, with the looks between them."""
        looks = self.places**2 / look_every(steps)
        products = (3 * self.trained + looks) * self.products
        return steps * (SECONDS_PER_STEP[self.network == TRANSFORMER] + products * SECONDS_PER_PRODUCT)

    @property
    def memory(self) -> float:
        """Bytes for a step, and for a look at all pairs, about."""
        return BYTES * COPIES * (self.trained * self.width + self.places**3)
