"""Starting a fit of the model to the learner's own log, beside Streamlit, so that a press needs no rerun.

    POST /cards/fit     {"reader": "…"}  →  {"id": "…"}

The fit is then a run like any other (`sim.pages.routes`): it is watched and stopped by its id, found again
after a reload, and waits for its turn among the simulations.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cards import fits
from cards.pages import session
from cards.store import LOCAL, StoreProblem
from sim.fitting.work import Fit, work
from sim.pages.engine import RUNS
from sim.pages.requesting import FRESH, answered, json_object, require_own_page
from sim.task import Task

READER_LIMIT = 64
REMEDY = "Try again when the machine has less to do."
REFUSED, UNREADABLE = 422, 503


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


def _what_to_fit() -> Fit | str:
    """The learner's log, or why it cannot be fitted yet."""
    store = session.store()
    learner = store.learner(LOCAL)
    history = fits.answers(store.recalled(learner))
    return fits.too_few(int(history.counts.sum())) or fits.to_fit(history, session.tuning(store, learner))


ROUTES = [Route("/cards/fit", answered(start), methods=["POST"])]
