r"""One head by hand, in as many dimensions as you like.

A head that attends evenly to the two signals gives the mean of their rows of M: [signal, pair],

    logit_k = (M_ak + M_bk) / 2 + bias_k,

and is right about a pair if its own logit leads. M may be written V O with d columns in V, and the least of
(|V|² + |O|²) / 2 over all ways to write it is its nuclear norm, the sum of its singular values. Lead per unit
of norm is therefore what weights buy. Ways to do it, in 1 to 4 dimensions:

    line          tokens at t = 0, 1, 3, 7, whose pair sums c_k all differ; M_ak = 4 c_k t_a, bias_k = −c_k²,
                  so that the logit is s² − (s − c_k)² for the sum s
    plane         the same with the bias inside, as a second number that is 1 for every signal
    found plane   the best in two dimensions that a hundred searches came to, as did most of them
    tetrahedron   entries 3, 2, −2 and −1: own pair, a pair with it, a pair without it, another's own pair;
                  the signals are its corners. As many searches in three dimensions found nothing better
    source        entries 3, 2, 0 and 0, which L. Chan wrote down
    even          entries 2.4, 1.4, −0.6 and −1.6: the most for its norm, whatever the dimensions

A matrix that treats all signals alike has four entries, own a, with b, without c and other's own e. It acts
as one number on the constant and as another on what is left, so that its nuclear norm is

    √((a + 3e)² + 6 (b + c)²) + 3 √((a − e)² + 2 (b − c)²)

and a lead of 1 needs b − c ≥ 2, a − b ≥ 1 and 2b − a − e ≥ 2. Averaging a matrix over all ways to rename the
signals keeps the lead and does not raise the norm; so none does better than the best of these, at b = 7/5,
which has norm √9.6 + 3 √24. That is the limit for one head's even attention to two signals with no direct
path, at any width.

Source: L. Chan (2023), comment on "An OV-Coherent Toy Model of Attention Head Superposition", for the matrix
of the source, whose logits it gives as sums (twice the mean). S. Sidon (1932) for sets whose sums differ.
Left out: several heads, and heads that attend unevenly, which may lead further.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._head_task import PAIRS, SIGNALS, examples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PLACES = np.array([0.0, 1.0, 3.0, 7.0])  # of the signals on a line
TWICE = np.array([first == second for first, second in PAIRS])  # [pair]
WITH = np.array([[signal in pair for pair in PAIRS] for signal in SIGNALS])  # [signal, pair]
PAIR_SIGNALS = np.array(PAIRS) - 1  # [pair, 2]


class Head(NamedTuple):
    """A head that attends to signals alone, and evenly.

    Attributes:
        rows: M: [signal, pair].
        bias: What the direct path adds: [pair].
    """

    rows: Floats
    bias: Floats

    def logits(self) -> Floats:
        """What is said of each pair of signals: [pair that is there, pair]."""
        said: Floats = self.rows[PAIR_SIGNALS].mean(axis=1) + self.bias
        return said

    def leads(self) -> Floats:
        """How far the right logit is ahead of the next: [pair that is there]."""
        return leads(self.logits(), np.arange(len(PAIRS)))

    def norm(self) -> float:
        """What it costs: the nuclear norm of the rows, and the length of the bias."""
        return float(np.linalg.svd(self.rows, compute_uv=False).sum() + np.linalg.norm(self.bias))

    def lead_per_norm(self) -> float:
        """The least lead, for each unit of norm."""
        return float(self.leads().min()) / self.norm()


def leads(logits: Floats, answer: NDArray[np.int64]) -> Floats:
    """How far the right logit is ahead of the greatest other: [sequence], from [sequence, pair]."""
    place = np.arange(len(answer))
    others = logits.copy()
    others[place, answer] = -np.inf
    ahead: Floats = logits[place, answer] - others.max(axis=1)
    return ahead


def alike(own: float, having: float, without: float, other: float) -> Head:
    """A head that treats all signals alike, by its four entries."""
    rows = np.where(TWICE, np.where(WITH, own, other), np.where(WITH, having, without))
    return Head(rows.astype(np.float64), np.zeros(len(PAIRS)))


FOUND_PLACES = np.array([[1.232, -2.070], [-3.573, 2.944], [-1.252, -4.171], [3.663, 3.706]])
FOUND_WAYS = np.array(  # [dimension, pair]
    [
        [1.398, -2.454, 0.051, 2.063, -0.660, -2.356, 0.042, -1.838, 2.442, 1.310],
        [-2.179, 0.252, -2.496, 1.287, 2.772, -1.773, 3.065, -2.169, -1.072, 2.304],
    ]
)

FOUND_PLANE = Head(FOUND_PLACES @ FOUND_WAYS, np.zeros(len(PAIRS)))
SOURCE = alike(3, 2, 0, 0)
TETRAHEDRON = alike(3, 2, -2, -1)
EVEN = alike(2.4, 1.4, -0.6, -1.6)


def line() -> Head:
    """Rank 1, and a constant."""
    sums = PLACES[PAIR_SIGNALS].sum(axis=1)
    return Head(4 * np.outer(PLACES, sums), -(sums**2))


def plane() -> Head:
    """Rank 2, and no constant: that is the same for every signal, and attention adds up to 1."""
    rows, bias = line()
    return Head(rows + bias, np.zeros(len(PAIRS)))


def most_per_norm(dimensions: int) -> float:
    """The most lead for each unit of norm, as far as is known, for one head and no direct path.

    In one dimension it is 0: only the sign of a single number tells pairs apart, and so two of ten.
    """
    if dimensions == 1:
        return 0.0
    best = {2: FOUND_PLANE, 3: TETRAHEDRON}.get(dimensions, EVEN)
    return best.lead_per_norm()


def right_everywhere(head: Head, score: float) -> int:
    """On how many of the 280 sequences a head is right that scores signals so, and all else 0.

    What else is attended to adds nothing, so that the rows count for less; the bias is as it was.
    """
    given = examples()
    signals = given.counts[:, list(SIGNALS)]
    pull = np.exp(score) * signals
    others = given.counts.sum(axis=1) - signals.sum(axis=1)
    attention = pull / (pull.sum(axis=1) + others)[:, None]
    ahead = leads(attention @ head.rows + head.bias, given.answer)
    return int((ahead > 0).sum())
