"""Browsing over HTTP, beside Streamlit, so that a key press or a scroll needs no rerun.

    GET  /cards/browse/found?q=walk+is:due&sort=due&down=1   {"of", "total", "rows", "problems"}
    GET  /cards/browse/found?…&of=NAME&from=100              rows from there on, of the same search
    GET  /cards/browse/ids?…&of=NAME&from=3&to=9             {"ids"}: those of a range, to be selected
    GET  /cards/browse/card?id=…                             a card with both faces, see `cards.pages.found`
    POST /cards/browse/edit                                  {"id", "age", "edit": "suspend", "ids": […]}
                                                             → {"said", "undo"}
    POST /cards/browse/undo                                  {"id", "age"} → {"said", "undo"}

Each needs the page's ticket in a header, see `cards.pages.visits`. What was found is kept under a name, so
that rows stay where they are while one scrolls and edits; where the name is forgotten the search is made
again, and the answer has another. What changes cards has an id, by which it is done once however often it is
sent, and an age in milliseconds (see `cards.pages.operations`). A mistake is one sentence in `{"error": …}`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import wraps
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cards.edit import Edit
from cards.pages import editing, sent, session
from cards.pages.found import rows, shown
from cards.pages.operations import OLDEST
from cards.pages.search import Asked, UnknownSortError, find
from cards.pages.visits import VISITS, UnknownTicketError, Visit, Visits
from cards.store import StoreProblem
from sim.pages.requesting import FRESH, ForeignRequestError, require_own_page

TICKET = "X-Martingale-Ticket"
ROWS = 100  # that are given at a time
BODY_LIMIT = 32_000_000  # bytes: the ids of a hundred thousand cards, and room
TOO_MANY = "Too many cards are selected to be sent at once. Select fewer."
HERE = {"localhost", "127.0.0.1", "::1"}

Endpoint = Callable[[Request], Awaitable[Response]]


class BadRequestError(ValueError):
    """A request that our own page does not make; the message says what is wrong with it."""


STATUS: dict[type[Exception], int] = {
    UnknownTicketError: 401,
    ForeignRequestError: 403,
    BadRequestError: 422,
    UnknownSortError: 422,
    StoreProblem: 503,
}


def answered(endpoint: Endpoint) -> Endpoint:
    """Turn the errors that a request can cause into their status and sentence."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except StoreProblem as problem:
            return JSONResponse({"error": f"{problem.what} {problem.remedy}"}, STATUS[StoreProblem], FRESH)
        except tuple(STATUS) as error:
            return JSONResponse({"error": str(error)}, STATUS[type(error)], FRESH)

    return answer


class Browsing:
    """The routes of one server.

    Args:
        visits: Where its tickets are.
        now: The clock.
    """

    def __init__(self, visits: Visits = VISITS, now: Callable[[], Any] = session.now) -> None:
        self._visits = visits
        self._now = now

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [
            Route("/cards/browse/found", answered(self.found)),
            Route("/cards/browse/ids", answered(self.ids)),
            Route("/cards/browse/card", answered(self.card)),
            Route("/cards/browse/edit", answered(self.edit), methods=["POST"]),
            Route("/cards/browse/undo", answered(self.undo), methods=["POST"]),
        ]

    async def found(self, request: Request) -> Response:
        """Some rows of what a search finds."""
        visit, asked, start = self._visit(request), _asked(request), _number(request, "from", 0)

        def answer() -> dict[str, Any]:
            here = visit.at(self._now())
            found = find(visit, asked, here)
            some = found.ids[start : start + ROWS]
            return {
                "of": found.name,
                "total": len(found.ids),
                "from": start,
                "rows": rows(some, visit.deck, here),
                "problems": list(found.problems),
            }

        return JSONResponse(await run_in_threadpool(answer), headers=FRESH)

    async def ids(self, request: Request) -> Response:
        """The ids of a range of what a search finds."""
        visit, asked = self._visit(request), _asked(request)
        start, end = _number(request, "from", 0), _number(request, "to", len(visit.deck))

        def answer() -> dict[str, Any]:
            found = find(visit, asked, visit.at(self._now()))
            return {"of": found.name, "ids": list(found.ids[start:end])}

        return JSONResponse(await run_in_threadpool(answer), headers=FRESH)

    async def card(self, request: Request) -> Response:
        """One card with both its faces."""
        visit = self._visit(request)
        card = visit.deck.get(request.query_params.get("id", ""))
        if card is None:
            raise BadRequestError("This card is no longer in the book.")
        here, local = visit.at(self._now()), is_on_this_machine(request)
        answer = await run_in_threadpool(lambda: shown(card, here, on_this_machine=local))
        return JSONResponse(answer, headers=FRESH)

    async def edit(self, request: Request) -> Response:
        """Do one thing to many cards."""
        require_own_page(request)
        visit, now = self._visit(request), self._now()
        given = await body(request, BODY_LIMIT, TOO_MANY)
        client_id, at = _decided(given, now)
        wanted, ids = _edit(given)
        here = visit.at(now)
        said = await run_in_threadpool(editing.edit, visit, here, client_id, wanted, ids, at)
        return JSONResponse({"said": said, "undo": visit.edited is not None}, headers=FRESH)

    async def undo(self, request: Request) -> Response:
        """Take the last edit back."""
        require_own_page(request)
        visit, now = self._visit(request), self._now()
        client_id, at = _decided(await body(request, BODY_LIMIT, TOO_MANY), now)
        said = await run_in_threadpool(editing.take_back, visit, visit.at(now), client_id, at)
        return JSONResponse({"said": said, "undo": False}, headers=FRESH)

    def _visit(self, request: Request) -> Visit:
        return self._visits.of(request.headers.get(TICKET, ""))


def is_on_this_machine(request: Request) -> bool:
    """Whether the browser runs on the machine that serves it, and not behind something that passes it on."""
    passed_on = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    client = request.client.host if request.client else ""
    return not passed_on and client in HERE and request.url.hostname in HERE


def _asked(request: Request) -> Asked:
    given = request.query_params
    return Asked(
        text=given.get("q", ""),
        sort=given.get("sort", ""),
        reverse=given.get("down", "") == "1",
        name=given.get("of", ""),
    )


def _number(request: Request, name: str, otherwise: int) -> int:
    given = request.query_params.get(name, "")
    if not given:
        return otherwise
    if not (given.isascii() and given.isdigit() and len(given) < len(str(10**9))):
        raise BadRequestError(f"'{given}' is not a place in a list; give {name} as a number from 0.")
    return int(given)


async def body(request: Request, limit: int, too_large: str) -> object:
    """Read the JSON in a request's body; None if it is none, or nested more deeply than anybody means.

    Raises:
        BadRequestError: It is larger than so many bytes, which is said as `too_large`.
    """
    whole = b""
    async for chunk in request.stream():
        whole += chunk
        if len(whole) > limit:
            raise BadRequestError(too_large)
    try:
        return json.loads(whole)
    except (ValueError, RecursionError):
        return None


def _decided(given: object, now: datetime) -> tuple[str, datetime]:
    """The id of a decision, and when it was made."""
    client_id = sent.text(given, "id")
    if not client_id:
        raise BadRequestError('Every change has an id of its own: {"id": "…", "age": 0}.')
    return client_id, now - sent.duration(given, "age", OLDEST)


def _edit(given: object) -> tuple[Edit, list[str]]:
    wanted, ids = (given.get("edit"), given.get("ids")) if isinstance(given, dict) else (None, None)
    if wanted not in list(Edit) or not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise BadRequestError('An edit is asked for with a JSON object: {"edit": "suspend", "ids": ["…"]}.')
    return Edit(wanted), ids


ROUTES = Browsing().routes()
