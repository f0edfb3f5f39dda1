"""The belief walk's arithmetic: ends drawn from the law, walkers stepped, and the curve of who still walks.

Walkers are stepped in turn with the usual NumPy way of doing it: a row of flips for each walker, their
cumulative sum, and the first that is at an end. It is given what makes it fastest here: a few thousand
walkers at a time, short rows, and no walker that has ended. Both are counted in steps that walkers took until
they ended, in processor seconds, because another process on the machine slows wall clocks unevenly; the
seconds are those of a million steps. The other rows are held against the time that is promised for them.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time

import numpy as np
import torch
from numpy.typing import NDArray

from sim.toys._absorb import absorb
from sim.toys._exact_times import draw_times
from sim.toys._gamblers_ruin import survival_curve
from sim.toys._ruin_spectrum import Ends, modes

K, N = 50, 100  # from a half, in steps of a point
ROUNDS = 5
MILLION = 1_000_000
WALKERS, AT_A_TIME, ROW = 200_000, 20_000, 64
CURVE = 40_001  # updates; by then all but one walk in a hundred million have ended
PROMISED_TIMES, PROMISED_CURVE = 0.2, 0.05  # seconds

Row = tuple[str, float, float, float]


def measure() -> list[Row]:
    """Return the medians, each beside what it is held against."""
    return [
        _row("A million ends drawn from the exact law", _million_ends, PROMISED_TIMES),
        _row("The same in steps of a tenth of a point", _million_ends_in_fine_steps, PROMISED_TIMES, 2.0),
        _row("The whole absorption curve in steps of a point", _curve, PROMISED_CURVE),
        _row("The same where a point does not divide the way", _uneven_curve, PROMISED_CURVE),
        *_stepping(),
    ]


def _row(title: str, work: Callable[[int], None], promised: float, most: float = 1.0) -> Row:
    work(0)  # imports, and the tables that are made once
    return title, median(_seconds(work, number) for number in range(1, ROUNDS + 1)), promised, most


def _seconds(work: Callable[[int], object], number: int) -> float:
    start = process_time()
    work(number)
    return process_time() - start


def _million_ends(seed: int) -> None:
    modes.cache_clear()
    list(draw_times(K, N, walkers=MILLION, seed=seed))


def _million_ends_in_fine_steps(seed: int) -> None:
    modes.cache_clear()
    list(draw_times(10 * K, 10 * N, walkers=MILLION, seed=seed))


def _curve(number: int) -> None:
    survival_curve(1, CURVE, K - number, N)  # from another start each time, so that nothing is at hand


def _uneven_curve(number: int) -> None:
    survival_curve(1, CURVE, K, N + 1, ends=Ends(0.3 + number / 100, 0.7 - number / 100))


def _stepping() -> list[Row]:
    """Seconds for a million steps, even and uneven ones, against NumPy's: the medians over the rounds."""
    torch.set_num_threads(1)  # as every run has
    rounds = [[_per_million(way, number) for way in WAYS] for number in range(ROUNDS + 1)][1:]
    even, uneven, usual = (median(seconds) for seconds in zip(*rounds, strict=True))
    return [
        ("A million steps of walkers, against NumPy's cumulative sums", even, usual, 0.1),
        ("A million steps where the last one to an end is shorter, against the same", uneven, usual, 0.15),
    ]


def _per_million(way: Callable[[int], int], number: int) -> float:
    start = process_time()
    steps = way(number)
    return (process_time() - start) / steps * MILLION


def _even(seed: int) -> int:
    return sum(int(ended.steps.sum()) for ended in absorb(K, N, walkers=WALKERS, seed=seed, device="cpu"))


def _uneven(seed: int) -> int:
    rounds = absorb(K, N + 1, walkers=WALKERS, seed=seed, device="cpu", ends=Ends(0.3, 0.7))
    return sum(int(ended.steps.sum()) for ended in rounds)


def _cumulative_sums(seed: int) -> int:
    random = np.random.default_rng(seed)
    return sum(int(_walked(random).sum()) for _ in range(WALKERS // AT_A_TIME // 5))  # enough to time


def _walked(random: np.random.Generator) -> NDArray[np.int64]:
    """The steps of some walkers until each has ended: [walker]."""
    walking, position = np.arange(AT_A_TIME), np.full(AT_A_TIME, K, dtype=np.int32)
    steps, elapsed = np.zeros(AT_A_TIME, dtype=np.int64), 0
    while len(walking):
        flips = 2 * random.integers(0, 2, (len(walking), ROW), dtype=np.int8) - 1
        path = position[:, None] + np.cumsum(flips, axis=1, dtype=np.int32)  # [walker, step]
        at_end = (path <= 0) | (path >= N)
        ended = at_end.any(axis=1)
        steps[walking[ended]] = elapsed + at_end[ended].argmax(axis=1) + 1
        walking, position = walking[~ended], path[~ended, -1]
        elapsed += ROW
    return steps


WAYS = (_even, _uneven, _cumulative_sums)
