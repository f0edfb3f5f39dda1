"""A sweep on a Dask cluster has the rows of a local one, also when a worker is killed half-way."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import psutil
import pytest

from sim.run import DeviceError
from sim.sweep import SweepError, place, sweep
from sim.sweeps import cluster
from sim.sweeps.cluster import Cluster, connected
from sim.sweeps.task import Failure, Outcome, Row, Task
from tests.sim import pacing, sweeping
from tests.sim.sweeping import ABREAST, GREEDY, Here, code, planned, rows, swept

distributed = pytest.importorskip("distributed", reason="Dask, the extra 'cluster', is not installed")


PATIENCE = 240  # seconds: a cluster that never answers must fail a test, not hold up all that follow


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """End a test that waits for ever."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"The cluster has not answered within {PATIENCE} seconds.")

    if not hasattr(signal, "SIGALRM"):  # Windows has none
        yield
        return
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def workers() -> Iterator[object]:
    """Two workers, each a process with one thread."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as found:
        yield found


@pytest.fixture
def there(workers: object) -> Iterator[Cluster]:
    with connected(workers.scheduler_address, pacing.find, code) as found:
        yield found


def test_the_workers_say_what_devices_there_are(there: Cluster) -> None:
    assert there.lanes("cpu") == 2
    assert there.device("cpu") == "cpu"
    assert there.device("auto") in {"cpu", "cuda", "mps"}
    with pytest.raises(DeviceError, match="no device 'abacus'"):
        there.device("abacus")


class InterruptedThere:
    """A cluster that is left after three outcomes."""

    def __init__(self, there: Cluster) -> None:
        self.device = there.device
        self.lanes = there.lanes
        self._there = there

    def compute(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Run some tasks."""
        yield from islice(self._there.compute(tasks), 3)
        raise KeyboardInterrupt


def test_begun_on_a_cluster_and_ended_here(there: Cluster, tmp_path: Path) -> None:
    plan = planned("draws=1,2", seeds="0:4")
    out = tmp_path / "results.parquet"

    with pytest.raises(KeyboardInterrupt):
        sweep(plan, out, InterruptedThere(there), device="cpu", code="1")
    here = Here()
    sweep(plan, out, here, device="cpu", code="1")
    assert len(here.tasks) == plan.runs - 3
    assert rows(out) == swept(plan, tmp_path / "local")


def test_a_seed_that_takes_its_neighbours_along_is_the_only_one_lost(workers: object) -> None:
    plan = planned(toy=ABREAST, seeds=f"{GREEDY},20,21,22")
    with connected(workers.scheduler_address, sweeping.find, code) as there:
        found = list(there.compute(plan.tasks(set(), lanes=1)))
    lost = [outcome for outcome in found if isinstance(outcome, Failure)]
    assert [(failure.task.seeds, failure.sentence) for failure in lost] == [
        ((GREEDY,), "The simulation ran out of memory on cpu. Try draws=5.")
    ]
    assert sorted(outcome.seed for outcome in found if isinstance(outcome, Row)) == list(plan.seeds[1:])


def other_code(name: str) -> str:
    """The version of a toy's code, which is another in each process."""
    return f"{name} {psutil.Process().pid}"


def test_a_worker_with_other_code_is_not_believed(workers: object) -> None:
    with connected(workers.scheduler_address, pacing.find, other_code) as there:
        (failure,) = there.compute(planned(seeds="0").tasks(set(), lanes=1))
    assert isinstance(failure, Failure)
    assert failure.sentence == "A worker has other code for pacing. Install the same version there."


def test_a_fault_in_a_toys_code_is_named(there: Cluster) -> None:
    task = Task("pacing", 0, {"draws": 1}, (-1,), "cpu")  # no generator takes this seed
    (failure,) = there.compute([task])
    assert isinstance(failure, Failure)
    assert failure.sentence.startswith("It broke off: ValueError: ")


@pytest.mark.parametrize(
    "address", ["8786", "127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://127.0.0.1", ""]
)
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(SweepError, match=r"has to be like tcp://127\.0\.0\.1:8786"), place(address):
        pass


def test_an_address_nobody_answers_is_one_sentence_after_a_few_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "ANSWERS_WITHIN", 0.5)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        began = time.monotonic()
        with pytest.raises(SweepError, match=f"No cluster answers at tcp://127.0.0.1:{port}"):
            place(f"tcp://127.0.0.1:{port}").__enter__()
        assert time.monotonic() - began < 10


def test_a_cluster_without_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WORKERS_WITHIN", 0.2)
    with distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as empty:
        said = rf"The cluster at {empty.scheduler_address} has no workers. Start one: dask worker tcp://"
        with pytest.raises(SweepError, match=said):
            place(empty.scheduler_address).__enter__()


def test_without_dask_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SweepError, match=r"Dask, which is not installed.* '\.\[cluster\]'"):
        place("tcp://127.0.0.1:8786").__enter__()


def test_a_cluster_and_a_number_of_processes_contradict_each_other() -> None:
    with pytest.raises(SweepError, match="Leave one out"):
        place("tcp://127.0.0.1:8786", processes=2).__enter__()


# The workers are killed last: one that is started again takes its time.


class KillsAWorker:
    """A cluster that loses a worker once half of the tasks are over."""

    def __init__(self, there: Cluster, workers: object) -> None:
        self.device = there.device
        self.lanes = there.lanes
        self.killed = 0
        self._there = there
        self._workers = workers

    def compute(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Run tasks; the worker that is killed is at one of them."""
        for over, outcome in enumerate(self._there.compute(tasks), 1):
            if over == len(tasks) // 2:
                victim = next(iter(self._workers.workers.values()))
                self.killed = victim.pid
                psutil.Process(victim.pid).kill()
            yield outcome


def test_a_worker_killed_half_way_changes_nothing(there: Cluster, workers: object, tmp_path: Path) -> None:
    plan = planned("draws=5:10:2", pause="0.03", seeds="0:6")
    trouble = KillsAWorker(there, workers)
    assert swept(plan, tmp_path / "cluster", trouble) == swept(plan, tmp_path / "local")
    assert not psutil.pid_exists(trouble.killed)


def test_a_task_that_kills_its_workers_is_given_up(workers: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers.scheduler, "allowed_failures", 0)  # workers, which take a while to start
    plan = planned(f"trouble={pacing.DEATH}", seeds="0")
    with connected(workers.scheduler_address, pacing.find, code) as there:
        (failure,) = there.compute(plan.tasks(set(), lanes=1))
    assert isinstance(failure, Failure)
    assert failure.sentence == "Each worker that took it died, perhaps for want of memory."
