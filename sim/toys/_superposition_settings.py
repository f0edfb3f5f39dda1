"""The settings of the toy model of superposition, and which of them it refuses together.

No settings within these bounds need much memory, which is why time alone is estimated,

    seconds = steps · samples · features · models · (a + b · dimensions),

with a and b as measured on one core. Left out: what devices other than the processor need, which is less.
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from sim.spec import Settings, setting
from sim.toys._sparse_features import INDEPENDENT, densest, effort

MOST_SECONDS = 60
# On one core, for one feature of one sample in one step of one model, and for each dimension; measured.
SECONDS_PER_NUMBER, SECONDS_PER_PRODUCT = 1.5e-9, 1.3e-10


class Config(Settings):
    """How much has to fit into how little, how rare it is, and how hard to try."""

    features: int = setting(
        5, low=2, high=200, unit="features", title="Features", help="How many numbers have to pass through."
    )
    hidden: int = setting(
        2,
        low=1,
        high=20,
        unit="dimensions",
        title="Dimensions",
        help="How many dimensions they pass through.",
    )
    instances: int = setting(
        10, low=2, high=20, title="Densities", help="How many densities to compare, from always on down."
    )
    sparsest_density: float = setting(
        0.05,
        low=0.01,
        high=1.0,
        scale="log",
        unit="share",
        title="Rarest",
        help="How often a feature is on at the sparsest. Never would leave nothing to learn from.",
    )
    correlation: int = setting(
        INDEPENDENT,
        low=0,
        high=2,
        step=1,
        title="Couples",
        help="0 has none; in 1 the first two features are on together, and the next two; in 2 never both.",
    )
    readout: int = setting(
        0, low=0, high=1, step=1, title="Read-out", help="0 is through a ReLU, 1 is linear."
    )
    importance_decay: float = setting(
        0.9,
        low=0.5,
        high=1.0,
        step=0.01,
        title="Importance",
        help="What each feature counts for, next to the last.",
    )
    restarts: int = setting(
        12, low=1, high=32, title="Restarts", help="Trainings at each density, of which the best is kept."
    )
    rate: float = setting(
        1.0,
        low=0.1,
        high=1000.0,
        scale="log",
        title="Rate",
        help="How fast to learn, next to the usual; far above it training diverges, and is stopped.",
    )
    steps: int = setting(
        600, low=30, high=5000, scale="log", unit="steps", title="Steps", help="How long to train."
    )

    @property
    def first_steps(self) -> int:
        """The steps that every restart takes; only the best take the others."""
        return self.steps * 2 // 3

    @model_validator(mode="after")
    def _fits_the_machine(self) -> Self:
        samples = effort(self.features)
        first = self.first_steps * self.restarts * samples.coarse
        then = (self.steps - self.first_steps) * 3 * samples.fine
        each = SECONDS_PER_NUMBER + SECONDS_PER_PRODUCT * min(self.hidden, self.features)
        seconds = (first + then) * self.instances * self.features * each
        if seconds > MOST_SECONDS:
            raise ValueError(
                f"{self.features} features, {self.instances} densities, {self.restarts} restarts and "
                f"{self.steps} steps would take about {seconds:.0f} seconds, above the {MOST_SECONDS} "
                "allowed. Lower one of them."
            )
        return self

    @model_validator(mode="after")
    def _can_be_apart(self) -> Self:
        if self.sparsest_density > (most := densest(self.correlation)):
            raise ValueError(
                f"sparsest_density is {self.sparsest_density:g}, but two features that are each on more than "
                f"half of the time are sometimes on together. Lower it to {most:g}, or choose other couples."
            )
        return self
