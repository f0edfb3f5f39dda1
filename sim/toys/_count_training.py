"""Training heads on the parity of a count, for every number of heads and every seed at once.

A model of H heads reads digits from a last token; a head has a score and a value for a 0, for a 1 and for
that last token, and what it says is

    f(k) = Σ_h softmax(score_h + log count(k)) · value_h,    loss = E ln(1 + exp(−y f)),    y = ±1.

The expectation runs over all numbers k of ones, so nothing but the start is random. Models of one and of
more heads start alike: the first head of one is the first head of all. They share a tensor and nothing
else.

Source: I. Loshchilov and F. Hutter (2019), "Decoupled weight decay regularization", for AdamW. Left out:
head dimensions and an embedding, which make no odds here: for one last token and one question, a score and
a value per kind of token are all that they can amount to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.toys._count_heads import chances, labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import torch
    from numpy.typing import NDArray

RATE = 0.05
DECAY = 0.2  # without it one pair in eighteen gets stuck at one head's share, with it one in seventy-five
VALUES = 2.0  # spread of the first values: with more to say, fewer pairs of heads come to say the same


class Heads(NamedTuple):
    """Many models, [variant, seed, head, token]: variant v has v + 1 heads; tokens are 0, 1 and the last."""

    score: torch.Tensor
    value: torch.Tensor


class Standing(NamedTuple):
    """How the models do, as NumPy arrays: [variant, seed]."""

    accuracy: NDArray[np.float64]
    loss: NDArray[np.float64]


def random_heads(variants: int, seeds: int, random: torch.Generator) -> Heads:
    """Untrained models on the generator's device, with normal scores and values."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    score, value = torch.randn(2, seeds, variants, 3, generator=random, device=random.device)
    shape = variants, seeds, variants, 3
    return Heads(score.expand(shape).clone(), VALUES * value.expand(shape))


def logits(heads: Heads, bits: int) -> torch.Tensor:
    """What each model says of each number of ones: [variant, seed, k]."""
    import torch  # noqa: PLC0415 - as above

    device = heads.score.device
    ones = torch.arange(bits + 1.0, device=device)
    count = torch.stack([bits - ones, ones, torch.ones_like(ones)], dim=-1)  # [k, token]
    attention = (heads.score[..., None, :] + count.log()).softmax(-1)  # [variant, seed, head, k, token]
    said = (attention * heads.value[..., None, :]).sum(-1)
    present = torch.ones(said.shape[0], said.shape[2], device=device).tril()  # [variant, head]
    return (said * present[:, None, :, None]).sum(2)


def train(heads: Heads, bits: int, steps: int) -> Iterator[Standing]:
    """Yield how the models do before the first step and after each."""
    import torch  # noqa: PLC0415 - as above

    device = heads.score.device
    chance = torch.as_tensor(chances(bits), dtype=torch.float32, device=device)
    label = torch.as_tensor(labels(bits), dtype=torch.float32, device=device)
    score, value = (part.clone().requires_grad_() for part in heads)
    adam = torch.optim.AdamW([score, value], lr=RATE, weight_decay=DECAY)
    for step in range(steps + 1):
        margin = logits(Heads(score, value), bits) * label
        loss = torch.nn.functional.softplus(-margin) @ chance
        accuracy = (margin.detach() > 0).float() @ chance
        yield Standing(accuracy.cpu().double().numpy(), loss.detach().cpu().double().numpy())
        if step < steps:
            score.grad, value.grad = torch.autograd.grad(loss.sum(), [score, value])
            adam.step()
