"""Two ways to the same answers, and what weight decay makes of them.

Each of D examples has one right answer of q, and its logit above the others is

    z_i = mean_k v_1k … v_Lk + m_1i … m_Li,    loss = mean_i ln(1 + (q − 1) e^(−z_i)) + ½ λ |weights|².

The first part is a rule, with K weights in each of L layers. It serves every example, and those that are held
out as well. The second is a table, with weights of its own in each layer for each example, of no use to any
other. With all weights of a part equal, a squared norm of N² buys the logit

    rule: (N² / LK)^(L/2),    table: (N² / LD)^(L/2),

so the table is the better buy below D = K, and the rule above, for every L. How much of each is best
depends on L. With one layer the cheapest mixture has the rule supply D / (D + K) of the logit. With two, norm
is proportional to logit, and whichever is cheaper supplies it all. Then the best logit leaves what is
missing from a certain answer at 1 − p = λK or λD.

Learning follows the gradient, the rule's weights `slowness` times as slowly. With two layers, while the
table is at rest and holds 1 − p at λD, the rule's logit grows by

    z_rule ∝ exp(2λt (D/K − 1) / slowness),

however small it is: slowly just above D = K, and not at all below.

Source: V. Varma, R. Shah, Z. Kenton, J. Kramár and R. Kumar (2023), "Explaining grokking through circuit
efficiency", for the argument; this model of it is ours. Left out: more layers, in which a small rule is
stuck at zero, and optimisers other than plain descent.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST = 0.1  # size of every weight at first
RATIO = 0.02  # from one step's time to the next, at the most: of the time, and of the time of decay
HALVINGS = 200


class Circuits(NamedTuple):
    """A rule and a table that compete.

    Attributes:
        rule_weights: K.
        layers: L, 1 or 2.
        answers: q.
        decay: λ.
        slowness: How many times as slowly the rule learns.
    """

    rule_weights: int
    layers: int
    answers: int
    decay: float
    slowness: float

    def logit(self, weights: float, norm: float) -> float:
        """The logit that a norm buys from a part with so many weights in each layer."""
        return float((norm**2 / (self.layers * weights)) ** (self.layers / 2))

    def probability(self, logit: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """The probability of an answer whose logit is so far above the others."""
        chance: NDArray[np.float64] = 1 / (1 + (self.answers - 1) * np.exp(-np.asarray(logit)))
        return chance

    def best(self, examples: float) -> tuple[float, float]:
        """The logits of the rule and of the table at which the loss is least."""
        buys = 1 / self.rule_weights, 1 / examples  # squared logit, or logit, for a squared norm of L
        if self.layers == 1:
            total = self._one_layer(sum(buys))
            return total * buys[0] / sum(buys), total * buys[1] / sum(buys)
        missing = self.decay / max(buys)
        if missing >= 1 - 1 / self.answers:
            return 0.0, 0.0  # decay is stronger than any gain
        total = math.log((self.answers - 1) * (1 - missing) / missing)
        share = 0.5 if buys[0] == buys[1] else float(buys[0] > buys[1])
        return share * total, (1 - share) * total

    def _one_layer(self, buys: float) -> float:
        """The logit at which 1 − p = λz / buys, by halving."""
        low, high = 0.0, buys / self.decay
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            gains = 1 - float(self.probability(middle)) > self.decay * middle / buys
            low, high = (middle, high) if gains else (low, middle)
        return low

    def growth(self, examples: float) -> float:
        """How fast the logit of a small rule grows beside a table at rest, in units of λ; two layers only."""
        return 2 * (examples / self.rule_weights - 1) / self.slowness

    def times(self, examples: float, patience: float) -> NDArray[np.float64]:
        """The times of the steps of a training, up to so many times of decay, 1/λ: [step + 1]."""
        longest = RATIO / self.decay
        times = [0.0, RATIO * min(examples, self.rule_weights)]
        while times[-1] < patience / self.decay:
            times.append(times[-1] + min(RATIO * times[-1], longest))
        times[-1] = patience / self.decay
        return np.array(times)

    def course(self, times: NDArray[np.float64], examples: float, rule: float) -> NDArray[np.float64]:
        """Follow the gradient with all weights of a part equal: the two logits at each time, [time, part].

        Args:
            times: When to step.
            examples: D.
            rule: The size of the rule's weights at first; the table's is `FIRST`.
        """
        v, m, power, rest = rule, FIRST, self.layers, self.answers - 1
        logits = [(v**power, m**power)]
        for step in np.diff(times).tolist():
            missing = 1 - 1 / (1 + rest * math.exp(-(v**power) - m**power))
            pull_v, pull_m = v ** (power - 1), m ** (power - 1)
            v += step / self.slowness * (missing / self.rule_weights * pull_v - self.decay * v)
            m += step * (missing / examples * pull_m - self.decay * m)
            logits.append((v**power, m**power))
        return np.array(logits)
