"""A caller of ASGI apps: one request, its answer whole or as it comes; a browser with no network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message


@dataclass
class Answer:
    """An answer, as far as it has come."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    chunks: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    body: bytes = b""

    def json(self) -> Any:  # noqa: ANN401 - JSON is whatever it is
        """The whole body, read as JSON."""
        return json.loads(self.body)


async def call(app: ASGIApp, method: str, url: str, body: bytes = b"", **headers: str) -> Answer:
    """Make a request and wait for the end of its answer."""
    async with calling(app, method, url, body, **headers) as (answer, done):
        await done
    return answer


@asynccontextmanager
async def calling(
    app: ASGIApp, method: str, url: str, body: bytes = b"", **headers: str
) -> AsyncIterator[tuple[Answer, asyncio.Task[None]]]:
    """Make a request; the caller hangs up at the end of the block."""
    parts = urlsplit(url)
    sent = {"host": "testserver", **{key.replace("_", "-").lower(): value for key, value in headers.items()}}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(key.encode(), value.encode()) for key, value in sent.items()],
        "server": ("testserver", 80),
    }
    answer = Answer()
    hung_up = asyncio.Event()
    pieces = [body[i : i + 1000] for i in range(0, len(body), 1000)] or [b""]

    async def receive() -> Message:
        if pieces:
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}
        await hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {key.decode(): value.decode() for key, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")
            answer.chunks.put_nowait(message.get("body", b""))

    async def whole() -> None:
        await app(scope, receive, send)

    request = asyncio.create_task(whole())
    try:
        yield answer, request
    finally:
        hung_up.set()
        await request
