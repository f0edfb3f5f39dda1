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
SMALL = 11  # pixels: the size of words in a figure
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
    return Figure(data=list(traces), layout=plain | layout)


def axis(**options: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    """An axis without ticks, box or zoom; its grid, if asked for, is a hairline."""
    return {
        "showgrid": False,
        "gridcolor": RULE,
        "zeroline": False,
        "fixedrange": True,
        "separatethousands": True,
    } | options


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
