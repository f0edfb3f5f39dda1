"""How good a dictionary is, where the truth is known.

A feature is recovered if its nearest latent is within `NEAR` of its direction, by cosine, and that latent is
nearer to it than to any other feature, so that no latent counts twice. A latent is dead if it says nothing of
the inputs that it is scored on, unseen in training: hundreds on the way and thousands at the end. L0 is how
many latents speak at once, on average, of inputs in which something is on; what is explained is the share of
the activations' mean square.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

    from sim.toys._dictionary_training import Dictionaries

NEAR = 0.9


class Scores(NamedTuple):
    """The scores of several dictionaries.

    Attributes:
        explained: Share of the activations' mean square that is given back: [dictionary].
        active: L0: [dictionary].
        dead: Share of the latents: [dictionary].
        nearest: The cosine of each feature with its nearest latent that is not dead, 0 if there is none:
            [dictionary, feature].
        recovered: Share of the features: [dictionary].
    """

    explained: NDArray[np.float64]
    active: NDArray[np.float64]
    dead: NDArray[np.float64]
    nearest: NDArray[np.float64]
    recovered: NDArray[np.float64]


def score(dictionaries: Dictionaries, w: torch.Tensor, x: torch.Tensor) -> Scores:
    """Score dictionaries on inputs.

    Args:
        dictionaries: What was trained.
        w: The features' directions: [dimension, feature].
        x: The features of inputs that training has not seen: [draw, feature].
    """
    h = x @ w.T
    a = dictionaries.encode(h)
    left = (a @ dictionaries.decoder - h).square().sum((1, 2)) / h.square().sum()
    speaks = (a > 0).any(1)  # [dictionary, latent]
    cosine = ((dictionaries.decoder @ w) * speaks[:, :, None]).cpu().numpy()  # [dictionary, latent, feature]
    return Scores(
        explained=_array(1 - left),
        active=_array((a > 0).sum(2).float().mean(1)),
        dead=_array(1 - speaks.float().mean(1)),
        nearest=np.maximum(cosine.max(axis=1), 0).astype(float),
        recovered=recovered(cosine),
    )


def recovered(cosine: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of features that are recovered: [dictionary].

    Args:
        cosine: Of each latent with each feature, 0 for a dead one: [dictionary, latent, feature].
    """
    nearest_latent = cosine.argmax(axis=1)  # [dictionary, feature]
    nearest_feature = cosine.argmax(axis=2)  # [dictionary, latent]
    of_its_latent = np.take_along_axis(nearest_feature, nearest_latent, axis=1)
    is_mutual = of_its_latent == np.arange(cosine.shape[2])
    share: NDArray[np.float64] = ((cosine.max(axis=1) > NEAR) & is_mutual).mean(axis=1)
    return share


def _array(values: torch.Tensor) -> NDArray[np.float64]:
    array: NDArray[np.float64] = values.cpu().double().numpy()  # some devices have no doubles
    return array
