"""What the tests of sweeps share: a place without processes, a toy with seeds side by side, and comparing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from pyarrow import parquet

from sim.spec import Frame, Settings, Toy, ToyModule, UnknownToyError
from sim.sweep import make_plan, sweep
from sim.sweeps.plan import Plan
from sim.sweeps.task import Outcome, Place, Task, outcomes
from sim.worker import Find
from tests.sim import pacing

DEADLY = 13  # the seed that ends its process
GREEDY = 14  # the seed that nothing has the memory for
KILLED = 15  # the seed whose process somebody kills


class Here:
    """This process, which can be interrupted after so many outcomes."""

    def __init__(
        self, find: Find = pacing.find, lanes: int = 1, interrupted_after: int | None = None
    ) -> None:
        self.tasks: list[Task] = []
        self._find = find
        self._lanes = lanes
        self._left = interrupted_after

    def device(self, wanted: str) -> str:
        """Whatever is asked for is there."""
        return wanted

    def lanes(self, device: str) -> int:  # noqa: ARG002 - any device has as many
        """As many as were said."""
        return self._lanes

    def compute(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Run tasks one after another, the last first: the order is not promised."""
        self.tasks += tasks
        for outcome in (outcome for task in reversed(tasks) for outcome in outcomes(task, self._find)):
            if self._left == 0:
                raise KeyboardInterrupt
            yield outcome
            self._left = None if self._left is None else self._left - 1


def batch(config: Settings, *, seeds: Sequence[int], device: str) -> Iterator[list[Frame]]:
    """Run seeds in groups of two; what one of a group comes to, both do."""
    for first in range(0, len(seeds), 2):
        yield [list(run(config, seed=seed, device=device))[-1] for seed in seeds[first : first + 2]]


def run(config: Settings, *, seed: int, device: str) -> Iterator[Frame]:
    """Run one seed; three of them come to no good end."""
    if seed == DEADLY:
        os._exit(9)
    if seed == GREEDY:
        raise MemoryError
    if seed == KILLED:
        os.kill(os.getpid(), signal.SIGKILL)
    yield from pacing.run(cast("pacing.Config", config), seed=seed, device=device)


ABREAST = Toy(
    "abreast", "Seeds side by side", "",
    cast("ToyModule", SimpleNamespace(**{**vars(pacing), "run": run, "batch": batch})),
)  # fmt: skip


def find(name: str) -> Toy:
    """Find the toy above.

    Raises:
        UnknownToyError: If another name is asked for.
    """
    if name != ABREAST.name:
        raise UnknownToyError(f"There is no simulation called '{name}'.")
    return ABREAST


def code(name: str) -> str:
    """The version of a test's toy."""
    return f"code of {name}"


def planned(*grid: str, toy: Toy = pacing.PACING, seeds: str = "0:3", **given: str) -> Plan:
    """A plan for one of the tests' toys."""
    return make_plan(toy, grid=grid, given=given, seeds=seeds)


def swept(plan: Plan, folder: Path, where: Place | None = None, version: str = "1") -> list[dict[str, Any]]:
    """Run a sweep in a folder of its own; returns its rows without what differs from time to time."""
    folder.mkdir(exist_ok=True)
    out = folder / "results.parquet"
    sweep(plan, out, where or Here(), device="cpu", code=version)
    assert [file.name for file in folder.iterdir()] == ["results.parquet"]
    return rows(out)


def rows(out: Path) -> list[dict[str, Any]]:
    """The rows of a file, without the seconds."""
    table = parquet.read_table(out)
    assert min(table["seconds"].to_pylist()) >= 0
    found: list[dict[str, Any]] = table.drop_columns("seconds").to_pylist()
    return found
