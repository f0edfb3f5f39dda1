"""The latest message of something that goes on, for any number of watchers.

A watcher gets the latest message at once and then each newer one that it has time for. One that was missed is
not needed: every message says all there is to say. Belongs to one event loop and must be used on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """A message and its number; a watcher that comes back says the last number it has seen."""

    number: int
    json: bytes


Watching = AsyncGenerator[Event | None]
END = Event(0, b"")  # stands for the end of a stream


class Broadcast:
    """What is said, and who listens.

    Args:
        clock: Seconds, for `idle`.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.over = False
        self.watchers = 0
        self._clock = clock
        self._left_at = clock()
        self._latest = Event(0, b"")
        self._released = False
        self._changed = asyncio.Event()

    @property
    def latest(self) -> bytes:
        """What was said last; empty before anything was."""
        return self._latest.json

    @property
    def idle(self) -> float:
        """Seconds since it was last watched, or last changed its course; 0 while somebody watches."""
        return 0.0 if self.watchers else self._clock() - self._left_at

    def say(self, message: bytes, *, final: bool = False) -> None:
        """Replace the latest message."""
        self._latest = Event(self._latest.number + 1, message)
        if final:
            self.over = True
            self._left_at = self._clock()
        self._wake()

    def seen(self, after: int) -> bool:
        """Whether a watcher who has seen event `after` has seen everything there will be."""
        return self.over and self._latest.number <= after

    def release(self) -> None:
        """End every watcher's stream, though more may be said."""
        self._released = True
        self._wake()

    async def events(self, after: int, quiet: float) -> Watching:
        """Yield what is said after event `after`, to the end; `None` after `quiet` seconds of silence."""
        self.watchers += 1
        try:
            while not (self._released or self.seen(after)):
                changed = self._changed
                if self._latest.number > after:
                    after = self._latest.number
                    yield self._latest
                elif not await _within(quiet, changed):
                    yield None
        finally:
            self.watchers -= 1
            self._left_at = self._clock()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


async def together(streams: Mapping[str, Watching]) -> AsyncGenerator[tuple[str, Event | None]]:
    """Yield what any of several streams yields, with its name, until all have ended."""
    ahead = {asyncio.ensure_future(anext(stream, END)): name for name, stream in streams.items()}
    try:
        while ahead:
            ready, _ = await asyncio.wait(ahead, return_when=asyncio.FIRST_COMPLETED)
            for task in ready:
                name, event = ahead.pop(task), task.result()
                if event is not END:
                    yield name, event
                    ahead[asyncio.ensure_future(anext(streams[name], END))] = name
    finally:
        # Nothing here waits: a watcher who has hung up is being cancelled, and would be at the first wait.
        running = {name for task, name in ahead.items() if task.cancel()}
        for name in streams.keys() - running:
            await streams[name].aclose()


async def _within(seconds: float, event: asyncio.Event) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
