"""A route that tells the open page when a file of the book has been saved.

The folders are polled by modification time every quarter second, once for all readers, and only while a page
is watching. Polling sees editors that save by renaming, which file-system watchers miss.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from content.pages.shelf import library

INTERVAL = 0.25
HEARTBEAT = 15.0


class Watch:
    """The latest fingerprint of the content folders, read at most once an interval.

    Attributes:
        released: Whether the watchers are to go, because the server is stopping.
    """

    def __init__(self) -> None:
        self.released = False
        self._fingerprint = ""
        self._read_at = -INTERVAL

    async def fingerprint(self) -> str:
        """The fingerprint of all files of the book; differs after any save."""
        now = asyncio.get_running_loop().time()
        if now - self._read_at >= INTERVAL * 0.9:
            self._read_at = now
            self._fingerprint = await asyncio.to_thread(library().fingerprint)
        return self._fingerprint

    def release(self) -> None:
        """Let every watcher go."""
        self.released = True


watch = Watch()


async def changes(request: Request) -> StreamingResponse:
    """Server-sent events: the fingerprint at once, then again at every change, with a heartbeat between."""
    return StreamingResponse(
        events(request), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def events(request: Request) -> AsyncIterator[str]:
    """Yield one event for each change until the reader has gone."""
    told, quiet = "", 0.0
    while not watch.released and not await request.is_disconnected():
        fingerprint = await watch.fingerprint()
        if fingerprint != told:
            told, quiet = fingerprint, 0.0
            yield f"data: {fingerprint}\n\n"
        elif quiet >= HEARTBEAT:
            quiet = 0.0
            yield ": still here\n\n"
        quiet += INTERVAL
        await asyncio.sleep(INTERVAL)


ROUTES = [Route("/content/changes", changes)]
