"""Many runs of one toy: every point of a grid with every seed, and one file with a row for each.

    toy = get("belief_walk")
    plan = make_plan(toy, grid=["start=0.1:0.9:9"], given={"step": "0.1"}, seeds="0:20")
    with place(cluster=None) as here:
        sweep(plan, Path("results.parquet"), here, device="cpu", code=code_version(toy.name))

Seeds run side by side where the toy offers that (`sim.spec`), and otherwise one after another, in processes
of this machine (`sweeps.local`) or on a Dask cluster (`sweeps.cluster`). Which of these it was does not show
in the results: for the same seeds, device and code they are the same to the last bit, but for `seconds`.

A sweep that was interrupted goes on where it was when it is started again (`sweeps.journal`). A run that
fails does not stop the others; the file is written once all runs are there. Left out: settings that depend on
each other, other than on a grid, and grids that are refined where something happens.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from sim.sweeps import table
from sim.sweeps.cluster import connected
from sim.sweeps.errors import RunsFailedError, SweepError
from sim.sweeps.journal import Journal, beside, opened
from sim.sweeps.local import Local
from sim.sweeps.plan import Plan, make_plan, named
from sim.sweeps.progress import Progress
from sim.sweeps.task import Failure, Place, Row

__all__ = ["RunsFailedError", "SweepError", "Swept", "make_plan", "place", "sweep"]

LIBRARIES = ("martingale", "numpy", "torch")
NAMED = 20  # failures; more would not be read
MOST_PROCESSES = 256

Say = Callable[[str], None]


@dataclass(frozen=True)
class Swept:
    """What a sweep came to.

    Attributes:
        rows: How many rows the file has.
        kept: How many of them were there from before an interrupt.
        device: Where the runs were.
    """

    rows: int
    kept: int
    device: str


@contextmanager
def place(cluster: str | None = None, processes: int | None = None) -> Iterator[Place]:
    """Where to run: the cluster at an address, else so many processes of this machine.

    Raises:
        SweepError: If nobody answers there, or the two contradict each other.
    """
    if cluster is None:
        if processes is not None and not 1 <= processes <= MOST_PROCESSES:
            raise SweepError(f"--processes is {processes}, and takes 1 to {MOST_PROCESSES}.")
        yield Local(processes)
    elif processes is not None:
        raise SweepError("--processes is about this machine, and --cluster about others. Leave one out.")
    else:
        with connected(cluster) as there:
            yield there


def sweep(plan: Plan, out: Path, where: Place, *, device: str, code: str, say: Say | None = None) -> Swept:
    """Run what is left of a plan, and write its file.

    Args:
        plan: What to run.
        out: The file, ending with .parquet or .csv.
        where: Where to run it.
        device: The device's name, or "auto".
        code: The version of the toy's code.
        say: What to do with a sentence; by default it goes to standard error.

    Raises:
        SweepError: If the file, or the part of an earlier sweep beside it, stands in the way.
        DeviceError: If there is no such device.
        RunsFailedError: If a run failed; all others are kept for the next time.
    """
    say = say or _say
    table.check(out)
    chosen = where.device(device)
    header = {"toy": plan.toy.name, "code": code, "runs": plan.digest, "device": chosen}
    part = beside(out)
    with opened(part, header) as journal:
        kept = len(journal.rows)
        if kept:
            say(f"{kept:,} of {plan.runs:,} runs are there from before, in {part}.")
        try:
            failures = _run(plan, where, chosen, journal)
        except KeyboardInterrupt:
            over = f"{len(journal.rows):,} of {plan.runs:,} runs"
            say(f"{over} are kept in {part}. The same words go on from there.")
            raise
        if failures:
            raise RunsFailedError(_sentence(plan, failures, part))
        rows = [journal.rows[point, seed] for point in range(len(plan.points)) for seed in plan.seeds]
        table.write(out, plan.points, rows, {**header, "versions": _versions(), "seeds": list(plan.seeds)})
    part.unlink()
    return Swept(len(rows), kept, chosen)


def _run(plan: Plan, where: Place, device: str, journal: Journal) -> list[Failure]:
    """Run what is not in the journal; returns what failed."""
    tasks = plan.tasks(set(journal.rows), device=device, lanes=where.lanes(device))
    progress = Progress(plan.runs, len(journal.rows), sys.stderr)
    failures: list[Failure] = []
    try:
        for outcome in where.compute(tasks):
            if isinstance(outcome, Row):
                journal.add(outcome)
            else:
                failures.append(outcome)
            progress.step()
    finally:
        progress.close()
    return failures


def _sentence(plan: Plan, failures: Sequence[Failure], part: Path) -> str:
    lost = [f"  {_where(plan, failure)}: {failure.sentence}" for failure in failures[:NAMED]] + [
        f"  and {len(failures) - NAMED:,} more"
    ] * (len(failures) > NAMED)
    rest = f"The others are kept in {part}; the same words try these again."
    return "\n".join([f"{len(failures):,} of {plan.runs:,} runs failed:", *lost, rest])


def _where(plan: Plan, failure: Failure) -> str:
    seeds = ", ".join(map(str, failure.task.seeds))
    return f"{named(plan.points[failure.task.point].model_dump())}, seed {seeds}"


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in LIBRARIES}}


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
