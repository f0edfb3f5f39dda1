"""The task of two signals: every sequence there is, and a sequence that somebody has typed.

A sequence is made of twelve kinds of token: 0, the read-off, which stands at the end; the signals 1 to 4; and
noise, 5 to 11. Two signals are in it, alike or not, and above the read-off a model has to say which: one of
ten pairs, in the order 1 1, 1 2, 1 3, 1 4, 2 2, … 4 4. Signals and noise are drawn evenly, so that a pair of
two signals is twice as likely as one signal twice. Nothing here knows about order, so that of the sequences
with two tokens of noise only 280 are different.

Source: L. Greenspan and K. Wynroe (2023), "An OV-Coherent Toy Model of Attention Head Superposition", as L.
Chan (2023) tells it; the number of noise tokens is ours. Left out: positions, and the loss above other
tokens.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

READ_OFF = 0
SIGNALS = range(1, 5)
NOISE = range(5, 12)
TOKENS = 12
NOISE_EACH = 2  # tokens of noise in a sequence
MOST_TYPED = 8  # tokens
PAIRS = tuple(combinations_with_replacement(SIGNALS, 2))
GOOD = "Write two signals from 1 to 4, noise from 5 to 11, and the read-off 0 at the end, such as 7 4 10 3 0."


class Examples(NamedTuple):
    """Every different sequence.

    Attributes:
        counts: How often each token is in it: [sequence, token].
        answer: The number of its pair: [sequence].
        chance: How likely it is: [sequence], adding up to 1.
    """

    counts: NDArray[np.float64]
    answer: NDArray[np.int64]
    chance: NDArray[np.float64]


@cache
def examples() -> Examples:
    """List the 280 sequences; whoever gets them does not change them."""
    noises = list(combinations_with_replacement(NOISE, NOISE_EACH))
    counts = [count([*pair, *noise, READ_OFF]) for pair in PAIRS for noise in noises]
    chance = [_orders(pair) * _orders(noise) for pair in PAIRS for noise in noises]
    answer = np.repeat(np.arange(len(PAIRS)), len(noises))
    return Examples(np.stack(counts), answer, np.array(chance) / sum(chance))


def _orders(two: tuple[int, ...]) -> int:
    return len(set(two))


def count(tokens: Sequence[int]) -> NDArray[np.float64]:
    """How often each token is in a sequence: [token]."""
    return np.bincount(tokens, minlength=TOKENS).astype(np.float64)


def pair_of(tokens: Sequence[int]) -> int:
    """The number of the pair of signals in a sequence."""
    first, second = sorted(token for token in tokens if token in SIGNALS)
    return PAIRS.index((first, second))


def pair_name(number: int) -> str:
    """A pair in words: "3 and 4"."""
    first, second = PAIRS[number]
    return f"{first} and {second}"


def read_sequence(text: str) -> list[int]:
    """Read a typed sequence, token by token.

    Raises:
        ValueError: One sentence for the first thing that is wrong with it.
    """
    words = [word for word in re.split(r"[\s,\[\]]+", text) if word]
    tokens = [_token(word) for word in words]
    if not tokens:
        raise ValueError(f"sequence is empty. {GOOD}")
    if len(tokens) > MOST_TYPED:
        raise ValueError(f"sequence has {len(tokens)} tokens, above the {MOST_TYPED} allowed. {GOOD}")
    if READ_OFF in tokens[:-1]:
        place = tokens.index(READ_OFF) + 1
        raise ValueError(
            f"sequence has the read-off 0 in place {place}; it stands at the end, and only there."
        )
    if tokens[-1] != READ_OFF:
        raise ValueError(f"sequence ends with {tokens[-1]}; the last token has to be the read-off 0.")
    _require_two([token for token in tokens if token in SIGNALS])
    return tokens


def _token(word: str) -> int:
    if not re.fullmatch(r"\d{1,2}", word, re.ASCII) or int(word) >= TOKENS:
        raise ValueError(
            f"sequence has '{word}', which is not a token: those are whole numbers from 0 to 11."
        )
    return int(word)


def _require_two(signals: list[int]) -> None:
    said = " ".join(map(str, signals))
    if len(signals) < 2:  # noqa: PLR2004 - a pair
        there = f"only one signal, {said}" if signals else "no signal"
        raise ValueError(f"sequence has {there}; it takes two from 1 to 4, the pair to be named.")
    if len(signals) > 2:  # noqa: PLR2004 - as above
        *pairs, last = [f"{first} {second}" for first, second in _pairs_among(signals)]
        tie = f", so that {', '.join(pairs)} and {last} tie by design" if pairs else ""
        raise ValueError(
            f"sequence has {len(signals)} signals, {said}: any two of them are a right answer{tie}. Keep two."
        )


def _pairs_among(signals: list[int]) -> list[tuple[int, int]]:
    """The pairs that can be picked from signals, each once."""
    picked = ((signals[i], signals[j]) for i in range(len(signals)) for j in range(i + 1, len(signals)))
    return sorted({(min(two), max(two)) for two in picked})
