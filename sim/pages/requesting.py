"""What every route here has in common: whom it answers, how much it reads, and what it says of a mistake.

Whatever is wrong with a request is one sentence in `{"error": …}`. A page elsewhere must not be able to start
work here. What changes anything therefore needs a header that a form cannot send, and an origin, where the
browser names one, that is this server's own.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sim.runs import NoDataError, UnknownRunError
from sim.spec import BrokenToyError, SettingError, UnknownToyError
from sim.turns import BusyError

HEADER = "X-Martingale"
BODY_LIMIT = 16_384
FRESH = {"Cache-Control": "no-store"}

Endpoint = Callable[[Request], Awaitable[Response]]


class ForeignRequestError(PermissionError):
    """A request that no page of this server made."""


class LargeRequestError(ValueError):
    """A body larger than any that a panel sends."""


STATUS: dict[type[Exception], int] = {
    ForeignRequestError: 403,
    UnknownToyError: 404,
    UnknownRunError: 404,
    NoDataError: 409,
    LargeRequestError: 413,
    SettingError: 422,
    BrokenToyError: 500,
    BusyError: 503,
}


def answered(endpoint: Endpoint) -> Endpoint:
    """Turn the errors that a request can cause into their status and sentence."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except tuple(STATUS) as error:
            return JSONResponse({"error": _whole(str(error))}, STATUS[type(error)], FRESH)

    return answer


def _whole(sentence: str) -> str:
    """The sentence with each half of a character, which JSON can hold and no answer, as its escape."""
    return sentence.encode("utf-8", "backslashreplace").decode()


def require_own_page(request: Request) -> None:
    """Refuse what no page of this server can have sent.

    Raises:
        ForeignRequestError: If it comes from elsewhere.
    """
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("Host")
    if foreign or request.headers.get(HEADER) != "1":
        raise ForeignRequestError(f"Only a page of this server may do this, with the header {HEADER}: 1.")


async def json_object(request: Request) -> dict[str, Any]:
    """Read the JSON object in a request's body.

    Raises:
        LargeRequestError: If the body is larger than `BODY_LIMIT` bytes; the rest of it is not read.
        SettingError: If it is none, or its settings are none.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise LargeRequestError(f"A request has at most {BODY_LIMIT} bytes.")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or not isinstance(value.get("settings") or {}, dict):
        raise SettingError(
            'A run is asked for with a JSON object: {"settings": {…}, "seed": 0, "device": "auto"}.'
        )
    return value
