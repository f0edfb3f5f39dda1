"""Tasks in processes of this machine.

Each process takes one task after another. One that dies takes only its task with it, and another is started
for the rest. A task of several seeds may have died, or run out of memory, because they ran side by side; so
each of them is tried again alone. Ctrl-C reaches this process only, which then ends the others.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait

from sim.processes import launch, reap
from sim.run import CPU, choose_device
from sim.spec import get
from sim.sweeps.task import Failure, Outcome, Row, Task, outcomes
from sim.worker import Find, end_with_parent, give_way


class _Said(Enum):
    """What a process says besides outcomes."""

    READY = "it is through with its task"
    DEAD = "nothing, for it is gone"


class Local:
    """This machine.

    Args:
        processes: How many run at once; by default as many as there are cores, and one on another device.
        find: How a process finds a simulation by its name; pickled by reference.
    """

    def __init__(self, processes: int | None = None, find: Find = get) -> None:
        self._processes = processes
        self._find = find

    def device(self, wanted: str) -> str:
        """Resolve the device's name.

        Raises:
            DeviceError: If this machine has none of that name.
        """
        return choose_device(wanted)

    def lanes(self, device: str) -> int:
        """How many processes run at once."""
        return self._processes or (_cores() if device == CPU else 1)

    def compute(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Run tasks; yield what becomes of them as it comes."""
        waiting, workers = deque(tasks), list[_Worker]()
        try:
            while waiting or workers:
                while waiting and len(workers) < self.lanes(waiting[0].device):
                    workers.append(_Worker(self._find, waiting.popleft()))
                for worker in _with_news(workers):
                    said = worker.hear()
                    if isinstance(said, Row):
                        yield said
                    elif isinstance(said, Failure):
                        yield from _alone_or_lost(said, waiting)
                    elif said is _Said.READY and waiting:
                        worker.take(waiting.popleft())
                    elif said is _Said.READY:
                        workers.remove(worker)
                        worker.end()
                    else:
                        workers.remove(worker)
                        yield from _alone_or_lost(worker.lost(), waiting)
        finally:
            for worker in workers:
                worker.end()


class _Worker:
    """A process, and the task that it is at."""

    def __init__(self, find: Find, task: Task) -> None:
        reader, self._tasks = Pipe(duplex=False)
        with reader, _interrupts_held():
            self._process, self.answers = launch(_serve, find, reader)
        self.take(task)

    def take(self, task: Task) -> None:
        """Give it its next task."""
        self._left = task
        with suppress(BrokenPipeError):  # it has just died, which `hear` finds out
            self._tasks.send(task)

    def hear(self) -> Outcome | _Said:
        """What it says next."""
        try:
            said: Outcome | _Said = self.answers.recv()
        except (EOFError, OSError):
            return _Said.DEAD
        if isinstance(said, Row):
            self._left = self._left.without({said.seed})
        if isinstance(said, Failure):
            self._left = self._left.without(set(self._left.seeds))
        return said

    def end(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()  # a simulation has nothing to tidy up, and this cannot be refused
        self.lost()

    def lost(self) -> Failure:
        """What a process that has died, or is dying, leaves undone, and why."""
        self._tasks.close()
        self.answers.close()
        return Failure(self._left, _cause(reap(self._process)))


def _serve(find: Find, tasks: Connection, answers: Connection) -> None:
    """Run tasks in this process until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    give_way()
    end_with_parent()
    with tasks, answers, suppress(EOFError):
        while True:
            task: Task = tasks.recv()
            for outcome in outcomes(task, find):
                answers.send(outcome)
            answers.send(_Said.READY)


def _with_news(workers: Sequence[_Worker]) -> list[_Worker]:
    """Those who have something to say, or have died; waits until there is one."""
    news = wait([worker.answers for worker in workers])
    return [worker for worker in workers if worker.answers in news]


def _alone_or_lost(failure: Failure, waiting: deque[Task]) -> Iterator[Failure]:
    """Try each of several seeds again, alone; one that was alone is lost, and one that was done is not."""
    if len(failure.task.seeds) > 1:
        waiting.extendleft(reversed(failure.task.one_by_one()))
    elif failure.task.seeds:
        yield failure


def _cause(code: int) -> str:
    if code < 0:
        return f"Its process was ended by signal {-code}, perhaps for want of memory. Try a smaller setting."
    return "It broke off: there is a fault in its code, whose trace is above."


def _cores() -> int:
    return os.cpu_count() or 1


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a process starts, which would inherit it and end with a trace.

    The process that workers are forked from is started with the first of them, and keeps what is held.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows has none
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
