"""Training at a norm that is held, for several norms, each at two rates.

The first weights are taken α times as large, for each α of `FACTORS`, and the norm is held there. Where the
rate is the same for all, Adam moves each weight by about as much however large it is, so that its direction
turns α times as slowly. Where the rate is α times as large too, it turns as fast as at α = 1. If a loss is no
longer a number, that training has diverged, and stops; what was seen before is kept.

Source: Z. Liu, E. J. Michaud and M. Tegmark (2023), "Omnigrok: grokking beyond algorithmic data", who hold
the norm at one rate; L. Chan (2024) for the doubt about it. Left out: norms of single layers.
"""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._grokking_config import FACTORS, RULES
from sim.toys._grokking_course import NOT_TRAINED, Told, set_up
from sim.toys._grokking_measures import standing
from sim.toys._grokking_training import Recipe, Training

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.spec import Result
    from sim.toys._grokking_config import Config

LOOKS = 10  # in each training


class Held(NamedTuple):
    """What a training at one norm has come to, and the step at which it diverged; 0 for never."""

    accuracy: float
    test_accuracy: float
    diverged_at: int


Outcomes = dict[str, list[Held]]


def fixed_norms(config: Config, seed: int, device: str) -> Iterator[Told]:
    """Train at every norm, by both rules."""
    pairs, network, start = set_up(config, seed, device)
    every = -(-config.steps // LOOKS)
    total = len(FACTORS) * len(RULES)
    done: Outcomes = {rule: [] for rule in RULES}
    yield _told(0.0, done)
    for number, (factor, rule) in enumerate(product(FACTORS, RULES)):
        rate = config.step_rate * (factor if rule == "scaled_rate" else 1.0)
        recipe = Recipe(config.optimiser, rate, config.weight_decay, holds_norm=True)
        training = Training(network, start * config.init_scale * factor, recipe)
        done[rule].append(Held(0.0, 0.0, 0))
        for step in range(1, config.steps + 1):
            training.step()
            if step % every and step < config.steps:
                continue
            at = standing(network.logits(training.weights), training.weights, pairs)
            if not math.isfinite(at.train_loss + at.norm):
                done[rule][-1] = done[rule][-1]._replace(diverged_at=step)
                yield _told((number + 1) / total, done)
                break
            done[rule][-1] = Held(at.train_accuracy, at.test_accuracy, 0)
            yield _told((number + step / config.steps) / total, done)


def _told(progress: float, done: Outcomes) -> Told:
    arrays: dict[str, NDArray[np.float64]] = {
        rule: np.array([held[:2] for held in outcomes], dtype=np.float64).reshape(-1, 2)
        for rule, outcomes in done.items()
    }
    result: Result = {
        f"{rule}_{name}": [getattr(held, name) for held in outcomes]
        for rule, outcomes in done.items()
        for name in Held._fields
    }
    factors = np.array(FACTORS[: len(done[RULES[0]])])
    return Told(progress, result, {**NOT_TRAINED, "norm_factor": factors, **arrays})
