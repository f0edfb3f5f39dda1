"""Drawing a walk beside a Brownian motion, a credence beside the claims made of it, and both kinds of update.

Above on the left a Brownian motion, the walk that is paired with it, and other Brownian motions faintly;
below it the credence that each ends above the dotted line. On the right, quantile against quantile: an
update of a size that so many of all updates stay below, against the Gaussian number that so many stay below.
Gaussian updates lie on the dotted diagonal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, INK, QUIET, RULE
from sim.toys._drawing import PERCENT, axis, figure, label, percent, separated
from sim.toys._ending_above import drops, line
from sim.toys._flip_sums import flip_sum
from sim.toys._normal import below, quantile
from sim.toys._path_tally import NEAR

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

HEIGHT = 380
DRAWN = 9
GRID = 200  # points of a Brownian motion
MOST_STEPS = 600  # of a walk that is drawn step by step
STEPPED = 200  # with more, single steps are too small to see
FARTHEST = 3.4  # Gaussian numbers on the quantile axes, both ways
TALLEST = 6.0  # sizes of update on them, in standard deviations
SIZES = np.append([0.05, 0.15], np.arange(0.3, TALLEST + 0.1, 0.45))

# Heights and widths, as shares of the figure's.
LEFT, RIGHT = (0.0, 0.6), (0.7, 1.0)
UPPER, LOWER = (0.57, 0.95), (0.0, 0.42)


def drawn_paths(start: float, flips: int, updates: int, random: Generator) -> Arrays:
    """Draw Brownian motions and the credences they make, and the walk that is paired with one of them."""
    inside = -(-GRID // updates)
    noise = random.standard_normal((DRAWN, updates, inside)) / math.sqrt(updates * inside)
    motion = np.insert(np.cumsum(noise.reshape(DRAWN, -1), axis=1), 0, 0.0, axis=1)  # [path, time]
    time = np.linspace(0, 1, motion.shape[1])
    credence = credences(motion, time, start)
    halfway = np.abs(credence[:, len(time) // 2] - 0.5)
    bold = int(np.argsort(halfway)[DRAWN // 2])  # neither the steadiest nor the boldest
    others = [path for path in range(DRAWN) if path != bold]
    walk_time, walk = _paired_walk(motion[bold, ::inside], flips, random)
    return {
        "time": time,
        "motion": motion[bold],
        "credence": credence[bold],
        "other_time": separated([time] * len(others)),
        "other_motion": separated(list(motion[others])),
        "other_credence": separated(list(credence[others])),
        "walk_time": walk_time,
        "walk": walk,
    }


def credences(motion: NDArray[np.float64], time: NDArray[np.float64], start: float) -> NDArray[np.float64]:
    """The credence to end above the line, [..., time], from the motion, [..., time], up to time 1."""
    above = motion - line(start)
    score = np.where(time < 1, above / np.sqrt(np.maximum(1 - time, 1e-300)), np.copysign(np.inf, above))
    return below(score)


def update_sizes(updates: int, start: float) -> NDArray[np.float64]:
    """Sizes of update, in order, at which the distribution is looked at; of rises and falls alike."""
    size = SIZES * math.sqrt(start * (1 - start) / updates)
    size = size[size < 1]
    return np.concatenate([-size[::-1], size])


def cut_paths(arrays: Arrays, now: float) -> Arrays:
    """Hide what the drawn paths do after `now`."""
    late = 1e-9
    times = {key: arrays[key] for key in ("time", "other_time", "walk_time")}
    return {**arrays, **{key: np.where(time <= now + late, time, np.nan) for key, time in times.items()}}


def draw(arrays: Arrays, *, start: float, flips: int, updates: int, near: tuple[float, float]) -> Figure:
    """Draw the four panels.

    Args:
        arrays: What `drawn_paths` made and, in a run, the shares of updates below each size.
        start: The credence at time 0.
        flips: Steps of the walk in one update.
        updates: How many updates there are.
        near: The exact shares of credences near 50% at half-time and at nine tenths.
    """
    ticks = ["0", f"½<br>{percent(near[0])} in band", f"0.9<br>{percent(near[1])}", "1"]
    twos = {"tickvals": [-2, 0, 2], "ticktext": ["−2", "0", "2"]}
    quantiles = {"range": [-FARTHEST, FARTHEST], "domain": RIGHT, "tickangle": 0, **twos}
    sizes = {"range": [-TALLEST, TALLEST], "tickvals": [-4, 0, 4], "ticktext": ["−4", "0", "4"]}
    reach = max(2.2, float(np.nanmax(np.abs(arrays["motion"]))) * 1.1)
    times = {"range": [0, 1], "domain": LEFT}
    return figure(
        [*_motions(arrays, flips * updates), *_credences(arrays), *_quantiles(arrays, start, flips, updates)],
        height=HEIGHT,
        margin={"l": 36, "r": 8, "t": 8, "b": 40},
        xaxis=axis(**times, anchor="y", showticklabels=False),
        yaxis=axis(range=[-reach, reach], domain=UPPER, showgrid=True, **twos),
        xaxis2=axis(**times, anchor="y2", tickvals=[0, 0.5, 0.9, 1], ticktext=ticks, tickangle=0),
        yaxis2=axis(range=[-0.01, 1.01], domain=LOWER, **PERCENT),
        xaxis3=axis(**quantiles, anchor="y3", showticklabels=False),
        yaxis3=axis(domain=UPPER, anchor="x3", showgrid=True, **sizes),
        xaxis4=axis(**quantiles, anchor="y4"),
        yaxis4=axis(domain=LOWER, anchor="x4", showgrid=True, **sizes),
        shapes=[
            _band(),
            _dotted("x", "y", (0, line(start)), (1, line(start))),
            _dotted("x3", "y3", (-FARTHEST, -FARTHEST), (FARTHEST, FARTHEST)),
            _dotted("x4", "y4", (-FARTHEST, -FARTHEST), (FARTHEST, FARTHEST)),
        ],
        annotations=[
            _heading(f"a walk of {flips * updates:,} steps", LEFT[0], UPPER, DATA_2),
            _heading("beside its Brownian motion", LEFT[0], UPPER, DATA_1)
            | {"y": UPPER[0], "yanchor": "top"},
            _heading("its updates", RIGHT[0], UPPER, DATA_2),
            _heading("credence of ending above", LEFT[0], LOWER, DATA_1),
            _heading("its updates", RIGHT[0], LOWER, DATA_1),
            label(
                "Gaussian",
                xref="paper",
                x=sum(RIGHT) / 2,
                xanchor="center",
                yref="paper",
                y=LOWER[0],
                yanchor="top",
                yshift=-18,
            ),
        ],
    )


def _paired_walk(
    motion: NDArray[np.float64], flips: int, random: Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A walk whose every update is paired with that of a motion read at the updates: its times and places."""
    updates = len(motion) - 1
    paired = np.searchsorted(flip_sum(flips).threshold, np.diff(motion) * math.sqrt(updates))
    heads = np.arange(flips) < paired[:, None]
    steps = np.where(random.permuted(heads, axis=1), 1, -1).ravel()
    place = np.insert(np.cumsum(steps), 0, 0) / math.sqrt(len(steps))
    kept = np.unique(np.linspace(0, len(steps), min(len(steps), MOST_STEPS) + 1).astype(np.int64))
    return kept / len(steps), place[kept]


def _motions(arrays: Arrays, steps: int) -> list[dict[str, Any]]:
    shape = "hv" if steps <= STEPPED else "linear"
    return [
        _line(DATA_1, 1, x=arrays["other_time"], y=arrays["other_motion"], opacity=0.2),
        _line(DATA_1, 1.5, x=arrays["time"], y=arrays["motion"]),
        _line(DATA_2, 1.5, x=arrays["walk_time"], y=arrays["walk"]) | {"line_shape": shape},
    ]


def _credences(arrays: Arrays) -> list[dict[str, Any]]:
    place = {"xaxis": "x2", "yaxis": "y2"}
    return [
        _line(DATA_1, 1, x=arrays["other_time"], y=arrays["other_credence"], opacity=0.3, **place),
        _line(DATA_1, 1.8, x=arrays["time"], y=arrays["credence"], **place),
    ]


def _quantiles(arrays: Arrays, start: float, flips: int, updates: int) -> list[dict[str, Any]]:
    walk, sizes = flip_sum(flips), update_sizes(updates, start)
    up_to = np.cumsum(walk.chance)
    fallen = drops(tuple(-sizes[sizes < 0]), updates, start)
    risen = drops(tuple(sizes[sizes > 0]), updates, 1 - start)
    share = np.concatenate([fallen, 1 - risen])
    units = sizes / math.sqrt(start * (1 - start) / updates)
    shown = np.flatnonzero(np.abs(walk.threshold) < FARTHEST)
    corners = np.concatenate([[-FARTHEST], walk.threshold[shown], [FARTHEST]])
    value = walk.value[shown[0] : shown[-1] + 2]
    stairs = _line(INK, 1, x=np.repeat(corners, 2)[1:-1], y=np.repeat(value, 2))
    curve = _line(INK, 1, x=quantile(share), y=units)
    traces = [stairs | {"xaxis": "x3", "yaxis": "y3"}, curve | {"xaxis": "x4", "yaxis": "y4"}]
    if "walk_chance" in arrays:
        seen = np.cumsum(arrays["walk_chance"])
        traces.append(_dots(DATA_2, seen, (walk.value[:-1] + walk.value[1:]) / 2, "3", up_to))
        traces.append(_dots(DATA_1, arrays["update_share"], units, "4", share))
    return traces


def _dots(
    color: str, seen: NDArray[np.float64], size: NDArray[np.float64], place: str, exact: NDArray[np.float64]
) -> dict[str, Any]:
    """Dots where a quantile was seen; `exact` decides where, lest what is rare be shown by two or three."""
    shown = np.flatnonzero(np.abs(quantile(exact[: len(size)])) < FARTHEST)
    x = quantile(seen[shown])
    kept = np.isfinite(x)
    marker = {"color": color, "size": 4}
    dots = {"x": x[kept], "y": size[shown][kept], "xaxis": f"x{place}", "yaxis": f"y{place}"}
    return {"type": "scatter", "mode": "markers", "marker": marker, **dots}


def _line(color: str, width: float, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    return {"type": "scatter", "mode": "lines", "line": {"color": color, "width": width}} | options


def _band() -> dict[str, Any]:
    """The credences near 50%."""
    box = {"x0": 0, "x1": 1, "y0": 0.5 - NEAR, "y1": 0.5 + NEAR, "xref": "x2", "yref": "y2"}
    return {"type": "rect", "layer": "below", "fillcolor": RULE, "line": {"width": 0}, **box}


def _dotted(x: str, y: str, begin: tuple[float, float], end: tuple[float, float]) -> dict[str, Any]:
    ends = {"x0": begin[0], "y0": begin[1], "x1": end[0], "y1": end[1], "xref": x, "yref": y}
    return {"type": "line", "line": {"color": QUIET, "width": 1, "dash": "dot"}, **ends}


def _heading(text: str, x: float, panel: tuple[float, float], color: str) -> dict[str, Any]:
    place = {"xref": "paper", "x": x, "xanchor": "left", "yref": "paper", "y": panel[1], "yanchor": "bottom"}
    words = label(text, **place)
    return words | {"font": words["font"] | {"color": color}}
