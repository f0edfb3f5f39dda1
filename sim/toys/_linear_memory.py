"""Linear maps that remember pairs of random directions, many at a time, on torch.

A map W of width d is made for n unit keys k and their unit values v in one of three ways (`RULES`):

    outer products   W = Σ v_i k_iᵀ
    least squares    W = argmin Σ |v_i − W k_i|²
    trained          W = argmin Σ_i −log softmax_m(d · v_m · W k_i)_i, from outer products, by Adam

and pair i is given back if v_i is the value nearest to W k_i. As all values have length 1, that is the one
with the largest product. How many pairs a map can hold is found by doubling their number until too few come
back, and by halving the bracket on a logarithmic scale; each attempt has keys and values of its own.

Source: T. Kohonen (1972), "Correlation matrix memories", for the first; D. P. Kingma and J. Ba (2015),
"Adam: a method for stochastic optimization". Left out: values in a space of another width, and W of lower
rank.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

OUTER_PRODUCTS, LEAST_SQUARES, TRAINED = RULES = (0, 1, 2)

TESTED = 2000  # pairs, in one attempt: recall is then known to two thirds of a point
TRAINED_ON = 400  # the same for trained maps, whose recall falls so steeply that less will do
MOST_ENTRIES = 4_000_000  # of all maps in one attempt
BRACKET = {OUTER_PRODUCTS: 1.02, LEAST_SQUARES: 1.02, TRAINED: 1.06}  # trained maps fail all at once
RIDGE = 1e-12  # keeps as many pairs as dimensions solvable, however near to singular their keys are

STEPS, RATE = 100, 0.1
HOPELESS = 0.6  # of the recall wanted: a map with less by a third of the steps does not get there

# Of one search, measured on one core: always, and for each d³; or, by training, for each d⁴.
SECONDS, SECONDS_TRAINED = (0.02, 3e-8), (0.08, 5e-8)


class Attempt(NamedTuple):
    """So many pairs, and the share of them that came back."""

    pairs: int
    recall: float


def search_seconds(width: int, rule: int) -> float:
    """About how long one search takes."""
    always, each = SECONDS_TRAINED if rule == TRAINED else SECONDS
    return always + each * width ** (4 if rule == TRAINED else 3)


def search(width: int, wanted: float, rule: int, random: torch.Generator) -> Iterator[Attempt]:
    """Yield attempts until two of them enclose the capacity closely; `capacity` reads it off them."""
    below, above = Attempt(width if rule == LEAST_SQUARES else 1, 1.0), None
    pairs = max(2 * below.pairs, width // 4)
    while above is None or (above.pairs - below.pairs > 1 and above.pairs / below.pairs > BRACKET[rule]):
        tried = Attempt(pairs, recall(width, pairs, wanted, rule, random))
        yield tried
        if tried.recall >= wanted:
            below = tried
        else:
            above = tried
        pairs = round(math.sqrt(below.pairs * above.pairs)) if above else 2 * below.pairs
        if above and pairs in {below.pairs, above.pairs}:
            pairs = below.pairs + 1


def capacity(attempts: list[Attempt], wanted: float, width: int, rule: int) -> float:
    """Where recall falls to the share wanted, on a straight line between the closest attempts."""
    certain = Attempt(width if rule == LEAST_SQUARES else 1, 1.0)
    enough = [attempt for attempt in attempts if attempt.recall >= wanted]
    below = max(enough, default=certain)
    above = min(attempt for attempt in attempts if attempt.recall < wanted and attempt.pairs > below.pairs)
    share = (below.recall - wanted) / (below.recall - above.recall)
    return below.pairs + share * (above.pairs - below.pairs)


def recall(width: int, pairs: int, wanted: float, rule: int, random: torch.Generator) -> float:
    """The share of pairs that such maps give back; training stops early once all do, or hope is lost."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    enough = TRAINED_ON if rule == TRAINED else TESTED
    maps = max(1, min(enough // pairs, MOST_ENTRIES // width**2))
    keys, values = (_directions(maps, pairs, width, random) for _ in range(2))
    weights = values.mT @ keys  # [map, width, width]
    if rule == LEAST_SQUARES:
        weights = _least_squares(keys, values)
    if rule == TRAINED:
        weights = _train(weights, keys, values, wanted)
    asked = min(pairs, max(TESTED // maps, 1))
    scores = keys[:, :asked] @ weights.mT @ values.mT  # [map, asked, pair]
    right = scores.argmax(-1) == torch.arange(asked, device=scores.device)
    return float(right.float().mean())


def _directions(maps: int, count: int, width: int, random: torch.Generator) -> torch.Tensor:
    import torch  # noqa: PLC0415 - as above

    drawn = torch.randn(maps, count, width, generator=random, device=random.device)
    directions: torch.Tensor = drawn / drawn.norm(dim=-1, keepdim=True)
    return directions


def _least_squares(keys: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """W: [map, width, width], in double precision on the CPU, as not every device has that or can solve."""
    import torch  # noqa: PLC0415 - as above

    k, v = keys.cpu().double(), values.cpu().double()
    gram = k.mT @ k + RIDGE * torch.eye(k.shape[-1], dtype=k.dtype)
    solved: torch.Tensor = torch.linalg.solve(gram, k.mT @ v)
    return solved.mT.to(keys.dtype).to(keys.device)


def _train(start: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, wanted: float) -> torch.Tensor:
    import torch  # noqa: PLC0415 - as above

    maps, pairs, width = keys.shape
    weights = start.clone().requires_grad_()
    answer = torch.arange(pairs, device=keys.device).repeat(maps)
    adam = torch.optim.Adam([weights], lr=RATE)
    for step in range(1, STEPS + 1):
        scores = (keys @ weights.mT @ values.mT).flatten(0, 1)  # [map · pair, pair]
        loss = torch.nn.functional.cross_entropy(width * scores, answer, reduction="sum")
        right = float((scores.argmax(-1) == answer).float().mean())
        if right == 1 or (step > STEPS / 3 and right < HOPELESS * wanted):
            break
        (weights.grad,) = torch.autograd.grad(loss, [weights])
        adam.step()
    return weights.detach()
