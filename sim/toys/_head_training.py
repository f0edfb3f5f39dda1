"""Training attention heads on the task of two signals, every seed at once.

A model with an embedding E, an unembedding U and heads h of d dimensions reads a sequence from the read-off,

    score_ht = (E_t K_h) · (E_0 Q_h) / √d          who attends to whom: one row of EQKE
    EVOU_h = E V_h O_h U                           what attending does: [token, pair]
    logits = Σ_h softmax(score_h + log count) · EVOU_h  (+ E_0 U along the direct path)

and learns by AdamW, full batch, over all 280 sequences, so that nothing but the start is random. Each seed's
gradient is clipped to length 1 and the rate falls to nothing as half a cosine. Seeds share tensors and
nothing else: a step starts some sixty kernels that each take microseconds, and with ten seeds it starts no
more of them.

A training that blows up, its loss no number or above that of guessing after it had been well below, is
stopped, and the best that it had come to is kept. So it is for the others: what is shown is the best of a
training so far.

Source: L. Greenspan and K. Wynroe (2023), "An OV-Coherent Toy Model of Attention Head Superposition"; I.
Loshchilov and F. Hutter (2019), "Decoupled weight decay regularization". Left out: positions, layer norm, and
what the model says above other tokens.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.toys._head_task import PAIRS, READ_OFF, TOKENS, examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

WIDTH = 24  # of the embedding: room for all twelve tokens
LONGEST = 1.0  # a seed's gradient
GUESSING = math.log(len(PAIRS))
WELL_BELOW = GUESSING - 0.5
LOOK_EVERY = 5  # steps, after each of which the best so far is kept


class Weights(NamedTuple):
    """Many models: [seed, …]."""

    embed: torch.Tensor  # [seed, token, width]
    query: torch.Tensor  # [seed, head, width, d]
    key: torch.Tensor
    value: torch.Tensor
    out: torch.Tensor  # [seed, head, d, width]
    unembed: torch.Tensor  # [seed, width, pair]


class Circuits(NamedTuple):
    """All that the weights amount to.

    Attributes:
        score: Of each token, from the read-off: [seed, head, token].
        evou: What attending to it does: [seed, head, token, pair].
        direct: What the direct path adds, 0 where there is none: [seed, pair].
    """

    score: torch.Tensor
    evou: torch.Tensor
    direct: torch.Tensor


class Standing(NamedTuple):
    """How the models do after so many steps.

    Attributes:
        loss: [seed].
        accuracy: The share that is right: [seed].
    """

    loss: torch.Tensor
    accuracy: torch.Tensor


def random_weights(seeds: int, heads: int, d_head: int, random: torch.Generator) -> Weights:
    """Untrained models on the generator's device; a number of every vector has the spread 1 / √width."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    def normal(*shape: int) -> torch.Tensor:
        drawn = torch.randn(seeds, *shape, generator=random, device=random.device)
        return drawn / math.sqrt(WIDTH)

    into = heads, WIDTH, d_head
    return Weights(
        embed=normal(TOKENS, WIDTH),
        query=normal(*into),
        key=normal(*into),
        value=normal(*into),
        out=normal(heads, d_head, WIDTH),
        unembed=normal(WIDTH, len(PAIRS)),
    )


def circuits(weights: Weights, *, direct: bool) -> Circuits:
    """What the weights amount to."""
    embed = weights.embed[:, None]  # [seed, 1, token, width]
    asked = embed[:, :, READ_OFF : READ_OFF + 1] @ weights.query
    score = (embed @ weights.key @ asked.mT)[..., 0] / math.sqrt(weights.query.shape[-1])
    evou = embed @ weights.value @ weights.out @ weights.unembed[:, None]
    straight = (weights.embed[:, READ_OFF : READ_OFF + 1] @ weights.unembed)[:, 0]
    return Circuits(score, evou, straight if direct else straight.detach() * 0)


def logits(parts: Circuits, counts: torch.Tensor) -> torch.Tensor:
    """What each model says of each sequence: [seed, sequence, pair], from counts: [sequence, token]."""
    pull = (parts.score - parts.score.amax(-1, keepdim=True)).exp()
    attended = counts @ (pull[..., None] * parts.evou)  # [seed, head, sequence, pair]
    said = attended / (pull @ counts.mT)[..., None]
    return said.sum(1) + parts.direct[:, None]


class Training:
    """The training of some models, and the best that each has come to.

    Attributes:
        best: The best weights of each seed so far.
        best_loss: Their loss: [seed].
        best_accuracy: The share that they get right: [seed].
        stopped: Whether a seed blew up and was stopped: [seed].
    """

    def __init__(self, start: Weights, *, direct: bool, device: str) -> None:
        import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

        given = examples()
        self._counts = torch.as_tensor(given.counts, dtype=torch.float32, device=device)
        self._chance = torch.as_tensor(given.chance, dtype=torch.float32, device=device)
        self._answer = torch.as_tensor(given.answer, device=device)
        self._direct = direct
        self._weights = Weights(*(part.clone().requires_grad_() for part in start))
        seeds = len(start.embed)
        self.best = Weights(*(part.clone() for part in start))
        self.best_loss = torch.full((seeds,), math.inf, device=device)
        self.best_accuracy = torch.zeros(seeds, device=device)
        self.stopped = torch.zeros(seeds, dtype=torch.bool, device=device)

    def circuits(self) -> Circuits:
        """What the best weights amount to."""
        return circuits(self.best, direct=self._direct)

    def steps(self, steps: int, *, rate: float, decay: float) -> Iterator[Standing]:
        """Yield how the models do before the first step and after each."""
        import torch  # noqa: PLC0415 - as above

        parts = list(self._weights)
        adam = torch.optim.AdamW(parts, lr=rate, weight_decay=decay)
        for step in range(steps + 1):
            adam.param_groups[0]["lr"] = rate * (1 + math.cos(math.pi * step / steps)) / 2
            loss, accuracy = self._measured()
            self._stop(loss.detach())
            if step % LOOK_EVERY == 0 or step == steps:
                self._keep(loss.detach(), accuracy)
            yield Standing(loss.detach(), accuracy)
            if step < steps:
                gradients = torch.autograd.grad(loss.sum(), parts)
                for part, gradient in zip(parts, _clipped(gradients), strict=True):
                    part.grad = gradient
                adam.step()
                if self.stopped.any():
                    self._put_back(parts)

    def _measured(self) -> tuple[torch.Tensor, torch.Tensor]:
        said = logits(circuits(self._weights, direct=self._direct), self._counts)
        right = said.gather(-1, self._answer[None, :, None].expand(len(said), -1, 1))[..., 0]
        loss = (said.logsumexp(-1) - right) @ self._chance
        accuracy = (said.detach().argmax(-1) == self._answer).float() @ self._chance
        return loss, accuracy

    def _stop(self, loss: torch.Tensor) -> None:
        blown_up = ~loss.isfinite() | ((self.best_loss < WELL_BELOW) & (loss > GUESSING))
        self.stopped = self.stopped | blown_up

    def _keep(self, loss: torch.Tensor, accuracy: torch.Tensor) -> None:
        """Keep the weights of the seeds that do better than ever."""
        better = (loss < self.best_loss) & ~self.stopped
        self.best_loss = loss.where(better, self.best_loss)
        self.best_accuracy = accuracy.where(better, self.best_accuracy)
        for kept, part in zip(self.best, self._weights, strict=True):
            kept.copy_(part.detach().where(_along(better, part), kept))

    def _put_back(self, parts: list[torch.Tensor]) -> None:
        """Give stopped seeds their best weights again."""
        for part, kept in zip(parts, self.best, strict=True):
            part.data.copy_(kept.where(_along(self.stopped, part), part.detach()))


def _clipped(gradients: tuple[torch.Tensor, ...]) -> list[torch.Tensor]:
    """Shorten each seed's gradient to `LONGEST` if it is longer; one that is no number becomes nothing."""
    whole = [gradient.nan_to_num(0, 0, 0) for gradient in gradients]
    length = sum(gradient.flatten(1).square().sum(1) for gradient in whole) ** 0.5
    share = (LONGEST / length.clamp(min=LONGEST)).nan_to_num(0)
    return [gradient * _along(share, gradient) for gradient in whole]


def _along(by_seed: torch.Tensor, part: torch.Tensor) -> torch.Tensor:
    """One value a seed, to stand beside [seed, …]."""
    return by_seed.view(-1, *[1] * (part.dim() - 1))
