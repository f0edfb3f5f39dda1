"""Simulations over HTTP: exact pictures, runs to watch and to stop, and one sentence for a mistake."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette

from sim.pages.requesting import BODY_LIMIT
from sim.pages.routes import Simulations
from sim.picture import SEED_LIMIT
from sim.results import Results
from sim.runs import Runs
from sim.turns import WAITING, WAITING_EACH
from sim.worker import Job, messages
from tests.sim.asgi import Answer, call, calling
from tests.sim.pacing import find
from tests.sim.playing import play

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OURS = {"x_martingale": "1"}
SLOW = {"draws": 1_000_000, "pause": 0.005}


@asynccontextmanager
async def server(quiet: float = 15.0, folder: Path | None = None) -> AsyncIterator[tuple[Starlette, Runs]]:
    runs = Runs(find=find, capacity=1)
    runs.results = Results(folder, version=lambda _: "1")
    runs.open()
    try:
        yield Starlette(routes=Simulations(runs, find=find, quiet=quiet).routes()), runs
    finally:
        await runs.close()


def asked(method: str, url: str, body: bytes = b"", **headers: str) -> Answer:
    """One request to a server that is closed again afterwards."""

    async def scenario() -> Answer:
        async with server() as (app, _):
            return await call(app, method, url, body, **headers)

    return play(scenario)


def body(settings: object, **more: object) -> bytes:
    return json.dumps({"settings": settings, **more}).encode()


def named_events(text: bytes) -> list[tuple[str, list[int], dict[str, Any]]]:
    """Read a stream of server-sent events: name, numbers and message."""
    found = []
    for block in text.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if fields:
            numbers = [int(number) for number in fields["id"].split(",")]
            found.append((fields["event"], numbers, json.loads(fields["data"])))
    return found


def events(text: bytes) -> list[tuple[int, dict[str, Any]]]:
    """The same of a stream of one run: number and message."""
    return [(number, message) for _, (number,), message in named_events(text)]


def test_a_preview_is_the_exact_picture_for_the_settings_of_the_query() -> None:
    answer = asked("GET", "/sim/pacing/preview?pause=3&seed=7")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    picture = answer.json()
    assert picture["state"] == "preview"
    assert picture["facts"] == {"mean": 0.5, "slow_mean": 1.5}
    assert picture["settings"] == {"draws": 10, "pause": 3.0, "trouble": 0}
    assert picture["seed"] == 7
    assert picture["readout"] == "1 drawn, mean 0.500."
    assert picture["figure"]["data"][0]["type"] == "scatter"


@pytest.mark.parametrize(
    ("url", "status", "sentence"),
    [
        ("/sim/racing/preview", 404, "There is no simulation called 'racing'."),
        ("/sim/pacing/preview?draws=0", 422, "pacing: draws is 0, below the least allowed, 1."),
        ("/sim/pacing/preview?draws=many", 422, "pacing: draws is 'many', which is not a whole number."),
        ("/sim/pacing/preview?drawz=1", 422, "pacing has no setting called 'drawz'. Did you mean 'draws'?"),
        ("/sim/pacing/preview?seed=-1", 422, "The seed is '-1', which is not a whole number from 0 to"),
        (f"/sim/pacing/preview?seed={SEED_LIMIT + 1}", 422, f"The seed is '{SEED_LIMIT + 1}', which is not"),
        ("/sim/racing/data.csv", 404, "There is no simulation called 'racing'."),
        ("/sim/pacing/data.csv?draws=0", 422, "pacing: draws is 0, below the least allowed, 1."),
        ("/sim/pacing/data.csv?seed=x", 422, "The seed is 'x', which is not a whole number"),
        ("/sim/runs/none/data.csv", 404, "This run is over and gone, or was never started. Run it again."),
        ("/sim/runs/none/frames", 404, "This run is over and gone, or was never started. Run it again."),
    ],
)
def test_a_mistake_is_one_sentence(url: str, status: int, sentence: str) -> None:
    answer = asked("GET", url)
    assert answer.status == status
    assert answer.json()["error"].startswith(sentence)


@pytest.mark.parametrize("url", ["/sim/pacing/runs", "/sim/runs/some-run/cancel"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"x_martingale": "yes"}, {**OURS, "origin": "http://elsewhere.example"}, {**OURS, "origin": "null"}],
)
def test_a_page_elsewhere_cannot_start_or_stop_anything(url: str, headers: dict[str, str]) -> None:
    answer = asked("POST", url, body({}), **headers)
    assert answer.status == 403
    assert "X-Martingale: 1" in answer.json()["error"]


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        (body({"draws": -1}), 422, "pacing: draws is -1, below the least allowed, 1."),
        (body({"draws": {"a": 1}}), 422, "pacing: draws is '{'a': 1}', which is not a whole number."),
        (body([1]), 422, "A run is asked for with a JSON object"),
        (body({}, seed=1.5), 422, "The seed is '1.5'"),
        (b"[]", 422, "A run is asked for with a JSON object"),
        (b"\xff{", 422, "A run is asked for with a JSON object"),
        (b"", 422, "A run is asked for with a JSON object"),
        (b"[" * BODY_LIMIT, 422, "A run is asked for with a JSON object"),
        (body({"draws": "\ud800"}), 422, "pacing: draws is '\\ud800', which is not a number."),
        (body({"\ud800": 1}), 422, "pacing has no setting called '\\ud800'."),
        (body({}, seed="\ud800"), 422, "The seed is '\\ud800'"),
        (b" " * (BODY_LIMIT + 1), 413, f"A request has at most {BODY_LIMIT} bytes."),
    ],
)
def test_a_run_that_cannot_be_is_refused_before_it_starts(sent: bytes, status: int, sentence: str) -> None:
    answer = asked("POST", "/sim/pacing/runs", sent, **OURS)
    assert answer.status == status
    assert answer.json()["error"].startswith(sentence)


def test_a_device_whose_name_is_no_text_is_refused_in_a_sentence() -> None:
    (message,) = messages(Job("pacing", device="\ud800"), find)
    assert json.loads(message.json)["error"].startswith("This machine has no device '\ud800'.")


@pytest.mark.parametrize("after", ["9" * 5000, "9" * 16, "-1", "x", "", ",,"])
def test_what_is_no_number_of_a_message_has_everything_sent(after: str) -> None:
    async def scenario() -> None:
        async with server() as (app, runs):
            run_id = runs.start(Job("pacing", {"draws": 3}))
            url = f"/sim/runs/{run_id}/frames"
            for sent in (
                await call(app, "GET", url, last_event_id=after),
                await call(app, "GET", f"{url}?after={after}"),
            ):
                assert named_events(sent.body)[-1][2]["state"] == "done"

    play(scenario)


def test_a_body_without_end_is_not_read_to_its_end() -> None:
    async def scenario() -> None:
        async with server() as (app, _):
            answer = await call(app, "POST", "/sim/pacing/runs", b"x" * 50 * BODY_LIMIT, **OURS)
        assert answer.status == 413

    play(scenario)


def test_a_run_is_started_watched_and_ends_with_the_answer_of_its_seed() -> None:
    async def scenario() -> None:
        async with server() as (app, _):
            ours = {**OURS, "origin": "http://testserver"}
            started = await call(
                app, "POST", "/sim/pacing/runs", body({"draws": 40, "pause": 0.01}, seed=7), **ours
            )
            assert started.status == 200
            url = f"/sim/runs/{started.json()['id']}/frames"
            stream = await call(app, "GET", url)
            assert stream.status == 200
            assert stream.headers["content-type"].startswith("text/event-stream")
            told = events(stream.body)
            numbers = [number for number, _ in told]
            assert numbers == sorted(set(numbers))
            assert told[-1][1]["state"] == "done"
            assert told[-1][1]["result"]["mean"] == np.mean(np.random.default_rng(7).random(40))
            # A browser whose connection broke says the last number that it has, and gets what is newer.
            again = await call(app, "GET", url, last_event_id=str(numbers[0]))
            assert events(again.body) == told[-1:]
            # 204 is what keeps it from coming back for ever.
            assert (await call(app, "GET", url, last_event_id=str(numbers[-1]))).status == 204

    play(scenario)


def test_one_stream_tells_of_several_runs_and_goes_on_where_it_broke_off() -> None:
    async def scenario() -> None:
        async with server() as (app, runs):
            ids = [runs.start(Job("pacing", {"draws": 20, "pause": 0.01}, seed=seed)) for seed in range(2)]
            stream = await call(app, "GET", f"/sim/runs/{','.join(ids)}/frames")
            told = named_events(stream.body)
            for place, run_id in enumerate(ids):
                own = [message for name, _, message in told if name == run_id]
                assert own[-1]["state"] == "done"
                assert own[-1]["seed"] == place
                numbers = [seen[place] for name, seen, _ in told if name == run_id]
                assert numbers == sorted(set(numbers))
            everything = told[-1][1]
            # Broken off after half of it; the browser says so in a header, the page in the address.
            half = ",".join(map(str, told[len(told) // 2][1]))
            url = f"/sim/runs/{','.join(ids)}/frames"
            by_header = await call(app, "GET", url, last_event_id=half)
            by_address = await call(app, "GET", f"{url}?after={half}")
            # Which run's last word comes first is chance.
            last = [
                {name: said for name, _, said in named_events(one.body)} for one in (by_header, by_address)
            ]
            assert last[0] == last[1]
            assert last[0]
            assert named_events(by_header.body)[-1][1] == everything
            assert all(seen != told[len(told) // 2][1] for _, seen, _ in named_events(by_header.body))
            after = ",".join(map(str, everything))
            assert (await call(app, "GET", url, last_event_id=after)).status == 204

    play(scenario)


def test_a_run_that_is_not_known_is_lost_and_takes_no_other_along() -> None:
    async def scenario() -> None:
        async with server() as (app, runs):
            run_id = runs.start(Job("pacing", {"draws": 3}))
            url = f"/sim/runs/old-run,{run_id},%0Adata:x/frames"
            told = named_events((await call(app, "GET", url)).body)
            assert told[0] == ("old-run", [0, 0], {"state": "lost"})
            assert [name for name, _, _ in told[1:]] == [run_id] * (len(told) - 1)
            assert told[-1][2]["state"] == "done"
            assert (await call(app, "GET", "/sim/runs/old-run,older/frames")).status == 404
            assert (await call(app, "GET", "/sim/runs/,/frames")).status == 404

    play(scenario)


def test_who_hangs_up_watches_none_of_several_runs() -> None:
    async def scenario() -> None:
        async with server() as (app, runs):
            ids = [runs.start(Job("pacing", SLOW)) for _ in range(3)]
            async with calling(app, "GET", f"/sim/runs/{','.join(ids)}/frames") as (answer, _):
                await answer.chunks.get()
                while [runs._runs[run_id].news.watchers for run_id in ids] != [1, 1, 1]:
                    await asyncio.sleep(0.01)
            while any(runs._runs[run_id].news.watchers for run_id in ids):
                await asyncio.sleep(0.01)

    play(scenario)


def table(answer: Answer) -> tuple[dict[str, str], list[float]]:
    """Read a table: what it says by name, and its first column of numbers."""
    assert answer.headers["content-type"] == "text/csv; header=present; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(answer.body.decode(), newline=""), strict=True)
    assert head[:5] == ["part", "name", "unit", "value", "drawn"]
    return {row[1]: row[3] for row in rows}, [float(row[4]) for row in rows if row[4]]


def test_the_numbers_behind_an_exact_picture_are_a_file() -> None:
    answer = asked("GET", "/sim/pacing/data.csv?pause=3&seed=7")
    assert answer.status == 200
    name = 'filename="pacing_draws=10_pause=3_trouble=0_seed=7.csv"'
    assert answer.headers["content-disposition"] == f"attachment; {name}"
    said, numbers = table(answer)
    assert (said["pause"], said["seed"], said["slow_mean"]) == ("3.0", "7", "1.5")
    assert numbers == [0.5]


def test_the_numbers_of_a_run_are_had_when_it_is_done_and_not_before() -> None:
    async def scenario() -> None:
        async with server() as (app, runs):
            going = runs.start(Job("pacing", SLOW))
            early = await call(app, "GET", f"/sim/runs/{going}/data.csv")
            await runs.cancel(going)
            cut_off = await call(app, "GET", f"/sim/runs/{going}/data.csv")
            done = runs.start(Job("pacing", {"draws": 40}, seed=7))
            stream = await call(app, "GET", f"/sim/runs/{done}/frames")
            answer = await call(app, "GET", f"/sim/runs/{done}/data.csv")
        for refused in (early, cut_off):
            assert refused.status == 409
            assert refused.json()["error"].startswith("This run has not come to its end")
        said, numbers = table(answer)
        assert numbers == np.random.default_rng(7).random(40).tolist()
        assert float(said["mean"]) == np.mean(numbers)
        assert said["cpu"] == ""
        assert answer.headers["content-disposition"].endswith('draws=40_pause=0_trouble=0_seed=7.csv"')
        assert b"drawn" not in stream.body.replace(
            b" drawn, mean", b""
        )  # the stream is not made larger by it

    play(scenario)


def test_cancel_ends_the_run_and_its_stream() -> None:
    async def scenario() -> None:
        async with server() as (app, _):
            run_id = (await call(app, "POST", "/sim/pacing/runs", body(SLOW), **OURS)).json()["id"]
            async with calling(app, "GET", f"/sim/runs/{run_id}/frames") as (answer, stream):
                await answer.chunks.get()
                cancelled = await call(app, "POST", f"/sim/runs/{run_id}/cancel", **OURS)
                assert cancelled.status == 204
                await stream
            assert events(answer.body)[-1][1] == {"state": "cancelled"}

    play(scenario)


def test_a_watcher_who_hangs_up_is_no_watcher() -> None:
    async def scenario() -> None:
        async with server(quiet=0.01) as (app, runs):
            run_id = (await call(app, "POST", "/sim/pacing/runs", body(SLOW), **OURS)).json()["id"]
            news = runs._runs[run_id].news
            async with calling(app, "GET", f"/sim/runs/{run_id}/frames") as (answer, _):
                while b": still here" not in answer.body:  # silence is filled, so that a dead line is noticed
                    await answer.chunks.get()
                assert news.watchers == 1
            while news.watchers:
                await asyncio.sleep(0.01)

    play(scenario)


def test_what_was_run_before_is_answered_at_once_and_found_again(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with server(folder=tmp_path) as (app, runs):
            asked_for = body({"draws": 40}, seed=7)
            first = (await call(app, "POST", "/sim/pacing/runs", asked_for, **OURS)).json()
            assert "message" not in first
            stream = await call(app, "GET", f"/sim/runs/{first['id']}/frames")
            while not list(tmp_path.iterdir()):
                await asyncio.sleep(0.01)
            # Settings that say the same in other words are the same.
            again = await call(
                app, "POST", "/sim/pacing/runs", body({"draws": "40", "pause": 0}, seed=7), **OURS
            )
            assert again.headers["content-type"] == "application/json"
            told = again.json()
            assert told["message"] == {**events(stream.body)[-1][1], "kept": True}
            assert told["id"] != first["id"]
            assert not runs._computing or told["id"] not in [run.id for run in runs._computing]
            found = await call(app, "GET", f"/sim/runs/{told['id']}/frames")
            assert [message for _, message in events(found.body)] == [told["message"]]

    play(scenario)


@pytest.mark.parametrize("device", ["abacus", "cuda"])
def test_a_result_of_one_device_is_none_of_another(tmp_path: Path, device: str) -> None:
    async def scenario() -> None:
        async with server(folder=tmp_path) as (app, _):
            first = (await call(app, "POST", "/sim/pacing/runs", body({}), **OURS)).json()
            await call(app, "GET", f"/sim/runs/{first['id']}/frames")
            while not list(tmp_path.iterdir()):
                await asyncio.sleep(0.01)
            for name in ("auto", "cpu"):
                answer = await call(app, "POST", "/sim/pacing/runs", body({}, device=name), **OURS)
                assert answer.json()["message"]["device"] == "cpu"
            other = await call(app, "POST", "/sim/pacing/runs", body({}, device=device), **OURS)
            assert "message" not in other.json()

    play(scenario)


def test_a_reader_has_a_bound_of_its_own() -> None:
    async def scenario() -> None:
        async with server() as (app, _):
            mine = [
                await call(app, "POST", "/sim/pacing/runs", body(SLOW, reader="me"), **OURS)
                for _ in range(WAITING_EACH + 2)
            ]
            yours = await call(app, "POST", "/sim/pacing/runs", body(SLOW, reader="you"), **OURS)
        assert [answer.status for answer in mine] == [200] * (WAITING_EACH + 1) + [503]
        assert mine[-1].json()["error"].startswith(f"{WAITING_EACH} of your simulations are waiting")
        assert yours.status == 200

    play(scenario)


def test_a_full_queue_says_so() -> None:
    async def scenario() -> None:
        async with server() as (app, _):
            answers = [
                await call(app, "POST", "/sim/pacing/runs", body(SLOW), **OURS) for _ in range(WAITING + 2)
            ]
        assert [answer.status for answer in answers] == [200] * (WAITING + 1) + [503]

    play(scenario)


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_a_server_that_is_told_to_stop_does_not_wait_for_those_who_watch() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(HERE / "watched_server.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "watched\n"
        server.terminate()
        assert server.wait(timeout=30) == -signal.SIGTERM  # what was said to it, after it has tidied up
        assert server.stdout.read() == "tidied\n"
