"""Starting long work on the learner's own log, beside Streamlit, so that a press needs no rerun.

    POST /cards/fit         {"reader": "…"}                  →  {"id": "…"}  fits the model
    POST /cards/foresee     {"reader": "…", "wanted": "…"}   →  {"id": "…"}  says what a draft would move

A draft is the session's; the page that shows it puts down what is to be foreseen, under a name that cannot be
guessed. Either is then a run like any other (`sim.pages.routes`): it is watched and stopped by its id, found
again after a reload, and waits for its turn among the simulations.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cards import fits
from cards.foreseeing import Wanted
from cards.foreseeing import work as foresee
from cards.pages import session
from cards.store import LOCAL, StoreProblem
from sim.fitting.work import Fit, work
from sim.pages.engine import RUNS
from sim.pages.requesting import FRESH, answered, json_object, require_own_page
from sim.task import Task

READER_LIMIT = 64
REMEDY = "Try again when the machine has less to do."
REFUSED, UNREADABLE = 422, 503
FORGOTTEN = "What was to be foreseen is forgotten. Load the page again."
MOST = 200  # drafts that are remembered, all readers' together

_wanted: OrderedDict[str, Wanted] = OrderedDict()
_turn = threading.Lock()


def put_down(wanted: Wanted) -> None:
    """Remember what is to be foreseen under its name, until much else has been."""
    with _turn:
        _wanted[wanted.name] = wanted
        while len(_wanted) > MOST:
            _wanted.popitem(last=False)


async def start(request: Request) -> Response:
    """Start a fit, if the log holds enough."""
    require_own_page(request)
    reader = str((await json_object(request)).get("reader") or "")[:READER_LIMIT]
    try:
        fit = await run_in_threadpool(_what_to_fit)
    except StoreProblem as problem:
        return JSONResponse({"error": f"{problem.what} {problem.remedy}"}, UNREADABLE, FRESH)
    if isinstance(fit, str):
        return JSONResponse({"error": fit}, REFUSED, FRESH)
    return JSONResponse({"id": RUNS.start(Task(work, fit, "fit", REMEDY), reader)}, headers=FRESH)


async def start_foreseeing(request: Request) -> Response:
    """Start to foresee what a draft would move."""
    require_own_page(request)
    body = await json_object(request)
    reader = str(body.get("reader") or "")[:READER_LIMIT]
    wanted = _wanted.get(str(body.get("wanted") or ""))
    if wanted is None:
        return JSONResponse({"error": FORGOTTEN}, REFUSED, FRESH)
    return JSONResponse({"id": RUNS.start(Task(foresee, wanted, "preview", REMEDY), reader)}, headers=FRESH)


def _what_to_fit() -> Fit | str:
    """The learner's log, or why it cannot be fitted yet."""
    store = session.store()
    learner = store.learner(LOCAL)
    history = fits.answers(store.recalled(learner))
    return fits.too_few(int(history.counts.sum())) or fits.to_fit(history, session.tuning(store, learner))


ROUTES = [
    Route("/cards/fit", answered(start), methods=["POST"]),
    Route("/cards/foresee", answered(start_foreseeing), methods=["POST"]),
]
