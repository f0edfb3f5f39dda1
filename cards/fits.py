"""Fits of the model to a learner's own answers: when one is worth while, and what the last one has found.

The fit itself is `sim.fitting`, which knows no cards. The last one is kept as JSON among what the learner has
chosen, so that it is still there after a reload, and is offered until it is used or discarded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cards.schedule import DEFAULT_PARAMETERS, PARAMETER_BOUNDS
from cards.store.records import Recalled
from cards.tuning import Tuning
from sim.fitting.answers import Answers
from sim.fitting.calibration import Bin, binned
from sim.fitting.fisher import Prior
from sim.fitting.judging import ENOUGH
from sim.fitting.work import Fit

FIT = "fit"  # the key under which the store keeps a learner's last one
MORE = 1.5  # times the answers of the last fit, after which another is offered


@dataclass(frozen=True)
class Found:
    """What a fit has found; losses are means in nats.

    Attributes:
        run: The id of the run that found it.
        weights: The new weights.
        fitted: Answers that they were fitted to.
        held_out: Later answers that they were judged by.
        cards: Cards among these.
        before: The loss on them of the weights that were in use.
        after: The loss on them of the new ones.
        error: The standard error of the difference.
        fitted_before: The loss on the fitted answers of the weights that were in use.
        fitted_after: The loss on them of the new ones.
        calibration_before: What those in use foretold of the held-out answers, and what happened.
        calibration_after: The same of the new ones.
        discarded: Whether the learner wants none of it.
    """

    run: str
    weights: tuple[float, ...]
    fitted: int
    held_out: int
    cards: int
    before: float
    after: float
    error: float
    fitted_before: float
    fitted_after: float
    calibration_before: tuple[Bin, ...]
    calibration_after: tuple[Bin, ...]
    discarded: bool = False

    @property
    def gain(self) -> float:
        """By how much the loss on the held-out answers has fallen."""
        return self.before - self.after

    @property
    def better(self) -> bool:
        """Whether that is more than chance alone would do; only then are the weights offered."""
        return self.gain > self.error

    @property
    def counted(self) -> int:
        """How many answers counted when it was made."""
        return self.fitted + self.held_out


def kept(run: str, fit: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be kept of a run's `fit` (`sim.fitting.work`)."""
    return {"run": run, **fit}


def found(value: object) -> Found | None:
    """Read what was kept; None if there is nothing, or nothing that can be read."""
    if not isinstance(value, Mapping):
        return None
    fields = dict(value)
    try:
        for name in ("calibration_before", "calibration_after"):
            fields[name] = tuple(Bin(*one) for one in fields[name])
        return Found(**{**fields, "weights": tuple(fields["weights"])})
    except (KeyError, TypeError):
        return None


def answers(recalled: Recalled) -> Answers:
    """Return a learner's answers as the fit takes them."""
    numbers = {card_id: number for number, card_id in enumerate(dict.fromkeys(recalled.card_ids))}
    return Answers(
        card=np.array([numbers[card_id] for card_id in recalled.card_ids], dtype=np.int64),
        rating=np.array(recalled.ratings, dtype=np.int64),
        day=np.array(recalled.days, dtype=np.int64),
    )


def to_fit(history: Answers, tuning: Tuning) -> Fit:
    """Return the fit of a learner's answers, whose weights will have to do better than those in use."""
    low, high = zip(*PARAMETER_BOUNDS, strict=True)
    return Fit(history, tuning.parameters, Prior(DEFAULT_PARAMETERS, low, high))


def too_few(counted: int) -> str:
    """Say that a fit has to wait; empty once there is enough."""
    if counted >= ENOUGH:
        return ""
    are = "1 review counts" if counted == 1 else f"{counted} reviews count"
    return f"{are} so far, and a fit needs {ENOUGH}."


def is_offered(counted: int, last: Found | None) -> bool:
    """Whether there is enough new history for a fit to be worth the learner's while."""
    return counted >= ENOUGH and (last is None or counted >= MORE * last.counted)


def foretold(recalled: Recalled, history: Answers) -> list[Bin]:
    """Return what was foretold of the answers that count, each at its time, and what happened."""
    if not history.counts.any():
        return []
    stability = np.array([one or np.nan for one in recalled.stabilities])[history.counts]
    decay = np.array(recalled.decays)[history.counts]
    factor = 0.9 ** (-1 / decay) - 1
    chance = (1 + factor * history.elapsed[history.counts] / stability) ** -decay
    return binned(chance, history.recalled[history.counts])
