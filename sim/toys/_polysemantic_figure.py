"""Drawing three layers neuron by neuron, and below them what was read from each.

Above, a column of dots is one neuron, a dot how strongly it answers to one of its features, whatever the
sign. Below, a layer's features in order, the worst read first: how much of each a linear map gives back, and
how much a map with a bend. Until training ends the layers have numbers and no names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, DATA_4, INK, QUIET
from sim.toys._drawing import PERCENT, SMALL, UNSAID, axis, figure, label

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

COLUMNS = ((0.0, 0.3), (0.35, 0.65), (0.7, 1.0))  # shares of the figure's width
UPPER, LOWER = (0.6, 0.93), (0.0, 0.4)  # and of its height
LOWEST = -0.04  # a share below it is drawn at it


def draw(arrays: Arrays, *, names: Sequence[str], best: Sequence[float]) -> Figure:
    """Draw both rows.

    Args:
        arrays: `strength`, [place, neuron, answer], and `linear` and `bent`, [place, feature].
        names: What each place is to be called.
        best: The share that the best linear map gives back at each place, or none while that is hidden.
    """
    neurons = arrays["strength"].shape[1]
    layout: dict[str, Any] = {}
    for place, domain in enumerate(COLUMNS):
        upper, lower = 2 * place + 1, 2 * place + 2
        layout[_axis("x", upper)] = axis(
            range=[-1, neurons],
            domain=list(domain),
            anchor=f"y{upper}",
            tickvals=[0, neurons - 1],
            ticktext=["1", f"{neurons}"],
        )
        layout[_axis("x", lower)] = axis(
            range=[0, 1], domain=list(domain), anchor=f"y{lower}", tickvals=[], ticktext=[]
        )
        layout[_axis("y", upper)] = axis(
            range=[0, 1.05],
            domain=list(UPPER),
            anchor=f"x{upper}",
            tickvals=[0, 1] if place == 0 else [],
            ticktext=["0", "1"] if place == 0 else [],
        )
        layout[_axis("y", lower)] = axis(
            range=[LOWEST - 0.02, 1.05],
            domain=list(LOWER),
            anchor=f"x{lower}",
            showgrid=True,
            **(PERCENT if place == 0 else {"tickvals": PERCENT["tickvals"], "ticktext": ["", "", ""]}),
        )
    return figure(
        [trace for place in range(len(COLUMNS)) for trace in _place(arrays, place)],
        height=400,
        margin={"l": 40, "r": 8, "t": 30, "b": 24},
        **layout,
        shapes=[_level(place, share) for place, share in enumerate(best)],
        annotations=[
            *(
                label(
                    name, xref="paper", x=np.mean(domain), yref="paper", y=1.0, yanchor="bottom", font=INKED
                )
                for name, domain in zip(names, COLUMNS, strict=True)
            ),
            _heading("each neuron's answers, by strength", UPPER[1], 0.0, QUIET),
            _heading("given back by a linear map", LOWER[1], 0.0, DATA_1),
            _heading("with a bend", LOWER[1], 0.5, DATA_2),
            _heading("at best, linear" if best else UNSAID, LOWER[1], 0.72, QUIET),
            label(
                "a layer's features, the worst read first",
                xref="paper",
                x=0.5,
                yref="paper",
                y=0,
                yanchor="top",
                yshift=-6,
            ),
        ],
    )


INKED = {"size": 12, "color": INK}


def _axis(letter: str, number: int) -> str:
    return f"{letter}axis{number if number > 1 else ''}"


def _place(arrays: Arrays, place: int) -> list[dict[str, Any]]:
    strength = arrays["strength"][place]
    neurons, answers = strength.shape
    upper = {"xaxis": f"x{2 * place + 1}".removesuffix("1") if place == 0 else f"x{2 * place + 1}"}
    upper["yaxis"] = upper["xaxis"].replace("x", "y")
    lower = {"xaxis": f"x{2 * place + 2}", "yaxis": f"y{2 * place + 2}"}
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": np.repeat(np.arange(neurons), answers),
        "y": strength.ravel(),
        "marker": {"color": DATA_4, "size": 4},
    }
    return [
        {**dots, **upper},
        {**_sorted(arrays["linear"][place], DATA_1), **lower},
        {**_sorted(arrays["bent"][place], DATA_2), **lower},
    ]


def _sorted(shares: NDArray[np.float64], colour: str) -> dict[str, Any]:
    there = np.sort(np.maximum(shares[~np.isnan(shares)], LOWEST))
    middle = (np.arange(len(there)) + 0.5) / max(len(there), 1)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": middle,
        "y": there,
        "line": {"color": colour, "width": 2},
    }


def _level(place: int, share: float) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    across = {"xref": f"x{2 * place + 2}", "x0": 0, "x1": 1}
    return {"type": "line", "yref": f"y{2 * place + 2}", "y0": share, "y1": share, "line": line, **across}


def _heading(text: str, height: float, x: float, colour: str) -> dict[str, Any]:
    place = {"xref": "paper", "x": x, "xanchor": "left", "yref": "paper", "y": height, "yanchor": "bottom"}
    return label(text, **place, font={"size": SMALL, "color": colour})
