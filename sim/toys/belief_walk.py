"""A belief walks until it is certain.

A credence starts at p₀. Each period it is updated with chance m; an update moves it up or down by one step
s, each with chance ½, until it is 0 or 1. It is a martingale: its expected change is always zero. With n =
1/s and k = p₀/s the number of updates T is the gambler's ruin from k of n, so

    E[T] = k (n − k) = p₀ (1 − p₀) / s²        E[periods] = E[T] / m
    E[Σ (Δp)²] = p₀ (1 − p₀)                   P(it ends at 1) = p₀

and the law of T is known exactly (`_gamblers_ruin`). The walkers are stepped flip by flip on torch
(`_absorb`) and owe these formulas nothing; the forty walks that are drawn are further ones of the same law.

The credence has to land on 0 and 1, so n and k are whole numbers: `step` is moved to the nearest 1/n and
`start` to the nearest multiple of that. The `Config` holds the moved values, and all that is shown or
quoted is about those. A learner who drags a control therefore never meets an error between two workable
values.

Source: the walk is T. Kwa's and L. Chan's example (2024, comments on how often a calibrated person
updates); the mathematics is in W. Feller (1968), "An Introduction to Probability Theory and Its
Applications", volume 1, chapter XIV. Left out: steps of unequal size, steps that depend on the credence,
and evidence that is not independent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from pydantic import model_validator

from sim.spec import Frame, Preset, Quantity, Settings, setting
from sim.toys._absorb import absorb
from sim.toys._belief_walk_figure import (
    cut_walks,
    draw,
    drawn_walks,
    exact_shares,
    idle_periods,
    simulated_shares,
)
from sim.toys._drawing import number, plus_minus
from sim.toys._gamblers_ruin import mean_steps, quantile, sd_steps

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

MOST_UPDATES = 10_000_000_000  # of all walkers together: some twenty seconds on one core
FRAMES = 40
FEW_STEPS = 30  # across; with more, single steps are too small to see

FACTS = {
    "expected_updates": Quantity("updates until certain, on average", "updates"),
    "median_updates": Quantity("updates by which half of all walks are certain", "updates"),
    "sd_updates": Quantity("standard deviation of the updates until certain", "updates"),
    "updates_tenth": Quantity("updates by which one walk in ten is certain", "updates"),
    "updates_ninetieth": Quantity("updates by which nine walks in ten are certain", "updates"),
    "share_done_at_once": Quantity("chance that the first update is the last", "share"),
    "expected_periods": Quantity("periods until certain, on average", "periods"),
    "median_periods": Quantity("periods by which half of all walks are certain", "periods"),
    "share_ending_at_one": Quantity("share of walks that end at 1", "share"),
    "variance": Quantity("variance of where the credence ends, and the expected sum of squared updates"),
}

ARRAYS = {
    **dict.fromkeys(("bin_edges", "walk_time", "featured_time"), "periods"),
    **dict.fromkeys(("exact_share", "simulated_share", "walk_credence", "featured_credence"), "share"),
}

PRESETS = (
    Preset("Ten points at a time", {"step": 0.1}),
    Preset("From 1%: half are over at once", {"start": 0.01, "step": 0.01}),
    Preset("Two updates end half of the walks", {"start": 0.5, "step": 0.25}),
    Preset("News in one period of ten", {"update_probability": 0.1}),
)


class Config(Settings):
    """Where the credence starts, how far and how often it moves, and how many walk."""

    start: float = setting(
        0.5,
        low=0.01,
        high=0.99,
        step=0.01,
        unit="share",
        title="Start",
        help="The credence that every walker begins with.",
    )
    step: float = setting(
        0.01,
        low=0.001,
        high=0.25,
        scale="log",
        unit="share",
        title="Step",
        help="How far one update moves the credence.",
    )
    update_probability: float = setting(
        1.0,
        low=0.01,
        high=1.0,
        step=0.01,
        unit="share",
        title="Update chance",
        help="The chance that a period brings an update.",
    )
    walkers: int = setting(
        20_000,
        low=100,
        high=200_000,
        scale="log",
        unit="walkers",
        title="Walkers",
        help="How many are simulated.",
    )

    @property
    def steps_across(self) -> int:
        """How many steps lie between 0 and 1: n."""
        return round(1 / self.step)

    @property
    def steps_below(self) -> int:
        """How many steps lie between 0 and the start: k."""
        return round(self.start * self.steps_across)

    @model_validator(mode="after")
    def _land_on_both_ends(self) -> Self:
        n = self.steps_across
        margin = math.ceil(n / 100)  # keeps the moved start within 0.01 and 0.99
        k = min(max(self.steps_below, margin), n - margin)
        # The model is frozen for everyone else; here it is still being made.
        object.__setattr__(self, "step", 1 / n)
        object.__setattr__(self, "start", k / n)
        return self

    @model_validator(mode="after")
    def _fits_the_machine(self) -> Self:
        updates = self.walkers * mean_steps(self.steps_below, self.steps_across)
        if updates > MOST_UPDATES:
            raise ValueError(
                f"{self.walkers} walkers from {self.start:.3g} in steps of {self.step:.3g} would take about "
                f"{updates / 1e9:.0f} billion updates, above the {MOST_UPDATES / 1e9:.0f} billion allowed. "
                "Take fewer walkers or a larger step."
            )
        return self


def facts(config: Config) -> dict[str, float]:
    """Return the exact answers; every unit is in `FACTS`."""
    return dict(_facts(config.steps_below, config.steps_across, config.update_probability))


@lru_cache(maxsize=1024)
def _facts(k: int, n: int, moving: float) -> dict[str, float]:
    return {
        "expected_updates": mean_steps(k, n),
        "median_updates": float(quantile(0.5, k, n)),
        "sd_updates": sd_steps(k, n),
        "updates_tenth": float(quantile(0.1, k, n)),
        "updates_ninetieth": float(quantile(0.9, k, n)),
        "share_done_at_once": 0.5 if k in {1, n - 1} else 0.0,
        "expected_periods": mean_steps(k, n) / moving,
        "median_periods": float(quantile(0.5, k, n, moving)),
        "share_ending_at_one": k / n,
        "variance": k * (n - k) / n**2,
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Walk all walkers to their ends. The drawn walks grow as the walkers take their steps."""
    untouched = preview(config, seed=seed)
    random = np.random.default_rng((seed, 1))
    updates, periods = np.zeros((2, config.walkers), dtype=np.int64)  # of each walker, 0 while it walks
    at_one = np.zeros(config.walkers, dtype=np.bool_)
    told = 0.0
    yield _so_far(untouched, 0, periods)
    k, n = config.steps_below, config.steps_across
    for ended in absorb(k, n, walkers=config.walkers, seed=seed, device=device):
        idle = idle_periods(ended.steps, config.update_probability, random)
        updates[ended.walkers], periods[ended.walkers] = ended.steps, ended.steps + idle
        at_one[ended.walkers] = ended.at_top
        share = np.count_nonzero(updates) / config.walkers
        if told + 1 / FRAMES <= share < 1:
            told = share
            yield _so_far(untouched, ended.elapsed, periods)
    yield _at_the_end(untouched, updates, periods, at_one)


def preview(config: Config, *, seed: int) -> Frame:
    """Show the exact law of the time it takes, and forty walks."""
    law = config.steps_below, config.steps_across, config.update_probability
    walks = drawn_walks(*law, np.random.default_rng((seed, 0)))
    return Frame(progress=0.0, config=config, arrays={**exact_shares(*law), **walks}, seed=seed)


def figure(frame: Frame) -> Figure:
    """Draw the walks, and below them when walks end."""
    config = cast("Config", frame.config)
    exact = facts(config)
    return draw(
        frame.arrays,
        mean=exact["expected_periods"],
        median=exact["median_periods"],
        unit="updates" if config.update_probability == 1 else "periods",
        stepped=config.steps_across <= FEW_STEPS,
    )


def readout(frame: Frame) -> str:
    """Say where the walk starts, what it costs on average, and by when half of all walks have ended."""
    config = cast("Config", frame.config)
    result = cast("dict[str, float]", frame.result)
    exact = facts(config)
    walk = f"From {100 * config.start:.3g}% in steps of {_points(config.step)}"
    half = f"Half of all walks are over by update {exact['median_updates']:,.0f}"
    if not result:
        rest = f"one in ten needs more than {exact['updates_ninetieth']:,.0f}"
        return (
            f"{walk}, certainty takes {number(exact['expected_updates'])} updates on average. {half}; {rest}."
        )
    if "mean_updates" not in result:
        done = f"{result['walkers_finished']:,.0f} of {config.walkers:,}"
        return f"{walk}: {done} walkers are certain after {result['updates_so_far']:,.0f} updates."
    measured = plus_minus(result["mean_updates"], result["standard_error"])
    said = f"{walk}, the mean of {config.walkers:,} walkers is {measured} updates; the exact answer is "
    said += f"{number(exact['expected_updates'])}. {half}. "
    said += f"{100 * result['share_ending_at_one']:.1f}% of the walkers ended at 100%."
    if config.update_probability < 1:
        said += (
            f" An update comes in {100 * config.update_probability:.3g}% of periods, so that takes "
            f"{number(result['mean_periods'])} periods; exactly {number(exact['expected_periods'])}."
        )
    return said


def _points(step: float) -> str:
    return "1 point" if math.isclose(step, 0.01) else f"{100 * step:.3g} points"


def _so_far(untouched: Frame, elapsed: int, periods: NDArray[np.int64]) -> Frame:
    finished = int(np.count_nonzero(periods))
    config = cast("Config", untouched.config)
    arrays = cut_walks(simulated_shares(untouched.arrays, periods), elapsed / config.update_probability)
    result = {"walkers_finished": finished, "updates_so_far": elapsed}
    return replace(untouched, progress=finished / len(periods), result=result, arrays=arrays)


def _at_the_end(
    untouched: Frame, updates: NDArray[np.int64], periods: NDArray[np.int64], at_one: NDArray[np.bool_]
) -> Frame:
    step = cast("Config", untouched.config).step
    result = {
        "mean_updates": float(updates.mean()),
        "standard_error": float(updates.std(ddof=1) / math.sqrt(len(updates))),
        "median_updates": float(np.median(updates)),
        "sum_squared_updates": float(updates.mean() * step**2),  # every update is ±step
        "share_ending_at_one": float(at_one.mean()),
        "mean_periods": float(periods.mean()),
        "walkers_finished": len(updates),
    }
    return replace(untouched, progress=1.0, result=result, arrays=simulated_shares(untouched.arrays, periods))
