"""A server with an endless run and somebody who watches it, for `test_routes.py` to stop.

Prints "watched" once the watcher has a frame, and "tidied" when the server has ended every run.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection

import uvicorn
from starlette.applications import Starlette

from sim.pages.routes import Simulations
from sim.pages.stopping import release_on_stop
from sim.runs import Runs
from tests.sim.pacing import ENDLESS, find

runs = Runs(find=find)


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Serve runs as the app does."""
    runs.open()
    release_on_stop(runs.release)
    yield
    await runs.close()
    print("tidied", flush=True)


def watch(port: int) -> None:
    """Start a run that has no end, and stay with it."""
    asking = HTTPConnection("127.0.0.1", port)
    body = json.dumps({"settings": {"trouble": ENDLESS, "pause": 0.01}})
    asking.request("POST", "/sim/pacing/runs", body, {"X-Martingale": "1"})
    run_id = json.loads(asking.getresponse().read())["id"]
    watching = HTTPConnection("127.0.0.1", port)
    watching.request("GET", f"/sim/runs/{run_id}/frames")
    frames = watching.getresponse()
    frames.readline()
    print("watched", flush=True)
    while frames.readline():
        pass


if __name__ == "__main__":
    app = Starlette(routes=Simulations(runs, find=find).routes(), lifespan=lifespan)
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=watch, args=listener.getsockname()[1:2], daemon=True).start()
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
