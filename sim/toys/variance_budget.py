"""A credence has a budget of variance to spend.

A credence starts at p₀. Each update is large with chance q if a step of the large size fits on both sides of
it, and small otherwise; up and down are equally likely, until it is 0 or 1. So it is exactly a martingale,
and never leaves [0, 1]. At the random update T at which it ends, optional stopping gives

    E[Σ (Δp)²] = s² E[small updates] + l² E[large updates] = p₀ (1 − p₀)

where s and l are the two sizes. The variance of where it ends is the budget; every update pays its square.
If the small updates pay a share w of it, there must be w p₀ (1 − p₀) / s² of them on average. The two
expected numbers solve a linear system (`_two_steps`); the walkers are stepped update by update on torch
(`_two_step_walkers`).

The credence stands on a grid of small steps: `small_step` is moved to the nearest 1/n, `start` and
`large_step` to the nearest multiples of that. The `Config` holds the moved values.

Source: the argument is L. Chan's (2024, comments on how often a calibrated person updates); optional stopping
is in J. L. Doob (1953), "Stochastic Processes", chapter VII. Left out: more than two sizes, and updates whose
two directions are not equally likely.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from pydantic import model_validator

from sim.spec import Frame, Measurement, Preset, Quantity, Settings, setting
from sim.toys._drawing import number, percent, plus_minus
from sim.toys._two_step_walkers import walk
from sim.toys._two_steps import Steps, expected_counts
from sim.toys._variance_budget_figure import (
    cut_walks,
    draw,
    drawn_walks,
    exact_ledger,
    simulated_ledger,
    squares,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

FRAMES = 120  # while walkers end, and as many while they make the updates that are drawn
FEW_UPDATES = 60  # to the horizon; with more, single small steps are too small to see

SCRUBBABLE = ("start", "small_step", "large_step", "large_chance")

FACTS = {
    "expected_small_updates": Quantity("small updates until certain, on average", "updates"),
    "expected_large_updates": Quantity("large updates until certain, on average", "updates"),
    "expected_updates": Quantity("updates until certain, on average", "updates"),
    "updates_if_all_small": Quantity("updates until certain if all were small, on average", "updates"),
    "small_share": Quantity("share of the variance that small updates pay", "share"),
    "variance": Quantity("variance of where the credence ends, and the expected sum of squared updates"),
}

RESULTS = {
    "mean_small_updates": Measurement(fact="expected_small_updates", error="small_error"),
    "mean_large_updates": Measurement(fact="expected_large_updates", error="large_error"),
    "small_share": Measurement(fact="small_share"),
    "sum_squared_updates": Measurement(fact="variance", error="sum_squared_error"),
    "share_ending_at_one": Measurement("share of walks that end at 1", "share"),
    "walkers_finished": Measurement("walkers that are certain", "walkers"),
    "updates_so_far": Measurement("updates that have been made so far", "updates"),
}

ARRAYS = {
    **dict.fromkeys(("time", "walk_time", "featured_time", "jump_time", "dot_time"), "updates"),
    **dict.fromkeys(("walk_credence", "featured_credence", "jump_credence"), "share"),
    **dict.fromkeys(("paid", "dot_paid"), ""),
}

PRESETS = (
    Preset(
        "Rare jolts: nudges pay nine tenths",
        {"start": 0.5, "small_step": 0.01, "large_step": 0.1, "large_chance": 0.001},
    ),
    Preset(
        "One jolt in ten: they pay nine tenths",
        {"start": 0.5, "small_step": 0.01, "large_step": 0.1, "large_chance": 0.1},
    ),
    Preset("One jolt decides it", {"start": 0.5, "small_step": 0.01, "large_step": 0.5, "large_chance": 1.0}),
)


class Config(Settings):
    """Where the credence starts, the sizes of its updates, how often they are large, and how many walk."""

    start: float = setting(
        0.5,
        low=0.05,
        high=0.95,
        step=0.01,
        unit="share",
        title="Start",
        help="The credence that every walker begins with.",
    )
    small_step: float = setting(
        0.01,
        low=0.01,
        high=0.05,
        scale="log",
        title="Small step",
        help="How far a small update moves the credence.",
    )
    large_step: float = setting(
        0.1,
        low=0.02,
        high=0.5,
        scale="log",
        title="Large step",
        help="How far a large update moves the credence.",
    )
    large_chance: float = setting(
        0.01,
        low=0.001,
        high=1.0,
        scale="log",
        unit="share",
        title="Large chance",
        help="The chance that an update is large, where a large one fits.",
    )
    walkers: int = setting(
        5000,
        low=100,
        high=50_000,
        scale="log",
        unit="walkers",
        title="Walkers",
        help="How many are simulated.",
    )

    @property
    def steps(self) -> Steps:
        """The rule of the walk, on the grid of small steps."""
        across = round(1 / self.small_step)
        return Steps(across, round(self.large_step * across), self.large_chance)

    @property
    def steps_below(self) -> int:
        """How many small steps lie between 0 and the start."""
        return round(self.start * self.steps.across)

    @model_validator(mode="after")
    def _stand_on_the_grid(self) -> Self:
        n, m, _ = self.steps
        margin = math.ceil(n / 20)  # keeps the moved start within 0.05 and 0.95
        start = min(max(self.steps_below, margin), n - margin)
        large = min(max(m, 2, math.ceil(n / 50)), n // 2)  # keeps the moved size within 0.02 and 0.5
        # The model is frozen for everyone else; here it is still being made.
        object.__setattr__(self, "small_step", 1 / n)
        object.__setattr__(self, "start", start / n)
        object.__setattr__(self, "large_step", large / n)
        return self


def facts(config: Config) -> dict[str, float]:
    """Return the exact answers; every unit is in `FACTS`."""
    k, n = config.steps_below, config.steps.across
    small, large = (float(count) for count in expected_counts(config.steps)[k])
    return {
        "expected_small_updates": small,
        "expected_large_updates": large,
        "expected_updates": small + large,
        "updates_if_all_small": float(k * (n - k)),
        "small_share": small / (k * (n - k)),
        "variance": k * (n - k) / n**2,
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Walk all walkers to their ends. The drawn walks and the ledger's dots grow with their updates."""
    untouched = preview(config, seed=seed)
    steps, walkers = config.steps, config.walkers
    counts = np.zeros((walkers, 2), dtype=np.int64)  # small and large updates of each walker
    at_one = np.zeros(walkers, dtype=np.bool_)
    made: list[NDArray[np.int64]] = []  # small and large updates of all, by update
    told, seen = 0.0, 0
    horizon = untouched.arrays["time"][-1]
    yield replace(untouched, result=_so_far(0, 0), arrays=cut_walks(untouched.arrays, 0))
    for done in walk(config.steps_below, steps, walkers=walkers, seed=seed, device=device):
        counts[done.walkers] += done.counts
        at_one[done.walkers] = done.place == steps.across
        made.append(done.made)
        ended = (done.place == 0) | (done.place == steps.across)
        finished = walkers - int(np.count_nonzero(~ended))
        share = finished / walkers
        if share < 1 and (share >= told + 1 / FRAMES or seen + horizon / FRAMES <= done.elapsed <= horizon):
            told, seen = share, done.elapsed
            arrays = cut_walks(_with_dots(untouched, made), done.elapsed)
            yield replace(untouched, progress=told, result=_so_far(finished, done.elapsed), arrays=arrays)
    result = _measured(counts, at_one, steps)
    yield replace(untouched, progress=1.0, result=result, arrays=_with_dots(untouched, made))


def _so_far(finished: int, elapsed: int) -> dict[str, float]:
    return {"walkers_finished": finished, "updates_so_far": elapsed}


def _with_dots(untouched: Frame, made: list[NDArray[np.int64]]) -> dict[str, NDArray[np.float64]]:
    config = cast("Config", untouched.config)
    time = untouched.arrays["time"]
    dots = simulated_ledger(np.concatenate(made), time, config.walkers, config.steps)
    return {**untouched.arrays, **dots}


def _measured(counts: NDArray[np.int64], at_one: NDArray[np.bool_], steps: Steps) -> dict[str, float]:
    """What all walkers together say; `counts` are each one's small and large updates: [walker, 2]."""
    walkers = len(counts)
    paid = counts * squares(steps)  # [walker, small or large]
    means, errors = counts.mean(axis=0), counts.std(axis=0, ddof=1) / math.sqrt(walkers)
    return {
        "mean_small_updates": float(means[0]),
        "small_error": float(errors[0]),
        "mean_large_updates": float(means[1]),
        "large_error": float(errors[1]),
        "sum_squared_updates": float(paid.sum(axis=1).mean()),
        "sum_squared_error": float(paid.sum(axis=1).std(ddof=1) / math.sqrt(walkers)),
        "small_share": float(paid[:, 0].sum() / paid.sum()),
        "share_ending_at_one": float(at_one.mean()),
        "walkers_finished": walkers,
    }


def preview(config: Config, *, seed: int) -> Frame:
    """Show the exact ledger, and a dozen walks."""
    ledger = exact_ledger(config.steps_below, config.steps)
    random = np.random.default_rng((seed, 0))
    walks = drawn_walks(config.steps_below, config.steps, int(ledger["time"][-1]), random)
    return Frame(progress=0.0, config=config, arrays={**ledger, **walks}, seed=seed)


def figure(frame: Frame) -> Figure:
    """Draw the walks, and below them the ledger."""
    config = cast("Config", frame.config)
    return draw(
        frame.arrays,
        counts=expected_counts(config.steps)[config.steps_below],
        share=facts(config)["small_share"],
        variance=facts(config)["variance"],
        stepped=frame.arrays["time"][-1] <= FEW_UPDATES,
    )


def readout(frame: Frame) -> str:
    """Say how many updates of each size there are, and what each kind pays."""
    config = cast("Config", frame.config)
    result = cast("dict[str, float]", frame.result)
    exact = facts(config)
    sizes = f"From {100 * config.start:.3g}% in steps of {100 * config.small_step:.3g} and "
    sizes += f"{100 * config.large_step:.3g} points"
    if not result:
        return (
            f"{sizes}, certainty takes {number(exact['expected_small_updates'])} small and "
            f"{number(exact['expected_large_updates'])} large updates on average. The small ones pay "
            f"{percent(exact['small_share'])} of a variance of {number(exact['variance'])}."
        )
    if "mean_small_updates" not in result:
        done = f"{result['walkers_finished']:,.0f} of {config.walkers:,}"
        return f"{sizes}: {done} walkers are certain after {result['updates_so_far']:,.0f} updates."
    small = plus_minus(result["mean_small_updates"], result["small_error"])
    large = plus_minus(result["mean_large_updates"], result["large_error"])
    paid = plus_minus(result["sum_squared_updates"], result["sum_squared_error"])
    return (
        f"{sizes}, {config.walkers:,} walkers made {small} small and {large} large updates each; "
        f"{number(exact['expected_small_updates'])} and {number(exact['expected_large_updates'])} are exact. "
        f"Their squares add up to {paid}, and {number(exact['variance'])} is the variance."
    )
