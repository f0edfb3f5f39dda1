"""Finding the weights that make a learner's answers likeliest, by damped Fisher scoring.

With R_i the chance of recall that the model gives answer i and y_i whether it was recalled, what is made
small is the penalised loss

    L(θ) = −Σ_i [y_i ln R_i + (1−y_i) ln(1−R_i)] + Σ_k ((θ_k − δ_k)/σ_k)²

over the answers that count. θ_k is the weight w_k, but the logarithm of it for the first four, which are
stabilities; δ_k is the default's, and σ_k the spread that it has from learner to learner. So L is minus the
logarithm of a posterior, whose prior is a little narrower than learners are, as fsrs-optimizer has it. Each
step solves

    (I + P + λ·diag(I + P)) Δθ = −∇L,    I = Σ_i ∇R_i ∇R_iᵀ / (R_i(1−R_i)),

I being Fisher's information, and P that of the penalty. λ grows until a step makes L smaller, and shrinks
when one has (Levenberg and Marquardt). A weight that stands at its bound and would leave is held there; any
other is stopped at its own.

Why a penalty: learners were drawn around the defaults, and the weights found for each were tried on answers
that the search had not seen. With some 230 answers, weights found without it did worse than the defaults by
0.016 nats an answer, and with it better by 0.008; with 460, worse by 0.001 and better by 0.010; with 3,000,
better by 0.012 and by 0.014. `tests/sim/test_fitting.py` repeats a part of this.

There are 21 weights and no more, so that derivatives forward, all 21 at once, and a dozen steps do what Adam
needs hundreds for; and there is no rate to choose, no batch, and no randomness.

Sources: R. A. Fisher (1925), "Theory of Statistical Estimation"; D. Marquardt (1963), "An Algorithm for
Least-Squares Estimation of Nonlinear Parameters"; D. Bertsekas (1982), "Projected Newton Methods". Left out:
answers weighted by how long ago they were.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.fitting.model import in_log_order, lined_up, recall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from torch import Tensor

    from sim.fitting.answers import Answers

# How much each weight differs from learner to learner, as the standard deviation over the Anki learners to
# whom fsrs-optimizer 6 was fitted (open-spaced-repetition/fsrs-optimizer, BSD; its default penalty).
SPREAD = (
    6.43, 9.66, 17.58, 27.85, 0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33,
    0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14, 0.27,
)  # fmt: skip

STABILITIES = 4  # of the weights come first: those after a first answer, by its rating
CERTAIN = 1e-9  # no chance is nearer to 0 or 1, so that one surprise does not outweigh all else
MOST_STEPS = 60
DAMPING, LESS, MORE, TOO_MUCH = 1e-3, 0.25, 4.0, 1e12
SMALL = 1e-4  # of what a step has gained, in nats over all answers: far below what any one of them says


@dataclass(frozen=True)
class Prior:
    """What is known of the weights before any answer.

    Attributes:
        weights: [21] the defaults.
        low: [21] the least that each may be.
        high: [21] the most.
        spread: [21] the standard deviation of each from learner to learner; infinite for no penalty.
    """

    weights: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    spread: tuple[float, ...] = SPREAD


class Reached(NamedTuple):
    """Where the search is.

    Attributes:
        weights: [21] the best so far.
        loss: Their mean log-loss over the answers that were fitted, in nats, without the penalty.
        progress: How much of the way is behind, 0 to 1; 1 at the end, and only there.
    """

    weights: NDArray[np.float64]
    loss: float
    progress: float


def chances(weights: NDArray[np.float64], answers: Answers) -> NDArray[np.float64]:
    """Return the chance of recall that the model with these weights gives each answer, in the log's order."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that fits something should pay

    with torch.no_grad():
        chance = recall(torch.as_tensor(weights, dtype=torch.float64), lined_up(answers))
        return np.asarray(chance[in_log_order(answers)].numpy())


def log_loss(chance: NDArray[np.float64], recalled: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the log-loss of each answer, in nats: how surprising it was."""
    kept = np.clip(chance, CERTAIN, 1 - CERTAIN)
    return -np.log(np.where(recalled, kept, 1 - kept))


def search(answers: Answers, chosen: NDArray[np.bool_], prior: Prior) -> Iterator[Reached]:
    """Search for the weights, from the defaults on; yields where it is, and last where it has ended.

    Args:
        answers: All answers: a memory is what all of them have made it.
        chosen: [answer] those that are to be made likely.
        prior: What is known before.
    """
    problem = _Problem(answers, chosen, prior)
    place = problem.at(problem.start)
    damping, gained_first, progress = DAMPING, 0.0, 0.0
    for _ in range(MOST_STEPS):
        slope, curve = problem.curvature(place.point)
        step, damping = _downhill(problem, place, slope, curve, damping)
        if step is None:
            break
        gained = place.penalised - step.penalised
        gained_first = max(gained_first, gained)
        place = step
        if gained < SMALL:
            break
        progress = max(progress, np.log(gained_first / gained) / np.log(gained_first / SMALL))
        yield problem.reached(place, min(float(progress), 0.99))
    yield problem.reached(place, 1.0)


class _Place(NamedTuple):
    point: Tensor  # θ
    penalised: float
    loss: float


class _Problem:
    """The penalised loss of some answers, and how it bends."""

    def __init__(self, answers: Answers, chosen: NDArray[np.bool_], prior: Prior) -> None:
        import torch  # noqa: PLC0415 - as above

        def vector(values: tuple[float, ...]) -> Tensor:
            return torch.tensor(values, dtype=torch.float64)

        self.default, self.low, self.high = vector(prior.weights), vector(prior.low), vector(prior.high)
        self.start, self.lowest, self.highest = map(_point, (self.default, self.low, self.high))
        self.precision = 2 * _spread(vector(prior.spread), self.default) ** -2  # [21]
        self.steps = lined_up(answers)
        self.chosen = in_log_order(answers)[torch.as_tensor(chosen)]
        self.recalled = torch.as_tensor(answers.recalled[chosen])

    def chance(self, point: Tensor) -> Tensor:
        """[chosen answer] the chance of recall."""
        return recall(_weights(point), self.steps)[self.chosen].clamp(CERTAIN, 1 - CERTAIN)

    def at(self, point: Tensor) -> _Place:
        """What the loss is there."""
        import torch  # noqa: PLC0415 - as above

        chance = self.chance(point)
        surprise = -float(torch.where(self.recalled, chance, 1 - chance).log().sum())
        penalty = 0.5 * float((self.precision * (point - self.start) ** 2).sum())
        return _Place(point, surprise + penalty, surprise / max(len(chance), 1))

    def reached(self, place: _Place, progress: float) -> Reached:
        """The same in weights; a logarithm there and back may step over a bound by a rounding."""
        weights = _weights(place.point).clamp(self.low, self.high)
        return Reached(weights.numpy(), place.loss, progress)

    def curvature(self, point: Tensor) -> tuple[Tensor, Tensor]:
        """The gradient of the penalised loss, [21], and its information, [21, 21]."""
        import torch  # noqa: PLC0415 - as above

        def twice(at: Tensor) -> tuple[Tensor, Tensor]:
            chance = self.chance(at)
            return chance, chance

        with warnings.catch_warnings():
            # On first use torch compiles its forward derivatives by a means that it warns others of.
            warnings.filterwarnings("ignore", "`torch.jit.script`", DeprecationWarning)
            rise, chance = torch.func.jacfwd(twice, has_aux=True)(point)  # [chosen, 21], [chosen]
        variance = chance * (1 - chance)
        slope = rise.T @ ((chance - self.recalled.double()) / variance)
        information = rise.T @ (rise / variance[:, None])
        return (
            slope + self.precision * (point - self.start),
            information + torch.diag(self.precision),
        )


def _point(weights: Tensor) -> Tensor:
    import torch  # noqa: PLC0415 - as above

    return torch.cat([weights[:STABILITIES].log(), weights[STABILITIES:]])


def _weights(point: Tensor) -> Tensor:
    import torch  # noqa: PLC0415 - as above

    return torch.cat([point[:STABILITIES].exp(), point[STABILITIES:]])


def _spread(spread: Tensor, default: Tensor) -> Tensor:
    """The spread of θ: of a logarithm, the one whose log-normal has this standard deviation and median."""
    import torch  # noqa: PLC0415 - as above

    relative = spread[:STABILITIES] / default[:STABILITIES]
    of_logarithms = ((1 + (1 + 4 * relative**2).sqrt()) / 2).log().sqrt()
    return torch.cat([of_logarithms, spread[STABILITIES:]])


def _downhill(
    problem: _Problem, place: _Place, slope: Tensor, curve: Tensor, damping: float
) -> tuple[_Place | None, float]:
    """The next place, which is lower, and the damping to go on with; no place if none is lower."""
    import torch  # noqa: PLC0415 - as above

    point = place.point
    leaving = ((point <= problem.lowest) & (slope > 0)) | ((point >= problem.highest) & (slope < 0))
    free = torch.nonzero(~leaving).flatten()
    curve, slope = curve[free][:, free], slope[free]
    while damping < TOO_MUCH:
        damped = curve + damping * torch.diag(curve.diagonal().clamp(min=CERTAIN))
        moved = point.clone()
        moved[free] -= torch.linalg.solve(damped, slope)
        there = problem.at(moved.clamp(problem.lowest, problem.highest))
        if there.penalised < place.penalised:
            return there, damping * LESS
        damping *= MORE
    return None, damping
