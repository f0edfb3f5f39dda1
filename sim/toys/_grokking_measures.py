"""How a network in training stands, and what of it goes round the circle.

Besides loss, accuracy and norm there are two measures of progress. What is said to pairs with the same
answer s is averaged, and the average taken apart into waves,

    mean_s = constant + Σ_k (cos_k cos(2πks/n) + sin_k sin(2πks/n)),    s = 0, …, n − 1,

for each logit. The *key frequencies* are the fewest that carry nine tenths of the power of these waves. The
restricted loss is that over all pairs if only the constant and their waves are said. It falls when a
solution that goes round the circle is there, be it still drowned by something else. The excluded loss is that
over the pairs trained on if just their waves are left out. It falls as pairs are learned by heart, and rises
again as the network comes to rely on the waves.

The averages over pairs with the same answer are the projection on all functions of the answer, and the waves
are orthogonal, so that projecting on each wave among all pairs comes to the same.

Source: N. Nanda, L. Chan and others (2023), "Progress measures for grokking via mechanistic
interpretability", where key frequencies are read off a picture. Left out: waves of a − b, and products of
waves of different frequency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.toys._grokking_networks import Sums

if TYPE_CHECKING:
    import torch

    from sim.toys._modular_task import Pairs

CARRIED = 0.9  # of the waves' power, by the key frequencies


class Standing(NamedTuple):
    """How a network does at one moment; an answer is right if its logit is ahead of all others."""

    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float
    norm: float


class Waves(NamedTuple):
    """What of a network goes round the circle.

    Attributes:
        keys: The key frequencies, the strongest first.
        restricted: The restricted loss.
        excluded: The excluded loss.
    """

    keys: list[int]
    restricted: float
    excluded: float


def standing(logits: torch.Tensor, weights: torch.Tensor, pairs: Pairs) -> Standing:
    """Measure a network by what it says to all pairs, [pair, place]."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    loss = torch.nn.functional.cross_entropy(logits, pairs.answer, reduction="none")
    own = logits.gather(1, pairs.answer[:, None])
    right = ((logits >= own).count_nonzero(1) == 1).float()  # a tie is not right
    parts = [values[of].mean() for values in (loss, right) for of in (pairs.trained, pairs.held_out)]
    return Standing(*torch.stack([*parts, weights.norm()]).tolist())


class Circle:
    """Measures waves, for one set of pairs."""

    def __init__(self, pairs: Pairs) -> None:
        self._trained = pairs.trained
        self._answer = pairs.answer[pairs.trained]
        self._mean = Sums(pairs.answer[:, None], int(pairs.answer.max()) + 1)

    def waves(self, logits: torch.Tensor) -> Waves:
        """Measure what is said to all pairs, [pair, place]."""
        import torch  # noqa: PLC0415 - as above

        places = logits.shape[1]
        mean = self._mean(logits) / places  # [answer, place]; each answer has as many pairs
        part = torch.fft.rfft(mean, dim=0)
        keys = key_frequencies(power_of(part, places))
        kept = torch.zeros_like(part)
        kept[keys] = part[keys]
        only_keys = torch.fft.irfft(kept, n=places, dim=0)
        said = only_keys + part[:1].real / places
        restricted = -said.log_softmax(1).diagonal().mean()
        without = logits.index_select(0, self._trained) - only_keys.index_select(0, self._answer)
        excluded = torch.nn.functional.cross_entropy(without, self._answer)
        return Waves(keys, *torch.stack([restricted, excluded]).tolist())


def power_of(part: torch.Tensor, places: int) -> torch.Tensor:
    """The power at each frequency from 1 up, of a real Fourier transform: [k, …] → [k − 1]."""
    power = part[1:].abs().square().flatten(1).sum(1)
    if places % 2 == 0:
        power[-1] /= 2  # a wave of two places has no sine, and is counted once
    return power


def key_frequencies(power: torch.Tensor) -> list[int]:
    """The fewest frequencies, 1 and up, that carry `CARRIED` of this power, the strongest first."""
    ordered = power.sort(descending=True)
    carried = ordered.values.cumsum(0) < CARRIED * power.sum()
    count = min(int(carried.sum()) + 1, len(power))
    return [index + 1 for index in ordered.indices[:count].tolist()]


def spectrum(tables: torch.Tensor) -> torch.Tensor:
    """The share of each dimension's power at each frequency: [side, place, hidden] → [hidden, k − 1]."""
    import torch  # noqa: PLC0415 - as above

    places = tables.shape[1]
    power = torch.fft.rfft(tables, dim=1)[:, 1:].abs().square().sum(0).T  # [hidden, k - 1]
    if places % 2 == 0:
        power[:, -1] /= 2
    share: torch.Tensor = power / power.sum(1, keepdim=True).clamp_min(torch.finfo(power.dtype).tiny)
    return share
