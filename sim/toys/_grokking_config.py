"""The settings of a network that is to grok, and which of them cannot be.

Refused are products modulo a number that is not prime, which go round no circle; sizes that memory cannot
hold; and runs of more minutes than anyone would wait. Each refusal says what would do.
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from sim.spec import Settings, setting
from sim.toys._grokking_effort import Effort
from sim.toys._grokking_networks import TRANSFORMER
from sim.toys._grokking_transformer import WIDTH_STEP
from sim.toys._modular_task import MULTIPLY, Task, is_prime, smallest_factor

HELD, SWEPT = 1, 2  # what may be done to the norm
FACTORS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0)  # the sizes at which it is held
RULES = ("scaled_rate", "fixed_rate")

LEAST_RATE = 0.0001
MOST_SECONDS = 900
MOST_BYTES = 1e9


class Config(Settings):
    """What is asked, of which network, how it is trained, and what is done to its norm."""

    operation: int = setting(
        0, low=0, high=2, step=1, title="Operation", help="0 adds, 1 subtracts, 2 multiplies, without 0."
    )
    modulus: int = setting(
        59, low=5, high=251, title="Modulus", help="How many numbers go round the circle; 2 wants a prime."
    )
    train_share: float = setting(
        0.4,
        low=0.05,
        high=0.95,
        step=0.05,
        unit="share",
        title="Trained on",
        help="The share of all pairs that is shown; the others are held out.",
    )
    network: int = setting(
        0, low=0, high=3, step=1, title="Network", help="0 squares, 1 ReLU, 2 GELU, 3 a transformer."
    )
    width: int = setting(
        128, low=16, high=1024, step=16, unit="neurons", title="Width", help="How many neurons there are."
    )
    optimiser: int = setting(
        0, low=0, high=1, step=1, title="Optimiser", help="0 is AdamW, 1 gradient descent with momentum."
    )
    rate: float = setting(
        0.01, low=LEAST_RATE, high=10.0, scale="log", title="Rate", help="How far a step goes."
    )
    weight_decay: float = setting(
        0.5,
        low=0.0,
        high=3.0,
        step=0.05,
        title="Weight decay",
        help="How strongly weights are pulled to zero; the twin has none.",
    )
    init_scale: float = setting(
        1.0, low=0.1, high=100.0, scale="log", title="First weights", help="How large they are, times usual."
    )
    embedding_scale: float = setting(
        1.0,
        low=0.01,
        high=10.0,
        scale="log",
        title="First embedding",
        help="How large the numbers' own rows are at first, times usual, besides.",
    )
    norm: int = setting(
        0,
        low=0,
        high=2,
        step=1,
        title="Norm",
        help="0 lets it go, 1 holds it where it starts, 2 does that at seven sizes and two rates.",
    )
    rate_rule: int = setting(
        0, low=0, high=1, step=1, title="Rate's rule", help="1 scales the rate by the size of the weights."
    )
    twin: int = setting(
        1, low=0, high=1, step=1, title="Twin", help="1 trains a twin without weight decay as well."
    )
    steps: int = setting(
        1500, low=20, high=20_000, scale="log", unit="steps", title="Steps", help="How long to train."
    )

    @property
    def task(self) -> Task:
        """What is asked."""
        return Task(self.operation, self.modulus)

    @property
    def effort(self) -> Effort:
        """What it takes to train one network."""
        trained = self.task.training_pairs(self.train_share)
        return Effort(self.network, self.task.places, self.width, trained)

    @property
    def has_twin(self) -> bool:
        """Whether there is a twin: none if it would do the same, or if the norm decides."""
        return self.twin == 1 and self.weight_decay > 0 and self.norm == 0

    @property
    def seconds(self) -> float:
        """How long a run takes on one core, about."""
        trainings = len(FACTORS) * len(RULES) if self.norm == SWEPT else 1 + self.has_twin
        return trainings * self.effort.seconds(self.steps)

    @property
    def step_rate(self) -> float:
        """The rate, by its rule."""
        return self.rate * (self.init_scale if self.rate_rule else 1.0)

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if self.operation == MULTIPLY and not is_prime(self.modulus):
            factor = smallest_factor(self.modulus)
            raise ValueError(
                f"modulus is {self.modulus}, which is not prime: modulo {self.modulus} the product of "
                f"{factor} and {self.modulus // factor} is 0, neither has an inverse, and products go round "
                f"no circle. Set modulus to {_prime_near(self.modulus)}, or operation to 0."
            )
        if self.network == TRANSFORMER and self.width % WIDTH_STEP:
            lower = max(self.width // WIDTH_STEP, 1) * WIDTH_STEP
            raise ValueError(
                f"width is {self.width}, and a transformer with four heads needs a multiple of {WIDTH_STEP}. "
                f"Set width to {lower}."
            )
        return self

    @model_validator(mode="after")
    def _fits_the_machine(self) -> Self:
        size = f"modulus {self.modulus} and width {self.width}"
        if self.effort.memory > MOST_BYTES:
            raise ValueError(
                f"{size} would take about {self.effort.memory / 1e9:.1f} gigabytes of memory, above the "
                f"{MOST_BYTES / 1e9:.0f} allowed. Lower one of them."
            )
        if self.seconds > MOST_SECONDS:
            raise ValueError(
                f"{self.steps} steps at {size} would take about {self.seconds / 60:.0f} minutes, above the "
                f"{MOST_SECONDS / 60:.0f} allowed. Lower one of them."
            )
        return self


def _prime_near(modulus: int) -> int:
    """The greatest prime that is no greater."""
    return next(number for number in range(modulus, 1, -1) if is_prime(number))
