"""The numbers behind a picture, as a file that a spreadsheet reads.

GET  /sim/{toy}/data.csv?start=0.2&seed=7   those of the exact picture; with &kept=true, those of the run
                                            that is kept for these settings
GET  /sim/runs/{id}/data.csv                those of a run that is done
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sim.pages.requesting import FRESH, answered
from sim.picture import seed_from
from sim.runs import NoDataError, Runs
from sim.spec import Settings, Toy, parse_settings
from sim.table import file_name, table
from sim.worker import Find, Job

Numbers = Callable[[Toy, Settings, int], bytes]


class Downloads:
    """The routes to the tables of one server.

    Args:
        runs: Where runs are watched and kept.
        find: How a simulation is found by its name.
    """

    def __init__(self, runs: Runs, find: Find) -> None:
        self._runs = runs
        self._find = find

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [
            Route("/sim/runs/{id}/data.csv", answered(self.of_run)),
            Route("/sim/{toy}/data.csv", answered(self.of_settings)),
        ]

    async def of_settings(self, request: Request) -> Response:
        """The numbers for the settings of the query."""
        given = dict(request.query_params)
        seed = seed_from(given.pop("seed", "0"))
        numbers = self._kept if given.pop("kept", "") else _exact
        return await run_in_threadpool(self._answer, request.path_params["toy"], given, seed, numbers)

    def _answer(self, name: str, given: Mapping[str, str], seed: int, numbers: Numbers) -> Response:
        toy = self._find(name)
        config = parse_settings(toy, given)
        return _file(numbers(toy, config, seed), file_name(toy.name, config, seed))

    def _kept(self, toy: Toy, config: Settings, seed: int) -> bytes:
        kept = self._runs.kept(Job(toy.name, config.model_dump(), seed))
        if kept is None:
            raise NoDataError("The result of this run is no longer kept. Run it again.")
        return kept.data

    async def of_run(self, request: Request) -> Response:
        """The numbers of a run that is done."""
        job, data = self._runs.data(request.path_params["id"])
        toy = await run_in_threadpool(self._find, job.toy)
        return _file(data, file_name(toy.name, parse_settings(toy, job.settings), job.seed))


def _exact(toy: Toy, config: Settings, seed: int) -> bytes:
    return table(toy, toy.module.preview(config, seed=seed), toy.module.facts(config))


def _file(data: bytes, name: str) -> Response:
    headers = {**FRESH, "Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(data, media_type="text/csv; header=present", headers=headers)
