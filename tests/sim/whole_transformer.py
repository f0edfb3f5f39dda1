"""The transformer of `grokking` as it is usually written: every layer at all three tokens."""

from __future__ import annotations

import math

import torch

from sim.toys._grokking_transformer import HEADS, transformer_layout
from sim.toys._modular_task import Pairs


def whole_transformer(weights: torch.Tensor, pairs: Pairs, places: int, width: int) -> torch.Tensor:
    """What is said at the last token of all pairs: [pair, place]."""
    embedding, position, query, key, value, output, into, out, unembed = transformer_layout(
        places, width
    ).parts(weights)
    tokens = torch.stack([pairs.left, pairs.right, torch.full_like(pairs.left, places)], dim=1)
    stream = embedding[tokens] + position  # [pair, token, stream]
    q, k, v = ((stream @ part).unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in (query, key, value))
    score = q @ k.mT / math.sqrt(q.shape[-1])
    causal = torch.ones(3, 3, dtype=torch.bool).tril()
    attention = score.masked_fill(~causal, -math.inf).softmax(-1)
    stream = stream + (attention @ v).transpose(1, 2).flatten(2) @ output
    stream = stream + (stream @ into).relu() @ out
    return (stream @ unembed)[:, -1]
