"""Drawing how the output changes: against the distance of a push, and by the width of the network.

Above, the mean change of the output for each kind of push, exactly as a line and measured as dots; the
dotted line is the change that counts. Below, on logarithmic axes, what a random direction adds to one
reading, next to what the reading's own direction would add: 1/√d as a line, measured as dots.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, DATA_3, INK, QUIET
from sim.toys._drawing import PERCENT, SMALL, axis, figure, label, percent
from sim.toys._mean_change import ELSEWHERE, EXAMPLE, RANDOM, READ_OFF, Reader, mean_change

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

HEIGHT = 400
BEFORE, BEYOND = 33, 17  # distances to twice the reach, which is one of them, and from there to the end
MOST_DISTANCES = BEFORE + BEYOND - 1
END = 1.5  # the longest push that is drawn, in reaches of a random one
DOTS_EVERY = 4
MOST_MARKS = 7
UPPER, LOWER = (0.42, 0.9), (0.0, 0.24)  # heights, as shares of the figure's

LOOKS = {  # of the kinds that are drawn
    READ_OFF: (DATA_2, "another read-off"),
    EXAMPLE: (DATA_3, "towards another example"),
    RANDOM: (DATA_1, "a random direction"),
    ELSEWHERE: (INK, "random, from a random activation"),
}


def distances(reach: float, random_reach: float) -> NDArray[np.float64]:
    """Where to push to: evenly to twice the reach, then to the end of the picture."""
    near = np.linspace(0, 2 * reach, BEFORE)
    far = np.linspace(2 * reach, max(END * random_reach, 3 * reach), BEYOND)
    return np.concatenate([near, far[1:]])


def curves(reader: Reader, places: Sequence[tuple[str, NDArray[np.float64]]]) -> Arrays:
    """The exact mean change of each kind at its places."""
    return {
        **dict(places),
        **{f"{kind}_change": mean_change(reader, kind, distance) for kind, distance in places},
    }


def draw(arrays: Arrays, *, width: int, change: float, widths: Sequence[int]) -> Figure:
    """Draw both panels.

    Args:
        arrays: What `curves` made and, in a run, what was measured.
        width: That of the network above.
        change: The change that counts.
        widths: Those of the networks below.
    """
    end = END * _reach(arrays, change)
    decades = [math.log10(widths[0] / 1.3), math.log10(widths[-1] * 1.3)]
    return figure(
        [trace for kind in LOOKS for trace in _changes(arrays, kind)] + _readings(arrays, width, widths),
        height=HEIGHT,
        margin={"l": 40, "r": 12, "t": 8, "b": 24},
        xaxis=axis(range=[0, end], anchor="y", **_marks(end)),
        yaxis=axis(range=[-0.02, 1.02], domain=list(UPPER), showgrid=True, **PERCENT),
        xaxis2=axis(
            type="log", range=decades, anchor="y2", tickvals=widths, ticktext=[str(size) for size in widths]
        ),
        yaxis2=axis(
            type="log",
            range=[math.log10(0.025), math.log10(0.32)],
            domain=list(LOWER),
            showgrid=True,
            tickvals=[1 / 32, 1 / 16, 1 / 8, 1 / 4],
            ticktext=["1/32", "1/16", "1/8", "1/4"],
        ),
        shapes=[_level(change, end)],
        annotations=[
            *_names(),
            _heading("distance", 1, UPPER[0], xanchor="right", yshift=-30),
            _heading("what a random push adds to a reading, by width", 0, LOWER[1]),
            label(percent(change), x=end, xanchor="right", y=change, yanchor="bottom"),
        ],
    )


def _reach(arrays: Arrays, change: float) -> float:
    return float(np.interp(change, arrays[f"{RANDOM}_change"], arrays[RANDOM]))


def _changes(arrays: Arrays, kind: str) -> list[dict[str, Any]]:
    colour, _ = LOOKS[kind]
    distance = arrays[kind]
    line = {"mode": "lines", "line": {"color": colour, "width": 1.8}}
    traces = [{"type": "scatter", **line, "x": distance, "y": arrays[f"{kind}_change"]}]
    if f"{kind}_seen" in arrays:
        marker = {"mode": "markers", "marker": {"color": colour, "size": 5}}
        seen = arrays[f"{kind}_seen"][DOTS_EVERY::DOTS_EVERY]
        traces.append({"type": "scatter", **marker, "x": distance[DOTS_EVERY::DOTS_EVERY], "y": seen})
    return traces


def _readings(arrays: Arrays, width: int, widths: Sequence[int]) -> list[dict[str, Any]]:
    place = {"type": "scatter", "xaxis": "x2", "yaxis": "y2"}
    ends = np.array([widths[0], widths[-1]], dtype=np.float64)
    here = {"color": DATA_1, "size": 9, "symbol": "circle-open"}
    traces: list[dict[str, Any]] = [
        {**place, "mode": "lines", "x": ends, "y": ends**-0.5, "line": {"color": DATA_1, "width": 1.5}},
        {**place, "mode": "markers", "x": [width], "y": [width**-0.5], "marker": here},
    ]
    if "reading_ratio" in arrays:
        dots = {"color": DATA_1, "size": 5}
        traces.append({**place, "mode": "markers", "x": widths, "y": arrays["reading_ratio"], "marker": dots})
    return traces


def _marks(end: float) -> dict[str, Any]:
    """Whole distances, every one, two, five or ten of them."""
    each = next(step for step in (0.5, 1, 2, 5, 10, 20, 50) if end / step <= MOST_MARKS)
    marks = np.arange(0, end, each)
    return {"tickvals": marks, "ticktext": [f"{mark:.3g}" for mark in marks]}


def _level(change: float, end: float) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": 0, "x1": end, "y0": change, "y1": change, "line": line}


def _names() -> list[dict[str, Any]]:
    """What each colour is, in two rows of two above the lines."""
    rows = ((0, READ_OFF, 14), (1, EXAMPLE, 14), (0, RANDOM, 0), (1, ELSEWHERE, 0))
    return [
        _heading(LOOKS[kind][1], side, UPPER[1], xanchor="right" if side else "left", yshift=shift)
        | {"font": {"size": SMALL, "color": LOOKS[kind][0]}}
        for side, kind, shift in rows
    ]


def _heading(text: str, x: float, y: float, **place: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    return label(text, xref="paper", x=x, yref="paper", y=y, yanchor="bottom", xanchor="left") | place
