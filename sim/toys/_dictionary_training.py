"""Training dictionaries: sparse autoencoders, several side by side.

A dictionary of M latents reads an activation h as

    a = encoder(h E + e),    ĥ = a D,

each row of D a unit vector, a direction that is claimed to stand for something. It is trained to give h back
and to use few latents for it, in one of three ways:

    L1          a = relu(z)             loss  |ĥ − h|² + λ Σ a
    TopK        a = the k largest of relu(z)  |ĥ − h|²
    JumpReLU    a = z where z > θ, else 0     |ĥ − h|² + λ (number of a > 0)

θ is trained too, although a jump has no slope: its gradient is taken from the values near it, as the source
says. Gradients are written out, which spares half the time of having them traced. A latent that has said
nothing for a while is dead, and may be *resampled*: pointed at what the dictionary fails to give back. One
try often fails, since the others have divided all that there is among them, so that a longer training tries
more often.

Source: H. Cunningham and others (2023) and T. Bricken and others (2023) for L1 and resampling; L. Gao and
others (2024), "Scaling and evaluating sparse autoencoders", for TopK; S. Rajamanoharan and others (2024),
"Jumping Ahead", for JumpReLU. Left out: a bias of the decoder, since silence is zero here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import torch

L1, TOP_K, JUMP = range(3)

DRAWS = 256  # in one step
SHARED = 4  # steps that use the same draws, for drawing costs as much as a step
RATE = 0.01
WARM_UP = 0.02  # share of the steps
DECAYS = (0.9, 0.999)
BANDWIDTH = 0.1  # around a threshold, in which its gradient is felt
FIRST_THRESHOLD = 0.05
ROUNDS = 12  # of resampling in a training, at least, in its first part
LONGEST_SILENCE = 120  # steps after which a latent is dead, however long the training
RESAMPLED_UNTIL = 0.6  # share of the steps
NOISE = 0.02
SHY = 0.3  # a resampled latent's encoder, next to the others'
TINY = 1e-8


@dataclass(frozen=True)
class Recipe:
    """How a dictionary is trained.

    Attributes:
        kind: L1, TOP_K or JUMP.
        sparsity: λ, or k for TOP_K, of each dictionary.
        resampled: Whether each dictionary's dead latents are.
        steps: How many to take.
        aligned: Whether a latent's encoder begins where its decoder points, or anywhere.
    """

    kind: int
    sparsity: Sequence[float]
    resampled: Sequence[bool]
    steps: int
    aligned: bool = True


class Dictionaries:
    """Several dictionaries of one size.

    Attributes:
        encoder: [dictionary, dimension, latent].
        bias: [dictionary, 1, latent].
        decoder: Unit vectors: [dictionary, latent, dimension].
        threshold: Of JUMP, its logarithm: [dictionary, 1, latent].
    """

    def __init__(self, recipe: Recipe, latents: int, dimensions: int, random: torch.Generator) -> None:
        import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

        self.recipe = recipe
        self._random = random
        count, device = len(recipe.sparsity), random.device
        self.decoder = torch.randn(count, latents, dimensions, generator=random, device=device)
        self.decoder /= self.decoder.norm(dim=2, keepdim=True)
        self.encoder = self.decoder.transpose(1, 2).contiguous()
        if not recipe.aligned:
            apart = torch.randn(self.encoder.shape, generator=random, device=device)
            self.encoder = apart / apart.norm(dim=1, keepdim=True)
        self.bias = torch.zeros(count, 1, latents, device=device)
        self.threshold = torch.full_like(self.bias, math.log(FIRST_THRESHOLD))
        self._moments = [(torch.zeros_like(part), torch.zeros_like(part)) for part in self._parts()]
        self._fired = torch.zeros(count, latents, dtype=torch.bool, device=device)
        self._sparsity = torch.tensor(recipe.sparsity, device=device)[:, None, None]
        self._step = 0

    def _parts(self) -> list[torch.Tensor]:
        parts = [self.encoder, self.bias, self.decoder]
        return [*parts, self.threshold] if self.recipe.kind == JUMP else parts

    def encode(self, h: torch.Tensor) -> torch.Tensor:
        """What the latents say of activations, [draw, dimension]: [dictionary, draw, latent]."""
        return self._encoded(h @ self.encoder + self.bias)

    def reconstruct(self, h: torch.Tensor) -> torch.Tensor:
        """Activations, [draw, dimension], as they are given back: [dictionary, draw, dimension]."""
        return self.encode(h) @ self.decoder

    def train(self, draw: Callable[[], torch.Tensor]) -> Iterator[int]:
        """Train on activations, [draw, dimension], and yield the number of each step."""
        every = min(max(int(RESAMPLED_UNTIL * self.recipe.steps) // ROUNDS, 1), LONGEST_SILENCE)
        h = draw()
        for step in range(1, self.recipe.steps + 1):
            if step % SHARED == 0:
                h = draw()
            wrong = self._learn(h)
            if step % every == 0:
                if step <= RESAMPLED_UNTIL * self.recipe.steps:
                    self._resample(wrong)
                self._fired.zero_()
            yield step

    def _encoded(self, z: torch.Tensor) -> torch.Tensor:
        import torch  # noqa: PLC0415 - as above

        if self.recipe.kind == JUMP:
            return z * (z > self.threshold.exp())
        a = torch.relu(z)
        if self.recipe.kind == TOP_K:
            ranked = a.topk(min(int(self._sparsity.max()), a.shape[2]), dim=2).values
            least = (self._sparsity.long() - 1).clamp(max=ranked.shape[2] - 1)
            a = a * (a >= ranked.gather(2, least.expand(-1, a.shape[1], -1)))
        return a

    def _learn(self, h: torch.Tensor) -> torch.Tensor:
        """Take one step, and return what was not given back: [dictionary, draw, dimension]."""
        z = h @ self.encoder + self.bias
        a = self._encoded(z)
        on = a > 0
        wrong = a @ self.decoder - h
        pull = wrong @ self.decoder.transpose(1, 2)
        pull.mul_(2 / len(h))
        if self.recipe.kind == L1:
            pull.add_(self._sparsity / len(h))
        slopes = [] if self.recipe.kind != JUMP else [self._threshold_slope(z, pull, len(h))]
        pull.mul_(on)
        of_decoder = a.transpose(1, 2) @ wrong
        of_decoder.mul_(2 / len(h))
        of_decoder -= (of_decoder * self.decoder).sum(2, keepdim=True) * self.decoder
        self._descend([h.T @ pull, pull.sum(1, keepdim=True), of_decoder, *slopes])
        self.decoder /= self.decoder.norm(dim=2, keepdim=True)
        self._fired |= on.any(1)
        return wrong

    def _threshold_slope(self, z: torch.Tensor, pull: torch.Tensor, draws: int) -> torch.Tensor:
        """The gradient of log θ, from the draws whose z is within half a bandwidth of θ."""
        theta = self.threshold.exp()
        near = ((z - theta).abs() < BANDWIDTH / 2) / BANDWIDTH
        return -(near * (pull * theta + self._sparsity / draws)).sum(1, keepdim=True) * theta

    def _descend(self, slopes: list[torch.Tensor]) -> None:
        """One step of Adam (D. Kingma and J. Ba, 2015), with a warm-up and half a cosine."""
        self._step += 1
        share = self._step / self.recipe.steps
        rate = RATE * min(1.0, share / WARM_UP) * (1 + math.cos(math.pi * share)) / 2
        first, second = DECAYS
        rate *= math.sqrt(1 - second**self._step) / (1 - first**self._step)
        for part, slope, (mean, square) in zip(self._parts(), slopes, self._moments, strict=True):
            mean.lerp_(slope, 1 - first)
            square.mul_(second).addcmul_(slope, slope, value=1 - second)
            part.addcdiv_(mean, square.sqrt().add_(TINY), value=-rate)

    def _resample(self, wrong: torch.Tensor) -> None:
        """Point each dead latent at something that was not given back, drawn by how much of it was not."""
        import torch  # noqa: PLC0415 - as above

        dead = ~self._fired
        for at in [at for at, wanted in enumerate(self.recipe.resampled) if wanted and bool(dead[at].any())]:
            which = dead[at].nonzero()[:, 0]
            missed = wrong[at].square().sum(1) + TINY
            drawn = torch.multinomial(missed, len(which), replacement=True, generator=self._random)
            toward = -wrong[at][drawn]
            # A little noise, so that two latents that are sent to one place part.
            toward += NOISE * torch.randn(toward.shape, generator=self._random, device=toward.device)
            toward /= toward.norm(dim=1, keepdim=True)
            alive = self.encoder[at][:, ~dead[at]]
            length = alive.norm(dim=0).mean() if alive.shape[1] else 1.0
            self.decoder[at, which] = toward
            self.encoder[at][:, which] = SHY * length * toward.T
            self.bias[at, 0, which] = 0
            self.threshold[at, 0, which] = math.log(FIRST_THRESHOLD)
            for part, moments in zip(self._parts(), self._moments, strict=True):
                for moment in moments:
                    if part is self.decoder:
                        moment[at, which] = 0
                    else:
                        moment[at][:, which] = 0
