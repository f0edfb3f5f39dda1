"""Drawing a rule and a table that compete under weight decay.

Above, how sure the network is of the right answer, by time: on examples it was trained on, and on those held
out. Below on the left the logit that the same norm buys from each, by the number of examples, and on the
right how sure it ends up of what was held out, as a line for the least loss, and as dots for trainings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, DATA_4, QUIET
from sim.toys._circuit_course import HALF, SPAN
from sim.toys._drawing import PERCENT, SMALL, axis, figure, label, number

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

HEIGHT = 400
UPPER, LOWER = (0.58, 0.94), (0.04, 0.38)  # heights, as shares of the figure's
LEFT_END, RIGHT_START = 0.45, 0.56  # of the lower panels
EARLIER = 0.1  # where the course begins to be drawn, next to when half is learned
LATEST = 0.1  # where it does at the latest, in times of decay
SURE = (-0.02, 1.04)  # the range of an axis for shares
QUARTER = 10  # the size at which a line has its name
ROOM = 1.4  # above and below the drawn logits


def draw(arrays: Arrays, *, examples: int, rule_weights: int) -> Figure:
    """Draw all three panels."""
    times = arrays["time"]
    marks = 10.0 ** np.arange(-6, 4)
    earliest = float(np.clip(EARLIER * times[(arrays["expected"][:, 0] >= HALF).argmax()], times[1], LATEST))
    shown = [mark for mark in marks if earliest <= mark <= times[-1]]
    sizes = np.log10([rule_weights / SPAN, rule_weights * SPAN]).tolist()
    named = np.array([rule_weights / 4, rule_weights, rule_weights * 4])
    across = {"type": "log", "range": sizes, "tickvals": named, "tickangle": 0}
    words = [number(round(size)) for size in named]
    bought = arrays["bought"]
    logits = np.log10([bought.min() / ROOM, bought.max() * ROOM]).tolist()
    return figure(
        [*_course(arrays), *_efficiency(arrays, examples), *_outcome(arrays)],
        height=HEIGHT,
        margin={"l": 40, "r": 18, "t": 4, "b": 22},
        xaxis=axis(
            anchor="y",
            type="log",
            range=np.log10([earliest, times[-1]]).tolist(),
            tickvals=shown,
            ticktext=[_plain(mark) for mark in shown],
        ),
        yaxis=axis(anchor="x", domain=list(UPPER), range=list(SURE), showgrid=True, **PERCENT),
        xaxis2=axis(anchor="y2", domain=[0, LEFT_END], ticktext=words, **across),
        yaxis2=axis(
            anchor="x2",
            domain=list(LOWER),
            type="log",
            range=logits,
            tickvals=bought[:1, 0],
            ticktext=[number(bought[0, 0])],
        ),
        xaxis3=axis(anchor="y3", domain=[RIGHT_START, 1], ticktext=words, **across),
        yaxis3=axis(anchor="x3", domain=list(LOWER), range=list(SURE), showgrid=True, **PERCENT),
        shapes=[
            _upright(rule_weights, "2", 10 ** logits[0], 10 ** logits[1]),
            _upright(rule_weights, "3", *SURE),
        ],
        annotations=[
            _word("sure of the right answer, trained on", UPPER, DATA_4),
            _word("held out", UPPER, DATA_1, x=1),
            _word("logit for one norm", LOWER, QUIET),
            _on_line("rule", sizes[1], bought[-1, 0], DATA_1, "right"),
            _on_line("table", np.log10(arrays["size"][QUARTER]), bought[QUARTER, 1], DATA_2, "left"),
            _word("held out, by examples", LOWER, DATA_1, x=1),
            _word("time, in times of decay", UPPER, QUIET, x=1, y=UPPER[0], yanchor="top", yshift=-17),
        ],
    )


def _plain(mark: float) -> str:
    return f"{mark:.6f}".rstrip("0").rstrip(".")


def _course(arrays: Arrays) -> list[dict[str, Any]]:
    """Exact for equal weights, thin where a training with unequal ones is drawn over it."""
    trained = arrays["trained"]
    width = 1.0 if len(trained) else 2.0
    time = arrays["time"][1:]
    lines = [
        _line(time, arrays["expected"][1:, column], colour, width)
        for column, colour in enumerate((DATA_4, DATA_1))
    ]
    return lines + [
        _line(time[: len(trained)], trained[:, column], colour, 2.4)
        for column, colour in enumerate((DATA_4, DATA_1))
    ]


def _efficiency(arrays: Arrays, examples: int) -> list[dict[str, Any]]:
    size, (rule, table) = arrays["size"], arrays["bought"].T
    at = np.interp(np.log(examples), np.log(size), np.log(table))
    dots = _dots(np.full(2, examples), np.array([rule[0], np.exp(at)]), "2")
    dots["marker"]["color"] = [DATA_1, DATA_2]
    dots["cliponaxis"] = True  # there may be more examples than the axis has
    return [_line(size, rule, DATA_1, 2, "2"), _line(size, table, DATA_2, 2, "2"), dots]


def _outcome(arrays: Arrays) -> list[dict[str, Any]]:
    line = _line(arrays["size"], arrays["best"], DATA_1, 1.6, "3")
    return [line, _dots(arrays["tried"], arrays["found"], "3")]


def _line(
    x: NDArray[np.float64], y: NDArray[np.float64], colour: str, width: float, panel: str = ""
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x.astype(np.float32),
        "y": y.astype(np.float32),
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "line": {"color": colour, "width": width},
    }


def _dots(x: NDArray[np.float64], y: NDArray[np.float64], panel: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "cliponaxis": False,
        "marker": {"color": DATA_1, "size": 7},
    }


def _upright(x: float, panel: str, low: float, high: float) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    place = {"xref": f"x{panel}", "yref": f"y{panel}", "x0": x, "x1": x, "y0": low, "y1": high}
    return {"type": "line", "line": line, **place}


def _on_line(text: str, power: float, height: float, colour: str, side: str) -> dict[str, Any]:
    place = {
        "x": power,
        "y": np.log10(height),
        "xref": "x2",
        "yref": "y2",
        "xanchor": side,
        "yanchor": "bottom",
    }
    return label(text, font={"size": SMALL, "color": colour}, **place)


def _word(
    text: str,
    panel: tuple[float, float],
    colour: str,
    *,
    x: float = 0,
    **place: Any,  # noqa: ANN401 - plotly's own
) -> dict[str, Any]:
    anchor = "left" if x == 0 else "right"
    where = {"yref": "paper", "y": panel[1], "yanchor": "bottom", "xref": "paper", "x": x, "xanchor": anchor}
    return label(text, **where | place, font={"size": SMALL, "color": colour})
