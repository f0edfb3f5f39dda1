"""What can be said of heads on the task of two signals without training any.

With one dimension and no direct path, a head adds a number times a fixed list to the logits. Only the sign of
that number decides which logit is greatest, so that two pairs can be named at best, each of two signals: 4 of
the 16 orders in which signals can stand. A second head, a constant or a second dimension is enough for all
ten, by the line and the plane of `_head_by_hand`: two heads of one dimension that attend alike are as good as
one of two.

Left out: whether training finds what there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.spec import Quantity
from sim.toys._head_by_hand import SOURCE, TETRAHEDRON, TWICE, line, most_per_norm, plane, right_everywhere
from sim.toys._head_task import PAIRS, pair_of

if TYPE_CHECKING:
    from collections.abc import Sequence

ENOUGH = 2  # dimensions in all, the constant of a direct path among them
CANNOT = 4 / 16  # the share that is right where there are fewer
FOCUSED = 40.0  # a score that takes all attention, as far as floats can tell
ORDERS = np.where(TWICE, 1, 2)  # in which a pair can stand: [pair]

FACTS = {
    "narrowest": Quantity("dimensions that each head needs, at least, to name every pair", "dimensions"),
    "most_right": Quantity("right at best, with heads of this width", "share"),
    "pair_logit": Quantity("logit of a pair of two signals, by the one head, as a sum"),
    "pair_next": Quantity("greatest other logit then"),
    "twice_logit": Quantity("logit of one signal twice, by the one head, as a sum"),
    "twice_next": Quantity("greatest other logit of one signal twice"),
    "pair_mean": Quantity("logit of a pair of two signals, by the one head, as attention has it"),
    "pair_mean_next": Quantity("greatest other logit of a pair, as attention has it"),
    "twice_mean": Quantity("logit of one signal twice, as attention has it"),
    "twice_mean_next": Quantity("greatest other logit of one signal twice, as attention has it"),
    "one_head_right": Quantity("sequences that the one head gets right, of 280", "sequences"),
    "one_head_right_unfocused": Quantity(
        "sequences that it gets right when it attends to noise as well, of 280", "sequences"
    ),
    "one_head_rank": Quantity("rank of the one head's matrix"),
    "one_head_loss": Quantity("loss of the one head, as attention has it"),
    "one_head_loss_eight_times": Quantity("loss of the one head with eight times its entries"),
    "line_pairs": Quantity("pairs named in one dimension and a constant", "pairs"),
    "plane_pairs": Quantity("pairs named in two dimensions", "pairs"),
    "tetrahedron_pairs": Quantity("pairs named in three dimensions", "pairs"),
    "one_head_per_norm": Quantity("lead for each unit of norm, the one head"),
    "most_per_norm": Quantity("lead for each unit of norm, at most, one even head of this width"),
    "typed_logit": Quantity("logit of the typed pair, by the one head, as attention has it"),
    "typed_lead": Quantity("how far it is ahead"),
}


def known(heads: int, d_head: int, tokens: Sequence[int], *, direct: bool) -> dict[str, float]:
    """Return the exact answers for so many heads of this width, and a typed sequence."""
    means, lead = SOURCE.logits().diagonal(), SOURCE.leads()
    pair, twice, typed = PAIRS.index((1, 2)), PAIRS.index((1, 1)), pair_of(tokens)
    narrowest = next(width for width in range(1, ENOUGH + 1) if heads * width + direct >= ENOUGH)
    return {
        "narrowest": float(narrowest),
        "most_right": 1.0 if d_head >= narrowest else CANNOT,
        "pair_logit": float(2 * means[pair]),
        "pair_next": float(2 * (means[pair] - lead[pair])),
        "twice_logit": float(2 * means[twice]),
        "twice_next": float(2 * (means[twice] - lead[twice])),
        "pair_mean": float(means[pair]),
        "pair_mean_next": float(means[pair] - lead[pair]),
        "twice_mean": float(means[twice]),
        "twice_mean_next": float(means[twice] - lead[twice]),
        "one_head_right": float(right_everywhere(SOURCE, FOCUSED)),
        "one_head_right_unfocused": float(right_everywhere(SOURCE, 0.0)),
        "one_head_rank": float(np.linalg.matrix_rank(SOURCE.rows)),
        "one_head_loss": _loss(1),
        "one_head_loss_eight_times": _loss(8),
        "line_pairs": float((line().leads() > 0).sum()),
        "plane_pairs": float((plane().leads() > 0).sum()),
        "tetrahedron_pairs": float((TETRAHEDRON.leads() > 0).sum()),
        "one_head_per_norm": SOURCE.lead_per_norm(),
        "most_per_norm": most_per_norm(d_head),
        "typed_logit": float(means[typed]),
        "typed_lead": float(lead[typed]),
    }


def _loss(times: float) -> float:
    """The loss of the one head with its entries so many times as large."""
    said = times * SOURCE.logits()
    loss = np.log(np.exp(said).sum(axis=1)) - said.diagonal()
    return float(loss @ ORDERS / ORDERS.sum())
