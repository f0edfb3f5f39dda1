"""Drawing a credence that waits: its path above, and below what each quiet week takes from it.

The path is that of everyone to whom nothing has happened yet. A faint upright is the jump of one of forty
lives; one life is drawn boldly, along the path and up. A dot is what the simulated lives say: of those to
whom nothing had happened by that week, the share to whom it happened later.

The weekly falls stand below, those above the threshold in the second colour. The vertical axis of the falls
is marked at the first and at the last; the dotted line is their mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, INK, QUIET, RULE
from sim.toys._drawing import PERCENT, SMALL, UNSAID, axis, figure, label, number, separated, ticks
from sim.toys._hazard import Waiting, above

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

DRAWN = 40
DOTS = 21
APART = 0.8  # the first fall is marked on the axis if it is below this share of the last
FALLS_CEILING, HEADING, PATH_FLOOR = 0.3, 0.335, 0.47  # heights, as shares of the figure's


def drawn_lives(wait: Waiting, random: Generator) -> Arrays:
    """What is drawn of every life, the path, and of forty lives, the weeks in which their events come."""
    weeks = len(wait.fall)
    drawn = np.searchsorted(-wait.still[1:], -random.random(DRAWN)) + 1  # [life]; weeks + 1 is "never"
    events = np.unique(drawn[drawn <= weeks])
    return {"credence": wait.credence, "fall": wait.fall, "events": events}


def calibration(events_by_week: NDArray[np.int64], lives: int) -> Arrays:
    """Of the lives still waiting after some weeks, the share that the event reached later.

    Args:
        events_by_week: How many events there were in each week: [week 1 to N].
        lives: How many lives there were in all.
    """
    weeks = len(events_by_week)
    happened = np.append(0, np.cumsum(events_by_week))  # [week 0 to N]
    checked = np.unique(np.linspace(0, weeks, DOTS).round().astype(np.int64))
    waiting = lives - happened[checked]
    checked, waiting = checked[waiting > 0], waiting[waiting > 0]
    return {"checked_week": checked, "checked_share": (happened[-1] - happened[checked]) / waiting}


def draw(arrays: Arrays, *, threshold: float, mean: float, median: float) -> Figure:
    """Draw both panels.

    Args:
        arrays: What the functions above made.
        threshold: Points above which an update counts as large.
        mean: The mean weekly fall, in points.
        median: The median weekly fall, in points.
    """
    fall = arrays["fall"]
    weeks, first, last = len(fall), float(fall[0]), float(fall[-1])
    marked = [first, last] if first < APART * last else [last]
    drawn = len(arrays["events"]) > 0  # of rare events, forty lives may have none
    key = {"yref": "paper", "y": 1, "yanchor": "bottom", "xref": "paper"}
    heading = {"yref": "paper", "y": HEADING, "yanchor": "bottom", "xref": "paper"}
    return figure(
        [*_path(arrays), *_falls(fall, threshold)],
        height=320,
        margin={"l": 44, "r": 8, "t": 22, "b": 24},
        xaxis=axis(range=[0, weeks], anchor="y2", **ticks(0, weeks, most=6, before="week ")),
        yaxis=axis(range=[-0.01, 1.02], domain=[PATH_FLOOR, 1], showgrid=True, **PERCENT),
        yaxis2=axis(
            range=[0, 1.02 * last],
            domain=[0, FALLS_CEILING],
            tickvals=marked,
            ticktext=[number(points) for points in marked],
        ),
        shapes=[_level(mean, weeks)],
        annotations=[
            label("while nothing happens", **key, x=0, xanchor="left", font=_colour(DATA_1)),
            label("points lost a week", **heading, x=0, xanchor="left"),
            label(f"mean {number(mean)}, median {number(median)}", **heading, x=1, xanchor="right"),
            _name_large(fall, threshold),
            label(
                "one life in which it does" if drawn else UNSAID,
                **key,
                x=1,
                xanchor="right",
                font=_colour(DATA_2),
            ),
        ],
    )


def _path(arrays: Arrays) -> list[dict[str, Any]]:
    credence, events = arrays["credence"], arrays["events"]
    weeks = len(credence) - 1
    line = {"type": "scatter", "mode": "lines"}
    across = separated([np.array([week, week]) for week in events])
    up = separated([np.array([credence[week - 1], 1]) for week in events])
    traces: list[dict[str, Any]] = [
        {**line, "x": across, "y": up, "opacity": 0.35, "line": {"color": DATA_1, "width": 1}},
        {**line, "x": np.arange(weeks + 1), "y": credence, "line": {"color": DATA_1, "width": 1.8}},
    ]
    if len(events):
        week = int(min(events, key=lambda event: abs(event - weeks / 2)))
        time, walk = (
            np.append(np.arange(week), [week, week]),
            np.append(credence[:week], [credence[week - 1], 1]),
        )
        traces.append({**line, "x": time, "y": walk, "line": {"color": DATA_2, "width": 1.8}})
    if "checked_week" in arrays:
        dots = {
            "x": arrays["checked_week"],
            "y": arrays["checked_share"],
            "marker": {"color": INK, "size": 5},
        }
        traces.append({"type": "scatter", "mode": "markers", "cliponaxis": False, **dots})
    return traces


def _falls(fall: NDArray[np.float64], threshold: float) -> list[dict[str, Any]]:
    """The falls as a filled staircase, and those above the threshold once more on top."""
    edges = np.arange(len(fall) + 1)
    large = np.flatnonzero(above(fall, threshold))
    start = int(large[0]) if len(large) else len(fall)  # falls only grow
    return [
        _staircase(edges, np.append(fall, fall[-1]), DATA_1, fill=RULE),
        _staircase(edges[start:], np.append(fall[start:], fall[-1]), DATA_2, fill=DATA_2),
    ]


def _staircase(x: NDArray[np.int64], y: NDArray[np.float64], colour: str, *, fill: str) -> dict[str, Any]:
    look = {"line": {"color": colour, "width": 1, "shape": "hv"}, "fill": "tozeroy", "fillcolor": fill}
    return {"type": "scatter", "mode": "lines", "yaxis": "y2", "x": x, "y": y, **look}


def _name_large(fall: NDArray[np.float64], threshold: float) -> dict[str, Any]:
    """Say what the second colour marks, where there is room before it."""
    start = len(fall) - np.count_nonzero(above(fall, threshold))
    said = f"above {threshold:.3g}" if len(fall) / 3 < start < len(fall) else UNSAID
    place = {"x": start, "xanchor": "right", "yref": "paper", "y": FALLS_CEILING, "yanchor": "top"}
    return label(said, **place, font=_colour(DATA_2))


def _level(height: float, weeks: int) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    return {"type": "line", "yref": "y2", "x0": 0, "x1": weeks, "y0": height, "y1": height, "line": line}


def _colour(colour: str) -> dict[str, Any]:
    return {"size": SMALL, "color": colour}
