"""Simulations over HTTP: what a panel asks for beside Streamlit, so that a slider needs no rerun.

    GET  /sim/{toy}/preview?start=0.2&seed=7    the picture for these settings, exact and at once
    GET  /sim/{toy}/range?setting=start&seed=7  the pictures of all positions of one slider, see sim.scrub
    POST /sim/{toy}/runs                        {"settings": {…}, "seed": 7, "device": "auto", "reader": "…"}
                                                → {"id": "…"}; if its result is kept, also "message": the last
    GET  /sim/runs/{id},{id},…/frames           their messages, as server-sent events called by the run's id
    POST /sim/runs/{id}/cancel                  end it
    GET  /sim/{toy}/data.csv?start=0.2&seed=7   the numbers behind that picture, as a file; with &kept=true,
                                                those of the run that is kept for these settings
    GET  /sim/runs/{id}/data.csv                the numbers of a run that is done

One stream serves all the runs that a page watches, since a browser allows a server six connections in all.
An event's own id says, for each of these runs, the last message that was sent; a browser that comes back says
it, as `Last-Event-ID` or `?after=…`, and gets what is newer. A run that is not known is told to be "lost".

What comes back is JSON as `sim.picture` and `sim.worker` write it, or a table as `sim.table` does, passed on
unread. Whatever is wrong with a
request is one sentence in `{"error": …}`.

A page elsewhere must not be able to start work here. A POST therefore needs a header that a form cannot send,
and an origin, where the browser names one, that is this server's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from functools import wraps
from itertools import chain, repeat
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sim.broadcast import together
from sim.pages.engine import RUNS, start_engine, stop_engine
from sim.pages.ranges import Ranges
from sim.picture import preview, seed_from
from sim.run import AUTO
from sim.runs import QUIET, NoDataError, Runs, UnknownRunError
from sim.spec import BrokenToyError, SettingError, Settings, Toy, UnknownToyError, get, parse_settings
from sim.table import file_name, table
from sim.turns import BusyError
from sim.worker import Find, Job

__all__ = ["ROUTES", "Simulations", "start_engine", "stop_engine"]

HEADER = "X-Martingale"
BODY_LIMIT = 16_384
READER_LIMIT = 64
WATCHED = 100
NAME = re.compile(r"[\w-]{1,64}", re.ASCII)
LOST = b'{"state":"lost"}'
FRESH = {"Cache-Control": "no-store"}

Numbers = Callable[[Toy, Settings, int], bytes]
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


def _answered(endpoint: Endpoint) -> Endpoint:
    """Turn the errors that a request can cause into their status and sentence."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except tuple(STATUS) as error:
            return JSONResponse({"error": str(error)}, STATUS[type(error)], FRESH)

    return answer


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

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [
            Route("/sim/{toy}/preview", _answered(self.preview)),
            Route("/sim/{toy}/range", _answered(self.range)),
            Route("/sim/{toy}/runs", _answered(self.start), methods=["POST"]),
            Route("/sim/runs/{id}/frames", _answered(self.frames)),
            Route("/sim/runs/{id}/cancel", _answered(self.cancel), methods=["POST"]),
            Route("/sim/runs/{id}/data.csv", _answered(self.run_data)),
            Route("/sim/{toy}/data.csv", _answered(self.preview_data)),
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
        _require_own_page(request)
        toy = await run_in_threadpool(self._find, request.path_params["toy"])
        asked = await _object(request)
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
        _require_own_page(request)
        await self.runs.cancel(request.path_params["id"])
        return Response(status_code=204)

    async def preview_data(self, request: Request) -> Response:
        """The numbers behind the exact picture for the settings of the query."""
        given = dict(request.query_params)
        seed = seed_from(given.pop("seed", "0"))
        numbers = self._kept_data if given.pop("kept", "") else _exact_data
        return await run_in_threadpool(self._data, request.path_params["toy"], given, seed, numbers)

    def _data(self, name: str, given: Mapping[str, str], seed: int, numbers: Numbers) -> Response:
        toy = self._find(name)
        config = parse_settings(toy, given)
        return _file(numbers(toy, config, seed), file_name(toy.name, config, seed))

    def _kept_data(self, toy: Toy, config: Settings, seed: int) -> bytes:
        kept = self.runs.kept(Job(toy.name, config.model_dump(), seed))
        if kept is None:
            raise NoDataError("The result of this run is no longer kept. Run it again.")
        return kept.data

    async def run_data(self, request: Request) -> Response:
        """The numbers of a run that is done."""
        job, data = self.runs.data(request.path_params["id"])
        toy = await run_in_threadpool(self._find, job.toy)
        return _file(data, file_name(toy.name, parse_settings(toy, job.settings), job.seed))


def _exact_data(toy: Toy, config: Settings, seed: int) -> bytes:
    return table(toy, toy.module.preview(config, seed=seed), toy.module.facts(config))


def _file(data: bytes, name: str) -> Response:
    headers = {**FRESH, "Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(data, media_type="text/csv; header=present", headers=headers)


def _watched(request: Request) -> dict[str, int]:
    """The runs that are asked for, each with the number of the last message of it that was seen."""
    ids = [name for name in request.path_params["id"].split(",") if NAME.fullmatch(name)][:WATCHED] or [""]
    said = request.headers.get("Last-Event-ID") or request.query_params.get("after", "")
    numbers = [int(number) if number.isdecimal() else 0 for number in said.split(",")]
    return dict(zip(ids, chain(numbers, repeat(0)), strict=False))


def _event(run_id: str, after: Mapping[str, int], message: bytes) -> bytes:
    numbers = ",".join(map(str, after.values()))
    return b"event: %s\nid: %s\ndata: %s\n\n" % (run_id.encode(), numbers.encode(), message)


def _require_own_page(request: Request) -> None:
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("Host")
    if foreign or request.headers.get(HEADER) != "1":
        raise ForeignRequestError(f"Only a page of this server may do this, with the header {HEADER}: 1.")


def _reader(asked: Mapping[str, Any]) -> str:
    """Who asks: what a tab calls itself."""
    return str(asked.get("reader") or "")[:READER_LIMIT]


async def _object(request: Request) -> dict[str, Any]:
    """The JSON object in a request's body."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise LargeRequestError(f"A request has at most {BODY_LIMIT} bytes.")
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not isinstance(value.get("settings") or {}, dict):
        raise SettingError(
            'A run is asked for with a JSON object: {"settings": {…}, "seed": 0, "device": "auto"}.'
        )
    return value


ROUTES = Simulations(RUNS).routes()
