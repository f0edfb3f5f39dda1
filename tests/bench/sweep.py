"""A sweep against the same runs one after another, in processor seconds.

Small trainings spend most of their time on starting kernels; side by side they share them, until they settle
on averages that are large enough to keep a core busy by themselves. The other figure is what a sweep adds to
runs that are over at once: plan, journal and file, all in this process. Medians of several turns.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from sim.run import run_side_by_side, run_to_end
from sim.spec import get
from sim.sweep import make_plan, sweep
from tests.sim.sweeping import Here

TURNS = 3
SEEDS = 20
SMALL = {"features": "2", "hidden": "1", "instances": "2", "restarts": "1", "steps": "300"}
QUICK = 400


def measure() -> list[tuple[str, float, float, float]]:
    """Return processor seconds side by side and one after another, then those of a sweep and of its runs."""
    return [_side_by_side(), _around_quick_runs()]


def _side_by_side() -> tuple[str, float, float, float]:
    toy = get("toy_superposition")
    config, seeds = toy.module.Config.model_validate(SMALL), range(SEEDS)

    def together() -> None:
        list(run_side_by_side(toy, config, seeds=seeds, device="cpu"))

    def alone() -> None:
        for seed in seeds:
            run_to_end(toy, config, seed=seed, device="cpu")

    ours, baseline = _interleaved(together, alone)
    return (f"{SEEDS} small trainings side by side, against one after another", ours, baseline, 0.55)


def _around_quick_runs() -> tuple[str, float, float, float]:
    toy = get("hazard_belief")

    def swept() -> None:
        plan = make_plan(toy, grid=[], given={}, seeds=f"0:{QUICK}")
        with tempfile.TemporaryDirectory() as folder:
            sweep(plan, Path(folder) / "results.parquet", Here(get), device="cpu", code="bench")

    def alone() -> None:
        for seed in range(QUICK):
            run_to_end(toy, toy.module.Config(), seed=seed, device="cpu")

    ours, baseline = _interleaved(swept, alone)
    return (f"{QUICK} quick runs as a sweep, against the runs alone", ours, baseline, 1.25)


def _interleaved(ours: Callable[[], None], baseline: Callable[[], None]) -> tuple[float, float]:
    """The medians of both, taken in turns after a first one that does not count."""
    turns = [(_timed(ours), _timed(baseline)) for _ in range(TURNS + 1)][1:]
    return median(turn[0] for turn in turns), median(turn[1] for turn in turns)


def _timed(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
