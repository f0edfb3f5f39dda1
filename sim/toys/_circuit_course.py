"""The course that a rule and a table take from equal weights, which can be known without training."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.toys._circuit_config import Config

POINTS = 240  # of a course that is drawn
SPAN = 8.0  # the least and the greatest number of examples that are tried, next to the rule's weights
HALF = 0.5  # sure of an answer


def times_of(config: Config) -> NDArray[np.float64]:
    """When to step, for all numbers of examples that are tried: [step + 1]."""
    return config.circuits.times(config.rule_weights / SPAN, config.patience)


def drawn(times: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which steps are drawn: such that they are about evenly far apart on a logarithmic axis."""
    wanted = np.geomspace(times[1], times[-1], POINTS)
    return np.unique([0, *np.searchsorted(times, wanted).clip(1, len(times) - 1).tolist()])


@lru_cache(maxsize=256)
def expected_course(config: Config) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The course from equal weights: times in units of 1/λ, and how sure, [time, trained on or held out]."""
    times = times_of(config)
    shown = drawn(times)
    logits = config.circuits.course(times, config.examples, config.first_rule)[shown]
    sure = config.circuits.probability(np.stack([logits.sum(1), logits[:, 0]], axis=1))
    return times[shown] * config.weight_decay, sure


def first_time(time: NDArray[np.float64], sure: NDArray[np.float64]) -> float:
    """The first time after the start at which one is half sure; 0 for never."""
    reached = np.flatnonzero(sure[1:] >= HALF)
    return float(time[reached[0] + 1]) if len(reached) else 0.0
