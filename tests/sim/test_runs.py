"""Runs in processes of their own: they say what the seed says, end when told to, and leave nobody behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from sim.results import Results
from sim.runs import KEPT, KEPT_FOR, PATIENCE, PATIENCE_IN_A_QUEUE, Runs, UnknownRunError
from sim.turns import WAITING, WAITING_EACH, BusyError
from sim.worker import PER_SECOND, POLITE, Job, Message, messages
from tests.sim.pacing import DEATH, ENDLESS, MEMORY, find
from tests.sim.playing import play

ROOT = Path(__file__).parents[2]
SLOW = {"draws": 1_000_000, "pause": 0.005}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Read it."""
        return self.now


@asynccontextmanager
async def engine(
    clock: Callable[[], float] = time.monotonic, capacity: int = 1, folder: Path | None = None
) -> AsyncIterator[Runs]:
    runs = Runs(find=find, clock=clock, capacity=capacity)
    runs.results = Results(folder, version=lambda _: "1")
    runs.open()
    try:
        yield runs
    finally:
        await runs.close()


async def said(runs: Runs, run_id: str, after: int = 0) -> list[dict[str, Any]]:
    return [json.loads(event.json) async for event in runs.events(run_id, after) if event]


async def state(runs: Runs, run_id: str, wanted: str) -> dict[str, Any]:
    """Watch until the run is in a state, then look away."""
    async with aclosing(runs.events(run_id)) as events:
        async for event in events:
            message: dict[str, Any] = json.loads(event.json) if event else {}
            if message.get("state") == wanted:
                return message
    raise AssertionError(f"the run ended and was never {wanted}")


def process_of(runs: Runs, run_id: str) -> psutil.Process:
    process = runs._runs[run_id].process
    assert process is not None
    assert process.pid is not None
    return psutil.Process(process.pid)


def test_a_run_says_its_frames_in_order_and_ends_with_the_answer_of_its_seed() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            frames = await said(runs, runs.start(Job("pacing", {"draws": 60, "pause": 0.01}, seed=7)))
        counts = [frame["result"]["count"] for frame in frames]
        assert counts == sorted(counts)
        assert [frame["state"] for frame in frames] == ["running"] * (len(frames) - 1) + ["done"]
        last = frames[-1]
        assert last["result"]["mean"] == np.mean(np.random.default_rng(7).random(60))
        assert last["facts"] == {"mean": 0.5, "slow_mean": 0.005}
        assert last["readout"] == f"60 drawn, mean {last['result']['mean']:.3f}."
        assert last["device"] == "cpu"
        assert len(last["figure"]["data"]) == 1
        assert "template" not in last["figure"]["layout"]

    play(scenario)


def test_a_late_watcher_gets_the_latest_at_once_and_one_who_comes_back_gets_only_news() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            run_id = runs.start(Job("pacing", {"draws": 5}))
            await state(runs, run_id, "done")
            assert [message["state"] for message in await said(runs, run_id)] == ["done"]
            number = [event.number async for event in runs.events(run_id) if event][-1]
            assert await said(runs, run_id, after=number) == []
            assert runs.seen(run_id, number)
            assert not runs.seen(run_id, number - 1)

    play(scenario)


def test_frames_are_thinned_but_never_the_last() -> None:
    ticks = iter(i / 1000 for i in range(1_000_000))
    told = list(messages(Job("pacing", {"draws": 500}, device="cpu"), find=find, clock=lambda: next(ticks)))
    lasted = json.loads(told[-1].json)["seconds"]
    assert len(told) <= PER_SECOND * lasted + 2
    assert [message.final for message in told] == [False] * (len(told) - 1) + [True]
    assert json.loads(told[-1].json)["result"]["count"] == 500


def test_the_time_left_is_what_the_pace_so_far_promises() -> None:
    ticks = iter(range(1_000_000))
    told = [
        json.loads(message.json)
        for message in messages(
            Job("pacing", {"draws": 8}, device="cpu"), find=find, clock=lambda: next(ticks) * 1.0
        )
    ]
    # Three readings of the clock a frame that is drawn: frame k is looked at after 3k + 1 seconds.
    left = [frame["seconds_left"] for frame in told[:-1]]
    assert left == sorted(left, reverse=True)
    assert left[0] == 7.0


def test_cancel_ends_the_process() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            run_id = runs.start(Job("pacing", SLOW))
            await state(runs, run_id, "running")
            process = process_of(runs, run_id)
            polite = min(psutil.Process().nice() + POLITE, 19)
            while (
                os.name != "nt" and process.nice() != polite
            ):  # it gives way once the reader has seen it run
                await asyncio.sleep(0.01)
            await runs.cancel(run_id)
            assert not process.is_running()
            assert await said(runs, run_id) == [{"state": "cancelled"}]
            await runs.cancel(run_id)  # again: nothing to do, nothing said
            assert await said(runs, run_id) == [{"state": "cancelled"}]

    play(scenario)


def test_a_run_that_is_cancelled_before_its_process_is_there_never_runs() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            run_id = runs.start(Job("pacing", {"trouble": ENDLESS}))
            await runs.cancel(run_id)
            assert (await said(runs, run_id))[-1] == {"state": "cancelled"}

    play(scenario)


def test_those_who_wait_are_told_their_place_and_run_in_the_order_they_came() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            first, second, third = (runs.start(Job("pacing", SLOW)) for _ in range(3))
            await state(runs, first, "running")
            assert (await state(runs, second, "waiting"))["before"] == 0
            assert (await state(runs, third, "waiting"))["before"] == 1
            await runs.cancel(first)
            await state(runs, second, "running")
            assert (await state(runs, third, "waiting"))["before"] == 0
            await runs.cancel(second)
            await state(runs, third, "running")

    play(scenario)


def test_two_cores_to_spare_run_two() -> None:
    async def scenario() -> None:
        async with engine(capacity=2) as runs:
            ids = [runs.start(Job("pacing", SLOW)) for _ in range(2)]
            await asyncio.gather(*(state(runs, run_id, "running") for run_id in ids))

    play(scenario)


def test_the_queue_is_bounded() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            for _ in range(WAITING + 1):  # one of them computes
                runs.start(Job("pacing", SLOW))
            with pytest.raises(BusyError, match=f"^{WAITING} simulations are waiting"):
                runs.start(Job("pacing", SLOW))

    play(scenario)


def test_readers_take_turns() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            many = [runs.start(Job("pacing", SLOW), reader="many") for _ in range(3)]
            await state(runs, many[0], "running")
            few = runs.start(Job("pacing", SLOW), reader="few")
            await runs.cancel(many[0])
            await state(runs, few, "running")
            assert (await state(runs, many[1], "waiting"))["before"] == 0
            assert (await state(runs, many[2], "waiting"))["before"] == 1

    play(scenario)


def test_one_reader_may_have_only_so_many_waiting_and_others_do_not_feel_it() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            for _ in range(WAITING_EACH + 1):  # one of them computes
                runs.start(Job("pacing", SLOW), reader="many")
            with pytest.raises(BusyError, match=f"^{WAITING_EACH} of your simulations are waiting"):
                runs.start(Job("pacing", SLOW), reader="many")
            few = runs.start(Job("pacing", SLOW), reader="few")
            assert (await state(runs, few, "waiting"))["before"] == 1

    play(scenario)


def test_a_result_is_kept_and_recalled_without_a_process_or_a_place_in_the_queue(tmp_path: Path) -> None:
    job = Job("pacing", {"draws": 40}, seed=7)

    async def scenario() -> None:
        async with engine(folder=tmp_path) as runs:
            assert runs.kept(job) is None
            run_id = runs.start(job)
            told = await said(runs, run_id)
            while run_id in [run.id for run in runs._computing]:
                await asyncio.sleep(0.01)
            busy = runs.start(Job("pacing", SLOW))
            message = runs.kept(job)
            assert message is not None
            recalled = runs.recall(job, message)
            assert await said(runs, recalled) == [{**told[-1], "kept": True}]
            assert runs.data(recalled) == runs.data(run_id)
            assert runs._runs[recalled].process is None
            assert [run.id for run in runs._computing] == [busy]
            assert runs.kept(Job("pacing", {"draws": 40}, seed=8)) is None

    play(scenario)


@pytest.mark.parametrize("job", [Job("pacing", {"trouble": DEATH}), Job("pacing", {"draws": 0})])
def test_what_failed_is_not_kept(job: Job, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with engine(folder=tmp_path) as runs:
            assert (await said(runs, runs.start(job)))[-1]["state"] == "failed"
        assert list(tmp_path.iterdir()) == []

    play(scenario)


def test_a_folder_that_cannot_be_written_is_no_trouble_to_a_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "runs").write_text("a file", "utf-8")

    async def scenario() -> None:
        async with engine(folder=tmp_path / "runs") as runs:
            for _ in range(2):
                assert runs.kept(Job("pacing")) is None
                assert (await said(runs, runs.start(Job("pacing"))))[-1]["state"] == "done"

    play(scenario)
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        f"Results of simulations cannot be kept in {tmp_path / 'runs'}"
    ]


def test_recalled_results_do_not_fill_the_memory() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            ids = [
                runs.recall(Job("pacing"), Message(b'{"state":"done"}', final=True)) for _ in range(KEPT + 5)
            ]
            assert len(runs._runs) == KEPT
            assert ids[-1] in runs._runs

    play(scenario)


def test_the_server_of_processes_may_die_and_the_next_run_has_a_new_one() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            first = runs.start(Job("pacing", SLOW))
            await state(runs, first, "running")
            forker = process_of(runs, first).parent()
            assert forker is not None
            if forker.pid == os.getpid():
                pytest.skip("this platform starts each worker anew")
            forker.kill()  # and not waited for: multiprocessing does that itself
            while forker.status() != psutil.STATUS_ZOMBIE:
                await asyncio.sleep(0.01)
            await runs.cancel(first)
            assert (await said(runs, runs.start(Job("pacing"))))[-1]["state"] == "done"

    play(scenario)


def test_a_machine_that_cannot_start_a_process_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    async def scenario() -> None:
        async with engine() as runs:
            with monkeypatch.context() as patched:
                patched.setattr("sim.runs.launch", refuse)
                (message,) = await said(runs, runs.start(Job("pacing")))
            assert message["error"].startswith("This machine cannot start another process: ")
            assert (await said(runs, runs.start(Job("pacing"))))[-1]["state"] == "done"

    play(scenario)


def test_a_run_that_nobody_watches_ends() -> None:
    async def scenario() -> None:
        clock = Clock()
        async with engine(clock) as runs:
            run_id = runs.start(Job("pacing", SLOW))
            await state(runs, run_id, "running")
            process = process_of(runs, run_id)
            clock.now = PATIENCE - 1
            await runs.tidy()
            assert process.is_running()
            clock.now = PATIENCE
            await runs.tidy()
            assert not process.is_running()

    play(scenario)


def test_a_run_that_nobody_watches_makes_room_for_one_that_waits() -> None:
    async def scenario() -> None:
        clock = Clock()
        async with engine(clock) as runs:
            left, waiting = (runs.start(Job("pacing", SLOW)) for _ in range(2))
            await state(runs, left, "running")
            clock.now = PATIENCE_IN_A_QUEUE - 1
            await runs.tidy()
            assert (await state(runs, waiting, "waiting"))["before"] == 0
            clock.now += PATIENCE_IN_A_QUEUE
            await runs.tidy()
            assert await said(runs, left) == [{"state": "cancelled"}]
            await state(runs, waiting, "running")

    play(scenario)


def test_a_run_that_is_watched_goes_on() -> None:
    async def scenario() -> None:
        clock = Clock()
        async with engine(clock) as runs:
            run_id = runs.start(Job("pacing", SLOW))
            async with aclosing(runs.events(run_id)) as watching:
                await anext(watching)
                clock.now = 10 * PATIENCE
                await runs.tidy()
                assert await anext(watching) is not None

    play(scenario)


def test_what_is_over_is_kept_for_a_while_and_not_without_end() -> None:
    async def scenario() -> None:
        clock = Clock()
        async with engine(clock) as runs:
            ids = []
            for number in range(KEPT + 1):
                clock.now = number
                ids.append(runs.start(Job("pacing", {"draws": 1})))
                await runs.cancel(ids[-1])
            await runs.tidy()
            with pytest.raises(UnknownRunError):
                runs.events(ids[0])
            assert len(await said(runs, ids[1])) == 1
            clock.now = KEPT + KEPT_FOR
            await runs.tidy()
            with pytest.raises(UnknownRunError, match="over and gone"):
                runs.events(ids[1])

    play(scenario)


@pytest.mark.parametrize(
    ("job", "sentence"),
    [
        (Job("pacing", {"draws": 0}), "pacing: draws is 0, below the least allowed, 1."),
        (Job("racing"), "There is no simulation called 'racing'."),
        (Job("pacing", device="abacus"), "This machine has no device 'abacus'."),
        (
            Job("pacing", {"draws": 64, "trouble": MEMORY}, device="cpu"),
            "The simulation ran out of memory on cpu. Try draws=32.",
        ),
        (Job("pacing", {"trouble": DEATH}), "The simulation broke off: there is a fault in its code."),
    ],
)
def test_what_goes_wrong_is_one_sentence(job: Job, sentence: str) -> None:
    async def scenario() -> None:
        async with engine() as runs:
            message = (await said(runs, runs.start(job)))[-1]
            assert message["state"] == "failed"
            assert message["error"].startswith(sentence)

    play(scenario)


def test_a_worker_killed_from_outside_is_reported() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            run_id = runs.start(Job("pacing", SLOW))
            await state(runs, run_id, "running")
            process_of(runs, run_id).kill()
            assert "ended by signal 9" in (await state(runs, run_id, "failed"))["error"]

    play(scenario)


def test_close_leaves_no_worker_and_lets_every_watcher_go() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            ids = [runs.start(Job("pacing", SLOW)) for _ in range(3)]
            await state(runs, ids[0], "running")
            process = process_of(runs, ids[0])
            watching = asyncio.create_task(said(runs, ids[2]))
            await asyncio.sleep(0)
            runs.release()
            assert [message["state"] for message in await watching] == ["waiting"]
        assert not process.is_running()

    play(scenario)


def test_warming_learns_the_devices() -> None:
    runs = Runs(find=find)
    runs.warm()
    assert runs.devices[-1] == "cpu"


SERVER = """
import asyncio, sys
from sim.runs import Runs
from sim.worker import Job
from tests.sim.pacing import find

print("this file was run as", __name__, flush=True)

async def main():
    runs = Runs(find=find, capacity=1)
    runs.open()
    run_id = runs.start(Job("pacing", {"draws": 1_000_000, "pause": 0.005}))
    async for event in runs.events(run_id):
        if b"running" in event.json:
            print(runs._runs[run_id].process.pid, flush=True)
            await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_a_killed_server_takes_its_workers_along_and_they_never_import_its_main_module(
    tmp_path: Path,
) -> None:
    script = tmp_path / "server.py"
    script.write_text(SERVER, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment
    ) as server:
        assert server.stdout is not None
        lines = [server.stdout.readline().strip() for _ in range(2)]
        assert lines[0] == "this file was run as __main__"
        worker = psutil.Process(int(lines[1]))  # any other line would be a worker that ran the file again
        server.send_signal(signal.SIGKILL)
        psutil.wait_procs([worker], timeout=10)
        assert not worker.is_running()
