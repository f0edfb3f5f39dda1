"""The slopes of many small models' losses, written out.

With e = (y − x) wherever the read-out passes something on, and 0 elsewhere, and c = 2 I / features, counted
by each sample's weight,

    A = c E e xᵀ,    d loss / d W = W (A + Aᵀ),    d loss / d b = c E e.

Few features have few nodes in common, and are multiplied by the Gram matrix WᵀW itself, to which b is joined
as one more column, as a one is to x: two large products a step. Many features in few dimensions take fewer
operations through the hidden layer, in five products,

    W A = (W c e) xᵀ,    W Aᵀ = (W x) eᵀ c.

Importance is counted on the small matrices in both. Models are taken some at a time, as many as have their
errors in a core's cache; on other devices, all at once.

Left out: the loss itself, which a step of training has no use for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.toys._sparse_features import LINE, MOST_ON_A_GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from sim.toys._sparse_features import Batch

FITS = 2**18  # numbers in the largest tensor of a step that still stays in a core's cache; measured
GRAM, HIDDEN = 2, 5  # large products a step, of either way


class Task(NamedTuple):
    """What a model is asked for.

    Attributes:
        importance: What each feature counts for: [feature].
        linear: Whether what is read out stays as it is, in place of relu.
    """

    importance: torch.Tensor
    linear: bool = False


class Slopes:
    """Slopes on one batch after another.

    Models lie one after another, each restart's together: [restart · input, hidden + 1, column], the last
    row of each being b. Columns are features, and zeros that fill up lines of the cache. Inputs are those of
    one restart: [input, feature, sample].
    """

    def __init__(self, task: Task, models: int, inputs: int, hidden: int) -> None:
        features = len(task.importance)
        self._task = task
        self._models, self._inputs = models, inputs
        self._through_gram = features <= MOST_ON_A_GRID or GRAM * features <= HIDDEN * hidden
        self._held: Batch | None = None
        self._pieces: list[tuple[slice, tuple[torch.Tensor, ...]]] = []

    def write(self, models: torch.Tensor, batch: Batch, slopes: torch.Tensor) -> None:
        """Write each model's slopes on the batch, in the models' own shape."""
        if batch is not self._held:  # one serves several steps, and need be laid out but once
            self._held, self._pieces = batch, self._laid_out(batch)
        work = self._by_gram if self._through_gram else self._by_hidden
        for part, inputs in self._pieces:
            work(models[part], slopes[part], *inputs)

    def _by_gram(
        self,
        models: torch.Tensor,
        slopes: torch.Tensor,
        x: torch.Tensor,
        with_one: torch.Tensor,
        weighted: torch.Tensor,
    ) -> None:
        import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

        features = x.shape[-2]
        w, b = models[:, :-1], models[:, -1, :features]
        gram = torch.bmm(w[..., :features].mT, w)
        gram[..., features] = b
        z = torch.bmm(gram[..., : features + 1], with_one.expand(len(gram), -1, -1))
        a = torch.bmm(self._errors(z, x), weighted).mul_(self._counts(x)[:, None])
        slopes[:, -1, :features] = a[..., features]
        outer = a[..., :features]
        a[..., features:] = 0
        a[..., :features] = outer + outer.mT
        slopes[:, :-1] = torch.bmm(w[..., :features], a)

    def _by_hidden(self, models: torch.Tensor, slopes: torch.Tensor, x: torch.Tensor) -> None:
        import torch  # noqa: PLC0415 - as above

        features = x.shape[-2]
        w, b = models[:, :-1, :features], models[:, -1, :features]
        counts = self._counts(x) / x.shape[-1]
        hidden = torch.bmm(w, x)
        error = self._errors(torch.baddbmm(b[..., None], w.mT, hidden), x)
        back = torch.bmm(hidden, error.mT).mul_(counts)
        slopes[:, :-1, :features] = back.baddbmm_(torch.bmm(w * counts, error), x.mT)
        slopes[:, -1, :features] = error.sum(-1).mul_(counts)

    def _errors(self, z: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        if self._task.linear:
            return z.sub_(x)
        import torch  # noqa: PLC0415 - as above

        passed: torch.Tensor = torch.ops.aten.threshold_backward(z - x, z, 0)
        return passed

    def _counts(self, x: torch.Tensor) -> torch.Tensor:
        return self._task.importance * (2 / x.shape[-2])

    def _laid_out(self, batch: Batch) -> list[tuple[slice, tuple[torch.Tensor, ...]]]:
        """The models that are taken at a time, and what they are to be multiplied with."""
        x = batch.x.flatten(0, -3)
        inputs = (x, *self._joined(x, batch.weight)) if self._through_gram else (x,)
        at_once = max(FITS // x[0].numel(), 1) if x.device.type == "cpu" else self._models
        restarts = min(at_once // self._inputs, self._models // self._inputs)
        if restarts:
            several = [one if len(one) == 1 else one.repeat(restarts, 1, 1) for one in inputs]
            parts = _parts(self._models, restarts * self._inputs)
            return [(part, _rows(several, slice(part.stop - part.start))) for part in parts]
        return [
            (slice(first + part.start, first + part.stop), _rows(inputs, part))
            for first in range(0, self._models, self._inputs)
            for part in _parts(self._inputs, at_once)
        ]

    def _joined(self, x: torch.Tensor, weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """A one joined to x, [input, feature + 1, sample], and that by weight, its last axes swapped."""
        import torch  # noqa: PLC0415 - as above

        with_one = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
        weight = weight.reshape(-1, 1, weight.shape[-1])
        # A grid is one for all, which instances count differently, and runs alike; draws count the same.
        weight = weight.repeat(self._inputs // len(weight), 1, 1) if len(x) == 1 else weight[:1]
        counted = (with_one * weight).mT
        weighted = counted.new_zeros(*counted.shape[:-1], in_whole_lines(x.shape[-2]))
        weighted[..., : counted.shape[-1]] = counted
        return with_one, weighted


def in_whole_lines(features: int) -> int:
    """The columns of a matrix with one for each feature and one more, filled up to whole lines of the cache.

    Small products may do other arithmetic where a matrix begins elsewhere; see `_sparse_features`.
    """
    return features + 1 + -(features + 1) % LINE


def _rows(inputs: Sequence[torch.Tensor], part: slice) -> tuple[torch.Tensor, ...]:
    """Some rows of each; one that is alone serves all."""
    return tuple(one if len(one) == 1 else one[part] for one in inputs)


def _parts(whole: int, size: int) -> list[slice]:
    return [slice(first, min(first + size, whole)) for first in range(0, whole, size)]
