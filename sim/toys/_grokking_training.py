"""Training one network, with or without weight decay, or at a norm that is held fixed.

Every step uses all pairs that are trained on. AdamW moves each weight by about the rate, whatever the size of
its gradient g, and shrinks it besides,

    θ ← (1 − rate · decay) θ − rate · mean(g) / √mean(g²),

so that weights α times as large turn α times as slowly. No step is longer than LONGEST_STEP times the rate:
by Cauchy and Schwarz, with β₁ and β₂ for what each mean keeps from one step to the next,

    mean(g)² ≤ mean(g²) (1 − β₁)² / ((1 − β₂)(1 − β₁²/β₂)).

Stochastic gradient descent with momentum moves in proportion to the gradient, and decay is a part of that. In
the first steps the rate rises to what it is to be. If the norm is held, all weights are rescaled after each
step to what they came to at first.

Source: I. Loshchilov and F. Hutter (2019), "Decoupled weight decay regularization". Left out: batches, and
rates that fall.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import torch

    from sim.toys._grokking_networks import Network

ADAMW, MOMENTUM = 0, 1
BETAS = (0.9, 0.98)  # how long Adam's two means remember; the first is also the momentum of the other
WARM_UP = 10  # steps
LONGEST_STEP = math.sqrt((1 - BETAS[0]) ** 2 / (1 - BETAS[1]) / (1 - BETAS[0] ** 2 / BETAS[1]))


class Recipe(NamedTuple):
    """How to train.

    Attributes:
        optimiser: `ADAMW` or `MOMENTUM`.
        rate: The learning rate.
        decay: Weight decay; 0 for none.
        holds_norm: Whether the norm is held where it begins.
    """

    optimiser: int
    rate: float
    decay: float
    holds_norm: bool


class Training:
    """A network in training.

    Attributes:
        weights: All its weights, flat; each step changes them.
    """

    def __init__(self, network: Network, start: torch.Tensor, recipe: Recipe) -> None:
        import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

        self.weights = start.clone()
        self._gradient = torch.zeros_like(start)
        self.weights.grad = self._gradient
        self._network = network
        self._recipe = recipe
        self._norm = start.norm()
        self._steps = 0
        rate, decay = recipe.rate, recipe.decay
        self._optimiser = (
            torch.optim.AdamW([self.weights], lr=rate, betas=BETAS, weight_decay=decay, fused=True)
            if recipe.optimiser == ADAMW
            else torch.optim.SGD([self.weights], lr=rate, momentum=BETAS[0], weight_decay=decay)
        )

    def step(self) -> None:
        """Train on all pairs once."""
        self._steps += 1
        if self._steps <= WARM_UP:
            self._optimiser.param_groups[0]["lr"] = self._recipe.rate * self._steps / WARM_UP
        self._network.gradient(self.weights, self._gradient)
        self._optimiser.step()
        if self._recipe.holds_norm:
            self.weights *= self._norm / self.weights.norm()
