"""The ledger over HTTP, beside Streamlit, as browsing is (`cards.pages.browse_routes`).

    GET  /cards/ledger/all                 all that the page shows, see `cards.pages.ledger_payload`
    GET  /cards/ledger/claim?id=…          one claim with its path
    POST /cards/ledger/do                  {"deed": …}, see `cards.pages.ledger_deeds` → {"said", "undo"}
    GET  /cards/ledger/credences.csv       the files, see `cards.belief_files`; also claims.csv, beliefs.json

Each needs the page's ticket in a header. A mistake is one sentence in `{"error": …}`.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cards.belief_files import write_claims, write_entries, write_json
from cards.pages import session
from cards.pages.browse_routes import TICKET, BadRequestError, answered, body
from cards.pages.ledger_deeds import do
from cards.pages.ledger_payload import Ledger, everything, one_claim
from cards.pages.visits import VISITS, Visits
from sim.pages.requesting import FRESH, require_own_page

BODY_LIMIT = 64_000  # bytes: a note of two thousand characters, however they are written, and room
TOO_LARGE = "That is too long to be kept. Write less."
CSV, JSON = "text/csv; charset=utf-8; header=present", "application/json"


class LedgerRoutes:
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
            Route("/cards/ledger/all", answered(self.all)),
            Route("/cards/ledger/claim", answered(self.claim)),
            Route("/cards/ledger/do", answered(self.do), methods=["POST"]),
            Route("/cards/ledger/credences.csv", answered(self.credences)),
            Route("/cards/ledger/claims.csv", answered(self.claims)),
            Route("/cards/ledger/beliefs.json", answered(self.beliefs)),
        ]

    async def all(self, request: Request) -> Response:
        """All that the page shows before a claim is opened."""
        open_ledger = self._opener(request)
        found = await run_in_threadpool(lambda: everything(open_ledger()))
        return JSONResponse(found, headers=FRESH)

    async def claim(self, request: Request) -> Response:
        """One claim."""
        open_ledger, wanted = self._opener(request), request.query_params.get("id", "")

        def answer() -> dict[str, Any]:
            ledger = open_ledger()
            claim = ledger.find(wanted)
            if claim is None:
                raise BadRequestError("This claim is not on the ledger any more.")
            return one_claim(ledger, claim)

        return JSONResponse(await run_in_threadpool(answer), headers=FRESH)

    async def do(self, request: Request) -> Response:
        """Do something."""
        require_own_page(request)
        open_ledger = self._opener(request)
        sent = await body(request, BODY_LIMIT, TOO_LARGE)
        return JSONResponse(await run_in_threadpool(lambda: do(open_ledger(), sent)), headers=FRESH)

    async def credences(self, request: Request) -> Response:
        """The table of credences."""
        open_ledger = self._opener(request)
        return await _file(lambda file: write_entries(file, open_ledger().claims), CSV)

    async def claims(self, request: Request) -> Response:
        """The table of claims."""
        open_ledger = self._opener(request)

        def write(file: io.StringIO) -> None:
            ledger = open_ledger()
            write_claims(file, ledger.claims, ledger.here.rules)

        return await _file(write, CSV)

    async def beliefs(self, request: Request) -> Response:
        """The document."""
        visit = self._visits.of(request.headers.get(TICKET, ""))
        here = visit.at(self._now())
        return await _file(lambda file: write_json(file, here.store, here.learner, here.now), JSON)

    def _opener(self, request: Request) -> Callable[[], Ledger]:
        """What reads the ledger of whoever asks, to be called where it may take a while."""
        visit = self._visits.of(request.headers.get(TICKET, ""))
        return lambda: Ledger.of(visit.at(self._now()), visit.deck)


async def _file(write: Callable[[io.StringIO], object], media_type: str) -> Response:
    def written() -> bytes:
        file = io.StringIO(newline="")
        write(file)
        return file.getvalue().encode()

    return Response(await run_in_threadpool(written), media_type=media_type, headers=FRESH)


ROUTES = LedgerRoutes().routes()
