"""A belief walks until it is certain.

A credence starts at p₀. Each period it is updated with chance m; an update moves it up or down by one step
s, each with chance ½, until it is 0 or 1. It is a martingale: its expected change is always zero. Where n =
1/s and k = p₀/s are whole, the number of updates T is the gambler's ruin from k of n, so

    E[T] = k (n − k) = p₀ (1 − p₀) / s²        E[periods] = E[T] / m
    E[Σ (Δp)²] = p₀ (1 − p₀)                   P(it ends at 1) = p₀

and the law of T is known exactly (`_gamblers_ruin`). Where they are not, nothing is moved: where less than a
step is left to 0 or 1 the last update is that short, and the directions have the chances that keep the mean.
From f s above 0 the credence goes to 0 with chance 1/(1 + f), and up by s with f/(1 + f). The last update
alone then squares to less than s², so that with g for the upper end

    E[T] = p₀ (1 − p₀) / s² + (1 − f²) (1 − p₀) + (1 − g²) p₀

which is less than one update more; the other three answers stay as they are.

The walkers are stepped flip by flip on torch (`_absorb`) and owe these formulas nothing: that is what the run
is for. A setting draws the ends of all walks from the law instead (`_exact_times`), for numbers of walkers
that no stepping would bring to an end. The forty walks that are drawn are further ones of the same law.

Source: the walk is T. Kwa's and L. Chan's example (2024, comments on how often a calibrated person
updates); the mathematics is in W. Feller (1968), "An Introduction to Probability Theory and Its
Applications", volume 1, chapter XIV. Left out: steps of unequal size on the way, steps that depend on the
credence, and evidence that is not independent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from pydantic import model_validator

from sim.spec import Frame, Measurement, Preset, Quantity, Settings, setting
from sim.toys._absorb import Round, absorb
from sim.toys._belief_walk_figure import (
    cut_walks,
    draw,
    drawn_walks,
    exact_shares,
    idle_periods,
    simulated_shares,
)
from sim.toys._belief_walk_words import said
from sim.toys._exact_times import draw_times
from sim.toys._gamblers_ruin import mean_steps, quantile, sd_steps, survival
from sim.toys._places import Places, places
from sim.toys._walk_tally import WalkTally

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

MOST_UPDATES = 40_000_000_000  # of all walkers together: some ten seconds on one core
FRAMES = 240
FEW_STEPS = 30  # across; with more, single steps are too small to see

SCRUBBABLE = ("start", "step", "update_probability")

FACTS = {
    "expected_updates": Quantity("updates until certain, on average", "updates"),
    "median_updates": Quantity("updates by which half of all walks are certain", "updates"),
    "sd_updates": Quantity("standard deviation of the updates until certain", "updates"),
    "updates_tenth": Quantity("updates by which one walk in ten is certain", "updates"),
    "updates_ninetieth": Quantity("updates by which nine walks in ten are certain", "updates"),
    "share_ended_by": Quantity("share of walks that are certain by the chosen update", "share"),
    "share_done_at_once": Quantity("chance that the first update is the last", "share"),
    "expected_periods": Quantity("periods until certain, on average", "periods"),
    "median_periods": Quantity("periods by which half of all walks are certain", "periods"),
    "share_ending_at_one": Quantity("share of walks that end at 1", "share"),
    "variance": Quantity("variance of where the credence ends, and the expected sum of squared updates"),
}

RESULTS = {
    "mean_updates": Measurement(fact="expected_updates", error="standard_error"),
    "median_updates": Measurement(fact="median_updates"),
    "mean_periods": Measurement(fact="expected_periods"),
    "share_ending_at_one": Measurement(fact="share_ending_at_one"),
    "share_ended_by": Measurement(fact="share_ended_by"),
    "sum_squared_updates": Measurement(fact="variance"),
    "walkers_finished": Measurement("walkers that are certain", "walkers"),
    "updates_so_far": Measurement("updates that have been made so far", "updates"),
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
        high=1_000_000,
        scale="log",
        unit="walkers",
        title="Walkers",
        help="How many are simulated.",
    )
    by_update: int = setting(
        1000,
        low=1,
        high=1_000_000,
        scale="log",
        unit="updates",
        title="By update",
        help="The update by which the walks that are certain are counted.",
    )
    from_law: int = setting(
        0,
        low=0,
        high=1,
        step=1,
        title="From the law",
        help="0 steps each walker update by update; 1 draws the ends of all walks from the exact law.",
    )

    @property
    def places(self) -> Places:
        """Where the credence can stand, and where among those places it starts."""
        return places(self.start, self.step)

    @property
    def steps_across(self) -> int:
        """How many steps lead from 0 to 1, the last ones being shorter where they must: n."""
        return self.places.across

    @property
    def steps_below(self) -> int:
        """How many steps lead from the start to 0: k."""
        return self.places.below

    @model_validator(mode="after")
    def _fits_the_machine(self) -> Self:
        updates = self.walkers * mean_steps(*self.places)
        if updates > MOST_UPDATES and not self.from_law:
            raise ValueError(
                f"{self.walkers} walkers from {self.start:.3g} in steps of {self.step:.3g} would take about "
                f"{updates / 1e9:.0f} billion updates, above the {MOST_UPDATES / 1e9:.0f} billion allowed. "
                "Take fewer walkers or a larger step, or draw them from the law with from_law 1."
            )
        return self


def facts(config: Config) -> dict[str, float]:
    """Return the exact answers; every unit is in `FACTS`."""
    return dict(_facts(config.start, config.step, config.update_probability, config.by_update))


@lru_cache(maxsize=1024)
def _facts(start: float, step: float, moving: float, by_update: int) -> dict[str, float]:
    k, n, ends = places(start, step)
    mean = mean_steps(k, n, ends)
    return {
        "expected_updates": mean,
        "median_updates": float(quantile(0.5, k, n, ends=ends)),
        "sd_updates": sd_steps(k, n, ends),
        "updates_tenth": float(quantile(0.1, k, n, ends=ends)),
        "updates_ninetieth": float(quantile(0.9, k, n, ends=ends)),
        "share_ended_by": max(1 - float(survival(by_update, k, n, ends=ends)), 0.0),
        "share_done_at_once": 1 / (1 + ends.first) * (k == 1) + 1 / (1 + ends.last) * (k == n - 1),
        "expected_periods": mean / moving,
        "median_periods": float(quantile(0.5, k, n, moving, ends)),
        "share_ending_at_one": start,
        "variance": start * (1 - start),
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Walk all walkers to their ends. The drawn walks grow as the walkers take their steps."""
    untouched = preview(config, seed=seed)
    random = np.random.default_rng((seed, 1))
    tally = WalkTally(config.walkers, config.step, config.places.ends, untouched.arrays["bin_edges"])
    told = 0.0
    yield _so_far(untouched, tally)
    for ended in _rounds(config, seed, device):
        tally.add(ended, idle_periods(ended.steps, config.update_probability, random))
        if told + 1 / FRAMES <= tally.share < 1:
            told = tally.share
            yield _so_far(untouched, tally)
    arrays = simulated_shares(untouched.arrays, tally.in_bins)
    yield replace(untouched, progress=1.0, result=tally.result(config.by_update), arrays=arrays)


def _rounds(config: Config, seed: int, device: str) -> Iterator[Round]:
    k, n, ends = config.places
    if config.from_law:
        return draw_times(k, n, walkers=config.walkers, seed=seed, ends=ends)
    return absorb(k, n, walkers=config.walkers, seed=seed, device=device, ends=ends)


def preview(config: Config, *, seed: int) -> Frame:
    """Show the exact law of the time it takes, and forty walks."""
    where, moving = config.places, config.update_probability
    walks = drawn_walks(where, moving, np.random.default_rng((seed, 0)))
    return Frame(progress=0.0, config=config, arrays={**exact_shares(where, moving), **walks}, seed=seed)


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
        paid=cast("float | None", frame.result.get("sum_squared_updates")),
        variance=exact["variance"],
    )


def readout(frame: Frame) -> str:
    """Say where the walk starts, what it costs on average, and by when half of all walks have ended."""
    config = cast("Config", frame.config)
    return said(config, cast("dict[str, float]", frame.result), facts(config))


def _so_far(untouched: Frame, tally: WalkTally) -> Frame:
    config = cast("Config", untouched.config)
    arrays = simulated_shares(untouched.arrays, tally.in_bins)
    result = {
        "walkers_finished": tally.finished,
        "updates_so_far": tally.elapsed,
        "sum_squared_updates": tally.sum_squared_updates,
    }
    shown = cut_walks(arrays, tally.elapsed / config.update_probability)
    return replace(untouched, progress=tally.share, result=result, arrays=shown)
