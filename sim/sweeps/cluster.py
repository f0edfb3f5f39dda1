"""Tasks on a Dask cluster, by the address of its scheduler.

A task is known there by a hash of what it is, so that it is the same one whichever worker takes it: the tasks
of a worker that dies are taken by another. Each worker says first whether its code is ours, for otherwise its
numbers would be another program's. The only door to `distributed`, which comes with the extra `cluster`.

Workers that have all gone are waited for. Left out: clusters that ask for a certificate, unless Dask's own
configuration names one.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.run import CPU, choose_device
from sim.spec import get
from sim.sweeps.errors import SweepError
from sim.sweeps.task import Failure, Outcome, Task, outcomes
from sim.version import code_version
from sim.worker import Find

if TYPE_CHECKING:
    from distributed import Client, Future

ANSWERS_WITHIN = 5.0  # seconds
WORKERS_WITHIN = 10.0

Version = Callable[[str], str]


class Cluster:
    """The workers of a scheduler.

    Args:
        client: A connection to it.
        find: How a worker finds a simulation by its name; pickled by reference.
        version: How code is told apart there; pickled by reference.
    """

    def __init__(self, client: Client, find: Find, version: Version) -> None:
        self._client = client
        self._find = find
        self._version = version

    def device(self, wanted: str) -> str:
        """Resolve the device's name on one of the workers; all have to have it.

        Raises:
            DeviceError: If that worker has none of that name.
        """
        if wanted == CPU:
            return CPU
        chosen: str = self._client.submit(choose_device, wanted, pure=False).result()
        return chosen

    def lanes(self, device: str) -> int:  # noqa: ARG002 - a cluster's workers are what they are
        """How many tasks run at once: the threads of all workers."""
        threads: dict[str, int] = self._client.nthreads()
        return max(sum(threads.values()), 1)

    def compute(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Run tasks; yield what becomes of them as it comes."""
        from distributed import as_completed  # noqa: PLC0415 - an extra, loaded only for a cluster

        tasks_by_key = {_key(task): task for task in tasks}
        # A result stays on its worker for as long as anything here holds its future, so nothing else does.
        coming = as_completed(
            [self._submit(key, task) for key, task in tasks_by_key.items()], loop=self._client.loop
        )
        for future in coming:
            for outcome in _told(future, tasks_by_key[future.key]):
                if isinstance(outcome, Failure) and len(outcome.task.seeds) > 1:
                    alone = {_key(task): task for task in outcome.task.one_by_one()}
                    tasks_by_key |= alone
                    coming.update([self._submit(key, task) for key, task in alone.items()])
                else:
                    yield outcome

    def _submit(self, key: str, task: Task) -> Future:
        code = self._version(task.toy)
        return self._client.submit(_run, task, code, self._find, self._version, key=key)


@contextmanager
def connected(address: str, find: Find = get, version: Version = code_version) -> Iterator[Cluster]:
    """Connect to the scheduler at an address, and disconnect at the end.

    Raises:
        SweepError: If Dask is not installed, nobody answers, or nobody works there.
    """
    if not re.fullmatch(r"(tcp|tls)://\S+:\d{1,5}", address):
        raise SweepError(f"--cluster is '{address}', and has to be like tcp://127.0.0.1:8786.")
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, loaded only for a cluster
        from distributed.comm import connect  # noqa: PLC0415 - as above
    except ImportError:
        raise SweepError(
            "--cluster needs Dask, which is not installed. It comes with the extra 'cluster': "
            "pip install -c constraints.txt -e '.[cluster]'"
        ) from None

    async def greet() -> None:
        comm = await connect(address, timeout=ANSWERS_WITHIN)
        comm.abort()

    try:
        # A client waits for ever for another server than Dask's that takes its call and says nothing. It is
        # greeted in a thread, since this one may have an event loop already, as a notebook's has.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, asyncio.wait_for(greet(), ANSWERS_WITHIN)).result()
        client = Client(address, timeout=ANSWERS_WITHIN, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise SweepError(f"No cluster answers at {address}. Is its scheduler running?") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKERS_WITHIN)
        except TimeoutError as error:
            raise SweepError(
                f"The cluster at {address} has no workers. Start one: dask worker {address}"
            ) from error
        yield Cluster(client, find, version)


def _run(task: Task, code: str, find: Find, version: Version) -> list[Outcome]:
    """Run a task in a worker."""
    if version(task.toy) != code:
        return [Failure(task, f"A worker has other code for {task.toy}. Install the same version there.")]
    return list(outcomes(task, find))


def _told(future: Future, task: Task) -> list[Outcome]:
    """What became of a task that is over; waits again if its worker has died before telling."""
    from distributed import KilledWorker  # noqa: PLC0415 - as above

    try:
        error = future.exception()
        told: list[Outcome] = future.result() if error is None else []
    except asyncio.CancelledError:
        return [Failure(task, "The cluster went away.")]
    if isinstance(error, KilledWorker):
        return [Failure(task, "Each worker that took it died, perhaps for want of memory.")]
    return told if error is None else [Failure(task, f"It broke off: {type(error).__name__}: {error}")]


def _key(task: Task) -> str:
    return f"martingale-{hashlib.sha256(repr(task).encode()).hexdigest()[:32]}"
