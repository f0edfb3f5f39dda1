"""A part of a sweep that runs in one go, in whatever process: pure, and told by plain values.

A task is one point and some of its seeds; running it gives a `Row` for each seed, or one `Failure` for those
that are missing. The same task gives the same rows wherever it runs, but for the seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sim.run import DeviceError, OutOfMemoryError, run_side_by_side
from sim.spec import BrokenToyError, Result, SettingError, UnknownToyError, parse_settings
from sim.worker import Find


@dataclass(frozen=True)
class Task:
    """What to run.

    Attributes:
        toy: The toy's name.
        point: Which point of the sweep this is.
        settings: The toy's settings there.
        seeds: Which of its seeds.
        device: A device that `choose_device` gave.
    """

    toy: str
    point: int
    settings: Mapping[str, float | str]
    seeds: tuple[int, ...]
    device: str

    def without(self, seeds: set[int]) -> Task:
        """The same but for the seeds that are done."""
        return replace(self, seeds=tuple(seed for seed in self.seeds if seed not in seeds))

    def one_by_one(self) -> list[Task]:
        """The same as a task for each seed."""
        return [replace(self, seeds=(seed,)) for seed in self.seeds]


@dataclass(frozen=True)
class Row:
    """One run that has come to its end.

    Attributes:
        point: Which point of the sweep it belongs to.
        seed: Its seed.
        device: Where it ran.
        seconds: How long it took; of runs side by side, each its share.
        measured: What the run found: the `result` of its last frame.
        exact: The toy's exact answers there.
    """

    point: int
    seed: int
    device: str
    seconds: float
    measured: Result
    exact: Mapping[str, float]


@dataclass(frozen=True)
class Failure:
    """A task that did not come to its end, and why, in a sentence."""

    task: Task
    sentence: str


Outcome = Row | Failure


class Place(Protocol):
    """Where tasks run: processes of this machine, or a cluster."""

    def device(self, wanted: str) -> str:
        """Resolve the device's name there.

        Raises:
            DeviceError: If there is none of that name.
        """

    def lanes(self, device: str) -> int:
        """How many tasks run at once."""

    def compute(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Run tasks; yield what becomes of them as it comes, in whatever order."""


def outcomes(task: Task, find: Find) -> Iterator[Outcome]:
    """Run a task in this process. A fault in the toy's code is not caught."""
    done = set[int]()
    try:
        toy = find(task.toy)
        config = parse_settings(toy, task.settings)
        exact = toy.module.facts(config)
        for finished in run_side_by_side(toy, config, seeds=task.seeds, device=task.device):
            frame = finished.frame
            done.add(frame.seed)
            yield Row(task.point, frame.seed, finished.device, finished.seconds, dict(frame.result), exact)
    except (UnknownToyError, BrokenToyError, SettingError, DeviceError, OutOfMemoryError) as error:
        yield Failure(task.without(done), str(error))
