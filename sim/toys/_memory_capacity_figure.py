"""Drawing how many pairs maps remember: by their width, and as they are filled.

Above, on logarithmic axes, capacity against width: predicted as a line, found as dots; the dotted lines are
d and d². Below, the share of pairs that comes back, against the pairs for each number in the map; lines are
predicted for the narrowest (pale) and the widest map, dots are attempts in those two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, DATA_4, INK, QUIET
from sim.toys._drawing import PERCENT, SMALL, axis, figure, label, percent
from sim.toys._recall_theory import predicted_recall

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

HEIGHT = 420
UPPER, LOWER = (0.44, 0.95), (0.0, 0.28)  # heights, as shares of the figure's
FILLINGS = 18
MARKS = [0, 0.05, 0.1, 0.15, 0.2, 0.25]  # pairs for each number in a map, on the lower axis
MARKS_TRAINED = [0, 0.1, 0.2, 0.3, 0.4]
MOST_WIDTHS_NAMED = 5


def recall_curves(widths: Sequence[int], *, least_squares: bool, trained: bool) -> Arrays:
    """How recall falls as the narrowest and the widest map are filled, as predicted."""
    share = np.linspace(0.0, (MARKS_TRAINED if trained else MARKS)[-1], FILLINGS)
    curves = {}
    for name, width in (("narrow", widths[0]), ("wide", widths[-1])):
        pairs = np.maximum(share * width**2, 1)
        curves[name] = np.array([predicted_recall(n, width, least_squares=least_squares) for n in pairs])
    return {"filled": share, **{f"{name}_recall": curve for name, curve in curves.items()}}


def draw(arrays: Arrays, *, recall: float, trained: bool) -> Figure:
    """Draw both panels.

    Args:
        arrays: What `preview` made and, in a run, what was found and tried.
        recall: The share that has to come back.
        trained: Whether the maps are trained, so that the lines are only a comparison.
    """
    widths = arrays["width"]
    ends = np.array([widths[0] / 1.1, widths[-1] * 1.1])
    named = widths[:: -(-len(widths) // MOST_WIDTHS_NAMED)]
    lowest = min(float(widths[0]), float(arrays["predicted"].min())) / 1.3
    marks = MARKS_TRAINED if trained else MARKS
    line = "least squares, for comparison" if trained else "predicted"
    return figure(
        [*_capacities(arrays, ends), *_recalls(arrays)],
        height=HEIGHT,
        margin={"l": 52, "r": 12, "t": 8, "b": 36},
        xaxis=axis(
            type="log",
            range=np.log10(ends).tolist(),
            anchor="y",
            tickvals=named,
            ticktext=[f"width {named[0]}", *(str(width) for width in named[1:])],
            tickangle=0,
        ),
        yaxis=axis(
            type="log",
            range=[np.log10(lowest), np.log10(1.3 * ends[1] ** 2)],
            domain=list(UPPER),
            showgrid=True,
            tickvals=[10.0**power for power in range(1, 6)],
            ticktext=["10", "100", "1,000", "10,000", "100,000"],
        ),
        xaxis2=axis(
            range=[0, marks[-1]], anchor="y2", tickvals=marks, ticktext=[f"{mark:g}" for mark in marks]
        ),
        yaxis2=axis(range=[-0.02, 1.04], domain=list(LOWER), showgrid=True, **PERCENT),
        shapes=[_level(recall, marks[-1])],
        annotations=[
            _named_line("d²", widths[-1], float(widths[-1]) ** 2),
            _named_line("d", widths[-1], float(widths[-1])),
            _heading("pairs that a map holds", UPPER, DATA_2),
            _heading(line, UPPER, DATA_1, x=1),
            _heading("share that comes back", LOWER, QUIET),
            _heading(f"width {widths[0]}", LOWER, DATA_4, x=0.72),
            _heading(f"width {widths[-1]}", LOWER, DATA_1, x=1),
            label("pairs for each number in the map", xref="paper", x=1, xanchor="right", **_below(LOWER[0])),
            label(percent(recall), xref="paper", x=1, xanchor="right", yref="y2", y=recall, yanchor="top"),
        ],
    )


def _capacities(arrays: Arrays, ends: NDArray[np.float64]) -> list[dict[str, Any]]:
    traces = [
        _line(QUIET, 1, x=ends, y=ends**2, dash="dot"),
        _line(QUIET, 1, x=ends, y=ends, dash="dot"),
        _line(DATA_1, 1.8, x=arrays["width"], y=arrays["predicted"]),
    ]
    if "found" in arrays:
        traces.append(_dots(DATA_2, 6, x=arrays["found_width"], y=arrays["found"]))
    return traces


def _recalls(arrays: Arrays) -> list[dict[str, Any]]:
    place = {"xaxis": "x2", "yaxis": "y2"}
    widths = arrays["width"]
    looks = (("narrow", DATA_4, widths[0]), ("wide", DATA_1, widths[-1]))
    traces = [
        _line(colour, 1.5, x=arrays["filled"], y=arrays[f"{name}_recall"], **place)
        for name, colour, _ in looks
    ]
    if "tried_pairs" in arrays:
        for _, colour, width in looks:
            of_it = arrays["tried_width"] == width
            filled = arrays["tried_pairs"][of_it] / width**2
            seen = arrays["tried_recall"][of_it]
            traces.append(_dots(colour, 4, x=filled, y=seen, **place))
    return traces


def _line(colour: str, width: float, *, dash: str = "solid", **options: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    look = {"color": colour, "width": width, "dash": dash}
    return {"type": "scatter", "mode": "lines", "line": look} | options


def _dots(colour: str, size: int, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    return {"type": "scatter", "mode": "markers", "marker": {"color": colour, "size": size}} | options


def _level(share: float, fullest: float) -> dict[str, Any]:
    line = {"color": INK, "width": 1, "dash": "dot"}
    ends = {"xref": "x2", "yref": "y2", "x0": 0, "x1": fullest, "y0": share, "y1": share}
    return {"type": "line", "line": line, **ends}


def _named_line(text: str, width: float, height: float) -> dict[str, Any]:
    place = {"x": np.log10(width), "y": np.log10(height)}  # annotations count a logarithmic axis in powers
    return label(text, **place, xanchor="center", yanchor="top", yshift=-3)


def _heading(text: str, panel: tuple[float, float], colour: str, x: float = 0.0) -> dict[str, Any]:
    place = {"xref": "paper", "x": x, "xanchor": "right" if x else "left", "yref": "paper", "y": panel[1]}
    return label(text, **place, yanchor="bottom", font={"size": SMALL, "color": colour})


def _below(height: float) -> dict[str, Any]:
    return {"yref": "paper", "y": height, "yanchor": "top", "yshift": -16}
