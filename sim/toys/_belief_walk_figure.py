"""Drawing belief walks: forty walks above, and below them how the ends of all walks are spread over time.

The two panels share their time axis, on which the mean and the median stand, so that one sees why they
differ: the few walks that go on and on are out at the right. The axis ends where 97% of all walks have.

Time is counted in updates if every period brings one, and in periods if not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, INK, QUIET
from sim.toys._drawing import PERCENT, axis, figure, from_zero, label, number, separated, ticks
from sim.toys._gamblers_ruin import mean_steps, quantile, survival_curve
from sim.toys._sample_walks import sample_walks

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from sim.toys._places import Places

Arrays = Mapping[str, "NDArray[Any]"]

DRAWN = 40
BINS = 48
HORIZON_SHARE = 0.97

# Heights, as shares of the figure's. The median is the earlier of the two and has the upper row, so that
# neither upright runs through the other's label.
SHARES_CEILING, MEAN_ROW, MEDIAN_ROW, WALKS_FLOOR = 0.24, 0.30, 0.37, 0.43


def exact_shares(where: Places, moving: float) -> Arrays:
    """The exact share of walks that end in each bin of time."""
    edges = _bin_edges(where, moving)
    k, n, ends = where
    left = survival_curve(int(edges[1]), len(edges), k, n, moving, ends)
    return {"bin_edges": edges, "exact_share": -np.diff(left)}


def simulated_shares(arrays: Arrays, share: NDArray[np.float64]) -> Arrays:
    """Add the share of walkers that ended in each bin."""
    return {**arrays, "simulated_share": share}


def drawn_walks(where: Places, moving: float, random: Generator) -> Arrays:
    """Forty walks: one to draw boldly, that ends nearest the mean, and the others as one broken line."""
    k, n, ends = where
    horizon = int(_bin_edges(where)[-1])
    walks = sample_walks(k, n, horizon=horizon, count=DRAWN, random=random, ends=ends)
    lines = [(_periods(walk.steps, moving, random), where.credence(walk.positions)) for walk in walks]
    certain = [line for line in lines if line[1][-1] in {0.0, 1.0}]
    mean = mean_steps(k, n, ends) / moving
    featured = min(certain or lines, key=lambda line: abs(line[0][-1] - mean))
    others = [line for line in lines if line is not featured]
    return {
        "walk_time": separated([time for time, _ in others]),
        "walk_credence": separated([credence for _, credence in others]),
        "featured_time": featured[0],
        "featured_credence": featured[1],
    }


def cut_walks(arrays: Arrays, now: float) -> Arrays:
    """Hide what the drawn walks do after `now`."""
    times = {key: arrays[key] for key in ("walk_time", "featured_time")}
    return {**arrays, **{key: np.where(time <= now, time, np.nan) for key, time in times.items()}}


def idle_periods(updates: NDArray[np.int64], moving: float, random: Generator) -> NDArray[np.int64]:
    """How many periods without an update fall among so many updates: a negative binomial number."""
    idle = np.zeros_like(updates)
    if moving < 1:
        some = updates > 0
        idle[some] = random.negative_binomial(updates[some], moving)
    return idle


def draw(
    arrays: Arrays,
    *,
    mean: float,
    median: float,
    unit: str,
    stepped: bool,
    paid: float | None,
    variance: float,
) -> Figure:
    """Draw both panels.

    Args:
        arrays: What the functions above made.
        mean: The expected end of a walk.
        median: When half of all walks have ended.
        unit: What time is counted in, "updates" or "periods".
        stepped: Whether to draw each step as a jump; it shows only where there are few.
        paid: The squared updates of a walk so far, added up, on average; `None` before a run.
        variance: What they come to in the end.
    """
    last = float(arrays["bin_edges"][-1])
    shares = [arrays[name] for name in ("exact_share", "simulated_share") if name in arrays]
    right = {"xref": "paper", "x": 1, "xanchor": "right", "yref": "paper"}
    return figure(
        [*_walks(arrays, "hv" if stepped else "linear"), *_shares(arrays)],
        height=280,
        xaxis=axis(range=[0, last], anchor="y2", **ticks(0, last, most=5)),
        yaxis=axis(range=[-0.01, 1.01], domain=[WALKS_FLOOR, 1], showgrid=True, **PERCENT),
        yaxis2=axis(range=from_zero(*shares), domain=[0, SHARES_CEILING], showticklabels=False),
        shapes=[*_mark(median, MEDIAN_ROW), *_mark(mean, MEAN_ROW)],
        annotations=[
            label(f"half have ended by {median:,.0f}", **_beside(median, MEDIAN_ROW)),
            label(f"mean {number(mean)}", **_beside(mean, MEAN_ROW)),
            label(f"when walks end, in {unit}", **right, y=0.17),
            label(_budget(paid, variance), **right, y=0.1),
        ],
    )


def _walks(arrays: Arrays, shape: str) -> list[dict[str, Any]]:
    faint = {"x": arrays["walk_time"], "y": arrays["walk_credence"], "opacity": 0.35}
    bold = {"x": arrays["featured_time"], "y": arrays["featured_credence"]}
    return [
        {"type": "scatter", "mode": "lines", "line": {"color": DATA_1, "width": 1, "shape": shape}, **faint},
        {"type": "scatter", "mode": "lines", "line": {"color": DATA_2, "width": 1.8, "shape": shape}, **bold},
    ]


def _shares(arrays: Arrays) -> list[dict[str, Any]]:
    edges = arrays["bin_edges"]
    corners, heights = np.repeat(edges, 2)[1:-1], np.repeat(arrays["exact_share"], 2)
    exact = {"x": corners, "y": heights, "line": {"color": INK, "width": 1}}
    traces: list[dict[str, Any]] = [{"type": "scatter", "mode": "lines", "yaxis": "y2", **exact}]
    if "simulated_share" in arrays:
        bars = {"x": (edges[:-1] + edges[1:]) / 2, "y": arrays["simulated_share"], "width": np.diff(edges)}
        traces.insert(0, {"type": "bar", "yaxis": "y2", "marker": {"color": DATA_1}, "opacity": 0.45, **bars})
    return traces


def _mark(time: float, row: float) -> list[dict[str, Any]]:
    """An upright at a time, from the axis up to its label's row, and again across the walks."""
    line = {"type": "line", "yref": "paper", "line": {"color": QUIET, "width": 1, "dash": "dot"}}
    return [{**line, "x0": time, "x1": time, "y0": y0, "y1": y1} for y0, y1 in ((0, row), (WALKS_FLOOR, 1))]


def _budget(paid: float | None, variance: float) -> str:
    if paid is None:
        return f"squared updates add up to {number(variance)}"
    return f"squared updates: {number(paid)} of {number(variance)}"


def _beside(time: float, row: float) -> dict[str, Any]:
    return {"x": time, "yref": "paper", "y": row, "xanchor": "left", "yanchor": "middle", "xshift": 2}


def _bin_edges(where: Places, moving: float = 1.0) -> NDArray[np.int64]:
    horizon = quantile(HORIZON_SHARE, where.below, where.across, moving, where.ends)
    width = 2 * max(round(horizon / BINS / 2), 1)  # even: with even n, only every second step can be the last
    return np.arange(0, horizon + width, width)


def _periods(steps: NDArray[np.int64], moving: float, random: Generator) -> NDArray[np.float64]:
    """When a walk had taken each number of steps, in periods."""
    between = np.diff(steps, prepend=0)
    return np.cumsum(between + idle_periods(between, moving, random)).astype(np.float64)
