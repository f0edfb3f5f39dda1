"""What a sweep is: a toy, a grid of settings and some seeds, in a fixed order.

The first `--grid` changes slowest and the last fastest, and all seeds of a point follow each other. Every
point is checked before anything runs, so that a sweep does not stop at the last of them after a night.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sim.run import CPU
from sim.spec import SettingError, Settings, Toy, moved_settings, parse_settings
from sim.sweeps.axis import Axis, parse_axis
from sim.sweeps.errors import SweepError
from sim.sweeps.seeds import parse_seeds
from sim.sweeps.task import Task

MOST_RUNS = 100_000
SECONDS_A_RUN = 0.1  # what a run of the quicker toys takes


@dataclass(frozen=True)
class Plan:
    """A sweep that can be run.

    Attributes:
        toy: What is run.
        points: Its settings at each point, no two alike, in order.
        seeds: The seeds at each point, in order.
        remarks: What became of the words: which settings were moved, and which points coincide.
    """

    toy: Toy
    points: tuple[Settings, ...]
    seeds: tuple[int, ...]
    remarks: tuple[str, ...] = ()

    @property
    def runs(self) -> int:
        """How many runs there are in all."""
        return len(self.points) * len(self.seeds)

    @cached_property
    def digest(self) -> str:
        """A hash that two sweeps share if they have the same runs in the same order."""
        words = [self.toy.name, [point.model_dump(mode="json") for point in self.points], self.seeds]
        return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:16]

    def tasks(self, done: set[tuple[int, int]], *, lanes: int, device: str = CPU) -> list[Task]:
        """What is left to do when some (point, seed) are done, in order.

        A toy that runs seeds side by side gets as many of a point's seeds at once as leave every lane
        something to do.
        """
        at_once = max(-(-(self.runs - len(done)) // lanes), 1) if hasattr(self.toy.module, "batch") else 1
        return [
            Task(self.toy.name, point, config.model_dump(), seeds, device)
            for point, config in enumerate(self.points)
            for seeds in _split([seed for seed in self.seeds if (point, seed) not in done], at_once)
        ]


def make_plan(toy: Toy, *, grid: Sequence[str], given: Mapping[str, str], seeds: str) -> Plan:
    """Check a sweep's words, and every point of it.

    Args:
        toy: What to run.
        grid: The words of each `--grid`.
        given: The settings that stay the same.
        seeds: The words of `--seeds`.

    Raises:
        SweepError: If the words make no sweep, or one that is too large.
        SettingError: If the toy cannot run with one of the points.
    """
    axes = [parse_axis(toy, words) for words in grid]
    _each_once(axes, given)
    chosen = parse_seeds(seeds)
    _bounded([len(axis.values) for axis in axes], len(chosen))
    asked = [dict(zip([axis.name for axis in axes], values, strict=True)) for values in _product(axes)]
    configs = [_checked(toy, given, point) for point in asked]
    points = tuple(dict.fromkeys(configs))
    remarks = _moved(toy, [{**given, **point} for point in asked], configs)
    if len(points) < len(configs):
        remarks.append(f"{toy.name}: {len(configs)} points of the grid are {len(points)} different ones.")
    return Plan(toy, points, chosen, tuple(remarks))


def named(values: Mapping[str, object]) -> str:
    """A point in words: start=0.5, step=0.01."""
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _product(axes: Sequence[Axis]) -> itertools.product[tuple[int | float | str, ...]]:
    return itertools.product(*(axis.values for axis in axes))


def _each_once(axes: Sequence[Axis], given: Mapping[str, str]) -> None:
    seen = set(given)
    for axis in axes:
        if axis.name in given:
            raise SweepError(f"--set and --grid both give {axis.name}.")
        if axis.name in seen:
            raise SweepError(f"--grid gives {axis.name} twice. List its values in one: {axis.name}=0.1,0.2.")
        seen.add(axis.name)


def _bounded(counts: Sequence[int], seeds: int) -> None:
    runs = math.prod(counts) * seeds
    if runs > MOST_RUNS:
        hours = runs * SECONDS_A_RUN / 3600
        raise SweepError(
            f"{' × '.join(map(str, [*counts, seeds]))} are {runs:,} runs, above the {MOST_RUNS:,} allowed: "
            f"at a tenth of a second each they take {hours:,.0f} hours. Take fewer values or fewer seeds."
        )


def _checked(toy: Toy, given: Mapping[str, str], point: Mapping[str, object]) -> Settings:
    try:
        return parse_settings(toy, {**given, **point})
    except SettingError as error:
        if not point:
            raise
        message = f"{error} That is at {named(point)}; nothing was run."
        raise SettingError(message, error.field) from None


def _moved(toy: Toy, asked: Sequence[Mapping[str, object]], configs: Sequence[Settings]) -> list[str]:
    """One sentence for each setting that the toy moved, with the first place where it did."""
    moves: dict[str, list[tuple[float, float]]] = {}
    for point, config in zip(asked, configs, strict=True):
        for name, move in moved_settings(config, point).items():
            moves.setdefault(name, []).append(move)
    return [
        f"{toy.name}: {name} is moved to the nearest value that it can run with at {len(found)} of "
        f"{len(configs)} points; {found[0][0]:.6g} becomes {found[0][1]:.6g}."
        for name, found in moves.items()
    ]


def _split(seeds: Sequence[int], at_once: int) -> list[tuple[int, ...]]:
    return [tuple(seeds[first : first + at_once]) for first in range(0, len(seeds), at_once)]
