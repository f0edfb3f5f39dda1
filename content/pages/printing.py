"""A route for the cards on paper: those of some tracks, sections or kinds, or all of them.

    GET /cards/print?track=beliefs&section=how-many-updates&kind=recall
    GET /cards/print?kept=TICKET           only those that the learner keeps to whom the ticket was given

A ticket is forgotten when the app is started again, and among many others; then the page that leads here has
another.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from cards.card import Card
from cards.choice import UnknownChoiceError, choose
from cards.pages import session
from cards.pages.away_choice import KEPT, Choice
from cards.pages.printed import document
from cards.pages.settings_links import PAGES
from cards.pages.visits import PAPER, UnknownTicketError
from cards.store import StoreProblem
from content.pages.shelf import FolderError, book
from sim.pages.requesting import FRESH

FORGOTTEN = (
    "It is no longer known here whose cards these are. "
    f"Open them again from the page '{PAGES['/take-away']}', by its link 'On paper'."
)


async def printed(request: Request) -> Response:
    """The chosen cards, or a sentence that says why there are none."""
    wanted, ticket = Choice.asked_for(request.query_params), request.query_params.get(KEPT, "")
    try:
        made = await run_in_threadpool(lambda: document(_chosen(wanted, ticket), kept_only=wanted.kept_only))
        return HTMLResponse(made, headers=FRESH)
    except UnknownTicketError:
        return PlainTextResponse(FORGOTTEN, status_code=401, headers=FRESH)
    except StoreProblem as problem:
        return PlainTextResponse(f"{problem.what} {problem.remedy}", status_code=503, headers=FRESH)
    except UnknownChoiceError as error:
        return PlainTextResponse(str(error), status_code=404, headers=FRESH)
    except FolderError as error:
        return PlainTextResponse(str(error), status_code=503, headers=FRESH)


def _chosen(wanted: Choice, ticket: str) -> list[Card]:
    deck = book().deck
    if wanted.kept_only:
        return wanted.of(PAPER.of(ticket).at(session.now()), deck)
    return choose(deck.values(), tracks=wanted.tracks, sections=wanted.sections, kinds=wanted.kinds)


ROUTES = [Route("/cards/print", printed)]
