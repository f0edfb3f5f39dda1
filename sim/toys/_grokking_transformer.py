"""A transformer of one layer that reads "a b =" and says the answer at the "=".

    r_i = E[token i] + P[i],    z = concat_h Σ_i softmax_i(q_h · k_hi) v_hi,    q = r_2 Q, k = r K, v = r V,
    s = r_2 + z O,              logits = (s + relu(s I) Z) U,

with four heads, no constants and no layer norm. Only the last place is asked for an answer, so only its
query, its stream and its neurons are needed. Keys and values depend on a token and its place, not on the
pair, so they are worked out once for each number on each side and looked up for pairs; and since nothing
bends between O and I, O and U, or Z and U, these are multiplied first. It is the same function of the
weights, at under a quarter of the work.

Source: N. Nanda, L. Chan, T. Lieberum, J. Smith and J. Steinhardt (2023), "Progress measures for grokking via
mechanistic interpretability", for the architecture. Left out: the constants that their neurons have.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.toys._grokking_networks import Layout

if TYPE_CHECKING:
    import torch

    from sim.toys._modular_task import Pairs

HEADS = 4
MULTIPLE = 4  # neurons for each number of the stream
LENGTH = 3  # tokens: the two numbers and "="
WIDTH_STEP = HEADS * MULTIPLE  # neurons come in so many


def transformer_layout(places: int, width: int) -> Layout:
    """The weights of a transformer with so many neurons: E, P, Q, K, V, O, I, Z, U."""
    stream = width // MULTIPLE
    square = (stream, stream)
    shapes = [
        (places + 1, stream),
        (LENGTH, stream),
        *[square] * 4,
        (stream, width),
        (width, stream),
        (stream, places),
    ]
    inputs = [stream] * 7 + [width, stream]
    return Layout(shapes, [1 / math.sqrt(size) for size in inputs])


class Transformer:
    """A transformer that is asked at its last token only, as above."""

    def __init__(self, places: int, width: int, pairs: Pairs) -> None:
        self.layout = transformer_layout(places, width)
        self._pairs = pairs
        self._places = places

    def gradient(self, weights: torch.Tensor, gradient: torch.Tensor) -> None:
        """Write the loss's gradient at these weights into another flat tensor."""
        import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

        trained = self._pairs.trained
        at = weights.detach().requires_grad_()
        with torch.enable_grad():
            said = self._say(at, self._pairs.left[trained], self._pairs.right[trained])
            loss = torch.nn.functional.cross_entropy(said, self._pairs.answer[trained])
        gradient.copy_(torch.autograd.grad(loss, at)[0])

    def logits(self, weights: torch.Tensor) -> torch.Tensor:
        """What the network says to all pairs: [pair, place]."""
        return self._say(weights, self._pairs.left, self._pairs.right)

    def tables(self, weights: torch.Tensor) -> torch.Tensor:
        """The numbers' rows of E, one table for both sides: [1, place, stream]."""
        return self.layout.parts(weights)[0][None, : self._places]

    def _say(self, weights: torch.Tensor, left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        import torch  # noqa: PLC0415 - as above

        look_up = torch.nn.functional.embedding
        embedding, position, query, key, value, output, into, out, unembed = self.layout.parts(weights)
        size = self._places
        last = embedding[-1] + position[2]
        stream = torch.cat([embedding[:-1] + position[0], embedding[:-1] + position[1], last[None]])
        asked = (last @ query).view(HEADS, -1)
        keys = ((stream @ key).view(-1, *asked.shape) * asked).sum(-1) / math.sqrt(asked.shape[1])
        values = stream @ value
        score = torch.stack(
            [look_up(left, keys[:size]), look_up(right, keys[size:-1]), keys[-1].expand(len(left), -1)]
        )
        attention = score.softmax(0)[..., None]  # [token, pair, head, 1]
        from_left = look_up(left, values[:size]).view(-1, *asked.shape)
        from_right = look_up(right, values[size:-1]).view(-1, *asked.shape)
        mixed = attention[0] * from_left + attention[1] * from_right
        mixed = mixed + attention[2] * values[-1].view(asked.shape)  # [pair, head, head's part of the stream]
        heads = mixed.flatten(1)
        neurons = (heads @ (output @ into) + last @ into).relu()
        said: torch.Tensor = neurons @ (out @ unembed) + heads @ (output @ unembed) + last @ unembed
        return said
