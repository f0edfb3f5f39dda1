"""A belief waits for an event with a deadline.

An event may come in one of N weeks and never after; before the first, its chance is P. Each week is either
quiet, and the credence in it falls a little, or brings it, and the credence jumps to 1. With S_t the chance
that nothing has happened by the end of week t (`_hazard`), after t quiet weeks the credence is

    p_t = 1 − (1 − P) / S_t        S_t = 1 − P t / N        or        S_t = (1 − P)^(t / N)

The first S spreads the event evenly over the weeks, so that p = P (1 − u) / (1 − P u) with u = t / N. The
second has a constant hazard: a week that is reached is as dangerous as any other. Both are martingales: a
quiet week has the chance S_t / S_{t−1}, and the likely fall and the unlikely jump cancel. The falls add up to
P, so their mean is P / N. They grow, so their median is less, and less again over the weeks actually
lived, for late weeks are lived by those alone to whom nothing happened early.

A life is simulated by drawing the week of its event on torch. The dots in the figure count lives and know
nothing of the formula for p.

Source: the event spread evenly over ten years is L. Chan's example (2024, comments on how often a calibrated
person updates), which gives 0.5 / 520 as the median weekly update; it is the mean. Left out: evidence
other than the event, a deadline that nobody knows, and an event that may go unnoticed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from sim.spec import Frame, Measurement, Preset, Quantity, Settings, setting
from sim.toys._drawing import number, percent, plus_minus
from sim.toys._hazard import POINTS, Waiting, above, waiting, weighted_median
from sim.toys._hazard_belief_figure import calibration, draw, drawn_lives

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

FRAMES = 20

SCRUBBABLE = ("prior", "weeks", "threshold")

FACTS = {
    "first_fall": Quantity("fall in the first quiet week", "points"),
    "last_fall": Quantity("fall in the last quiet week", "points"),
    "mean_fall": Quantity("fall in a quiet week, the mean if nothing ever happens", "points"),
    "median_fall": Quantity("fall in a quiet week, the median if nothing ever happens", "points"),
    "median_update_lived": Quantity("median size of an update, over the weeks that are lived", "points"),
    "expected_large_updates": Quantity("updates above the threshold, on average", "updates"),
    "expected_large_falls": Quantity("falls above the threshold, on average", "updates"),
    "expected_large_jumps": Quantity("jumps above the threshold, on average", "updates"),
    "large_falls_if_quiet": Quantity("falls above the threshold if nothing ever happens", "updates"),
    "expected_weeks": Quantity("weeks until certain, on average", "weeks"),
    "credence_halfway": Quantity("credence after half of the weeks, all of them quiet", "share"),
    "variance": Quantity("variance of where the credence ends, and the expected sum of squared updates"),
    "jump_share": Quantity("share of that variance that comes from the jump", "share"),
}

RESULTS = {
    "mean_large_updates": Measurement(fact="expected_large_updates", error="standard_error"),
    "mean_large_falls": Measurement(fact="expected_large_falls"),
    "median_update_lived": Measurement(fact="median_update_lived"),
    "mean_weeks": Measurement(fact="expected_weeks"),
    "sum_squared_updates": Measurement(fact="variance", error="sum_squared_error"),
    "share_with_event": Measurement("share of lives in which the event comes", "share"),
    "lives_so_far": Measurement("lives that were lived", "lives"),
}

ARRAYS = {
    "credence": "share",
    "checked_share": "share",
    "fall": "points",
    **dict.fromkeys(("events", "checked_week"), "weeks"),
}

PRESETS = (
    Preset(
        "From 90%: silence is news, too", {"prior": 0.9, "weeks": 520, "threshold": 1, "constant_hazard": 0}
    ),
    Preset("Each week as dangerous as any", {"constant_hazard": 1}),
    Preset("A long shot: nothing to notice", {"prior": 0.05, "weeks": 520, "threshold": 1}),
    Preset(
        "One year: a dozen large falls", {"prior": 0.5, "weeks": 52, "threshold": 1, "constant_hazard": 0}
    ),
)


class Config(Settings):
    """How likely the event is, when it may come, what counts as a large update, and how many live."""

    prior: float = setting(
        0.5,
        low=0.01,
        high=0.99,
        step=0.01,
        unit="share",
        title="Start",
        help="The chance that the event ever comes.",
    )
    weeks: int = setting(
        520,
        low=10,
        high=1560,
        scale="log",
        unit="weeks",
        title="Weeks",
        help="In how many weeks the event may come; after the last it never does.",
    )
    constant_hazard: int = setting(
        0,
        low=0,
        high=1,
        step=1,
        title="Constant hazard",
        help="0 spreads the event evenly over the weeks; 1 makes each week reached as dangerous as any.",
    )
    threshold: float = setting(
        1.0,
        low=0.05,
        high=10,
        scale="log",
        unit="points",
        title="Large update",
        help="An update counts as large if it moves the credence by more than this.",
    )
    walkers: int = setting(
        20_000,
        low=100,
        high=200_000,
        scale="log",
        unit="lives",
        title="Lives",
        help="How many are simulated.",
    )


def facts(config: Config) -> dict[str, float]:
    """Return the exact answers; every unit is in `FACTS`."""
    return dict(_facts(config.prior, config.weeks, config.constant_hazard, config.threshold))


@lru_cache(maxsize=1024)
def _facts(prior: float, weeks: int, constant_hazard: int, threshold: float) -> dict[str, float]:
    wait = waiting(prior, weeks, constant_hazard=bool(constant_hazard))
    large_falls = float(wait.falls @ above(wait.fall, threshold))
    large_jumps = float(wait.jumps @ above(wait.jump, threshold))
    variance = prior * (1 - prior)
    return {
        "first_fall": float(wait.fall[0]),
        "last_fall": float(wait.fall[-1]),
        "mean_fall": POINTS * prior / weeks,
        "median_fall": float(np.median(wait.fall)),
        "median_update_lived": _median_update(wait, wait.falls, wait.jumps),
        "expected_large_updates": large_falls + large_jumps,
        "expected_large_falls": large_falls,
        "expected_large_jumps": large_jumps,
        "large_falls_if_quiet": float(np.count_nonzero(above(wait.fall, threshold))),
        "expected_weeks": float(wait.still[:-1].sum()),
        "credence_halfway": float(np.interp(weeks / 2, np.arange(weeks + 1), wait.credence)),
        "variance": variance,
        "jump_share": float(wait.jumps @ (wait.jump / POINTS) ** 2) / variance,
    }


def _median_update(wait: Waiting, falls: NDArray[Any], jumps: NDArray[Any]) -> float:
    """The median update in points, if each week's fall and jump happened so often."""
    return weighted_median(np.append(wait.fall, wait.jump), np.append(falls, jumps))


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Draw lives, some more with each frame, and let each hold the credence of its week."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    untouched = preview(config, seed=seed)
    random = torch.Generator(device).manual_seed(seed)
    events = np.zeros(config.weeks, dtype=np.int64)  # how many lives have theirs in each week
    lived = 0
    yield replace(untouched, result={"lives_so_far": 0})
    for part in np.array_split(np.arange(config.walkers), FRAMES):
        week = _event_weeks(config, len(part), random)  # [life], the last of them "never"
        events += torch.bincount(week.cpu(), minlength=config.weeks + 1).numpy()[: config.weeks]
        lived += len(part)
        arrays = {**untouched.arrays, **calibration(events, lived)}
        if lived < config.walkers:
            result: dict[str, float] = {
                "lives_so_far": lived,
                "share_with_event": float(events.sum() / lived),
            }
        else:
            result = _measured(config, events)
        yield replace(untouched, progress=lived / config.walkers, result=result, arrays=arrays)


def _event_weeks(config: Config, lives: int, random: Any) -> Any:  # noqa: ANN401 - torch is imported late
    """The week of each life's event, counted from 0; `weeks` for a life without one."""
    import torch  # noqa: PLC0415 - as above

    if config.constant_hazard:
        hazard = 1 - (1 - config.prior) ** (1 / config.weeks)
        waited = torch.empty(lives, dtype=torch.float64, device=random.device)
        return (waited.geometric_(hazard, generator=random) - 1).clamp(max=config.weeks).long()
    week = torch.randint(config.weeks, (lives,), generator=random, device=random.device)
    comes = torch.rand(lives, generator=random, dtype=torch.float64, device=random.device) < config.prior
    return torch.where(comes, week, config.weeks)


def _measured(config: Config, events: NDArray[np.int64]) -> dict[str, float]:
    """What the lives add up to; `events` counts those with the event in each week."""
    wait = waiting(config.prior, config.weeks, constant_hazard=bool(config.constant_hazard))
    lives = np.append(events, config.walkers - events.sum())  # [week of the event, or never]
    quiet = config.walkers - np.cumsum(events)  # lives that each week left waiting
    large_falls = np.append(0, np.cumsum(above(wait.fall, config.threshold)))  # before each possible end
    large = large_falls + np.append(above(wait.jump, config.threshold), 0)
    squares = np.append(0, np.cumsum(wait.fall**2)) + np.append(wait.jump**2, 0)
    mean_large, error = _mean(large, lives)
    mean_squares, squares_error = _mean(squares / POINTS**2, lives)
    return {
        "mean_large_updates": mean_large,
        "standard_error": error,
        "mean_large_falls": _mean(large_falls, lives)[0],
        "median_update_lived": _median_update(wait, quiet, events),
        "mean_weeks": _mean(np.append(np.arange(config.weeks) + 1, config.weeks), lives)[0],
        "sum_squared_updates": mean_squares,
        "sum_squared_error": squares_error,
        "share_with_event": float(events.sum() / config.walkers),
        "lives_so_far": config.walkers,
    }


def _mean(values: NDArray[Any], counts: NDArray[np.int64]) -> tuple[float, float]:
    """The mean of values that came up so often, and its standard error."""
    total = counts.sum()
    mean = float(values @ counts / total)
    return mean, math.sqrt(float((values - mean) ** 2 @ counts) / (total - 1) / total)


def preview(config: Config, *, seed: int) -> Frame:
    """Show the exact path and its falls, and forty lives."""
    wait = waiting(config.prior, config.weeks, constant_hazard=bool(config.constant_hazard))
    arrays = drawn_lives(wait, np.random.default_rng((seed, 0)))
    return Frame(progress=0.0, config=config, arrays=arrays, seed=seed)


def figure(frame: Frame) -> Figure:
    """Draw the path with its jumps, and below it the fall of each week."""
    config = cast("Config", frame.config)
    exact = facts(config)
    return draw(
        frame.arrays, threshold=config.threshold, mean=exact["mean_fall"], median=exact["median_fall"]
    )


def readout(frame: Frame) -> str:
    """Say what quiet weeks cost, and how many large updates there are to expect."""
    config = cast("Config", frame.config)
    result = cast("dict[str, float]", frame.result)
    exact = facts(config)
    if not result:
        return (
            f"If nothing happens, {percent(config.prior)} melts away in {config.weeks:,} weeks: "
            f"{number(exact['first_fall'])} points in the first, {number(exact['last_fall'])} in the last, "
            f"{number(exact['mean_fall'])} on average. {_expected(config, exact)}"
        )
    lives = f"{result['lives_so_far']:,.0f}"
    if "mean_large_updates" not in result:
        return f"So far {lives} of {config.walkers:,} lives have been lived."
    measured = plus_minus(result["mean_large_updates"], result["standard_error"])
    return (
        f"In {lives} lives there were {measured} updates above {_threshold(config)} a life; exactly "
        f"{number(exact['expected_large_updates'])} are expected. The event came in "
        f"{percent(result['share_with_event'])} of the lives, and half of all updates were smaller than "
        f"{number(result['median_update_lived'])} points."
    )


def _expected(config: Config, exact: dict[str, float]) -> str:
    jumps, falls = exact["expected_large_jumps"], exact["expected_large_falls"]
    said = f"Updates above {_threshold(config)} to expect: {number(jumps + falls)}"
    return f"{said}, of which {number(falls)} are falls." if falls else f"{said}, all of them the jump."


def _threshold(config: Config) -> str:
    return "1 point" if config.threshold == 1 else f"{config.threshold:.3g} points"
