"""A fit as long work: it says how it goes, is stopped like a simulation, and brings what it has found."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from sim.fitting.work import Fit, messages, work
from sim.results import Results
from sim.runs import NoDataError, Runs
from sim.task import Task
from tests.sim.playing import play
from tests.sim.remembering import DEFAULTS, PRIOR, remembered, someone

ROOT = Path(__file__).parents[2]
HEADLESS = "import sys; import sim.fitting.work, sim.fitting.judging; print('torch' in sys.modules)"


@pytest.fixture(scope="module")
def fit() -> Fit:
    answers = remembered(someone(np.random.default_rng(3)), cards=60, each=8, random=np.random.default_rng(1))
    return Fit(answers, PRIOR.weights, PRIOR)


@asynccontextmanager
async def engine() -> AsyncIterator[Runs]:
    runs = Runs(capacity=1)
    runs.results = Results(None)
    runs.open()
    try:
        yield runs
    finally:
        await runs.close()


def test_it_says_how_far_it_is_and_last_what_it_has_found(fit: Fit) -> None:
    *going, last = [(message.final, json.loads(message.json)) for message in messages(fit)]
    assert not any(final for final, _ in going)
    assert all(said["state"] == "running" and said["readout"].startswith("Log-loss 0.") for _, said in going)
    final, said = last
    assert (final, said["state"], said["progress"]) == (True, "done", 1)
    found = said["fit"]
    assert len(found["weights"]) == 21
    assert found["fitted"] + found["held_out"] == fit.answers.counts.sum()
    assert f"{found['before']:.4f} before" in said["readout"]
    assert sum(n for _, _, n in found["calibration_after"]) == found["held_out"]


def test_a_worker_finds_the_same_as_this_process(fit: Fit) -> None:
    async def scenario() -> None:
        async with engine() as runs:
            run_id = runs.start(Task(work, fit, "fit", "Try later."))
            assert runs.result(run_id) is None
            async for _ in runs.events(run_id):
                pass
            found = json.loads(runs.result(run_id) or b"{}")["fit"]
            *_, here = messages(fit)
            assert found["weights"] == pytest.approx(json.loads(here.json)["fit"]["weights"], abs=1e-9)
            with pytest.raises(NoDataError):
                runs.data(run_id)

    play(scenario)


def sleeps(seconds: float, connection: Connection) -> None:
    """Work that takes its time and says nothing."""
    with connection:
        sleep(seconds)


def dies(code: int, connection: Connection) -> None:
    """Work that its machine ends."""
    with connection:
        sys.exit(code)


def test_it_is_stopped_at_once_and_a_fault_is_called_by_its_name() -> None:
    async def scenario() -> None:
        async with engine() as runs:
            run_id = runs.start(Task(sleeps, 60.0, "fit", "Try later."))
            await runs.cancel(run_id)
            assert json.loads(runs.result(run_id) or b"{}") == {"state": "cancelled"}
            run_id = runs.start(Task(dies, 3, "fit", "Try later."))
            async for _ in runs.events(run_id):
                pass
            said = json.loads(runs.result(run_id) or b"{}")
            assert said["error"].startswith("The fit broke off: there is a fault in its code.")

    play(scenario)


def test_it_is_imported_without_torch() -> None:
    command = [sys.executable, "-c", HEADLESS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_weights_that_are_in_use_already_are_no_better(fit: Fit) -> None:
    *_, first = messages(fit)
    weights = tuple(json.loads(first.json)["fit"]["weights"])
    assert not np.allclose(weights, DEFAULTS)
    *_, second = messages(Fit(fit.answers, weights, PRIOR))
    found = json.loads(second.json)["fit"]
    assert (found["before"], found["error"]) == (found["after"], 0)
