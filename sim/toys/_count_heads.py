"""What tables and heads can make of a count.

A prompt of n digits, each 0 or 1 with even odds, has k ones; the question is whether k is odd. Nothing here
knows about order, so all that a model can say is a logit f(k): odd if f > 0, even if f < 0.

    a skip-trigram table    f(k) = c + t_0 (n − k) + t_1 k
    H attention heads       f(k) = c + Σ_h [(n − k) p u + k q v + r w] / [(n − k) p + k q + r]

with p, q, r > 0 the exponentials of a head's scores of a 0, of a 1 and of the token that reads off, and u,
v, w its values of them. The table is a straight line. One head is a ratio of two, a Möbius function: it
only rises or only falls. H heads over their common denominator, which is positive, are a polynomial of
degree H or less. So f changes its sign at most once for a table or one head, and at most H times for H
heads; parity changes n times. And n heads suffice: with different ratios they give every polynomial of
degree n, hence every f.

The table with the least loss says nothing, f = 0: against parity every table averages out, Σ ± f = 0, and
the loss is convex. One head can say whether there is a one at all, by attending to ones if there are any.
Then it is sure of "no" and gives the odds among the rest, for a loss of

    (1 − 2⁻ⁿ) H(q),    q = 2ⁿ⁻¹ / (2ⁿ − 1),    H(q) = −q ln q − (1 − q) ln(1 − q).

Source: M. Minsky and S. Papert (1969), "Perceptrons", for parity; B. Shlegeris (2023), "One-layer
transformers aren't equivalent to a set of skip-trigrams"; D. Hsu (2026), "Lower bounds for one-layer
transformers that compute parity", for heads that do know about order. Left out: order.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def chances(bits: int) -> NDArray[np.float64]:
    """The chance of each number of ones: [k]."""
    return np.array([math.comb(bits, ones) / 2**bits for ones in range(bits + 1)])


def labels(bits: int) -> NDArray[np.float64]:
    """1 where the number of ones is odd, −1 where it is even: [k]."""
    return np.where(np.arange(bits + 1) % 2, 1.0, -1.0)


@lru_cache(maxsize=16)
def best_table(bits: int, *, once: bool = False) -> float:
    """The greatest share that a table gets right, out of all with whole entries up to twice the digits.

    Args:
        bits: How many digits there are.
        once: Whether an entry counts once if its digit is there at all, rather than at each occurrence.
    """
    ones = np.arange(bits + 1)
    zeros, ones = (np.minimum(count, 1) if once else count for count in (bits - ones, ones))
    entries = np.arange(-2 * bits, 2 * bits + 1)
    constant, zero, one = (part[..., None] for part in np.meshgrid(entries, entries, entries))
    right = (constant + zero * zeros + one * ones) * labels(bits) > 0  # [entry, entry, entry, k]
    return float((right @ chances(bits)).max())


@lru_cache(maxsize=64)
def best_heads(bits: int, heads: int) -> float:
    """The greatest share that so many heads get right: over every f with so few changes of sign."""
    said = np.array(list(product((-1.0, 1.0), repeat=bits + 1)))  # [f, k]
    reachable = (np.diff(said) != 0).sum(axis=1) <= heads
    return float(((said == labels(bits)) @ chances(bits))[reachable].max())


def any_ones_loss(bits: int) -> float:
    """The loss of a head that says whether there is a one at all, and gives the odds if there is."""
    odd = 2 ** (bits - 1) / (2**bits - 1)
    return float((1 - 2**-bits) * (-odd * math.log(odd) - (1 - odd) * math.log(1 - odd)))


def xor_by_hand(strength: float) -> NDArray[np.float64]:
    """What two heads say of two digits, b being the strength: [head, k], to be held against b / 2.

    The copying head attends to ones if there are any and adds 2 b. The negative head attends to both digits
    alike and takes 2 b for a one, so b for each.
    """
    ones = np.arange(3)
    return np.stack([2 * strength * (ones > 0), -strength * ones])
