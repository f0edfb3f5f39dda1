"""Drawing a training that groks.

Above, the share that is right, by step: of the pairs trained on, of those held out, and of the latter by the
twin without weight decay. Below it the loss, with the restricted and the excluded loss, and the norm of all
weights. At the bottom is a row for each dimension of the numbers' embedding, or for each neuron, and in it
how its power is spread over the waves: a row that sticks to one wave has one dark cell. Rows are sorted by
their strongest wave, and dots mark the key frequencies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, DATA_3, DATA_4, QUIET, SUNK
from sim.toys._drawing import PERCENT, SMALL, UNSAID, axis, figure, from_zero, label, ticks

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

HEIGHT = 470
UPPER, MIDDLE, LOWER = (0.68, 0.95), (0.36, 0.58), (0.03, 0.27)  # heights, as shares of the figure's
LEFT_END, RIGHT_START = 0.45, 0.56  # of the middle panels
LOSSES = (1e-6, 30.0)
LEAST = 2e-6  # a loss that is drawn: stored runs have six decimals, and zero has no logarithm
MARKS = [1e-5, 1e-2, 10]
MARKED = ["10⁻⁵", "0.01", "10"]
DARKEST = 0.5  # share of a row's power that has the full colour
BENEATH = -0.08  # room below zero, in heights of the norm's panel: its 0 is not to stand on that of the steps
BELOW = -0.06  # where key frequencies are marked, in heights of the lowest panel


def draw(arrays: Arrays, keys: Sequence[float], *, steps: int) -> Figure:
    """Draw what was seen so far of a training of so many steps, and its key frequencies."""
    spread = arrays["spectrum"]
    frequencies = spread.shape[1]
    twin = arrays["accuracy"].shape[1] > 1
    time = {"range": [0, steps], **ticks(0, steps, most=4, before="step ")}
    half = {"range": [0, steps], "tickvals": [0, steps], "ticktext": ["0", f"{steps:,}"]}
    losses = [LOSSES[0], max(LOSSES[1], 2 * float(arrays["loss"].max(initial=0.0)))]
    tallest = from_zero(arrays["norms"])
    return figure(
        [*_accuracies(arrays), *_losses(arrays), *_norms(arrays), *_waves(spread, keys)],
        height=HEIGHT,
        margin={"l": 40, "r": 18, "t": 4, "b": 22},
        xaxis=axis(anchor="y", **time),
        yaxis=axis(anchor="x", domain=list(UPPER), range=[-0.02, 1.04], showgrid=True, **PERCENT),
        xaxis2=axis(anchor="y2", domain=[0, LEFT_END], **half),
        yaxis2=axis(
            anchor="x2",
            domain=list(MIDDLE),
            type="log",
            range=np.log10(losses).tolist(),
            showgrid=True,
            tickvals=MARKS,
            ticktext=MARKED,
        ),
        xaxis3=axis(anchor="y3", domain=[RIGHT_START, 1], **half),
        yaxis3=axis(
            anchor="x3",
            domain=list(MIDDLE),
            range=[BENEATH * tallest[1], tallest[1]],
            showgrid=True,
            **ticks(*tallest, most=3),
        ),
        xaxis4=axis(
            anchor="y4",
            range=[0.5, frequencies + 0.5],
            **ticks(1, max(frequencies, 2), most=6, before="frequency "),
        ),
        yaxis4=axis(anchor="x4", domain=list(LOWER), range=[BELOW, 1], tickvals=[], ticktext=[]),
        annotations=[
            _word("right, trained on", UPPER, DATA_4),
            _word("held out", UPPER, DATA_1, shift=98),
            _word("held out, no decay" if twin else UNSAID, UPPER, DATA_2, x=1),
            _word("loss", MIDDLE, QUIET),
            _word("restricted", MIDDLE, DATA_3, shift=30),
            _word("excluded", MIDDLE, DATA_3, shift=88),
            _word("norm of the weights", MIDDLE, DATA_1, x=RIGHT_START),
            _word("each row's power, by wave", LOWER, DATA_1),
            _word("key frequencies", LOWER, DATA_3, x=1),
        ],
    )


def _accuracies(arrays: Arrays) -> list[dict[str, Any]]:
    step, right = arrays["step"], arrays["accuracy"]  # [look], [look, network, trained on or held out]
    twins = [_line(step, right[:, 1, 1], DATA_2, 1.6)] if right.shape[1] > 1 else []
    return [_line(step, right[:, 0, 0], DATA_4, 1.6), *twins, _line(step, right[:, 0, 1], DATA_1, 2.4)]


def _losses(arrays: Arrays) -> list[dict[str, Any]]:
    step = arrays["step"]
    drawn = (
        (arrays["loss"][:, 0, 0], DATA_4, "solid"),
        (arrays["waves"][:, 1], DATA_3, "dot"),
        (arrays["waves"][:, 0], DATA_3, "solid"),
        (arrays["loss"][:, 0, 1], DATA_1, "solid"),
    )
    return [
        _line(step, np.where(loss < LEAST, np.nan, loss), colour, 1.6, "2", dash=dash)
        for loss, colour, dash in drawn
    ]


def _norms(arrays: Arrays) -> list[dict[str, Any]]:
    each = zip(arrays["norms"].T, (DATA_1, DATA_2), strict=False)
    return [_line(arrays["step"], norm, colour, 1.8, "3") for norm, colour in each]


def _waves(spread: NDArray[np.float64], keys: Sequence[float]) -> list[dict[str, Any]]:
    strongest = spread.argmax(axis=1)
    ordered = spread[np.lexsort((-spread.max(axis=1), strongest))[::-1]]
    rows, frequencies = spread.shape
    cells = {
        "type": "heatmap",
        "x": np.arange(1, frequencies + 1),
        "y": (np.arange(rows) + 0.5) / rows,
        "z": np.where(ordered < 1 / max(frequencies, 1), np.nan, ordered.round(3)),  # less would not show
        "zmin": 0,
        "zmax": DARKEST,
        "colorscale": [[0, SUNK], [1, DATA_1]],
        "showscale": False,
        "xaxis": "x4",
        "yaxis": "y4",
    }
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": np.array(keys, dtype=np.float64),
        "y": np.full(len(keys), BELOW / 2),
        "marker": {"color": DATA_3, "size": 4},
        "xaxis": "x4",
        "yaxis": "y4",
    }
    return [cells, dots]


def _line(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    colour: str,
    width: float,
    panel: str = "",
    *,
    dash: str = "solid",
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x.astype(np.float32),
        "y": y.astype(np.float32),
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "line": {"color": colour, "width": width, "dash": dash},
    }


def _word(
    text: str, panel: tuple[float, float], colour: str, *, x: float = 0, shift: int = 0
) -> dict[str, Any]:
    place = {"xref": "paper", "x": x, "xshift": shift, "xanchor": "right" if x == 1 else "left"}
    return label(
        text, yref="paper", y=panel[1], yanchor="bottom", font={"size": SMALL, "color": colour}, **place
    )
