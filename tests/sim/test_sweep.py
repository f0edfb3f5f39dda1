"""A sweep's rows are those of single runs, wherever it runs, whoever dies, however often it is stopped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.run import run_to_end
from sim.spec import get
from sim.sweep import RunsFailedError, make_plan, sweep
from sim.sweeps.journal import beside
from sim.sweeps.local import Local
from sim.sweeps.plan import Plan
from sim.sweeps.task import Failure, Outcome, Place, Row
from sim.worker import POLITE
from tests.sim import sweeping
from tests.sim.pacing import DEATH, MEMORY, find
from tests.sim.sweeping import ABREAST, DEADLY, Here, planned, rows, swept

SMALL = settings(max_examples=25)


def failed(plan: Plan, out: Path, where: Place) -> str:
    with pytest.raises(RunsFailedError) as raised:
        sweep(plan, out, where, device="cpu", code="1")
    assert not out.exists()
    return str(raised.value)


@SMALL
@given(draws=st.lists(st.integers(1, 30), min_size=1, max_size=4, unique=True), seeds=st.integers(1, 5))
def test_each_row_is_what_a_single_run_says(
    draws: list[int], seeds: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = swept(
        planned(f"draws={','.join(map(str, draws))}", seeds=f"0:{seeds}"), tmp_path_factory.mktemp("grid")
    )
    assert found == [
        {
            "draws": count, "pause": 0.0, "trouble": 0, "seed": seed, "device": "cpu",
            "measured_count": count, "measured_on_cpu": 1.0,
            "measured_mean": np.mean(np.random.default_rng(seed).random(count)),
            "exact_mean": 0.5, "exact_slow_mean": 0.0,
        }
        for count in draws
        for seed in range(seeds)
    ]  # fmt: skip


@SMALL
@given(points=st.integers(1, 4), seeds=st.integers(1, 6), data=st.data())
def test_interrupted_and_resumed_equals_uninterrupted(
    points: int, seeds: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    plan = planned(f"draws=1:{points}:{points}", seeds=f"0:{seeds}")
    out = tmp_path_factory.mktemp("interrupted") / "results.parquet"
    asked = []
    for after in data.draw(st.lists(st.integers(0, 3), max_size=4)):
        here = Here(interrupted_after=after)
        try:
            sweep(plan, out, here, device="cpu", code="1")
        except KeyboardInterrupt:
            assert not out.exists()
            asked.append(len(here.tasks))
        else:
            break
    here = Here()
    if not out.exists():
        sweep(plan, out, here, device="cpu", code="1")
    assert rows(out) == swept(plan, tmp_path_factory.mktemp("whole"))
    assert not beside(out).exists()
    assert asked == sorted(asked, reverse=True)  # what was done is not done again


def test_one_process_two_processes_and_none_agree(tmp_path: Path) -> None:
    plan = planned("draws=1:5:5", seeds="0:6")
    alone = swept(plan, tmp_path / "here")
    assert swept(plan, tmp_path / "one", Local(1, find)) == alone
    assert swept(plan, tmp_path / "two", Local(2, find)) == alone


def test_side_by_side_in_processes_agrees(tmp_path: Path) -> None:
    plan = planned("draws=1,2", toy=ABREAST, seeds="0:7")
    alone = [
        run_to_end(ABREAST, point, seed=seed, device="cpu").frame.result["mean"]
        for point in plan.points
        for seed in plan.seeds
    ]
    for lanes in (1, 2):
        found = swept(plan, tmp_path / str(lanes), Local(lanes, sweeping.find))
        assert [row["measured_mean"] for row in found] == alone


def test_the_books_own_toys_agree_on_one_process_and_two(tmp_path: Path) -> None:
    plan = make_plan(
        get("toy_superposition"), grid=["features=2,3"], seeds="0:5",
        given={"steps": "30", "restarts": "1", "instances": "2"},
    )  # fmt: skip
    one, two = (swept(plan, tmp_path / str(lanes), Local(lanes)) for lanes in (1, 2))
    assert one == two
    single = [
        run_to_end(plan.toy, point, seed=seed, device="cpu").frame.result
        for point in plan.points
        for seed in plan.seeds
    ]
    for row, result in zip(one, single, strict=True):
        assert {name: row[f"measured_{name}"] for name in result} == result


def test_a_run_that_dies_fails_alone_and_can_be_tried_again(tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"
    plan = planned(f"trouble=0,{DEATH},{MEMORY}", seeds="0:2")
    said = failed(plan, out, Local(2, find)).splitlines()
    assert said[0] == "4 of 6 runs failed:"
    assert sorted(said[1:5]) == [
        f"  draws=10, pause=0.0, trouble={trouble}, seed {seed}: {why}"
        for trouble, why in (
            (MEMORY, "The simulation ran out of memory on cpu. Try draws=5."),
            (DEATH, "It broke off: there is a fault in its code, whose trace is above."),
        )
        for seed in (0, 1)
    ]
    assert said[5] == f"The others are kept in {out}.part; the same words try these again."
    again = Here(interrupted_after=0)
    with pytest.raises(KeyboardInterrupt):
        sweep(plan, out, again, device="cpu", code="1")
    assert [(task.point, task.seeds) for task in again.tasks] == [(1, (0,)), (1, (1,)), (2, (0,)), (2, (1,))]


def test_a_seed_that_kills_its_neighbours_is_the_only_one_lost(tmp_path: Path) -> None:
    plan = planned(toy=ABREAST, seeds=f"{DEADLY - 3}:{DEADLY + 4}")
    said = failed(plan, tmp_path / "results.parquet", Local(1, sweeping.find)).splitlines()
    assert said[0] == "1 of 7 runs failed:"
    assert f"seed {DEADLY}:" in said[1]


def workers_of(local: Local, plan: Plan) -> Iterator[tuple[set[psutil.Process], Outcome]]:
    """Yield each outcome of a plan with the processes that this has started and that are alive."""
    list(
        Local(1, find).compute(planned(draws="1", seeds="0").tasks(set(), lanes=1))
    )  # starts what they are forked from
    before = set(psutil.Process().children(recursive=True))
    with closing(local.compute(plan.tasks(set(), lanes=2))) as outcomes:
        for outcome in outcomes:
            yield set(psutil.Process().children(recursive=True)) - before, outcome
    assert set(psutil.Process().children(recursive=True)) <= before


def test_a_killed_process_is_named_and_another_takes_its_place() -> None:
    plan = planned(pause="0.02", draws="20", seeds="0:6")
    found: list[Outcome] = []
    for workers, outcome in workers_of(Local(2, find), plan):
        if not found:
            assert len(workers) == 2
            workers.pop().kill()
        found.append(outcome)
    lost = [outcome for outcome in found if isinstance(outcome, Failure)]
    assert [failure.sentence for failure in lost] == [
        "Its process was ended by signal 9, perhaps for want of memory. Try a smaller setting."
    ]
    assert {outcome.seed for outcome in found if isinstance(outcome, Row)} | set(lost[0].task.seeds) == set(
        range(6)
    )


def test_processes_are_polite_and_end_with_the_sweep_that_is_left() -> None:
    endless = planned("draws=1,1000000", pause="0.05", seeds="0")
    with closing(workers_of(Local(2, find), endless)) as watched:
        workers, outcome = next(watched)
        assert isinstance(outcome, Row)
        assert {worker.nice() for worker in workers} == {min(psutil.Process().nice() + POLITE, 19)}
    assert not any(worker.is_running() for worker in workers)


def test_as_many_processes_as_cores_unless_told_and_one_on_another_device() -> None:
    assert Local().lanes("cpu") == os.cpu_count()
    assert Local(3).lanes("cpu") == Local(3).lanes("cuda") == 3
    assert Local().lanes("cuda") == 1
