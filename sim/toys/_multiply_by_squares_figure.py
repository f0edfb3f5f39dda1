"""Drawing squares by hand and their errors, and below them what trained networks come to.

Top left the square and its two imitations, over all that x + y can be; top right how far the product is off
where x = y, in per cent of the largest product, with the bound r² / k² dotted.

Below, the typical error by the number of neurons, both on scales that show small ones: a dot is one
training, a diamond a network by hand. The dotted lines are the error allowed, and the least error of
neurons that all look in one direction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, QUIET
from sim.toys._drawing import SMALL, axis, figure, label, number, percent
from sim.toys._squares import (
    BY_GELU,
    ONE_DIRECTION,
    curved_part,
    four_gelus,
    gelu_relative_error,
    neurons,
    pieces_relative_error,
    straight_pieces,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    Array = NDArray[np.float64]

POINTS = 321
COLOURS = (DATA_1, DATA_2)  # of ReLU and of GELU
ASIDE = 0.1  # of the two activations' dots, from their number of neurons
LEAST, MOST = 0.002, 1.4  # errors that are drawn
LEAST_SPREAD = 0.02  # of the errors of products, as a share of the largest: below it, the axis stands still

LEARNED_TOP, HEADING, HAND_FLOOR = 0.4, 0.415, 0.6  # heights, as shares of the figure's
LEFT_END, RIGHT_START = 0.42, 0.58  # of the upper panels


def draw(error: Array, *, pieces: int, reach: float, tolerance: float) -> Figure:
    """Draw both halves; `error` holds typical errors, [activation, width, seed]."""
    widest = error.shape[1]
    key = {"yref": "paper", "y": 1, "yanchor": "bottom", "xref": "paper", "xanchor": "left"}
    heading = {**key, "y": HEADING}
    ends = [-2 * reach, 0, 2 * reach]
    bound = 1 / pieces**2
    off = _off_where_equal(pieces, reach)
    spread = max(bound, float(np.abs(off).max()), LEAST_SPREAD)
    marks = [0.01, 0.1, 1]
    return figure(
        [*_squares(pieces, reach), *_errors(off, reach), *_by_hand(widest, reach), *_trained(error)],
        height=400,
        margin={"l": 40, "r": 8, "t": 38, "b": 38},
        xaxis=axis(
            anchor="y",
            domain=[0, LEFT_END],
            range=[-2.1 * reach, 2.1 * reach],
            tickvals=ends,
            ticktext=[_signed(end) for end in ends],
        ),
        yaxis=axis(
            domain=[HAND_FLOOR, 1],
            range=[-0.2 * reach**2, 4.3 * reach**2],
            tickvals=[0, 4 * reach**2],
            ticktext=["0", number(4 * reach**2)],
        ),
        xaxis2=axis(
            anchor="y2",
            domain=[RIGHT_START, 1],
            range=[-1.05 * reach, 1.05 * reach],
            tickvals=[-reach, 0, reach],
            ticktext=[_signed(end / 2) for end in ends],
        ),
        yaxis2=axis(
            anchor="x2",
            domain=[HAND_FLOOR, 1],
            range=[-1.15 * spread, 1.15 * spread],
            tickvals=[-spread, 0, spread],
            ticktext=[f"−{percent(spread)}", "0", percent(spread)],
        ),
        xaxis3=axis(
            anchor="y3",
            range=[0.5, widest + 0.5],
            tickvals=np.arange(1, widest + 1),
            ticktext=[f"{count}" for count in range(1, widest + 1)],
            title={"text": "neurons", "standoff": 4, "font": {"size": SMALL}},
        ),
        yaxis3=axis(
            anchor="x3",
            domain=[0, LEARNED_TOP],
            type="log",
            range=np.log10([LEAST, MOST]),
            tickvals=marks,
            ticktext=[percent(mark) for mark in marks],
        ),
        shapes=[
            *(_level(sign * bound, "x2", "y2", -reach, reach) for sign in (-1, 1)),
            *(_level(height, "x3", "y3", 0.5, widest + 0.5) for height in (tolerance, ONE_DIRECTION)),
        ],
        annotations=[
            label("ReLU", **key, x=0, yshift=15, font=_colour(DATA_1)),
            label("GELU", **key, x=0, xshift=38, yshift=15, font=_colour(DATA_2)),
            label("square of z", **key, x=0),
            label("product off by, at x = y", **key, x=RIGHT_START),
            label("typical error: trained (dots), by hand (diamonds)", **heading, x=0),
            _named("one direction", ONE_DIRECTION, 1, "right"),
            _named("allowed", tolerance, 0, "left"),
        ],
    )


def _squares(pieces: int, reach: float) -> list[dict[str, Any]]:
    z = np.linspace(-2 * reach, 2 * reach, POINTS)
    knots = np.linspace(-2 * reach, 2 * reach, pieces + 1)
    return [
        _line(z, z**2, QUIET, "", dash="dot"),
        _line(z, curved_part(z), DATA_2, ""),
        _line(knots, straight_pieces(knots, pieces, reach), DATA_1, ""),
    ]


def _off_where_equal(pieces: int, reach: float) -> Array:
    """How far the product of x with itself is off, as a share of the largest: [activation, x]."""
    x = np.linspace(-reach, reach, POINTS)
    no_difference = straight_pieces(np.zeros(1), pieces, reach)
    by_pieces = (straight_pieces(2 * x, pieces, reach) - no_difference) / 4
    return (np.stack([by_pieces, four_gelus(x, x)]) - x**2) / reach**2


def _errors(off: Array, reach: float) -> list[dict[str, Any]]:
    x = np.linspace(-reach, reach, POINTS)
    return [_line(x, one, colour, "2") for one, colour in zip(off, COLOURS, strict=True)]


def _by_hand(widest: int, reach: float) -> list[dict[str, Any]]:
    """The hand-made networks that are no wider than the trained ones."""
    pieces = np.arange(2, (widest + 1) // 2 + 1)
    gelus = [count for count in BY_GELU if count <= widest]
    made = (
        ([neurons(int(some)) for some in pieces], [pieces_relative_error(int(some)) for some in pieces]),
        (gelus, [gelu_relative_error(count, reach) for count in gelus]),
    )
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "xaxis": "x3",
            "yaxis": "y3",
            "x": np.array(count, dtype=np.float64) + side,
            "y": np.clip(error, LEAST, None),
            "cliponaxis": False,
            "marker": {"color": colour, "size": 10, "symbol": "diamond-open", "line": {"width": 1.5}},
        }
        for (count, error), colour, side in zip(made, COLOURS, (-ASIDE, ASIDE), strict=True)
    ]


def _trained(error: Array) -> list[dict[str, Any]]:
    _, widest, seeds = error.shape
    width = np.repeat(np.arange(1.0, widest + 1), seeds)
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "xaxis": "x3",
            "yaxis": "y3",
            "x": width + side,
            "y": np.clip(of_activation.ravel(), LEAST, MOST),
            "opacity": 0.55,
            "marker": {"color": colour, "size": 5},
        }
        for of_activation, colour, side in zip(error, COLOURS, (-ASIDE, ASIDE), strict=True)
    ]


def _line(x: Array, y: Array, colour: str, panel: str, *, dash: str = "solid") -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "x": x.astype(np.float32),
        "y": y.astype(np.float32),
        "line": {"color": colour, "width": 1.6, "dash": dash},
    }


def _named(word: str, height: float, x: float, side: str) -> dict[str, Any]:
    place = {"xref": "paper", "x": x, "xanchor": side, "yref": "y3", "y": np.log10(height)}
    return label(word, **place, yanchor="bottom")


def _level(height: float, x: str, y: str, start: float, end: float) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    place = {"x0": start, "x1": end, "y0": height, "y1": height}
    return {"type": "line", "xref": x, "yref": y, **place, "line": line}


def _signed(value: float) -> str:
    return number(value).replace("-", "−")


def _colour(colour: str) -> dict[str, Any]:
    return {"size": SMALL, "color": colour}
