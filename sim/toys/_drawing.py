"""What every figure and read-out here has in common.

No box, no legend, no hover; the palette's colours and the page's own type; numbers with no more digits than
they deserve, and commas at the thousands.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import QUIET, RULE

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

CLEAR = "rgba(0,0,0,0)"
THREE_DIGITS = 100
TENTH = 0.0995  # rounds to 10%
ROUND = (2, 5, 10)  # between marks on an axis
NEARLY = 1e-9
HEADROOM = 1.05
SMALL = 11  # pixels: the size of words in a figure
UNSAID = " "  # a label that has nothing to say here keeps its place: the figure's make stays the same
PERCENT = {"tickvals": [0, 0.5, 1], "ticktext": ["0%", "50%", "100%"]}


def figure(traces: Sequence[dict[str, Any]], *, height: int, **layout: Any) -> Figure:  # noqa: ANN401 - plotly's own
    """Make a figure of traces and further layout, `height` pixels high and as wide as its place."""
    from plotly.graph_objects import Figure  # noqa: PLC0415 - only a process that draws needs it

    plain: dict[str, Any] = {
        "template": "none",
        "height": height,
        "margin": {"l": 36, "r": 8, "t": 8, "b": 24},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"size": SMALL, "color": QUIET},
        "showlegend": False,
        "hovermode": False,
        "dragmode": False,
    }
    # Unchecked, which is four times as fast; the contract test checks every toy's figures.
    return Figure(data=list(traces), layout=plain | layout, _validate=False)


def axis(**options: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    """An axis without ticks, box or zoom; its grid, if asked for, is a hairline.

    Give every axis its range, and with `ticks` its numbers: what the browser has not to work out, it need not
    draw anew.
    """
    # A figure that is not checked (see above) keeps what it is given, and Plotly cannot read a tuple back.
    given = {name: _listed(value) for name, value in options.items()}
    return {
        "showgrid": False,
        "gridcolor": RULE,
        "zeroline": False,
        "fixedrange": True,
        "separatethousands": True,
    } | given


def _listed(value: Any) -> Any:  # noqa: ANN401 - plotly's own
    """A list for what is one but for its type; a browser that redraws an axis by its marks reads no other."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value


def ticks(low: float, high: float, *, most: int, before: str = "") -> dict[str, list[Any]]:
    """Round numbers to mark on an axis, about `most` of them, with words `before` the first."""
    rough = (high - low) / most
    power = math.floor(math.log10(rough))
    each = next(step for step in ROUND if step * 10.0**power >= rough) * 10.0**power
    marks = np.arange(math.ceil(low / each - NEARLY), math.floor(high / each + NEARLY) + 1) * each
    words = [f"{mark:,.{max(-power, 0)}f}".replace("-", "−") for mark in marks]
    if power < 0:
        words = [word.rstrip("0").rstrip(".") for word in words]
    return {"tickvals": marks.tolist(), "ticktext": [before + words[0], *words[1:]]}


def from_zero(*heights: NDArray[np.float64]) -> list[float]:
    """The range of an axis that begins at zero and has room for all of these."""
    tallest = max((float(np.max(height, initial=0.0)) for height in heights), default=0.0)
    return [0.0, HEADROOM * tallest or 1.0]


def label(text: str, **place: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    """Words at a place in the figure, without an arrow."""
    return {"text": text, "showarrow": False, "font": {"size": SMALL, "color": QUIET}} | place


def separated(lines: Sequence[NDArray[np.float64]]) -> NDArray[np.float32]:
    """Many lines as one, with a gap after each: one trace is drawn, and sent, far faster than forty."""
    joined = [np.append(line, np.nan) for line in lines]
    return np.concatenate(joined or [np.zeros(0)]).astype(np.float32)


def number(value: float) -> str:
    """A number for a sentence: "2,500", "62.5", "0.0196"."""
    return f"{value:,.0f}" if abs(value) >= THREE_DIGITS else f"{value:.3g}"


def plus_minus(value: float, error: float) -> str:
    """A measured number with its standard error, to the error's first digit: "2,503 ± 14", "25.0 ± 0.1"."""
    places = max(-math.floor(math.log10(error)), 0) if error > 0 else 0
    return f"{value:,.{places}f} ± {error:,.{places}f}"


def percent(share: float) -> str:
    """A share for a sentence: "100%", "72%", "9.7%", "0.3%"."""
    return f"{100 * share:.0f}%" if share >= TENTH else f"{100 * share:.2g}%"
