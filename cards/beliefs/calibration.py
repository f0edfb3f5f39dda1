"""A calibration curve: of the claims given some chance, how many came true.

Forecasts lie in ten bins of ten points; one on an edge belongs to the bin above it, and 100% to the last. A
bin shows the mean forecast in it, the share that came true with Wilson's band (E. B. Wilson 1927, "Probable
inference, the law of succession, and statistical inference"; see `sim.fitting.calibration.wilson`), how many
claims that is, and which. Each claim is counted with one forecast: several of one claim would come true or
not together, and make the bands too narrow.

Left out: claims that share what decides them, for which the bands are too narrow all the same.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cards.stats.retention import Share

TENTHS = 10
EDGE = 1e-9  # a forecast may be that far below an edge by rounding


class Forecast(NamedTuple):
    """The one credence that counts for a claim which was settled.

    Attributes:
        claim_id: The claim.
        probability: The credence, 0 to 1.
        happened: Whether the claim came true.
    """

    claim_id: str
    probability: float
    happened: bool


@dataclass(frozen=True)
class Bin:
    """Claims that were given about the same chance.

    Attributes:
        low: The bin's lower end, 0 to 1, which belongs to it.
        high: Its upper end, which belongs to the next one.
        forecast: The mean forecast in it.
        true: How many came true, of how many; with Wilson's band as `true.interval()`.
        claims: Their ids, in the order given.
    """

    low: float
    high: float
    forecast: float
    true: Share
    claims: tuple[str, ...]

    @property
    def n(self) -> int:
        """How many claims lie in it."""
        return self.true.n


def curve(forecasts: Sequence[Forecast], bins: int = TENTHS) -> list[Bin]:
    """Return the bins that hold a claim, from 0 upwards.

    Raises:
        ValueError: A claim has two forecasts, or a forecast is not within 0 and 1.
    """
    return [
        Bin(
            place / bins,
            (place + 1) / bins,
            math.fsum(one.probability for one in inside) / len(inside),
            Share(sum(one.happened for one in inside), len(inside)),
            tuple(one.claim_id for one in inside),
        )
        for place, inside in binned(forecasts, bins).items()
    ]


def binned(forecasts: Sequence[Forecast], bins: int = TENTHS) -> dict[int, list[Forecast]]:
    """Return the forecasts of each bin that has one, by its place from 0 upwards.

    Raises:
        ValueError: A claim has two forecasts, or a forecast is not within 0 and 1.
    """
    found: defaultdict[int, list[Forecast]] = defaultdict(list)
    seen: set[str] = set()
    for one in forecasts:
        if not 0 <= one.probability <= 1:  # so that "not a number" is refused too
            raise ValueError(f"The forecast of {one.claim_id} is {one.probability:g}; give one from 0 to 1.")
        if one.claim_id in seen:
            raise ValueError(f"{one.claim_id} has two forecasts; give one forecast a claim.")
        seen.add(one.claim_id)
        found[min(int(one.probability * bins + EDGE), bins - 1)].append(one)
    return dict(sorted(found.items()))
