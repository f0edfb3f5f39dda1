"""FSRS 6 on torch, all cards at once, one answer after the other: what chance of recall it gives each answer.

A memory has a stability S, in days, and a difficulty D from 1 to 10. With weights w₀…w₂₀, a rating G from 1
to 4 and t days since the answer before, the chance of recall is

    R = (1 + F·t/S)^(−w₂₀),    F = 0.9^(−1/w₂₀) − 1,

a first answer gives     S = w_{G−1},    D = D₀(G) = w₄ − exp(w₅(G−1)) + 1,
an answer of the same day  S′ = S·exp(w₁₇(G−3+w₁₈))·S^(−w₁₉), where the factor is at least 1 unless G = 1,
a later one, recalled,   S′ = S·(1 + exp(w₈)(11−D)·S^(−w₉)·(exp(w₁₀(1−R)) − 1)·h·e),
a later one, forgotten,  S′ = min(w₁₁·D^(−w₁₂)·((S+1)^w₁₃ − 1)·exp(w₁₄(1−R)), S/exp(w₁₇w₁₈)),
and every answer but the first  D′ = w₇·D₀(4) + (1−w₇)(D − w₆(G−3)(10−D)/9),

with h = w₁₅ for Hard, e = w₁₆ for Easy, S at least 0.001, and D within its bounds (but D₀(4) as it comes).
Whether a card is being learned, reviewed or learned again does not enter.

Source: version 6 of the model as py-fsrs (Jarrett Ye and others, MIT) computes it; the tests compare the two.
Left out: dates. An interval follows from S alone, and `cards.schedule` finds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

    from sim.fitting.answers import Answers

SHORTEST = 0.001  # days: no stability is less
EASIEST, HARDEST = 1.0, 10.0
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4


@dataclass(frozen=True, eq=False)
class Step:
    """The same turn of every card that has one.

    Attributes:
        rating: [card] 1 to 4.
        elapsed: [card] days since the turn before.
    """

    rating: Tensor
    elapsed: Tensor


def lined_up(answers: Answers) -> list[Step]:
    """Put the answers into tensors, step by step."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that fits something should pay

    rating, elapsed = torch.as_tensor(answers.rating), torch.as_tensor(answers.elapsed, dtype=torch.float64)
    return [Step(rating[step], elapsed[step]) for step in map(torch.as_tensor, answers.steps)]


def in_log_order(answers: Answers) -> Tensor:
    """[answer] where each answer of the log stands among what `recall` returns."""
    import torch  # noqa: PLC0415 - as above

    order = np.concatenate(answers.steps)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return torch.as_tensor(place)


def recall(weights: Tensor, steps: list[Step]) -> Tensor:
    """Return the chance of recall before each answer, [answer], step after step; of first answers it is 1.

    Args:
        weights: [21] the weights of the model.
        steps: All the answers, at least one.
    """
    import torch  # noqa: PLC0415 - as above

    first = steps[0].rating
    stability = weights[:EASY][first - 1].clamp(min=SHORTEST)  # [card]
    difficulty = _first_difficulty(weights, first).clamp(EASIEST, HARDEST)  # [card]
    chances = [torch.ones_like(stability)]
    for step in steps[1:]:
        stability, difficulty = stability[: len(step.rating)], difficulty[: len(step.rating)]
        chance = _chance(weights, stability, step.elapsed)
        chances.append(chance)
        later = _later(weights, stability, difficulty, chance, step.rating)
        within = _within_the_day(weights, stability, step.rating)
        stability = torch.where(step.elapsed > 0, later, within).clamp(min=SHORTEST)
        difficulty = _next_difficulty(weights, difficulty, step.rating)
    return torch.cat(chances)


def _chance(weights: Tensor, stability: Tensor, elapsed: Tensor) -> Tensor:
    factor = 0.9 ** (-1 / weights[20]) - 1
    chance: Tensor = (1 + factor * elapsed / stability) ** -weights[20]
    return chance


def _later(weights: Tensor, stability: Tensor, difficulty: Tensor, chance: Tensor, rating: Tensor) -> Tensor:
    """The stability after an answer on a later day."""
    import torch  # noqa: PLC0415 - as above

    missed = 1 - chance
    one = torch.ones_like(weights[0])
    of_rating = torch.stack([one, weights[15], one, weights[16]])[rating - 1]
    growth = torch.exp(weights[8]) * (11 - difficulty) * stability ** -weights[9]
    recalled = stability * (1 + growth * torch.expm1(weights[10] * missed) * of_rating)
    rebuilt = weights[11] * difficulty ** -weights[12] * ((stability + 1) ** weights[13] - 1)
    forgotten = torch.minimum(
        rebuilt * torch.exp(weights[14] * missed), stability / torch.exp(weights[17] * weights[18])
    )
    return torch.where(rating == AGAIN, forgotten, recalled)


def _within_the_day(weights: Tensor, stability: Tensor, rating: Tensor) -> Tensor:
    """The stability after another answer on the same day."""
    import torch  # noqa: PLC0415 - as above

    growth = torch.exp(weights[17] * (rating - GOOD + weights[18])) * stability ** -weights[19]
    return stability * torch.where(rating == AGAIN, growth, growth.clamp(min=1))


def _first_difficulty(weights: Tensor, rating: Tensor | int) -> Tensor:
    import torch  # noqa: PLC0415 - as above

    return weights[4] - torch.exp(weights[5] * (rating - 1)) + 1


def _next_difficulty(weights: Tensor, difficulty: Tensor, rating: Tensor) -> Tensor:
    moved = difficulty - weights[6] * (rating - GOOD) * (10 - difficulty) / 9
    drawn = weights[7] * _first_difficulty(weights, EASY) + (1 - weights[7]) * moved
    return drawn.clamp(EASIEST, HARDEST)
