"""Attention heads written down by hand: no training, and every prompt tried.

The task: n questions B_1 … B_n and a key A. If A stands anywhere before B_i, the next token is the answer
C_i; if not, it is "none". That is n skip-trigrams A … B_i → C_i, and they share their source A: a head that
copies from A alone cannot know which answer is wanted.

Two heads suffice for any n. With attention all or nothing, split evenly among the tokens of the highest
score,

    copying     attends to the question itself                        and adds b to its answer
    negative    attends to A if it is there, else to the question     and takes b from its answer again

while "none" has a constant b / 2. So the answer has b with the key and 0 without it, always b / 2 away from
"none". One head does it too, if it attends to A and to the question alike,

    from the question: b to its answer and 2 b to "none";    from A: −4 b to "none".

Source: the Anthropic interpretability team (2023), "Circuits Updates", May and July; the two heads as told
by L. Chan (2023). Left out: scores that differ by little, so that attention is never quite all or nothing.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEFORE = 2  # tokens before the question


class Head(NamedTuple):
    """One head, as seen from one question.

    Attributes:
        score: How much it wants to attend to each kind of token: [token].
        writes: What it adds to each logit when it attends there: [token, answer or none].
    """

    score: NDArray[np.float64]
    writes: NDArray[np.float64]


class Verdict(NamedTuple):
    """How a model does over every prompt.

    Attributes:
        errors: Prompts that it gets wrong, or leaves tied.
        margin: The least lead of the right logit over every other.
        probability: The least probability that it gives to what is right.
    """

    errors: int
    margin: float
    probability: float


def copying_pair(trigrams: int, strength: float) -> Verdict:
    """Judge the copying and the negative copying head together, b being the strength."""
    return _judged(trigrams, strength * _pair_logits(trigrams))


def single_head(trigrams: int, strength: float) -> Verdict:
    """Judge the one head that attends to A and to the question alike."""
    return _judged(trigrams, strength * _single_logits(trigrams))


@lru_cache(maxsize=8)
def _pair_logits(trigrams: int) -> NDArray[np.float64]:
    own, key = _question_and_key(trigrams)
    copies = np.eye(trigrams + 2, trigrams + 1)
    copies[trigrams:] = 0  # neither A nor a filler has an answer of its own
    heads = [Head(own, copies), Head(own + 2 * key, -copies)]
    return _logits(trigrams, heads, none=0.5)


@lru_cache(maxsize=8)
def _single_logits(trigrams: int) -> NDArray[np.float64]:
    own, key = _question_and_key(trigrams)
    writes = np.eye(trigrams + 2, trigrams + 1)
    writes[:trigrams, trigrams] = 2
    writes[trigrams:, trigrams] = -4, 0
    return _logits(trigrams, [Head(own + key, writes)], none=0)


@lru_cache(maxsize=8)
def prompts(trigrams: int, question: int = 0) -> NDArray[np.int64]:
    """Every prompt that ends in one question, in no order, since no head here knows about order.

    Returns:
        Tokens, [prompt, position]: 0 … n − 1 are the questions, n is the key, n + 1 is a filler.
    """
    before = np.array(list(combinations_with_replacement(range(trigrams + 2), BEFORE)))
    return np.column_stack([before, np.full(len(before), question)])


def all_or_nothing(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Attention, [prompt, position], from scores: even among the highest, the limit of a softmax."""
    highest = score == score.max(axis=1, keepdims=True)
    weight: NDArray[np.float64] = highest / highest.sum(axis=1, keepdims=True)
    return weight


def _question_and_key(trigrams: int) -> NDArray[np.float64]:
    """Which token is question 0, and which the key: [2, token]. Questions differ in name only."""
    which = np.zeros((2, trigrams + 2))
    which[0, 0] = which[1, trigrams] = 1
    return which


def _logits(trigrams: int, heads: list[Head], *, none: float) -> NDArray[np.float64]:
    """The logits above question 0 in every prompt, for a strength of 1: [prompt, answer or none]."""
    tokens = prompts(trigrams)
    logits = np.zeros((len(tokens), trigrams + 1))
    logits[:, trigrams] = none
    for head in heads:
        attention = all_or_nothing(head.score[tokens])
        logits += np.einsum("cp,cpa->ca", attention, head.writes[tokens])
    return logits


def _judged(trigrams: int, logits: NDArray[np.float64]) -> Verdict:
    right = np.where((prompts(trigrams) == trigrams).any(axis=1), 0, trigrams)  # its answer, or none
    each = np.arange(len(logits))
    others = logits.copy()
    others[each, right] = -np.inf
    margin = logits[each, right] - others.max(axis=1)
    probability = 1 / np.exp(logits - logits[each, right][:, None]).sum(axis=1)
    return Verdict(int((margin <= 0).sum()), float(margin.min()), float(probability.min()))
