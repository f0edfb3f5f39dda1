"""Drawing how well pairs are told, by width and by how many features are on, and what a read-off says.

Above, the error, 0 to 1: on the left by the number of neurons, on a logarithmic axis, on the right by the
number of features that are on at once. Lines are exact; dots are trained circuits. Below, what the average of
a pair's neurons says, with its standard deviation, for pairs with both, one and none on; it should say 1, 0
and 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, DATA_3, DATA_4, INK, QUIET
from sim.toys._drawing import SMALL, axis, figure, label, separated, ticks

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

LEFT, RIGHT = (0.0, 0.58), (0.66, 1.0)  # shares of the figure's width
UPPER, LOWER = (0.44, 0.88), (0.0, 0.22)  # and of its height
KINDS = ("both on", "one on", "none on")
ERRORS = {"tickvals": [0, 0.5, 1], "ticktext": ["0", "0.5", "1"]}


def draw(arrays: Arrays, *, width: int, active: int) -> Figure:
    """Draw all three panels.

    Args:
        arrays: The curves that `preview` makes and, in a run, the errors of what was trained.
        width: The neurons that the right panel is for.
        active: The features on at once that the left panel is for.
    """
    widths, numbers = arrays["width"], arrays["active"]
    named = [int(wide) for wide in (4, 16, 64, 256) if widths[0] <= wide <= widths[-1]]
    most = float(np.max(arrays["said"] + arrays["said_spread"]))
    reach = [min(-0.15, float(np.min(arrays["said"] - arrays["said_spread"])) - 0.05), max(1.2, most + 0.1)]
    return figure(
        [*_by_width(arrays), *_by_active(arrays), *_said(arrays)],
        height=420,
        margin={"l": 52, "r": 10, "t": 8, "b": 28},
        xaxis=axis(
            type="log",
            range=np.log10([widths[0] / 1.1, widths[-1] * 1.1]).tolist(),
            domain=list(LEFT),
            anchor="y",
            tickvals=named,
            ticktext=[f"{named[0]} neurons", *map(str, named[1:])],
            tickangle=0,
        ),
        yaxis=axis(range=[-0.03, 1.06], domain=list(UPPER), showgrid=True, **ERRORS),
        xaxis2=axis(
            range=[numbers[0] - 0.4, numbers[-1] + 0.4],
            domain=list(RIGHT),
            anchor="y2",
            tickvals=[2, 5, 8],
            ticktext=["2 on", "5", "8"],
            tickangle=0,
        ),
        yaxis2=axis(range=[-0.03, 1.06], domain=list(UPPER), anchor="x2", showgrid=True, **EMPTY),
        xaxis3=axis(range=reach, domain=[0, 1], anchor="y3", showgrid=True, **ticks(*reach, most=5)),
        yaxis3=axis(range=[2.6, -0.6], domain=list(LOWER), anchor="x3", tickvals=[0, 1, 2], ticktext=KINDS),
        shapes=[
            _mark("x", "y", width),
            _mark("x2", "y2", active),
            *(_truth(kind, float(kind == 0)) for kind in range(len(KINDS))),
        ],
        annotations=[
            _key("a neuron to a pair", DATA_4, 0.0, 1),
            _key("drawn by chance", DATA_3, 0.37, 1),
            _key("best reach", DATA_1, 0.72, 1),
            _key("trained", DATA_2, 0.0, 0),
            _key(f"error, {active} on at once", QUIET, 0.2, 0),
            _key(f"{width} neurons", QUIET, RIGHT[0], 0),
            label(
                "what the average of a pair's neurons says",
                xref="paper",
                x=0,
                xanchor="left",
                yref="paper",
                y=LOWER[1],
                yanchor="bottom",
                yshift=4,
            ),
        ],
    )


EMPTY = {"tickvals": ERRORS["tickvals"], "ticktext": ["", "", ""]}


def _by_width(arrays: Arrays) -> list[dict[str, Any]]:
    lines = (("naive", DATA_4), ("drawn", DATA_3), ("best", DATA_1))
    traces = [_line(colour, arrays["width"], arrays[f"{name}_by_width"]) for name, colour in lines]
    return [*traces, _dots(DATA_2, 7, x=arrays["trained_width"], y=arrays["trained_by_width"])]


def _by_active(arrays: Arrays) -> list[dict[str, Any]]:
    place = {"xaxis": "x2", "yaxis": "y2"}
    lines = (("naive", DATA_4), ("drawn", DATA_3), ("best", DATA_1))
    traces = [_line(colour, arrays["active"], arrays[f"{name}_by_active"], **place) for name, colour in lines]
    dots = _dots(DATA_2, 7, x=arrays["trained_active"], y=arrays["trained_by_active"], **place)
    return [*traces, dots]


def _said(arrays: Arrays) -> list[dict[str, Any]]:
    place = {"xaxis": "x3", "yaxis": "y3"}
    rows = np.arange(len(KINDS))
    ends = [arrays["said"] + sign * arrays["said_spread"] for sign in (-1, 1)]
    across = separated([np.array(pair) for pair in zip(*ends, strict=True)])
    return [
        _line(DATA_3, across, separated([np.array([row, row]) for row in rows]), **place),
        _dots(DATA_3, 8, x=arrays["said"], y=rows, **place),
    ]


def _line(colour: str, x: NDArray[Any], y: NDArray[Any], **options: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    look = {"color": colour, "width": 2}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": look} | options


def _dots(colour: str, size: int, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    return {"type": "scatter", "mode": "markers", "marker": {"color": colour, "size": size}} | options


def _mark(x: str, y: str, at: float) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    return {"type": "line", "xref": x, "yref": y, "x0": at, "x1": at, "y0": 0, "y1": 1.06, "line": line}


def _truth(row: int, at: float) -> dict[str, Any]:
    ends = {"x0": at, "x1": at, "y0": row - 0.3, "y1": row + 0.3}
    return {"type": "line", "xref": "x3", "yref": "y3", "line": {"color": INK, "width": 2}, **ends}


def _key(text: str, colour: str, x: float, row: int) -> dict[str, Any]:
    place = {"xref": "paper", "x": x, "xanchor": "left", "yref": "paper", "y": UPPER[1], "yanchor": "bottom"}
    return label(text, **place, yshift=4 + 16 * row, font={"size": SMALL, "color": colour})
