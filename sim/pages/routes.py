"""Simulations over HTTP: what a panel asks for beside Streamlit, so that a slider needs no rerun.

    GET  /sim/{toy}/preview?start=0.2&seed=7    the picture for these settings, exact and at once
    GET  /sim/{toy}/range?setting=start&seed=7  the pictures of all positions of one slider, see sim.scrub
    POST /sim/{toy}/runs                        {"settings": {…}, "seed": 7, "device": "auto", "reader": "…"}
                                                → {"id": "…"}; if its result is kept, also "message": the last
    GET  /sim/runs/{id},{id},…/frames           their messages, as server-sent events called by the run's id
    POST /sim/runs/{id}/cancel                  end it
    GET  …/data.csv                             the numbers behind a picture, see sim.pages.downloads

One stream serves all the runs that a page watches, since a browser allows a server six connections in all.
An event's own id says, for each of these runs, the last message that was sent; a browser that comes back says
it, as `Last-Event-ID` or `?after=…`, and gets what is newer. A run that is not known is told to be "lost".

What comes back is JSON as `sim.picture` and `sim.worker` write it, passed on unread. Who may ask, and what is
answered to a mistake, is in `sim.pages.requesting`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from itertools import chain, repeat
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sim.broadcast import together
from sim.pages.downloads import Downloads
from sim.pages.engine import RUNS, start_engine, stop_engine
from sim.pages.ranges import Ranges
from sim.pages.requesting import FRESH, answered, json_object, require_own_page
from sim.picture import preview, seed_from
from sim.run import AUTO
from sim.runs import QUIET, Runs, UnknownRunError
from sim.spec import get, parse_settings
from sim.worker import Find, Job

__all__ = ["ROUTES", "Simulations", "start_engine", "stop_engine"]

READER_LIMIT = 64
WATCHED = 100
NAME = re.compile(r"[\w-]{1,64}", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,15}")
LOST = b'{"state":"lost"}'


class Simulations:
    """The routes of one server, and the runs behind them.

    Args:
        runs: Where runs are started and watched.
        find: How a simulation is found by its name.
        quiet: Seconds of silence after which a watched run says that it is still there.
    """

    def __init__(self, runs: Runs, find: Find = get, quiet: float = QUIET) -> None:
        self.runs = runs
        self.quiet = quiet
        self._find = find
        self._ranges = Ranges()
        self._downloads = Downloads(runs, find)

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [
            Route("/sim/{toy}/preview", answered(self.preview)),
            Route("/sim/{toy}/range", answered(self.range)),
            Route("/sim/{toy}/runs", answered(self.start), methods=["POST"]),
            Route("/sim/runs/{id}/frames", answered(self.frames)),
            Route("/sim/runs/{id}/cancel", answered(self.cancel), methods=["POST"]),
            *self._downloads.routes(),
        ]

    async def preview(self, request: Request) -> Response:
        """The exact picture for the settings of the query."""
        given = dict(request.query_params)
        seed = seed_from(given.pop("seed", "0"))
        # In a thread: it takes milliseconds, in which the keys of other readers should not wait.
        picture = await run_in_threadpool(self._preview, request.path_params["toy"], given, seed)
        return Response(picture, media_type="application/json", headers=FRESH)

    def _preview(self, name: str, given: Mapping[str, str], seed: int) -> str:
        toy = self._find(name)
        return preview(toy, parse_settings(toy, given), seed)

    async def range(self, request: Request) -> Response:
        """The pictures of every position of the slider that the query names."""
        given = dict(request.query_params)
        seed, name = seed_from(given.pop("seed", "0")), given.pop("setting", "")
        toy = await run_in_threadpool(self._find, request.path_params["toy"])
        found = await self._ranges.answer(toy, given, name, seed=seed, gone=request.is_disconnected)
        # Every browser of today takes gzip, and says so.
        headers = {**FRESH, "Content-Encoding": "gzip"}
        return Response(found, media_type="application/json", headers=headers)

    async def start(self, request: Request) -> Response:
        """Start a run of the settings in the body; if its result is kept, there is nothing to run."""
        require_own_page(request)
        toy = await run_in_threadpool(self._find, request.path_params["toy"])
        asked = await json_object(request)
        config = parse_settings(toy, asked.get("settings") or {})
        job = Job(
            toy=toy.name,
            settings=config.model_dump(),
            seed=seed_from(asked.get("seed", 0)),
            device=str(asked.get("device") or AUTO),
        )
        kept = await run_in_threadpool(self.runs.kept, job)
        if kept is None:
            return JSONResponse({"id": self.runs.start(job, _reader(asked))}, headers=FRESH)
        answer = b'{"id":"%s","message":%s}' % (self.runs.recall(job, kept).encode(), kept.json)
        return Response(answer, media_type="application/json", headers=FRESH)

    async def frames(self, request: Request) -> Response:
        """What runs say, as server-sent events, beginning after the last ones that the browser has seen."""
        after = _watched(request)
        known = {run_id: number for run_id, number in after.items() if self._known(run_id)}
        # If none is known, asking for one of them raises what there is to say.
        over = all(self.runs.seen(run_id, number) for run_id, number in (known or after).items())
        if over and known == after:
            return Response(status_code=204)  # tells the browser not to come back
        return StreamingResponse(
            self._sent(after, known),
            media_type="text/event-stream",
            headers={**FRESH, "X-Accel-Buffering": "no"},
        )

    def _known(self, run_id: str) -> bool:
        try:
            self.runs.seen(run_id, 0)
        except UnknownRunError:
            return False
        return True

    async def _sent(self, after: dict[str, int], known: Mapping[str, int]) -> AsyncIterator[bytes]:
        for run_id in after.keys() - known.keys():
            yield _event(run_id, after, LOST)
        streams = {run_id: self.runs.events(run_id, number, self.quiet) for run_id, number in known.items()}
        async with aclosing(together(streams)) as events:
            async for run_id, event in events:
                if event:
                    after[run_id] = event.number
                yield _event(run_id, after, event.json) if event else b": still here\n\n"

    async def cancel(self, request: Request) -> Response:
        """End a run."""
        require_own_page(request)
        await self.runs.cancel(request.path_params["id"])
        return Response(status_code=204)


def _watched(request: Request) -> dict[str, int]:
    """The runs that are asked for, each with the number of the last message of it that was seen."""
    ids = [name for name in request.path_params["id"].split(",") if NAME.fullmatch(name)][:WATCHED] or [""]
    said = request.headers.get("Last-Event-ID") or request.query_params.get("after", "")
    numbers = [int(number) if NUMBER.fullmatch(number) else 0 for number in said.split(",")]
    return dict(zip(ids, chain(numbers, repeat(0)), strict=False))


def _event(run_id: str, after: Mapping[str, int], message: bytes) -> bytes:
    numbers = ",".join(map(str, after.values()))
    return b"event: %s\nid: %s\ndata: %s\n\n" % (run_id.encode(), numbers.encode(), message)


def _reader(asked: Mapping[str, Any]) -> str:
    """Who asks: what a tab calls itself."""
    return str(asked.get("reader") or "")[:READER_LIMIT]


ROUTES = Simulations(RUNS).routes()
