"""What searches for the capacity of maps have found so far: arrays to draw, and two fitted exponents.

    pairs ∝ width^a        bits ∝ width^b

where the bits of a map are what its pairs are worth (`_recall_theory.bits_stored`). Every search is one point
of both fits. Source: none but the definitions. Left out: weights, as all widths are tried equally often.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.spec import Measurement
from sim.toys._power_fit import PowerLaw, fitted
from sim.toys._recall_theory import bits_stored

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.toys._linear_memory import Attempt


@dataclass
class CapacityTally:
    """Searches at some widths, each as often as the next, and the attempts that they took.

    Attributes:
        widths: Those that are searched.
        recall: The share of pairs that has to come back.
        found: The capacities found at each width: [width][repeat].
        tried: Every attempt, with its width.
    """

    widths: list[int]
    recall: float
    found: list[list[float]] = field(default_factory=list)
    tried: list[tuple[int, Attempt]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.found = [[] for _ in self.widths]

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The capacities and the attempts so far."""
        width, pairs = self._points()
        return {
            "found_width": width,
            "found": pairs,
            "tried_width": np.array([width for width, _ in self.tried]),
            "tried_pairs": np.array([attempt.pairs for _, attempt in self.tried]),
            "tried_recall": np.array([attempt.recall for _, attempt in self.tried]),
        }

    def result(self) -> dict[str, float | list[float]]:
        """How many attempts there were and, from two searches a width on, what they come to."""
        if len(self.found[-1]) < 2:  # noqa: PLR2004 - a standard error takes two
            return {"attempts_so_far": len(self.tried)}
        width, pairs = self._points()
        bits = np.array([bits_stored(count, self.recall) for count in pairs])
        widest = np.array(self.found[-1])
        per_parameter = bits[width == self.widths[-1]] / self.widths[-1] ** 2
        return {
            "attempts_so_far": len(self.tried),
            "capacity": float(widest.mean()),
            "capacity_error": float(widest.std(ddof=1)) / math.sqrt(len(widest)),
            "bits_per_parameter": float(per_parameter.mean()),
            **_exponent("exponent", fitted(width, pairs)),
            **_exponent("bits_exponent", fitted(width, bits)),
            "capacity_by_width": [float(np.mean(row)) for row in self.found],
        }

    def _points(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        points = [(width, n) for width, row in zip(self.widths, self.found, strict=True) for n in row]
        return np.array([width for width, _ in points], np.int64), np.array([n for _, n in points])


def _exponent(name: str, law: PowerLaw) -> dict[str, float]:
    return {
        name: law.exponent,
        f"{name}_error": law.error,
        f"{name}_low": law.exponent - law.margin,
        f"{name}_high": law.exponent + law.margin,
    }


def measured_exponent(name: str, what: str) -> dict[str, Measurement]:
    """What the numbers are that a result holds for the exponent that measures the fact `name`."""
    return {
        name: Measurement(fact=name),
        f"{name}_error": Measurement(f"standard error of the exponent for {what}"),
        f"{name}_low": Measurement(f"lower end of the 95% interval of the exponent for {what}"),
        f"{name}_high": Measurement(f"upper end of the 95% interval of the exponent for {what}"),
    }
