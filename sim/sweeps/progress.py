"""How far a sweep is, on standard error.

On a terminal one line that is written over:

    [##########------------------------------]  12 of 48 runs, about 35 s left

Elsewhere, in a log, such a line now and then, without the bar. The time left is what the pace so far
promises; runs that were kept from before have no pace.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 40
REDRAW = 0.1  # seconds
QUIET = 30.0  # seconds between two lines of a log
MINUTE, HOUR = 60, 3600


class Progress:
    """The runs that are over.

    Args:
        total: How many there are to be.
        kept: How many were there before.
        stream: Where to say it.
        clock: Seconds.
    """

    def __init__(
        self, total: int, kept: int, stream: TextIO, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        self._kept = kept
        self._over = kept
        self._stream = stream
        self._clock = clock
        self._bar = stream.isatty()
        self._started = self._due = clock()
        if not self._bar:
            self._due += QUIET
        self._width = 0

    def step(self) -> None:
        """One more is over, with a result or without."""
        self._over += 1
        now = self._clock()
        if now >= self._due or (self._bar and self._over == self._total):
            self._due = now + (REDRAW if self._bar else QUIET)
            self._say(self._words(now - self._started))

    def close(self) -> None:
        """Leave the bar's line."""
        if self._width:
            print(file=self._stream, flush=True)
            self._width = 0

    def _words(self, elapsed: float) -> str:
        said = f"{self._over:,} of {self._total:,} runs"
        left = self._total - self._over
        if left:
            said += f", about {duration(elapsed / (self._over - self._kept) * left)} left"
        return said

    def _say(self, words: str) -> None:
        if not self._bar:
            print(words, file=self._stream, flush=True)
            return
        done = WIDTH * self._over // self._total
        line = f"[{'#' * done}{'-' * (WIDTH - done)}]  {words}"
        print(f"\r{line:{self._width}}", end="", file=self._stream, flush=True)
        self._width = len(line)


def duration(seconds: float) -> str:
    """A length of time, as precisely as one wants to know it: 8 s, 3 min, 2.5 h."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < HOUR else f"{seconds / HOUR:.1f} h"
