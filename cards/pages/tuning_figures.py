"""The figures of the tuning page: by how much dates would move, and what was foretold against what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cards.shifts import EDGES, Foreseen, bars
from sim.fitting.calibration import Bin, wilson
from sim.palette import DATA_1, DATA_2, DATA_4, QUIET, RULE

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

SMALL = 11
LOWEST = 0.5  # a calibration axis begins here, or lower where something lies lower
ASIDE = 0.004  # how far two curves' bands stand apart
STAYS = sum(edge <= 0 for edge in EDGES)  # the bar of cards that do not move


def shifts(seen: Foreseen) -> Figure:
    """Cards by how much they would move, sooner on the left and later on the right."""
    names = bars()
    colours = [
        DATA_4 if place == STAYS else DATA_2 if place < STAYS else DATA_1 for place in range(len(names))
    ]
    bar = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(names))),
        "x": list(seen.histogram),
        "text": [f"{count:,}" for count in seen.histogram],
        "textposition": "outside",
        "textfont": {"color": QUIET, "size": SMALL},
        "cliponaxis": False,
        "marker": {"color": colours},
        "width": 0.7,
    }
    return _figure(
        [bar],
        height=260,
        margin={"l": 104, "r": 36, "t": 4, "b": 4},
        xaxis=_axis(range=[0, 1.05 * max(1, *seen.histogram)], visible=False),
        yaxis=_axis(range=[len(names) - 0.5, -0.5], tickvals=list(range(len(names))), ticktext=names),
    )


def calibration(curves: Sequence[tuple[str, Sequence[Bin]]]) -> Figure:
    """The share recalled against the chance that was foretold, bin by bin with Wilson's bands.

    Args:
        curves: One or two of them, each with its name; of several, each is named at its last point.
    """
    colours = (DATA_1,) if len(curves) == 1 else (DATA_4, DATA_1)
    every = [one for _, bins in curves for one in bins]
    low = min(LOWEST, *(min(one.predicted, wilson(one.recalled, one.n)[0]) for one in every))
    low = max(0.0, int(10 * low) / 10)
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [low, 1],
            "y": [low, 1],
            "line": {"color": QUIET, "width": 1, "dash": "dot"},
        },
        *(
            _points(bins, colour, aside=ASIDE * (2 * place - len(curves) + 1))
            for place, ((_, bins), colour) in enumerate(zip(curves, colours, strict=True))
        ),
    ]
    marks = [round(low + 0.1 * step, 1) for step in range(round(10 * (1 - low)) + 1)]
    percent = {"tickvals": marks, "ticktext": [f"{mark:.0%}" for mark in marks], "range": [low - 0.01, 1.015]}
    return _figure(
        traces,
        height=340,
        margin={"l": 44, "r": 12, "t": 8, "b": 40},
        xaxis=_axis(title={"text": "foretold", "standoff": 6}, **percent),
        yaxis=_axis(title={"text": "recalled", "standoff": 6}, showgrid=True, gridcolor=RULE, **percent),
        annotations=[
            _label(name, colour, place)
            for place, ((name, _), colour) in enumerate(zip(curves, colours, strict=True))
            if name
        ],
    )


def _points(bins: Sequence[Bin], colour: str, aside: float) -> dict[str, Any]:
    shares = [one.recalled / one.n for one in bins]
    bands = [wilson(one.recalled, one.n) for one in bins]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [one.predicted + aside for one in bins],
        "y": shares,
        "marker": {"color": colour, "size": 7},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [high - share for (_, high), share in zip(bands, shares, strict=True)],
            "arrayminus": [share - low for (low, _), share in zip(bands, shares, strict=True)],
            "color": colour,
            "thickness": 1.2,
            "width": 0,
        },
    }


def _label(name: str, colour: str, place: int) -> dict[str, Any]:
    return {
        "text": name,
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0.02,
        "y": 0.98 - 0.07 * place,
        "xanchor": "left",
        "yanchor": "top",
        "font": {"size": SMALL + 1, "color": colour},
    }


def _axis(**options: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    return {"showgrid": False, "zeroline": False, "fixedrange": True, **options}


def _figure(traces: list[dict[str, Any]], *, height: int, **layout: Any) -> Figure:  # noqa: ANN401 - plotly's own
    from plotly.graph_objects import Figure  # noqa: PLC0415 - only a page that draws needs it

    plain = {
        "height": height,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": SMALL, "color": QUIET},
        "showlegend": False,
        "hovermode": False,
        "dragmode": False,
    }
    return Figure(data=traces, layout={**plain, **layout})
