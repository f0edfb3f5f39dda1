"""Ending the open streams when the server is told to stop.

A server waits for every open answer before it tells the app that it is stopping. A stream of events has no
end of its own: it would keep a stopping server alive for as long as a page is open.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any


def release_on_stop(release: Callable[[], None]) -> None:
    """Call `release` on this event loop as soon as the server is told to stop, before it begins to wait."""
    if threading.current_thread() is not threading.main_thread():
        return  # no signals reach other threads; the server there is stopped by other means
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, _first(release, loop, before))


def _first(
    release: Callable[[], None], loop: asyncio.AbstractEventLoop, then: Callable[[int, FrameType | None], Any]
) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(release)
        then(number, frame)

    return handle
