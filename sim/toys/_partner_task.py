"""A task on part of the features, and dictionaries that know only that part, or all.

A layer was made for many features. The task is about a fifth of them: two inputs that share these, and differ
in all others, are partners, and each input has to find its own among 64 by the direction of its activation.
What the task's inputs hold besides is faint: the other features, weaker and more often. It still turns the
activations, and hides partners from each other.

One dictionary is trained on the task's own inputs, the narrow ones; another on those that the layer was made
for, in which every feature is as strong. Both have a latent for each dimension.

Source: L. Chan (2024), a guess at why a dictionary trained on ImageNet had lowered the loss of a
model that had been trained on far more; the toy is ours. Left out: the training of the model itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._dictionary_training import DRAWS, L1, Dictionaries, Recipe
from sim.toys._dictionary_world import draw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch
    from numpy.typing import NDArray

CANDIDATES = 64  # among which a partner is to be found
ROUNDS = 40
DENSITY = 0.25  # of the task's features
FAINT, FAINT_DENSITY = 0.4, 0.2  # how strong the others are, at most, and how often they are on
PENALTY = 0.1
DICTIONARIES = 4  # of each kind, from other starts
STEPS = 1000
SHARE = 5  # one feature in so many is the task's
TINY = 1e-9


class Partners(NamedTuple):
    """The share of partners found: by the activations themselves, and through either dictionary: [3]."""

    found: NDArray[np.float64]
    error: NDArray[np.float64]


def task_features(features: int) -> int:
    """How many features the task is about."""
    return max(features // SHARE, 2)


def partners(w: torch.Tensor, density: float, random: torch.Generator) -> Iterator[float | Partners]:
    """Train both kinds of dictionary, and let them look for partners.

    Args:
        w: The features' directions: [dimension, feature].
        density: How often each feature is on in what the layer was made for.
        random: Where draws come from.

    Yields:
        The share of the work that is done, and at the end what was found.
    """
    narrow = _dictionaries(w, random)
    for step in narrow.train(lambda: _narrow(DRAWS, w.shape[1], random) @ w.T):
        yield step / STEPS / 2
    broad = _dictionaries(w, random)
    for step in broad.train(lambda: draw(DRAWS, w.shape[1], density, random) @ w.T):
        yield (1 + step / STEPS) / 2
    yield _look(w, [lambda h: h[None], narrow.reconstruct, broad.reconstruct], random)


def _dictionaries(w: torch.Tensor, random: torch.Generator) -> Dictionaries:
    recipe = Recipe(L1, [PENALTY] * DICTIONARIES, [True] * DICTIONARIES, STEPS)
    return Dictionaries(recipe, len(w), len(w), random)


def _narrow(count: int, features: int, random: torch.Generator) -> torch.Tensor:
    """The task's inputs: [draw, feature]."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    of_task = task_features(features)
    u = torch.rand(count, features - of_task, generator=random, device=random.device)
    faint = FAINT * torch.relu(1 - u / FAINT_DENSITY)
    return torch.cat([draw(count, of_task, DENSITY, random), faint], dim=1)


def _look(
    w: torch.Tensor, views: list[Callable[[torch.Tensor], torch.Tensor]], random: torch.Generator
) -> Partners:
    import torch  # noqa: PLC0415 - as above

    of_task = task_features(w.shape[1])
    own = torch.arange(CANDIDATES, device=random.device)
    found = np.zeros((ROUNDS, len(views)))
    for round_ in range(ROUNDS):
        one, other = (_narrow(CANDIDATES, w.shape[1], random) for _ in range(2))
        other[:, :of_task] = one[:, :of_task]
        for at, view in enumerate(views):
            a, b = (view(x @ w.T) for x in (one, other))
            likeness = a @ (b / (b.norm(dim=2, keepdim=True) + TINY)).transpose(1, 2)
            found[round_, at] = float((likeness.argmax(2) == own).float().mean())
    return Partners(found.mean(axis=0), found.std(axis=0, ddof=1) / ROUNDS**0.5)
