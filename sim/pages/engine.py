"""The one set of runs that a server has, begun and ended with it."""

from __future__ import annotations

from sim.pages.stopping import release_on_stop
from sim.runs import Runs

RUNS = Runs()


def start_engine() -> None:
    """Begin to serve runs: call it on the server's event loop, when it starts."""
    RUNS.open()
    RUNS.warm_aside()
    release_on_stop(RUNS.release)


async def stop_engine() -> None:
    """End every run and its process: call it when the server stops."""
    await RUNS.close()
