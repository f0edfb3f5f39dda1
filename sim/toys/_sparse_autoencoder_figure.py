"""Drawing dictionaries: their trade, their size, what they found, and what a narrow one is good for.

Top left, for each size, how much is explained against how many latents speak at once, by four strengths of
sparsity; the largest in colour. Top right, by latents for each dimension, the share of features recovered and
of latents dead; dashed without resampling. Bottom left, how near the largest dictionary came to each feature,
the worst first, with and without resampling; dotted, what counts as recovered. Bottom right, partners found
in a task by the activations and by what a narrow and a broad dictionary give back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, DATA_4, QUIET
from sim.toys._dictionary_scores import NEAR
from sim.toys._drawing import PERCENT, SMALL, axis, figure, label

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

LEFT, RIGHT = (0.0, 0.44), (0.56, 1.0)  # shares of the figure's width
UPPER, LOWER = (0.6, 0.92), (0.06, 0.36)  # and of its height
MOST_NAMED = 4  # sizes
MOST_ACTIVE = 10  # latents at once that the axis has room for
BARS = ("as it is", "narrow", "broad")


def draw(arrays: Arrays, *, ratio: float) -> Figure:
    """Draw all four panels.

    Args:
        arrays: For each size `ratio` and `recovered`, `dead`, each with and without resampling, [2, size];
            `active` and `explained`, [size, strength]; `nearest`, [2, feature]; `partners`, [3].
        ratio: The largest number of latents to a dimension.
    """
    powers = [2.0**power for power in range(int(np.log2(ratio)) + 1)]
    named = powers if len(powers) <= MOST_NAMED else powers[::2]
    found = arrays["partners"]
    return figure(
        [*_trade(arrays), *_sizes(arrays), *_nearest(arrays), _bars(found)],
        height=460,
        margin={"l": 44, "r": 10, "t": 8, "b": 28},
        xaxis=axis(
            range=[0, MOST_ACTIVE],
            domain=list(LEFT),
            anchor="y",
            tickvals=[0, 5, 10],
            ticktext=["0 at once", "5", "10"],
            tickangle=0,
        ),
        yaxis=axis(range=[-0.03, 1.05], domain=list(UPPER), showgrid=True, **PERCENT),
        xaxis2=axis(
            type="log",
            range=[np.log10(0.9), np.log10(max(ratio, 2) * 1.1)],
            domain=list(RIGHT),
            anchor="y2",
            tickvals=named,
            ticktext=[f"{number:g}×" for number in named],
            tickangle=0,
        ),
        yaxis2=axis(range=[-0.03, 1.05], domain=list(UPPER), anchor="x2", showgrid=True, **PERCENT),
        xaxis3=axis(range=[0, 1], domain=list(LEFT), anchor="y3", tickvals=[], ticktext=[]),
        yaxis3=axis(
            range=[-0.03, 1.05],
            domain=list(LOWER),
            anchor="x3",
            showgrid=True,
            tickvals=[0, 0.5, 1],
            ticktext=["0", "0.5", "1"],
        ),
        xaxis4=axis(
            range=[-0.6, 2.6],
            domain=list(RIGHT),
            anchor="y4",
            tickvals=[0, 1, 2],
            ticktext=BARS,
            tickangle=0,
        ),
        yaxis4=axis(
            range=[0, max(0.6, 1.15 * float(np.max(found, initial=0)))],
            domain=list(LOWER),
            anchor="x4",
            showgrid=True,
            **PERCENT,
        ),
        shapes=[_near()],
        annotations=[
            _heading("explained, by latents at once", LEFT[0], UPPER, QUIET),
            _heading("recovered", RIGHT[0], UPPER, DATA_1),
            _heading("dead", RIGHT[0] + 0.2, UPPER, DATA_2),
            _heading("how near to each feature", LEFT[0], LOWER, DATA_1),
            _heading("partners found", RIGHT[0], LOWER, QUIET),
            label(
                "the worst first",
                xref="paper",
                x=LEFT[0],
                xanchor="left",
                yref="paper",
                y=LOWER[0],
                yanchor="top",
                yshift=-4,
            ),
        ],
    )


def _trade(arrays: Arrays) -> list[dict[str, Any]]:
    last = len(arrays["active"]) - 1
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": np.minimum(active, MOST_ACTIVE),
            "y": np.maximum(explained, 0),
            "line": {"color": DATA_1 if size == last else DATA_4, "width": 2 if size == last else 1},
            "marker": {"color": DATA_1 if size == last else DATA_4, "size": 6 if size == last else 4},
        }
        for size, (active, explained) in enumerate(zip(arrays["active"], arrays["explained"], strict=True))
    ]


def _sizes(arrays: Arrays) -> list[dict[str, Any]]:
    place = {"xaxis": "x2", "yaxis": "y2"}
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": arrays["ratio"],
            "y": shares,
            "line": {"color": colour, "width": width, "dash": dash},
            "marker": {"color": colour, "size": size},
            **place,
        }
        for name, colour in (("recovered", DATA_1), ("dead", DATA_2))
        for shares, width, dash, size in zip(arrays[name], (2, 1), ("solid", "dash"), (6, 3), strict=True)
    ]


def _nearest(arrays: Arrays) -> list[dict[str, Any]]:
    cosines = arrays["nearest"]
    middle = (np.arange(cosines.shape[1]) + 0.5) / max(cosines.shape[1], 1)
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": middle,
            "y": np.sort(cosine),
            "line": {"color": DATA_1, "width": width, "dash": dash},
            "xaxis": "x3",
            "yaxis": "y3",
        }
        for cosine, width, dash in zip(cosines, (2, 1), ("solid", "dash"), strict=True)
    ]


def _bars(found: NDArray[Any]) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": np.arange(len(found)),
        "y": found,
        "width": 0.6,
        "marker": {"color": DATA_1},
        "xaxis": "x4",
        "yaxis": "y4",
    }


def _near() -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    return {
        "type": "line",
        "xref": "x3",
        "yref": "y3",
        "x0": 0,
        "x1": 1,
        "y0": NEAR,
        "y1": NEAR,
        "line": line,
    }


def _heading(text: str, x: float, panel: tuple[float, float], colour: str) -> dict[str, Any]:
    place = {"xref": "paper", "x": x, "xanchor": "left", "yref": "paper", "y": panel[1], "yanchor": "bottom"}
    return label(text, **place, yshift=6, font={"size": SMALL, "color": colour})
