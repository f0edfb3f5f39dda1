"""A grid's words become the values one would write down, in order, and all of them are checked first."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.spec import SettingError, Toy, get
from sim.sweeps.axis import parse_axis
from sim.sweeps.errors import SweepError
from sim.sweeps.plan import MOST_RUNS, make_plan
from sim.sweeps.seeds import parse_seeds
from tests.sim.pacing import PACING
from tests.sim.sweeping import ABREAST, planned

WALK = get("belief_walk")
SHARES = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("0.99"), places=2)


def values(words: str, toy: Toy = WALK) -> tuple[int | float | str, ...]:
    return parse_axis(toy, words).values


def test_evenly_spaced_values_are_the_decimals_one_would_write() -> None:
    assert values("start=0.1:0.9:9") == (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    assert values("start=0.9:0.5:3") == (0.9, 0.7, 0.5)


@given(SHARES, SHARES, st.integers(2, 200))
def test_evenly_spaced_values_are_the_rational_ones_rounded_once(low: Decimal, high: Decimal, n: int) -> None:
    exact = [Fraction(low) + (Fraction(high) - Fraction(low)) * i / (n - 1) for i in range(n)]
    found = values(f"start={low}:{high}:{n}")
    assert found == tuple(map(float, exact))
    assert (found[0], found[-1]) == (float(low), float(high))


@given(st.floats(1e-3, 0.01), st.floats(0.02, 0.25), st.integers(2, 100))
def test_values_on_a_logarithmic_scale_have_one_ratio(low: float, high: float, n: int) -> None:
    found = [float(value) for value in values(f"step={low!r}:{high!r}:{n}")]
    assert len(found) == n
    assert (found[0], found[-1]) == (low, high)
    for before, after in pairwise(found):
        assert after / before == pytest.approx((high / low) ** (1 / (n - 1)), rel=1e-10)


def test_counts_on_a_logarithmic_scale_are_whole() -> None:
    found = values("walkers=100:100000:4")
    assert found == (100, 1000, 10_000, 100_000)
    assert {type(value) for value in found} == {int}


def test_one_value_and_a_list_stay_as_they_are_written() -> None:
    assert values("start=0.5") == ("0.5",)
    assert values("start=0.5,.25,1e-1") == ("0.5", ".25", "1e-1")
    assert values("start=0.5:0.5:1") == (0.5,)


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_seeds_count_as_range_does(low: int, count: int) -> None:
    assert parse_seeds(f"{low}:{low + count}") == tuple(range(low, low + count))


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, unique=True))
def test_listed_seeds_keep_their_order(seeds: list[int]) -> None:
    assert parse_seeds(",".join(map(str, seeds))) == tuple(seeds)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 5))
def test_the_first_grid_changes_slowest(draws: int, pauses: int, seeds: int) -> None:
    plan = planned(
        f"draws={','.join(map(str, range(1, draws + 1)))}",
        f"pause={','.join(map(str, range(pauses)))}",
        seeds=f"0:{seeds}",
    )
    found = [(point.draws, point.pause) for point in plan.points]
    assert found == list(product(range(1, draws + 1), range(pauses)))
    assert plan.runs == draws * pauses * seeds


@given(st.integers(1, 30), st.integers(1, 8), st.data())
def test_tasks_are_what_is_left_each_once(seeds: int, lanes: int, data: st.DataObject) -> None:
    for toy in (PACING, ABREAST):
        plan = planned("draws=1,2,3", toy=toy, seeds=f"0:{seeds}")
        everything = set(product(range(3), range(seeds)))
        done = data.draw(st.sets(st.sampled_from(sorted(everything))))
        tasks = plan.tasks(done, lanes=lanes)
        left = [(task.point, seed) for task in tasks for seed in task.seeds]
        assert left == sorted(everything - done)
        fair = math.ceil(len(left) / lanes) if toy is ABREAST else 1
        assert all(len(task.seeds) <= max(fair, 1) for task in tasks)


def test_side_by_side_there_is_work_for_every_lane_and_no_more_tasks_than_that_needs() -> None:
    one_point = planned(toy=ABREAST, seeds="0:20")
    assert [len(task.seeds) for task in one_point.tasks(set(), lanes=1)] == [20]
    assert [len(task.seeds) for task in one_point.tasks(set(), lanes=2)] == [10, 10]
    many = planned("draws=1,2,3", toy=ABREAST, seeds="0:20")
    assert [len(task.seeds) for task in many.tasks(set(), lanes=2)] == [20, 20, 20]


def test_no_grid_is_one_point() -> None:
    assert planned(seeds="5").points == (PACING.module.Config(),)


def test_moved_settings_are_said_once_and_points_that_coincide_run_once() -> None:
    budget = get("variance_budget")
    plan = make_plan(budget, grid=["start=0.1:0.14:5"], given={"small_step": "0.05"}, seeds="0:2")
    assert [point.start for point in plan.points] == [0.1, 0.15]
    moved = "variance_budget: start is moved to the nearest value that it can run with at 4 of 5 points"
    same = "variance_budget: 5 points of the grid are 2 different ones."
    assert plan.remarks == (f"{moved}; 0.11 becomes 0.1.", same)


def test_a_digest_tells_grids_seeds_and_toys_apart() -> None:
    plans = [
        planned("draws=1,2"),
        planned("draws=2,1"),
        planned("draws=1,3"),
        planned("draws=1,2", seeds="0:4"),
        planned("draws=1,2", pause="0.5"),
        planned("draws=1,2", toy=ABREAST),
    ]
    assert len({plan.digest for plan in plans}) == len(plans)
    assert planned("draws=1:2:2").digest == planned("draws=1,2").digest


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        (["start"], "--grid takes SETTING=FROM:TO:COUNT or SETTING=VALUE,VALUE, not 'start'."),
        (["strat=0:1:2"], "belief_walk has no setting called 'strat'. Did you mean 'start'?"),
        (["start=0.1:0.9"], "a range is FROM:TO:COUNT, as in start=0:1:5."),
        (["start=0.1:0.9:9:9"], "a range is FROM:TO:COUNT"),
        (["start=a:0.9:9"], "'a' is not a number."),
        (["start=0.1:nan:9"], "'nan' is not a number."),
        (["start=0.1::9"], "'' is not a number."),
        (["start=0.1:0.9:0"], "the count is '0', not a whole number from 1 to 100,000."),
        (["start=0.1:0.9:-3"], "the count is '-3'"),
        (["start=0.1:0.9:2.5"], "the count is '2.5'"),
        (["start=0.1:0.9:999999999999999"], "the count is '999999999999999'"),
        (["start=0.1:0.9:1"], "one value cannot be both ends."),
        (["step=0:0.1:3"], "this setting's scale is logarithmic, so that both ends are above 0."),
        (["walkers=100:300:3"], "takes whole numbers, and the range holds 173.205."),
        (
            ["start=0.1,half"],
            "start is 'half', which is not a number. That is at start=half; nothing was run.",
        ),
        (["start=0.1,,0.2"], "start is '', which is not a number."),
        (["start=0.5:1.5:3"], "start is 1.0, above the greatest allowed, 0.99. That is at start=1.0;"),
        (["start=0.1,0.2", "start=0.3"], "--grid gives start twice."),
        (["walkers=100.5"], "walkers is '100.5', which is not a whole number."),
        (
            ["step=0.1,0.001", "walkers=100,200000"],
            "with from_law 1. That is at step=0.001, walkers=200000; nothing was run.",
        ),
        (["start=0.01:0.99:1000", "update_probability=0.5:1:1000"], "1000 × 1000 × 1 are 1,000,000 runs"),
    ],
)
def test_a_grid_that_makes_no_sense_is_refused_whole(grid: list[str], said: str) -> None:
    with pytest.raises((SweepError, SettingError)) as refused:
        make_plan(WALK, grid=grid, given={}, seeds="0")
    assert said in str(refused.value)


def test_a_setting_is_given_by_set_or_by_grid() -> None:
    with pytest.raises(SweepError, match="--set and --grid both give start"):
        make_plan(WALK, grid=["start=0.1,0.2"], given={"start": "0.5"}, seeds="0")


def test_too_many_runs_are_refused_with_the_hours_they_would_take() -> None:
    planned("draws=1,2", seeds=f"0:{MOST_RUNS // 2}")
    with pytest.raises(SweepError, match=r"3 × 50000 are 150,000 runs.* they take 4 hours"):
        planned("draws=1,2,3", seeds=f"0:{MOST_RUNS // 2}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "The seed is '', which is not a whole number"),
        ("x", "The seed is 'x'"),
        ("-1", "The seed is '-1'"),
        ("0:", "The seed is ''"),
        (":5", "The seed is ''"),
        ("0:5:2", "The seed is '5:2'"),
        ("1,,2", "The seed is ''"),
        ("4294967296", "The seed is '4294967296'"),
        ("5:5", "--seeds 5:5 holds 0 seeds"),
        ("9:5", "--seeds 9:5 holds 0 seeds"),
        ("0:4294967295", "--seeds 0:4294967295 holds 4,294,967,295 seeds, and takes 1 to 100,000."),
        ("1,5,1", "--seeds gives 1 more than once."),
    ],
)
def test_seeds_that_make_no_sense_are_refused(words: str, said: str) -> None:
    with pytest.raises((SweepError, SettingError)) as refused:
        parse_seeds(words)
    assert said in str(refused.value)
