"""A route for the cards on paper: those of some tracks, sections or kinds, or all of them.

GET /cards/print?track=beliefs&section=how-many-updates&kind=recall
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from cards.choice import UnknownChoiceError, choose
from cards.pages.printed import document
from content.pages.shelf import FolderError, book
from sim.pages.requesting import FRESH


async def printed(request: Request) -> Response:
    """The chosen cards, or a sentence that says why there are none."""
    wanted = request.query_params

    def made() -> str:
        cards = choose(
            book().deck.values(),
            tracks=wanted.getlist("track"),
            sections=wanted.getlist("section"),
            kinds=wanted.getlist("kind"),
        )
        return document(cards)

    try:
        return HTMLResponse(await run_in_threadpool(made), headers=FRESH)
    except UnknownChoiceError as error:
        return PlainTextResponse(str(error), status_code=404, headers=FRESH)
    except FolderError as error:
        return PlainTextResponse(str(error), status_code=503, headers=FRESH)


ROUTES = [Route("/cards/print", printed)]
