"""The settings of a rule and a table that compete."""

from __future__ import annotations

from sim.spec import Settings, setting
from sim.toys._circuit_theory import FIRST, Circuits

NO_TABLE = 1e9  # so many examples that no table is worth its norm


class Config(Settings):
    """What the rule costs, how much there is to learn, and how it is learned."""

    examples: int = setting(
        300,
        low=4,
        high=3200,
        scale="log",
        unit="examples",
        title="Examples",
        help="How many are trained on; the table has an entry for each.",
    )
    rule_weights: int = setting(
        100,
        low=16,
        high=400,
        scale="log",
        unit="weights",
        title="The rule's weights",
        help="How many weights the rule takes in each layer, whatever the examples.",
    )
    slowness: float = setting(
        5.0,
        low=1.0,
        high=20.0,
        scale="log",
        title="Slowness",
        help="How many times as slowly the rule learns.",
    )
    weight_decay: float = setting(
        0.0002, low=0.00005, high=0.002, scale="log", title="Weight decay", help="The pull on all weights."
    )
    layers: int = setting(
        2, low=1, high=2, unit="layers", title="Layers", help="Weights that are multiplied for one entry."
    )
    answers: int = setting(
        113,
        low=2,
        high=1000,
        scale="log",
        unit="answers",
        title="Answers",
        help="How many there are to choose from.",
    )
    begins_general: int = setting(
        0,
        low=0,
        high=1,
        step=1,
        title="Begins",
        help="0 begins with small weights, 1 with the rule in place.",
    )
    patience: int = setting(
        30,
        low=5,
        high=100,
        unit="times of decay",
        title="Patience",
        help="How long to train; decay alone takes one such time to shrink a weight to 37%.",
    )

    @property
    def circuits(self) -> Circuits:
        """What competes."""
        return Circuits(self.rule_weights, self.layers, self.answers, self.weight_decay, self.slowness)

    @property
    def first_rule(self) -> float:
        """The size of the rule's weights at first: small, or such as they are without a table."""
        if not self.begins_general:
            return FIRST
        alone = self.circuits.best(NO_TABLE)[0]
        return float(max(alone, FIRST**self.layers) ** (1 / self.layers))
