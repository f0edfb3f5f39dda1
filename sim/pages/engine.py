"""The one set of runs that a server has, begun and ended with it."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from sim.runs import Runs

RUNS = Runs()


def start_engine() -> None:
    """Begin to serve runs: call it on the server's event loop, when it starts."""
    RUNS.open()
    RUNS.warm_aside()
    release_watchers_on_stop(RUNS)


async def stop_engine() -> None:
    """End every run and its process: call it when the server stops."""
    await RUNS.close()


def release_watchers_on_stop(runs: Runs) -> None:
    """End the streams as soon as the server is told to stop.

    The server waits for every open answer before it tells the app that it is stopping, and a stream of frames
    would keep it waiting until the run is over.
    """
    if threading.current_thread() is not threading.main_thread():
        return  # no signals reach other threads; the server there is stopped by other means
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, _after_release(runs, loop, before))


def _after_release(
    runs: Runs, loop: asyncio.AbstractEventLoop, before: Callable[[int, FrameType | None], Any]
) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(runs.release)
        before(number, frame)

    return handle
