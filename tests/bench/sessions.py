"""Thirty sessions are open and a simulation trains: what a fragment of one of the others takes to rerun.

The sessions are websocket clients on a small page of the app (`_slider`), whose fragment writes one line. As
readers do, they rerun one after another, each after a pause. The training is a long one, in its worker, and
one more client reads its frames as they come. The baselines are the bounds that are promised: 25 ms in the
middle, 60 ms for all but one in twenty. The third row says what the training adds to the median.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from statistics import median, quantiles

from tests.bench._session import Session
from tests.browser.harness import Server

APP = "tests/bench/_slider/app.py"
SESSIONS = 30
ROUNDS = 8
PAUSE = 0.02  # seconds between two readers' moves
OURS = {"X-Martingale": "1"}
LONGEST = {"steps": 5000, "restarts": 20}


def measure() -> list[tuple[str, float, float, float]]:
    """Return the seconds of a rerun beside a training, in the middle and at the 95th percentile."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(home=Path(folder), app=APP).start()
        try:
            alone, beside = asyncio.run(_reruns(server.port))
        finally:
            server.stop()
    slowest = quantiles(beside, n=20)[-1]
    return [
        (f"Fragment rerun, {SESSIONS} sessions, one training: median, of 25 ms", median(beside), 0.025, 1),
        (f"Fragment rerun, {SESSIONS} sessions, one training: 95%, of 60 ms", slowest, 0.060, 1),
        (f"Fragment rerun, {SESSIONS} sessions, training against none", median(beside), median(alone), 2),
    ]


async def _reruns(port: int) -> tuple[list[float], list[float]]:
    """The seconds of every rerun: with no training, and beside one."""
    async with AsyncExitStack() as opened:
        sessions = [await opened.enter_async_context(Session(port)) for _ in range(SESSIONS)]
        for session in sessions:
            await session.move()  # the first one of a session is slower
        with _training(port):
            beside = await _moves(sessions)
        alone = await _moves(sessions)
    return alone, beside


async def _moves(sessions: list[Session]) -> list[float]:
    took = []
    for session in sessions * ROUNDS:
        await asyncio.sleep(PAUSE)
        took.append(await session.move())
    return took


@contextmanager
def _training(port: int) -> Iterator[None]:
    """A simulation that trains and is watched, from its first frame on."""
    answer = _post(port, "/sim/toy_superposition/runs", json.dumps({"settings": LONGEST}))
    run_id = json.loads(answer)["id"]
    watching = HTTPConnection("127.0.0.1", port)
    watching.request("GET", f"/sim/runs/{run_id}/frames")
    frames = watching.getresponse()
    while b'"running"' not in frames.readline():
        pass
    reader = threading.Thread(target=_read, args=[frames], daemon=True)
    reader.start()
    yield
    if not reader.is_alive():
        raise RuntimeError("The training was over before the measurement: take more steps.")
    _post(port, f"/sim/runs/{run_id}/cancel")
    reader.join()


def _post(port: int, path: str, body: str = "") -> bytes:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("POST", path, body, OURS)
    return connection.getresponse().read()


def _read(frames: HTTPResponse) -> None:
    while frames.readline():
        pass
