"""Ranges of pictures for a browser to scrub through: one at a time, piece by piece, and the latest kept.

A range takes a few hundred milliseconds of Python. Done in one go it would hold up the keys of every other
reader, for a thread keeps the interpreter for five milliseconds before it lets another one in. So each
picture is a piece of its own, after each comes a pause as long as the piece has taken, and nothing is
computed to the end for a reader who has gone away or asks for something else by now.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping

from starlette.concurrency import run_in_threadpool

from sim.scrub import in_pieces
from sim.spec import Toy

KEPT = 32  # answers of some hundred kilobytes each
LONGEST_PAUSE = 0.02  # seconds

Key = tuple[str, str, int, tuple[tuple[str, str], ...]]


class Ranges:
    """The ranges of one server; used on its event loop."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._turn = asyncio.Lock()

    async def answer(
        self,
        toy: Toy,
        given: Mapping[str, str],
        name: str,
        *,
        seed: int,
        gone: Callable[[], Awaitable[bool]],
    ) -> bytes:
        """Return the range of one setting, compressed; nothing if whoever asked is `gone` before it is done.

        Raises:
            SettingError: If the settings cannot be, or this one has no range.
        """
        key = toy.name, name, seed, tuple(sorted(given.items()))
        async with self._turn:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            found = b""
            pieces = in_pieces(toy, given, name, seed=seed)
            while not found:
                if await gone():
                    return b""
                began = time.perf_counter()
                found = await run_in_threadpool(next, pieces)
                await asyncio.sleep(min(time.perf_counter() - began, LONGEST_PAUSE))
            self._kept[key] = found
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return found
