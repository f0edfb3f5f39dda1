"""The files that pages offer (`cards.pages.downloads`), made when they are asked for.

    GET /cards/files/martingale.apkg?track=beliefs&section=…&kind=cloze&kept=1&history=1&base=http://…
    GET /cards/files/martingale.csv?…      the same cards as a table
    GET /cards/files/martingale.json       all that a learner has

Each needs a ticket in a header (see `cards.pages.visits`), and is the asker's own. A file is whole or not
sent: what is wrong is one sentence in `{"error": …}`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cards.anki.package import make_package
from cards.anki.progress import progress_of
from cards.card import Card, Deck
from cards.choice import UnknownChoiceError
from cards.pages import one_file, session
from cards.pages.away_choice import Choice
from cards.pages.browse_routes import TICKET, BadRequestError, answered
from cards.pages.session import Present
from cards.pages.tending import editions, hashes
from cards.pages.visits import VISITS, Visits
from cards.table import write_table
from cards.taking import checked_address
from cards.written import why
from sim.pages.requesting import FRESH

PACKAGE, TABLE = "martingale.apkg", "martingale.csv"
NO_ROOM = (
    "{name} cannot be written: {reason}. "
    "See that the machine that runs this app has room for temporary files, and press again."
)

Maker = Callable[[Present, Deck, QueryParams], bytes]


def _package(here: Present, deck: Deck, query: QueryParams) -> bytes:
    cards = Choice.asked_for(query).of(here, deck)
    modified = here.store.stamp_texts(hashes(deck), here.now, editions=editions(deck))
    progress = None
    if "history" in query:
        progress = progress_of(here.store, here.learner, here.tuning, rules=here.rules, now=here.now)
    return make_package(
        cards, modified=modified, base_url=_base_url(query), now=here.now, progress=progress
    ).data


def _table(here: Present, deck: Deck, query: QueryParams) -> bytes:
    return table(Choice.asked_for(query).of(here, deck), _base_url(query))


def table(cards: Iterable[Card], base_url: str) -> bytes:
    """Return the cards as a table, as the bytes of a file."""
    file = io.StringIO(newline="")
    write_table(file, cards, base_url)
    return file.getvalue().encode()


def _base_url(query: QueryParams) -> str:
    try:
        return checked_address(query.get("base", ""))
    except ValueError as error:
        raise BadRequestError(str(error)) from error


def _everything(here: Present, deck: Deck, query: QueryParams) -> bytes:
    del deck, query  # whatever the book and the choice, it is all that the learner has
    return one_file.written(here)


MAKERS: dict[str, tuple[Maker, str]] = {
    PACKAGE: (_package, "application/octet-stream"),
    TABLE: (_table, "text/csv; charset=utf-8; header=present"),
    one_file.FILE_NAME: (_everything, "application/json"),
}


class FileRoutes:
    """The routes of one server.

    Args:
        visits: Where its tickets are.
        now: The clock.
    """

    def __init__(self, visits: Visits = VISITS, now: Callable[[], datetime] = session.now) -> None:
        self._visits = visits
        self._now = now

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [Route("/cards/files/{name}", answered(self.file))]

    async def file(self, request: Request) -> Response:
        """One file, or why there is none."""
        visit, name = self._visits.of(request.headers.get(TICKET, "")), request.path_params["name"]
        if name not in MAKERS:
            raise BadRequestError("There is no such file.")
        make, media_type = MAKERS[name]
        try:
            data = await run_in_threadpool(
                lambda: make(visit.at(self._now()), visit.deck, request.query_params)
            )
        except UnknownChoiceError as error:
            raise BadRequestError(str(error)) from error
        except OSError as error:
            said = NO_ROOM.format(name=name, reason=why(error))
            return JSONResponse({"error": said}, HTTPStatus.INSUFFICIENT_STORAGE, FRESH)
        return Response(data, media_type=media_type, headers=FRESH)


ROUTES = FileRoutes().routes()
