"""Whether fitted weights foretell better than those in use, on answers that the fit has not seen.

The answers that count are split by time: the first four fifths are fitted to, the last fifth is held out.
That is the question a learner has, whether weights found in the past foretell the future; a split by card
would let a fit see the very weeks it is judged on. A memory is still made by all the answers before it.

Of the held-out answers, each has a difference d_i between its log-losses under the weights in use and under
the new ones. The mean of them is the gain. Answers to one card are not independent, so the gain's standard
error takes cards for the units, √(Σ_cards (Σ_i (d_i − d̄))²)/n.

New weights are *better* if the gain is more than its standard error: every date would move, and that is not
worth a difference which may be noise. The weights that were judged are the ones that are kept. They are not
fitted once more to all answers, for nobody could say how those do.

Source of the standard error: K.-Y. Liang and S. Zeger (1986), "Longitudinal Data Analysis Using Generalized
Linear Models".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.fitting.calibration import Bin, binned
from sim.fitting.fisher import chances, log_loss

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.fitting.answers import Answers

ENOUGH = 400  # answers that count: with fewer, the fifth that is held out can tell no gain from noise
FITTED = 0.8


@dataclass(frozen=True)
class Judged:
    """How new weights do beside those in use; losses are means in nats.

    Attributes:
        fitted: Answers that were fitted to.
        held_out: Answers that were held out.
        cards: Cards among these.
        fitted_before: The loss of the weights in use on those that were fitted to.
        fitted_after: The loss of the new ones on them.
        before: The loss of the weights in use on those that were held out.
        after: The loss of the new ones on them.
        error: The standard error of the gain.
        calibration_before: What the weights in use foretold of those that were held out, and what happened.
        calibration_after: The same of the new ones.
    """

    fitted: int
    held_out: int
    cards: int
    fitted_before: float
    fitted_after: float
    before: float
    after: float
    error: float
    calibration_before: tuple[Bin, ...]
    calibration_after: tuple[Bin, ...]

    @property
    def gain(self) -> float:
        """By how much the loss on the held-out answers has fallen."""
        return self.before - self.after

    @property
    def better(self) -> bool:
        """Whether the new weights are to be kept."""
        return self.gain > self.error


def split(answers: Answers) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which answers are fitted to and which are held out, [answer] each; no other answer counts."""
    counted = np.cumsum(answers.counts)
    early = counted <= round(FITTED * int(answers.counts.sum()))
    return answers.counts & early, answers.counts & ~early


def judge(answers: Answers, in_use: NDArray[np.float64], new: NDArray[np.float64]) -> Judged:
    """Compare new weights, which were fitted to the first part of `split`, with those in use."""
    fitted, held_out = split(answers)
    before, after = chances(in_use, answers), chances(new, answers)
    loss_before, loss_after = log_loss(before, answers.recalled), log_loss(after, answers.recalled)
    card, recalled = answers.card[held_out], answers.recalled[held_out]
    return Judged(
        fitted=int(fitted.sum()),
        held_out=int(held_out.sum()),
        cards=len(np.unique(card)),
        fitted_before=float(loss_before[fitted].mean()),
        fitted_after=float(loss_after[fitted].mean()),
        before=float(loss_before[held_out].mean()),
        after=float(loss_after[held_out].mean()),
        error=standard_error((loss_before - loss_after)[held_out], card),
        calibration_before=tuple(binned(before[held_out], recalled)),
        calibration_after=tuple(binned(after[held_out], recalled)),
    )


def standard_error(difference: NDArray[np.float64], card: NDArray[np.int64]) -> float:
    """Return the standard error of the mean of differences, [answer], whose units are cards, [answer]."""
    _, number = np.unique(card, return_inverse=True)
    of_cards = np.bincount(number, difference - difference.mean())
    return float(np.sqrt((of_cards**2).sum()) / len(difference))
