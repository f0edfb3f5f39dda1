"""A hundred searches for the head that leads furthest for its norm: none beats the one that is quoted.

Each starts from a random V and O, whose product is the head's matrix, and climbs the lead for each unit of
(|V|² + |O|²) / 2, which is the nuclear norm once V and O are as small as they can be. The least of the leads
is taken as a soft minimum that hardens, as smoothly as the rate falls.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from sim.toys._head_by_hand import PAIR_SIGNALS, Head, most_per_norm
from sim.toys._head_task import PAIRS, SIGNALS

SEARCHES, STEPS, RATE = 100, 1000, 0.05
SOFTEST, HARDEST = 0.1, 0.0001  # of the soft minimum, for a norm of 1

pytestmark = pytest.mark.usefixtures("one_thread")


def leads(rows: torch.Tensor) -> torch.Tensor:
    """How far each right logit is ahead of each other one: [search, pair that is there and pair]."""
    said = rows[:, torch.tensor(PAIR_SIGNALS)].mean(2)  # [search, pair that is there, pair]
    ahead = said.diagonal(dim1=1, dim2=2)[..., None] - said
    others = ~torch.eye(len(PAIRS), dtype=torch.bool)
    return ahead[:, others]


def searched(dimensions: int) -> NDArray[np.float64]:
    """The lead for each unit of norm that each search came to, the greatest first."""
    random = torch.Generator().manual_seed(0)
    into, out = (
        torch.randn(SEARCHES, *shape, generator=random, dtype=torch.float64).requires_grad_()
        for shape in ((len(SIGNALS), dimensions), (dimensions, len(PAIRS)))
    )
    adam = torch.optim.Adam([into, out])
    for step in range(STEPS):
        done = step / STEPS
        soft = SOFTEST * (HARDEST / SOFTEST) ** done
        adam.param_groups[0]["lr"] = RATE * (1 + math.cos(math.pi * done)) / 2
        norm = (into.square().sum((1, 2)) + out.square().sum((1, 2))) / 2
        least = -soft * (-leads(into @ out) / norm[:, None] / soft).logsumexp(1)
        adam.zero_grad()
        (-least.sum()).backward()
        adam.step()
    rows = (into @ out).detach().numpy()
    return np.sort([Head(each, np.zeros(len(PAIRS))).lead_per_norm() for each in rows])[::-1]


@pytest.mark.parametrize("dimensions", [2, 3])
def test_no_search_leads_further_for_its_norm_and_most_end_there(dimensions: int) -> None:
    found, quoted = searched(dimensions), most_per_norm(dimensions)
    assert found[0] <= quoted * (1 + 1e-6)
    assert found[0] == pytest.approx(quoted, rel=0.005)
    assert (found > 0.99 * quoted).sum() > SEARCHES / 2
