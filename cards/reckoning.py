"""What a ledger comes to: each claim's path measured, all of them together, and the scored forecasts.

Paths end at the learner's last credence, whether or not the claim has turned out: they show what the learner
moved. Calibration holds the same credences to the truth, with one forecast for each claim that has turned
out: the last that counts (see `cards.ledger`). Void claims move, and are not scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cards.beliefs.calibration import Bin, Forecast, curve
from cards.beliefs.history import path, repeat_pairs
from cards.beliefs.movement import Moved, measure, measure_all
from cards.beliefs.noise import noise
from cards.beliefs.together import Together, together

if TYPE_CHECKING:
    from cards.days import DayRules
    from cards.ledger import Listed

SEED = 5  # of the bootstrap: the same record always gets the same interval


@dataclass(frozen=True)
class Reckoning:
    """What a ledger comes to.

    Attributes:
        claims: The claims.
        paths: The credences that moved, of each claim that has one, oldest first.
        moved: What each path comes to.
        together: What they come to together.
        forecasts: One for each claim that has turned out and had a credence before.
        bins: Those forecasts in bins.
    """

    claims: Sequence[Listed]
    paths: Mapping[str, Sequence[float]]
    moved: Mapping[str, Moved]
    together: Together
    forecasts: Sequence[Forecast]
    bins: Sequence[Bin] = field(default_factory=list)

    @property
    def starts(self) -> list[float]:
        """The first credences of the claims that moved."""
        return [self.paths[name][0] for name, moved in self.moved.items() if moved.up or moved.down]

    @property
    def steps(self) -> list[float]:
        """The sizes of all moves, without those of size zero."""
        sizes = [np.abs(np.diff(one)) for one in self.paths.values()]
        every = np.concatenate(sizes) if sizes else np.zeros(0)
        return [float(size) for size in every[every > 0]]


def reckon(claims: Sequence[Listed], rules: DayRules) -> Reckoning:
    """Measure a ledger."""
    histories = {claim.claim_id: claim.undated(rules) for claim in claims if claim.entries}
    paths = {name: found for name, history in histories.items() if (found := path(history))}
    moved = dict(zip(paths, measure_all(list(paths.values())), strict=True))
    forecasts = [
        Forecast(claim.claim_id, paths[claim.claim_id][-1], happened)
        for claim in claims
        if claim.claim_id in paths and (happened := claim.happened) is not None
    ]
    return Reckoning(
        claims=claims,
        paths=paths,
        moved=moved,
        together=together(
            list(moved.values()),
            random=np.random.default_rng(SEED),
            noise=noise(repeat_pairs(histories.values())),
        ),
        forecasts=forecasts,
        bins=curve(forecasts),
    )


def with_its_end(claim: Listed, rules: DayRules) -> Moved | None:
    """What a claim's path comes to that ends where it turned out; None if it did not, or has no credence."""
    if claim.happened is None:
        return None
    found = path(claim.undated(rules), claim.happened)
    return measure(found) if found else None
