"""Drawing a variance budget: walks above, and below them the ledger into which their updates pay.

A dozen walks are faint; one is bold, and its large updates have the second colour. Below, in the same time,
stands the expected sum of squared updates so far, that of the small ones with that of the large ones on top.
It fills to p₀ (1 − p₀), the dotted line. Dots are the same two sums over the simulated walkers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, INK, QUIET
from sim.toys._drawing import PERCENT, SMALL, axis, figure, label, number, percent, separated, ticks
from sim.toys._two_steps import Steps, counts_so_far, expected_counts

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

DRAWN = 12
POINTS = 300  # of a walk, to the horizon
BINS = 96
HORIZON = 3  # times the mean of a walk from the middle: by then 97% is paid, wherever it began
MOST_JUMPS = 200  # in the bold walk; more could not be told apart
DOTS_EVERY = 6  # bins
LEDGER_CEILING, HEADING, WALKS_FLOOR = 0.36, 0.38, 0.48  # heights, as shares of the figure's


def exact_ledger(start: int, steps: Steps) -> Arrays:
    """The expected sum of squared updates, of each kind, after each of some numbers of updates."""
    longest = HORIZON * expected_counts(steps)[steps.across // 2].sum()
    every = max(round(longest / BINS), 1)
    times = int(np.ceil(longest / every)) + 1
    made = counts_so_far(start, steps, every, times)
    return {"time": every * np.arange(times), "paid": made * squares(steps)}  # [time], [time, small or large]


def simulated_ledger(made: NDArray[np.int64], time: NDArray[np.int64], walkers: int, steps: Steps) -> Arrays:
    """The same over simulated walkers, at the times that they have reached.

    Args:
        made: Small and large updates of all walkers together, in each update so far: [update, 2].
        time: The times at which the ledger is drawn.
        walkers: How many walkers there are.
        steps: Their rule.
    """
    so_far = np.concatenate([np.zeros((1, 2)), np.cumsum(made, axis=0)]) * squares(steps) / walkers
    dots = time[DOTS_EVERY::DOTS_EVERY] if len(time) > 2 * DOTS_EVERY else time[1:]
    dots = dots[dots < len(so_far)]
    return {"dot_time": dots, "dot_paid": so_far[dots]}


def squares(steps: Steps) -> NDArray[np.float64]:
    """The squared size of a small and of a large update, as credences: [2]."""
    return np.array([1, steps.large**2]) / steps.across**2


def drawn_walks(start: int, steps: Steps, horizon: int, random: Generator) -> Arrays:
    """A dozen walks as far as `horizon` updates: one to draw boldly, with its jumps, and the others."""
    kinds = np.searchsorted(steps.kind_edges, random.random((DRAWN, horizon)), side="right")
    leads = steps.moves().tolist()
    walks = [_follow(start, row, leads) for row in kinds.tolist()]
    mean = expected_counts(steps)[start].sum()
    certain = [walk for walk in walks if walk[-1] in {0, steps.across}]
    featured = min(certain or walks, key=lambda walk: abs(len(walk) - 1 - mean))
    others = [(walk, _thinned(walk, horizon)) for walk in walks if walk is not featured]
    jumps = np.flatnonzero(np.abs(np.diff(featured)) == steps.large)  # the updates just before them
    jumps = jumps if len(jumps) <= MOST_JUMPS else jumps[:0]
    bold = np.unique(np.concatenate([_thinned(featured, horizon), jumps, jumps + 1]))
    return {
        "walk_time": separated([kept.astype(np.float64) for _, kept in others]),
        "walk_credence": separated([walk[kept] / steps.across for walk, kept in others]),
        "featured_time": bold.astype(np.float64),
        "featured_credence": featured[bold] / steps.across,
        "jump_time": separated([np.array([jump, jump + 1.0]) for jump in jumps]),
        "jump_credence": separated([featured[jump : jump + 2] / steps.across for jump in jumps]),
    }


def cut_walks(arrays: Arrays, now: int) -> Arrays:
    """Hide what the drawn walks do after `now`."""
    times = {name: arrays[name] for name in ("walk_time", "featured_time", "jump_time")}
    return {**arrays, **{name: np.where(time <= now, time, np.nan) for name, time in times.items()}}


def draw(
    arrays: Arrays, *, counts: NDArray[np.float64], share: float, variance: float, stepped: bool
) -> Figure:
    """Draw both panels.

    Args:
        arrays: What the functions above made.
        counts: The expected small and large updates: [2].
        share: What share of the variance the small ones pay.
        variance: What the ledger fills to.
        stepped: Whether to draw each update as a jump; it shows only where there are few.
    """
    small, large = counts
    last = float(arrays["time"][-1])
    top = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom"}
    heading = {"xref": "paper", "yref": "paper", "y": HEADING, "yanchor": "bottom", "xanchor": "left"}
    return figure(
        [*_walks(arrays, "hv" if stepped else "linear"), *_ledger(arrays)],
        height=330,
        margin={"l": 40, "r": 8, "t": 22, "b": 24},
        barmode="overlay",
        xaxis=axis(range=[0, last], anchor="y2", **ticks(0, last, most=5)),
        yaxis=axis(range=[-0.01, 1.01], domain=[WALKS_FLOOR, 1], showgrid=True, **PERCENT),
        yaxis2=axis(
            range=[0, 1.04 * variance],
            domain=[0, LEDGER_CEILING],
            tickvals=[0, variance],
            ticktext=["0", number(variance)],
        ),
        shapes=[_full(variance)],
        annotations=[
            label(f"{number(small)} small: {percent(share)} of the variance", **top, **_left(DATA_1)),
            label(f"{number(large)} large: {percent(1 - share)}", **top, **_right(DATA_2)),
            label("squared updates, added up", **heading, x=0),
        ],
    )


def _follow(start: int, kinds: list[int], leads: list[list[int]]) -> NDArray[np.int64]:
    """The places of one walk until it ends or its updates run out; plain Python is fast enough."""
    place, last = start, len(leads) - 1
    places = [place]
    for kind in kinds:
        place = leads[place][kind]
        places.append(place)
        if place in {0, last}:
            break
    return np.array(places)


def _thinned(walk: NDArray[np.int64], horizon: int) -> NDArray[np.int64]:
    """Which updates of a walk to draw: every so many, and the last."""
    kept = np.arange(0, len(walk), -(-horizon // POINTS))
    return np.unique(np.append(kept, len(walk) - 1))


def _walks(arrays: Arrays, shape: str) -> list[dict[str, Any]]:
    line = {"type": "scatter", "mode": "lines"}
    names = ("walk", "featured", "jump")
    looks = ((DATA_1, 1, 0.35), (DATA_1, 1.8, 1), (DATA_2, 2.6, 1))
    return [
        {
            **line,
            "x": arrays[f"{name}_time"],
            "y": arrays[f"{name}_credence"],
            "opacity": opacity,
            "line": {"color": colour, "width": width, "shape": shape},
        }
        for name, (colour, width, opacity) in zip(names, looks, strict=True)
    ]


def _ledger(arrays: Arrays) -> list[dict[str, Any]]:
    """Two stacks of bars, each as wide as the time between two sums, and the simulated sums as dots."""
    time, (small, large) = arrays["time"][1:], arrays["paid"][1:].T
    width = np.diff(arrays["time"])
    bars = {"type": "bar", "yaxis": "y2", "x": time - width / 2, "width": width, "opacity": 0.45}
    traces: list[dict[str, Any]] = [
        {**bars, "y": small, "marker": {"color": DATA_1}},
        {**bars, "y": large, "base": small, "marker": {"color": DATA_2}},
    ]
    if "dot_time" in arrays:
        dots = {"yaxis": "y2", "x": arrays["dot_time"], "marker": {"color": INK, "size": 4}}
        heights = arrays["dot_paid"][:, 0], arrays["dot_paid"].sum(axis=1)
        look = {"type": "scatter", "mode": "markers", "cliponaxis": False}
        traces += [{**look, **dots, "y": height} for height in heights]
    return traces


def _full(variance: float) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    return {
        "type": "line",
        "xref": "paper",
        "yref": "y2",
        "x0": 0,
        "x1": 1,
        "y0": variance,
        "y1": variance,
        "line": line,
    }


def _left(colour: str) -> dict[str, Any]:
    return {"x": 0, "xanchor": "left", "font": {"size": SMALL, "color": colour}}


def _right(colour: str) -> dict[str, Any]:
    return {"x": 1, "xanchor": "right", "font": {"size": SMALL, "color": colour}}
