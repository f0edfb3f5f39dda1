"""The runs that are going on: each in a process of its own, watched by any number of readers.

    runs = Runs(); runs.open()
    run_id = runs.start(Job("belief_walk", {"start": 0.2}, seed=7), reader="a tab")
    async for event in runs.events(run_id): ...
    await runs.cancel(run_id)
    await runs.close()

Besides simulations, other long work runs so (`sim.task`): it says messages as a simulation does.

A run is known by an id that cannot be guessed, so that a page finds its own run again after a reload, and
nobody else's. At most `capacity` runs compute at once; the others wait for their turn (`sim.turns`) and are
told how many are before them. A run that nobody has watched for `PATIENCE` seconds ends, and sooner while
others wait for its place. One that is over is kept for `KEPT_FOR` seconds, and its result on disk
(`sim.results`): the same job need not be run again.

Everything here happens on the server's event loop; what blocks does so in threads. Left out: runs that
survive the server.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import TypeVar

from sim.broadcast import Broadcast, Event
from sim.picture import Json, written
from sim.processes import ending, launch, reap, receive
from sim.results import Results
from sim.run import AUTO
from sim.spec import get
from sim.task import Task
from sim.turns import Turns
from sim.worker import Clock, Find, Job, Message, tell_devices, work

T = TypeVar("T")

PATIENCE = 60.0  # enough to reload a page, or to read another one for a moment
PATIENCE_IN_A_QUEUE = 5.0  # while somebody else waits for the place
KEPT_FOR = 600.0
KEPT = 64
TIDY_EVERY = 1.0
QUIET = 15.0


class UnknownRunError(LookupError):
    """No run has this id, or it ended too long ago."""


class NoDataError(LookupError):
    """A run that has not come to its end, and so has no numbers to hand out."""


@dataclass(eq=False)
class _Run:
    job: Job | Task
    news: Broadcast
    reader: str = ""
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    cancelled: bool = False
    data: bytes = b""
    process: BaseProcess | None = None


class Runs:
    """The runs of one server.

    Args:
        find: How a worker finds a simulation by its name; pickled by reference.
        clock: Seconds, for patience and keeping.
        capacity: How many compute at once; by default all cores but one.

    Attributes:
        devices: Where a run can go, the fastest first; only the processor until `warm` has found out.
        results: Where results are kept; at first nowhere.
    """

    def __init__(self, find: Find = get, clock: Clock = time.monotonic, capacity: int | None = None) -> None:
        self.devices: list[str] = ["cpu"]
        self.results = Results()
        self._find = find
        self._clock = clock
        self._capacity = capacity or max(1, (os.cpu_count() or 1) - 1)
        self._runs: dict[str, _Run] = {}
        self._waiting: Turns[_Run] = Turns()
        self._computing: dict[_Run, asyncio.Task[None]] = {}
        self._tidying: asyncio.Task[None] | None = None
        self._threads: ThreadPoolExecutor | None = None

    def open(self) -> None:
        """Begin: call it on the event loop that will serve the watchers."""
        self._threads = ThreadPoolExecutor(self._capacity, "simulation")
        self._tidying = asyncio.create_task(self._keep_tidy())

    def warm(self) -> None:
        """Start the process that workers are forked from, and learn from a first one what devices there are.

        Takes as long as importing torch.
        """
        process, reader = launch(tell_devices)
        with reader:
            self.devices = receive(reader) or self.devices
        reap(process)

    def kept(self, job: Job) -> Message | None:
        """The last message of an earlier run of the same job, if it is kept. Reads a file, in any thread."""
        return self.results.find(job, self.devices[0] if job.device == AUTO else job.device)

    def start(self, job: Job | Task, reader: str = "") -> str:
        """Start a run for a reader, or queue it; returns its id. A reader without a name is nobody else.

        Raises:
            BusyError: If too many are waiting, in all or of this reader.
        """
        run = _Run(job, Broadcast(self._clock), reader)
        self._waiting.join(run, reader or run.id)
        self._runs[run.id] = run
        self._next()
        return run.id

    def recall(self, job: Job, message: Message) -> str:
        """Take a kept message for a run that is over, so that it is found again after a reload."""
        run = _Run(job, Broadcast(self._clock), data=message.data)
        run.news.say(message.json, final=True)
        self._runs[run.id] = run
        self._forget()
        return run.id

    def seen(self, run_id: str, after: int) -> bool:
        """Whether a watcher who has seen event `after` has seen everything there will be.

        Raises:
            UnknownRunError: If there is no such run.
        """
        return self._get(run_id).news.seen(after)

    def events(self, run_id: str, after: int = 0, quiet: float = QUIET) -> AsyncGenerator[Event | None]:
        """What a run says after event `after`: the latest at once, then each newer one, to the end.

        Yields `None` when nothing was said for `quiet` seconds: a chance to notice that a watcher has gone.

        Raises:
            UnknownRunError: If there is no such run.
        """
        return self._get(run_id).news.events(after, quiet)

    def data(self, run_id: str) -> tuple[Job, bytes]:
        """What was run, and the numbers it came to, as `sim.table` writes them.

        Raises:
            UnknownRunError: If there is no such run.
            NoDataError: If it is not over, or was ended before its time.
        """
        run = self._get(run_id)
        if not run.data or isinstance(run.job, Task):
            raise NoDataError(
                "This run has not come to its end, so there are no data of it. Run it to the end."
            )
        return run.job, run.data

    def result(self, run_id: str) -> bytes | None:
        """The last message of a run that is over, or `None` while it goes on. May be asked in any thread.

        Raises:
            UnknownRunError: If there is no such run.
        """
        news = self._get(run_id).news
        return news.latest if news.over else None

    async def cancel(self, run_id: str) -> None:
        """End a run and its process; a run that is over stays as it is.

        Raises:
            UnknownRunError: If there is no such run.
        """
        await self._cancel(self._get(run_id))

    async def tidy(self) -> None:
        """End what nobody has watched for too long, and forget what ended long ago."""
        for run in list(self._runs.values()):
            holds_a_place = run in self._computing and bool(self._waiting)
            if not run.news.over and run.news.idle >= (PATIENCE_IN_A_QUEUE if holds_a_place else PATIENCE):
                await self._cancel(run)
        self._forget()

    def _forget(self) -> None:
        over = [run for run in self._runs.values() if run.news.over and not run.news.watchers]
        for place, run in enumerate(sorted(over, key=lambda run: run.news.idle)):
            if place >= KEPT or run.news.idle >= KEPT_FOR:
                del self._runs[run.id]

    def release(self) -> None:
        """End every watcher's stream, so that a server that is stopping need not wait for them."""
        for run in self._runs.values():
            run.news.release()

    async def close(self) -> None:
        """End every run and every process."""
        for run in list(self._runs.values()):
            await self._cancel(run)
        self._runs.clear()
        if self._tidying:
            self._tidying.cancel()
        if self._threads:
            self._threads.shutdown()

    def _get(self, run_id: str) -> _Run:
        try:
            return self._runs[run_id]
        except KeyError:
            raise UnknownRunError("This run is over and gone, or was never started. Run it again.") from None

    def _next(self) -> None:
        """Start as many of the waiting as there is room for, and tell the rest where they stand."""
        while self._waiting and len(self._computing) < self._capacity:
            run = self._waiting.take()
            self._computing[run] = asyncio.create_task(self._compute(run))
        for before, run in enumerate(self._waiting):
            run.news.say(_state("waiting", before=before))

    async def _compute(self, run: _Run) -> None:
        try:
            await self._follow(run)
        except (OSError, EOFError) as error:
            run.news.say(
                _state("failed", error=f"This machine cannot start another process: {error}."), final=True
            )
        finally:
            del self._computing[run]
            self._waiting.ended(run.reader or run.id)
            self._next()

    async def _follow(self, run: _Run) -> None:
        """Start a run's process and pass on what it says, until it ends."""
        version = ""
        if isinstance(run.job, Task):
            process, reader = await self._in_thread(launch, run.job.target, run.job.argument)
        else:
            version = await self._in_thread(self.results.version, run.job.toy)
            process, reader = await self._in_thread(launch, work, run.job, self._find)
        run.process = process
        if run.cancelled:
            process.kill()
        with reader:
            message: Message | None
            while message := await self._in_thread(receive, reader):
                run.data = message.data
                run.news.say(message.json, final=message.final)
                if message.device and isinstance(run.job, Job):
                    await self._in_thread(self.results.keep, run.job, version, message)
        run.process = None
        code = await self._in_thread(reap, process)
        if run.cancelled:
            run.news.say(_state("cancelled"), final=True)
        elif not run.news.over:
            what = (run.job.name, run.job.remedy) if isinstance(run.job, Task) else ()
            run.news.say(_state("failed", error=ending(code, *what)), final=True)

    async def _cancel(self, run: _Run) -> None:
        run.cancelled = not run.news.over
        if self._waiting.leave(run):
            run.news.say(_state("cancelled"), final=True)
            self._next()
        if run.process:
            run.process.kill()  # a simulation has nothing to tidy up, and this cannot be refused
        if computing := self._computing.get(run):
            await asyncio.wait([computing])

    async def _keep_tidy(self) -> None:
        while True:
            await asyncio.sleep(TIDY_EVERY)
            await self.tidy()

    async def _in_thread(self, blocking: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, blocking, *arguments)


def _state(name: str, **more: Json) -> bytes:
    return written({"state": name, **more}).encode()
