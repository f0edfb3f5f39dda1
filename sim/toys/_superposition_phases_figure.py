"""Drawing what becomes of two features on one line, for every density and importance.

A field is a density (across, rarest on the left) and an importance of the second feature next to the first
(up). Its shade says which is kept: the first, the second, or both. On the left the best of all trainings, on
the right what one training from a random start came to. The lines are where the plain solutions change
places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, DATA_4, INK, QUIET, SUNK
from sim.toys._drawing import SMALL, axis, figure, label, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

NEITHER, FIRST, SECOND, BOTH = range(4)
SHADES = {NEITHER: SUNK, FIRST: DATA_4, SECOND: DATA_2, BOTH: DATA_1}
COLUMNS = ((0.0, 0.46), (0.54, 1.0))  # shares of the figure's width
TITLES = ("the best of all starts", "one start, anywhere")
LINE_POINTS = 60
PANEL, ABOVE, BELOW = 266, 40, 38  # heights in pixels
BELOW_MARKS = {"yanchor": "top", "yshift": -16}


def draw(
    regions: tuple[NDArray[np.int64], NDArray[np.int64]],
    *,
    density: NDArray[np.float64],
    importance: NDArray[np.float64],
    trained: bool,
) -> Figure:
    """Draw both diagrams.

    Args:
        regions: Which is kept, by the best and by one start: each [importance, density].
        density: Across: [density].
        importance: Up: [importance].
        trained: Whether this is of training, or of the plain solutions.
    """
    layout: dict[str, Any] = {}
    marks = [mark for mark in (0.01, 0.1, 1.0) if mark >= density[0]]
    for place, domain in enumerate(COLUMNS):
        number = "" if place == 0 else "2"
        layout[f"xaxis{number}"] = axis(
            range=_ends(density),
            domain=list(domain),
            anchor=f"y{number}",
            tickvals=np.log10(marks).tolist(),
            ticktext=[percent(mark) for mark in marks],
            tickangle=0,
        )
        layout[f"yaxis{number}"] = axis(
            range=_ends(importance),
            anchor=f"x{number}",
            tickvals=np.log10([importance[0], 1, importance[-1]]).tolist() if place == 0 else [],
            ticktext=[f"{importance[0]:.2g}×", "1×", f"{importance[-1]:.2g}×"] if place == 0 else [],
        )
    titles = TITLES if trained else ("the plain solutions", "not trained yet")
    return figure(
        [
            *(trace for at, found in enumerate(regions) for trace in _fields(found, density, importance, at)),
            *(_border(density, importance, place) for place in range(len(COLUMNS))),
        ],
        height=PANEL + ABOVE + BELOW,
        margin={"l": 36, "r": 18, "t": ABOVE, "b": BELOW},
        barmode="overlay",
        bargap=0,  # without a gap Plotly draws bars from pixel to pixel, and no seam shows between two
        **layout,
        annotations=[
            *(_above(title, domain[0], 4, INK) for title, domain in zip(titles, COLUMNS, strict=True)),
            _above("both, at opposite ends", 0.0, 20, DATA_1),
            _above("the first alone", 0.44, 20, DATA_4),
            _above("the second", 0.76, 20, DATA_2),
            label("on so often", xref="paper", x=0, xanchor="left", yref="paper", y=0, **BELOW_MARKS),
        ],
    )


def _ends(values: NDArray[np.float64]) -> list[float]:
    """A field's edges lie half a field beyond the first and the last."""
    powers = np.log10(values)
    half = (powers[1] - powers[0]) / 2
    return [float(powers[0] - half), float(powers[-1] + half)]


def _fields(
    found: NDArray[np.int64], density: NDArray[np.float64], importance: NDArray[np.float64], place: int
) -> Iterator[dict[str, Any]]:
    """The commonest kind as the ground, and each column's stretches of the other kinds as bars on it."""
    right, top = _edges(density), _edges(importance)
    common = int(np.bincount(found.ravel(), minlength=len(SHADES)).argmax())
    yield _bars([(right[0], right[-1], top[0], top[-1])], SHADES[common], place)
    for kind, colour in SHADES.items():
        stretches = [
            (right[column], right[column + 1], top[start], top[end])
            for column, kinds in enumerate(found.T)
            for start, end in _stretches(kinds == kind)
            if kind != common
        ]
        yield _bars(stretches, colour, place)


def _bars(cells: list[tuple[float, float, float, float]], colour: str, place: int) -> dict[str, Any]:
    """Cells of one colour, each from left to right and from bottom to top."""
    left, right, bottom, top = np.array(cells).reshape(-1, 4).T
    number = "" if place == 0 else "2"
    return {
        "type": "bar",
        "x": (left + right) / 2,
        "y": top - bottom,
        "base": bottom,
        "width": right - left,
        "marker": {"color": colour},
        "xaxis": f"x{number}",
        "yaxis": f"y{number}",
    }


def _edges(values: NDArray[np.float64]) -> list[float]:
    """Where the fields of an axis meet."""
    left, right = _ends(values)
    edges: list[float] = np.linspace(left, right, len(values) + 1).tolist()
    return edges


def _stretches(is_kind: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Where each run of True begins, and where it has ended."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_kind, [False]]).astype(int)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _border(density: NDArray[np.float64], importance: NDArray[np.float64], place: int) -> dict[str, Any]:
    """Where pairing begins to pay: p = 4 r / (2 + 5 r), r being the lesser importance to the greater."""
    number = "" if place == 0 else "2"
    up = np.geomspace(importance[0], importance[-1], LINE_POINTS)
    lesser = np.minimum(up, 1 / up)
    across = np.maximum(4 * lesser / (2 + 5 * lesser), density[0])
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.log10(across),
        "y": np.log10(up),
        "line": {"color": INK, "width": 1, "dash": "dot"},
        "xaxis": f"x{number}",
        "yaxis": f"y{number}",
    }


def _above(text: str, x: float, shift: int, colour: str) -> dict[str, Any]:
    place = {"xref": "paper", "x": x, "xanchor": "left", "yref": "paper", "y": 1, "yanchor": "bottom"}
    return label(text, **place, yshift=shift, font={"size": SMALL, "color": colour or QUIET})
