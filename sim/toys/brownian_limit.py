"""A walk in ever smaller steps, and a credence.

A walk whose steps are fair coin flips, ever smaller and ever more of them, becomes a Brownian motion W, as
the binomial law becomes the Gaussian: its changes are independent, and W(t + u) − W(t) ~ N(0, u). So is a
sum of very many small influences. A credence is no such sum. Take "W will end above a line", with

    p(t) = Φ((W(t) − c) / √(1 − t)),    c = −Φ⁻¹(p₀),

its chance given W so far. It is a martingale, made of nothing but Brownian motion, and yet it stays within 0
and 1, its updates have far heavier tails than a Gaussian, and it does not wait near 50% until the end. From
50% it is as likely to be anywhere as anywhere else at half-time. `_ending_above` has its law.

The walk is `flips` fair flips to each update, and is paired with the Brownian motion so that both are at the
same share of their laws (`_flip_sums`). The motions are drawn at random on torch and owe the formulas
nothing.

Source: M. Donsker (1951), "An invariance principle for certain probability limit theorems"; the warning is
L. Chan's (2024, comments on belief updating). N. Taleb (2018), "Election predictions as martingales: an
arbitrage approach", argues for credences that stay near 50%, and A. Clayton (2019), "Election predictions
are arbitrage-free: response to Taleb", answers. Left out: news that does not arrive evenly, and jumps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from pydantic import model_validator

from sim.spec import Frame, Measurement, Preset, Quantity, Result, Settings, setting
from sim.toys._brownian_limit_figure import cut_paths, draw, drawn_paths, update_sizes
from sim.toys._drawing import number, percent, plus_minus
from sim.toys._ending_above import (
    line,
    median_distance_from_half,
    share_up_to,
    spent,
    update_kurtosis,
)
from sim.toys._flip_sums import flip_sum
from sim.toys._path_tally import NEAR, PathTally

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

MOST_UPDATES = 5_000_000  # of all paths together
HALF, LATE = 0.5, 0.9
SURE = 0.05  # a credence this near 0 or 1

SCRUBBABLE = ("start", "flips", "updates")

FACTS = {
    "walk_distance": Quantity("largest gap between the distributions of the walk's update and a Gaussian"),
    "walk_gap": Quantity("distance of the walk from its Brownian motion at the end, root mean square"),
    "walk_kurtosis": Quantity("kurtosis of the walk's updates, where a Gaussian has 3"),
    "sd_at_end": Quantity("standard deviation of where the Brownian motion ends"),
    "credence_kurtosis": Quantity("kurtosis of the credence's updates, where a Gaussian has 3"),
    "near_half_at_half_time": Quantity("share of credences within 10 points of 50% at half-time", "share"),
    "near_half_late": Quantity(
        "share of credences within 10 points of 50% with a tenth of the time left", "share"
    ),
    "sure_late": Quantity("share of credences below 5% or above 95% with a tenth of the time left", "share"),
    "median_distance_at_half_time": Quantity("distance from 50% that half of all credences exceed half-way"),
    "budget": Quantity("sum of the credence's squared updates, on average"),
    "budget_by_half_time": Quantity("share of that sum that falls in the first half of the time", "share"),
    "budget_last_tenth": Quantity("share of that sum that falls in the last tenth of the time", "share"),
}

RESULTS = {
    "walk_gap": Measurement(fact="walk_gap"),
    "walk_kurtosis": Measurement(fact="walk_kurtosis"),
    "sd_at_end": Measurement(fact="sd_at_end"),
    "credence_kurtosis": Measurement(fact="credence_kurtosis"),
    "budget": Measurement(fact="budget", error="budget_error"),
    "walk_sd_at_end": Measurement("standard deviation of where the walk ends"),
    "ended_above": Measurement("share of the paths that end above the line", "share"),
    "near_half": Measurement("share of credences within 10 points of 50% after each update", "share"),
    "updates_done": Measurement("updates of each path", "updates"),
}

ARRAYS = {
    **dict.fromkeys(
        ("time", "motion", "other_time", "other_motion", "walk_time", "walk"), ""
    ),  # time is 0 to 1
    **dict.fromkeys(("credence", "other_credence", "walk_chance", "update_share"), "share"),
}

PRESETS = (
    Preset("One flip: no bell in sight", {"flips": 1}),
    Preset("A thousand flips: Gaussian", {"flips": 1000}),
    Preset("A long shot: hardly ever near 50%", {"start": 0.05}),
)


class Config(Settings):
    """Where the credence starts, how fine the walk is, how often both are read, and how many there are."""

    start: float = setting(
        0.5,
        low=0.01,
        high=0.99,
        step=0.01,
        unit="share",
        title="Start",
        help="The credence at the beginning.",
    )
    flips: int = setting(
        4,
        low=1,
        high=1000,
        scale="log",
        unit="flips",
        title="Flips",
        help="How many steps of the walk make one update.",
    )
    updates: int = setting(
        20,
        low=2,
        high=50,
        unit="updates",
        title="Updates",
        help="How often walk and credence are read.",
    )
    walkers: int = setting(
        20_000,
        low=100,
        high=200_000,
        scale="log",
        unit="paths",
        title="Paths",
        help="How many are simulated.",
    )

    @model_validator(mode="after")
    def _fits_the_machine(self) -> Self:
        updates = self.walkers * self.updates
        if updates > MOST_UPDATES:
            raise ValueError(
                f"{self.walkers} paths with {self.updates} updates each would take {updates / 1e6:.0f} "
                f"million updates, above the {MOST_UPDATES / 1e6:.0f} million allowed. Take fewer of either."
            )
        return self


def facts(config: Config) -> dict[str, float]:
    """Return the exact answers; every unit is in `FACTS`."""
    start = config.start
    walk = flip_sum(config.flips)
    budget = start * (1 - start)
    return {
        "walk_distance": walk.distance,
        "walk_gap": walk.gap,
        "walk_kurtosis": walk.kurtosis,
        "sd_at_end": 1.0,
        "credence_kurtosis": update_kurtosis(config.updates, start),
        "near_half_at_half_time": _near_half(HALF, start),
        "near_half_late": _near_half(LATE, start),
        "sure_late": 1 + share_up_to(SURE, LATE, start) - share_up_to(1 - SURE, LATE, start),
        "median_distance_at_half_time": median_distance_from_half(HALF, start),
        "budget": budget,
        "budget_by_half_time": spent(HALF, start) / budget,
        "budget_last_tenth": 1 - spent(LATE, start) / budget,
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Follow all paths from update to update."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    untouched = preview(config, seed=seed)
    law = flip_sum(config.flips)
    threshold = torch.as_tensor(law.threshold, dtype=torch.float32, device=device)
    value = torch.as_tensor(law.value, dtype=torch.float32, device=device)
    sizes = torch.as_tensor(update_sizes(config.updates, config.start), dtype=torch.float32, device=device)
    motion = torch.zeros(config.walkers, device=device)
    walk = torch.zeros_like(motion)
    credence = torch.full_like(motion, config.start)
    tally = PathTally.empty(flips=config.flips, sizes=len(sizes), paths=config.walkers)
    yield untouched
    for left in reversed(range(config.updates)):
        step = torch.randn(config.walkers, generator=random, device=device)
        heads = torch.searchsorted(threshold, step)
        motion += step / math.sqrt(config.updates)
        walk += value[heads] / math.sqrt(config.updates)
        above = motion - line(config.start)
        before = credence
        credence = (
            torch.special.ndtr(above / math.sqrt(left / config.updates)) if left else (above > 0).float()
        )
        change = credence - before
        tally = tally.with_update(
            heads=heads.cpu().numpy(),
            larger_than=torch.searchsorted(sizes, change).cpu().numpy(),
            change=change.cpu().numpy().astype(np.float64),
            credence=credence.cpu().numpy(),
        )
        if left:
            yield _so_far(untouched, tally)
    yield _at_the_end(untouched, tally, motion.cpu().numpy(), walk.cpu().numpy())


def preview(config: Config, *, seed: int) -> Frame:
    """Show a few paths; the laws of their updates are drawn exactly."""
    paths = drawn_paths(config.start, config.flips, config.updates, np.random.default_rng((seed, 0)))
    return Frame(progress=0.0, config=config, arrays=paths, seed=seed)


def figure(frame: Frame) -> Figure:
    """Draw the paths, and their updates against a Gaussian's."""
    config = cast("Config", frame.config)
    near = _near_half(HALF, config.start), _near_half(LATE, config.start)
    return draw(frame.arrays, start=config.start, flips=config.flips, updates=config.updates, near=near)


def readout(frame: Frame) -> str:
    """Say how Gaussian the walk's updates are, how little the credence's, and where credences are."""
    config = cast("Config", frame.config)
    result = cast("dict[str, float]", frame.result)
    exact = facts(config)
    steps = "1 flip" if config.flips == 1 else f"{config.flips:,} flips"
    if not result:
        half, late = percent(exact["near_half_at_half_time"]), percent(exact["near_half_late"])
        return (
            f"An update of the walk is {steps}, at most {percent(exact['walk_distance'])} from Gaussian. "
            f"The credence's have heavy tails: kurtosis {number(exact['credence_kurtosis'])}, where a "
            f"Gaussian has 3. {half} of credences are near 50% at half-time and {late} with a tenth of the "
            "time left."
        )
    paths = f"{config.walkers:,} paths"
    if "ended_above" not in result:
        return f"After {result['updates_done']:.0f} of {config.updates} updates of {paths}."
    moved = plus_minus(result["budget"], result["budget_error"])
    return (
        f"Over {paths}, updates of {steps} have kurtosis {number(result['walk_kurtosis'])}, exactly "
        f"{number(exact['walk_kurtosis'])}; the credence's have {number(result['credence_kurtosis'])}, "
        f"exactly {number(exact['credence_kurtosis'])}. Its squared updates add up to {moved}, exactly "
        f"{number(exact['budget'])}, and {percent(result['ended_above'])} of the paths end above the line."
    )


def _near_half(time: float, start: float) -> float:
    return share_up_to(0.5 + NEAR, time, start) - share_up_to(0.5 - NEAR, time, start)


def _so_far(untouched: Frame, tally: PathTally) -> Frame:
    progress = tally.updates / cast("Config", untouched.config).updates
    arrays = cut_paths({**untouched.arrays, **tally.arrays()}, progress)
    return replace(untouched, progress=progress, result={"updates_done": tally.updates}, arrays=arrays)


def _at_the_end(
    untouched: Frame, tally: PathTally, motion: NDArray[np.float32], walk: NDArray[np.float32]
) -> Frame:
    above = motion > line(cast("Config", untouched.config).start)
    result: Result = {
        **tally.result(),
        "updates_done": tally.updates,
        "sd_at_end": float(motion.std()),
        "walk_sd_at_end": float(walk.std()),
        "walk_gap": float(np.sqrt(((walk - motion) ** 2).mean())),
        "ended_above": float(above.mean()),
    }
    return replace(_so_far(untouched, tally), result=result)
