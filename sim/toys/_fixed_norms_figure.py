"""Drawing what training comes to at each norm that is held.

Above, the share of the pairs trained on that is right, and below it that of the pairs held out, by how large
the norm is: at one rate for all, and at a rate that grows with the norm. Under each norm stands how far Adam
can take a typical weight at the one rate, as a share of the weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, QUIET
from sim.toys._drawing import PERCENT, SMALL, axis, figure, label, percent
from sim.toys._grokking_config import FACTORS, RULES

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

HEIGHT = 340
UPPER, LOWER = (0.58, 0.93), (0.04, 0.36)  # heights, as shares of the figure's
EDGE = 1.3  # what an axis reaches beyond the first and the last norm
COLOURS = dict(zip(RULES, (DATA_1, DATA_2), strict=True))


def draw_norms(arrays: Arrays, largest_change: float, *, places: int, scale: float) -> Figure:
    """Draw both panels.

    Args:
        arrays: What was found so far.
        largest_change: How far Adam can take a typical weight at the norm where both rates are the same, as
            a share of it.
        places: How many answers there are to choose from.
        scale: How large that norm is, next to the usual.
    """
    named = [f"×{scale * factor:.3g}" for factor in FACTORS]
    ends = np.log10([FACTORS[0] / EDGE, FACTORS[-1] * EDGE]).tolist()
    reach = [percent(largest_change / factor) for factor in FACTORS]
    words = [f"{name}<br>{share}" for name, share in zip(named, reach, strict=True)]
    across = {"type": "log", "range": ends, "tickvals": list(FACTORS), "tickangle": 0}
    panels = (("", UPPER, 0), ("2", LOWER, 1))
    return figure(
        [_line(arrays, rule, panel, column) for panel, _, column in panels for rule in RULES],
        height=HEIGHT,
        margin={"l": 40, "r": 10, "t": 4, "b": 38},
        xaxis=axis(anchor="y", ticktext=named, **across),
        yaxis=axis(anchor="x", domain=list(UPPER), range=[-0.04, 1.06], showgrid=True, **PERCENT),
        xaxis2=axis(anchor="y2", ticktext=words, **across),
        yaxis2=axis(anchor="x2", domain=list(LOWER), range=[-0.04, 1.06], showgrid=True, **PERCENT),
        shapes=[_chance(places, panel) for panel, _, _ in panels],
        annotations=[
            _word("right, trained on", UPPER, QUIET),
            _word("one rate", UPPER, DATA_2, x=0.52),
            _word("rate × norm", UPPER, DATA_1, x=1),
            _word("right, held out", LOWER, QUIET),
            _word("percent: how far Adam can take a weight", LOWER, QUIET, x=1),
        ],
    )


def _line(arrays: Arrays, rule: str, panel: str, column: int) -> dict[str, Any]:
    right = arrays[rule][:, column]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": arrays["norm_factor"][: len(right)],
        "y": right,
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "cliponaxis": False,
        "line": {"color": COLOURS[rule], "width": 1.8},
        "marker": {"color": COLOURS[rule], "size": 7},
    }


def _chance(places: int, panel: str) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    across = {"xref": f"x{panel}", "x0": FACTORS[0] / EDGE, "x1": FACTORS[-1] * EDGE}
    return {"type": "line", "yref": f"y{panel}", "y0": 1 / places, "y1": 1 / places, "line": line, **across}


def _word(text: str, panel: tuple[float, float], colour: str, *, x: float = 0) -> dict[str, Any]:
    anchor = "left" if x == 0 else "right" if x == 1 else "center"
    height = {"yref": "paper", "y": panel[1], "yanchor": "bottom"}
    return label(text, xref="paper", x=x, xanchor=anchor, font={"size": SMALL, "color": colour}, **height)
