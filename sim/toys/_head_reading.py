"""Reading trained heads: whom they attend to, what that does, and how far it leads.

The logits of a model do not change if the same number is added to all of them. So each row of an EVOU is
read less its mean, and two matrices are compared after that, by the cosine of the angle between them.

The norm of a model is the sum over its heads of the nuclear norm of what attending to signals does, and the
length of what its direct path adds (`_head_by_hand` says why). Left out: what noise and the read-off add to
the norm, which is little once a model has learned not to attend to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._head_by_hand import SOURCE, leads
from sim.toys._head_task import SIGNALS, examples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EVENLY = 0.02  # shares of attention that differ by less are no order
ROWS = list(SIGNALS)


class Model(NamedTuple):
    """What one model amounts to; see `_head_training`.

    Attributes:
        score: Of each token, from the read-off: [head, token].
        evou: What attending to it does: [head, token, pair].
        direct: What the direct path adds: [pair].
    """

    score: Floats
    evou: Floats
    direct: Floats


def attention(score: Floats, counts: Floats) -> Floats:
    """The share that goes to each token: [head, sequence, token], from counts: [sequence, token]."""
    pull = np.exp(score - score.max(axis=-1, keepdims=True))[:, None] * counts
    share: Floats = pull / pull.sum(axis=-1, keepdims=True)
    return share


def contributions(model: Model, counts: Floats) -> Floats:
    """What each head, and last the direct path, adds to each logit: [part, pair], from counts: [token]."""
    share = attention(model.score, counts[None])[:, 0]
    by_head = np.einsum("ht,htk->hk", share, model.evou)
    return less_mean(np.concatenate([by_head, model.direct[None]]))


def less_mean(rows: Floats) -> Floats:
    """Rows, [..., pair], less their means."""
    centred: Floats = rows - rows.mean(axis=-1, keepdims=True)
    return centred


def together(model: Model) -> Floats:
    """The heads' EVOU added up: [token, pair]."""
    return less_mean(model.evou.sum(axis=0))


def between_signals(score: Floats) -> Floats:
    """How a head shares its attention between the four signals, one of each: [head, signal]."""
    share: Floats = attention(score[:, ROWS], np.ones((1, len(ROWS))))[:, 0]
    return share


def preference(share: Floats) -> str:
    """In which order a head prefers the signals: "1, 4, 3, 2"; "all alike" if it has none."""
    if np.ptp(share) < EVENLY:
        return "all alike"
    return ", ".join(str(ROWS[place]) for place in np.argsort(-share, kind="stable"))


def likeness(model: Model) -> float:
    """The cosine between the heads' EVOU added up and the source's matrix; 0 before there is any."""
    found, wanted = together(model)[ROWS].ravel(), less_mean(SOURCE.rows).ravel()
    length = float(np.linalg.norm(found) * np.linalg.norm(wanted))
    return float(found @ wanted) / length if length else 0.0


def lead_per_norm(model: Model) -> float:
    """The least lead of a right logit over all sequences, for each unit of norm."""
    given = examples()
    share = attention(model.score, given.counts)
    logits = np.einsum("hst,htk->sk", share, model.evou) + model.direct
    singular = np.linalg.svd(model.evou[:, ROWS], compute_uv=False)
    norm = float(singular.sum() + np.linalg.norm(model.direct))
    return float(leads(logits, given.answer).min()) / norm if norm else 0.0
