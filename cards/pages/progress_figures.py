"""The pictures of the progress page, each with a sentence beside it in `cards.pages.progress_words`.

They are drawn as the simulations' figures are: in the palette's colours, which follow the page's theme,
without box, legend or hover. Colour never says anything alone: each line and bar has its words or its axis.
What an axis counts stands at its end: above it to the left, or below its marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cards.days import calendar_date
from cards.stats.calendar import DAYS_A_WEEK
from cards.stats.cost import DAYS_A_MONTH
from cards.stats.overview import Overview, Span, binned
from cards.stats.spread import Spread
from sim.palette import DATA_1, DATA_2, QUIET
from sim.toys._drawing import CLEAR, axis, figure, from_zero, label, percent, ticks

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from cards.stats.pace import Pace
    from cards.stats.retention import Retention, Share
    from cards.stats.workload import Workload

LOW, MIDDLE, TALL = 170, 204, 340  # pixels: heights of figures
ABOVE, BELOW = 24, 44  # pixels: room for what the axes count
UPPER, LOWER = (0.58, 1.0), (0.0, 0.4)  # shares of the height
FEW_MINUTES = 2  # a day: fewer are told by the month
FEW_MARKS = 4
FEW_TENTHS = 0.2 + 1e-9
MOST_MARKS = 10


def recalled(found: Retention, desired: float) -> Figure:
    """The share that was recalled of young, mature and all reviews, with intervals, and what is desired."""
    rows = [("all", found.together), ("mature", found.mature), ("young", found.young)]
    known = [(place, share) for place, (_, share) in enumerate(rows) if share.n]
    low = min((share.interval()[0] for _, share in known), default=desired)
    begin = min(max(0.0, np.floor(10 * min(low, desired)) / 10), 0.8)
    return figure(
        [trace for place, share in known for trace in _interval(place, share)],
        height=LOW,
        margin={"l": 52, "r": 12, "t": ABOVE, "b": BELOW},
        xaxis=axis(range=[begin, 1.0], showgrid=True, **_percents(begin, 1.0)),
        yaxis=axis(range=[-0.6, 2.6], tickvals=[0, 1, 2], ticktext=[name for name, _ in rows]),
        shapes=[_upright(desired)],
        annotations=[
            label(f"desired {percent(desired)}", x=desired, y=1, yref="paper", yanchor="bottom"),
            _below("share recalled"),
        ],
    )


def _interval(place: int, share: Share) -> list[dict[str, Any]]:
    return [
        _line(DATA_1, 2, x=list(share.interval()), y=[place, place]),
        _dot([share.value], [place], color=DATA_1),
    ]


def comes_back(shown: Overview, span: Span) -> Figure:
    """How many cards come back, by day of the next month or by week of the next year."""
    width = 1 if span is Span.MONTH else DAYS_A_WEEK
    cards = binned(shown.forecast.days, width)
    every = 7 if width == 1 else 9
    return _bars(
        cards,
        {
            "tickvals": list(range(0, len(cards), every)),
            "ticktext": [
                "today" if not place and width == 1 else day_month(shown.today + place * width)
                for place in range(0, len(cards), every)
            ],
        },
        across="day" if width == 1 else "week from",
        up="cards",
    )


def time_spent(shown: Overview) -> Figure:
    """Minutes in each day, or in each run of weeks."""
    bars = len(shown.minutes)
    places = [bars - 1 - back for back in range(0, bars, max(1, bars // 4))][::-1]
    return _bars(
        shown.minutes,
        {
            "tickvals": places,
            "ticktext": [
                day_month(max(shown.first, shown.today - (bars - place) * shown.bin + 1)) for place in places
            ],
        },
        across="day" if shown.bin == 1 else f"{shown.bin} days from",
        up="minutes",
        places=2,
    )


def stabilities(found: Spread) -> Figure:
    """How many cards have which stability; each bin is twice as wide as the one before."""
    ends = [(place + 0.5, f"{edge:,.0f}") for place, edge in enumerate(found.edges[1:])]
    shown = ends[:: 1 if len(ends) <= MOST_MARKS else 2]
    return _bars(
        found.cards,
        {"tickvals": [place for place, _ in shown], "ticktext": [edge for _, edge in shown]},
        across="stability, in days",
        up="cards",
    )


def difficulties(found: Spread) -> Figure:
    """How many cards have which difficulty."""
    marks = [place - 0.5 for place in range(len(found.cards) + 1)]
    named = {"tickvals": marks, "ticktext": [f"{edge:g}" for edge in found.edges]}
    return _bars(found.cards, named, across="difficulty", up="cards")


def chances(found: Spread) -> Figure:
    """How many cards would be recalled today with which chance."""
    marks = [place - 0.5 for place in range(0, len(found.edges), 4)]
    named = {"tickvals": marks, "ticktext": [f"{edge:.0%}" for edge in found.edges[::4]]}
    return _bars(found.cards, named, across="chance of recall today", up="cards")


def what_if(found: Sequence[Workload], pace: Pace, present: float) -> Figure:
    """Minutes a day or a month, and cards remembered after the year, against the desired retention."""
    at = [workload.desired_retention for workload in found]
    unit, days = time_unit(found, pace, present)
    minutes = [days * workload.minutes_a_day(pace.seconds) for workload in found]
    known = [workload.remembered for workload in found]
    here = at.index(present)
    traces = [
        trace
        for values, place in ((minutes, {}), (known, {"xaxis": "x2", "yaxis": "y2"}))
        for trace in (
            _line(DATA_1, 2, x=at, y=values, **place),
            _dot([present], [values[here]], color=DATA_2, **place),
        )
    ]
    marks = {"tickvals": [0.7, 0.8, 0.9, 1.0], "ticktext": ["70%", "80%", "90%", "100%"]}
    up, up_below = from_zero(np.array(minutes)), from_zero(np.array(known))
    return figure(
        traces,
        height=TALL,
        margin={"l": 44, "r": 12, "t": ABOVE, "b": BELOW},
        xaxis=axis(range=[0.69, 1.0], anchor="y", showticklabels=False, **marks),
        yaxis=axis(domain=UPPER, range=up, showgrid=True, **_marks(*up)),
        xaxis2=axis(range=[0.69, 1.0], anchor="y2", ticks="outside", tickcolor=CLEAR, **marks),
        yaxis2=axis(domain=LOWER, range=up_below, showgrid=True, anchor="x2", **_marks(*up_below)),
        annotations=[
            _heading(f"minutes a {unit}", UPPER[1]),
            _heading("cards remembered after a year", LOWER[1]),
            _below("desired retention"),
        ],
    )


def time_unit(found: Sequence[Workload], pace: Pace, present: float) -> tuple[str, int]:
    """Whether to tell minutes by the day or, where they are few, by the month; and the days in it."""
    here = next(workload for workload in found if workload.desired_retention == present)
    return ("day", 1) if here.minutes_a_day(pace.seconds) >= FEW_MINUTES else ("month", DAYS_A_MONTH)


def _bars(values: Sequence[float], named: dict[str, Any], *, across: str, up: str, places: int = 0) -> Figure:
    """Bars side by side; `across` and `up` say what their axes count, `named` has the marks of the first."""
    heights = from_zero(np.array(values, dtype=np.float64))
    return figure(
        [
            {
                "type": "bar",
                "x": list(range(len(values))),
                "y": [round(value, places) for value in values],
                "width": 0.86,
                "marker": {"color": DATA_1},
            }
        ],
        height=MIDDLE,
        margin={"l": 44, "r": 12, "t": ABOVE, "b": BELOW},
        xaxis=axis(range=[-0.6, len(values) - 0.4], ticks="outside", tickcolor=CLEAR, tickangle=0, **named),
        yaxis=axis(range=heights, showgrid=True, **_marks(*heights)),
        annotations=[_heading(up, 1), _below(across)],
    )


def _marks(low: float, high: float) -> dict[str, list[Any]]:
    """Round numbers to mark on an axis from zero; whole ones, where there are few."""
    if high >= FEW_MARKS or high < 1:
        return ticks(low, high, most=FEW_MARKS)
    whole = list(range(int(high) + 1))
    return {"tickvals": whole, "ticktext": [str(mark) for mark in whole]}


def _percents(low: float, high: float) -> dict[str, list[Any]]:
    step = 0.05 if high - low <= FEW_TENTHS else 0.1
    marks = [round(mark, 2) for mark in np.arange(low, high + step / 2, step).tolist()]
    return {"tickvals": marks, "ticktext": [f"{mark:.0%}" for mark in marks]}


def _dot(x: list[float], y: list[float], *, color: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401
    marker = {"color": color, "size": 9}
    return {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker} | options


def _line(color: str, width: float, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    return {"type": "scatter", "mode": "lines", "line": {"color": color, "width": width}} | options


def _upright(x: float) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _heading(text: str, y: float) -> dict[str, Any]:
    return label(text, xref="paper", x=0, xanchor="left", yref="paper", y=y, yanchor="bottom")


def _below(text: str) -> dict[str, Any]:
    return label(text, xref="paper", x=0, xanchor="left", yref="paper", y=0, yanchor="top", yshift=-23)


def day_month(day: int) -> str:
    """A day as an axis names it: "4 Jun"."""
    at = calendar_date(day)
    return f"{at.day} {at:%b}"
