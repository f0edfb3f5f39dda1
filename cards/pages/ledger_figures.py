"""The two pictures of the ledger: one claim's path over time, and the calibration curve.

Both are drawn as the simulations' figures are (`sim.toys._drawing`): no box, no legend, no hover, and
colours that follow the theme. Each is told in words by `cards.pages.ledger_words`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cards.claims import Outcome
from sim.palette import DATA_1, DATA_2, PAPER, QUIET
from sim.toys._drawing import CLEAR, PERCENT, axis, figure, label

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from cards.beliefs.calibration import Bin
    from cards.days import DayRules
    from cards.ledger import Listed

PATH_HEIGHT, CURVE_HEIGHT = 210, 340  # pixels
CURVE_MARGIN = {"l": 44, "r": 16, "t": 14, "b": 44}
DAY = timedelta(days=1)
ROOM = 0.04  # of the time shown, on either side
LEAST = timedelta(hours=1)  # that is shown
MARKS = 4
LONG = timedelta(days=500)  # shown by months
OUTCOMES = {Outcome.YES: "true", Outcome.NO: "false", Outcome.VOID: "void"}


def path(claim: Listed, *, now: datetime, rules: DayRules) -> Figure:
    """A claim's credences over time, with gaps where there was no idea, and how it turned out.

    Args:
        claim: With one entry at least.
        now: The present, in UTC, to which the path of an open claim goes on.
        rules: Whose clock the time is told by.
    """
    zone = ZoneInfo(rules.timezone)
    first = claim.entries[0].at
    end, known = _end(claim, now, zone)
    low, high = first, max(end, claim.entries[-1].at, first + LEAST)

    def hours(moment: datetime) -> float:
        return (moment - first) / timedelta(hours=1)

    lines: list[tuple[float, float | None]] = []
    for entry in claim.entries:
        at = hours(entry.at)
        if entry.probability is None and lines:
            lines.append((at, lines[-1][1]))  # as far as the last credence held
        lines.append((at, entry.probability))
    lines.append((hours(high), lines[-1][1]))
    room = ROOM * hours(high)
    said = [entry for entry in claim.entries if entry.probability is not None and not entry.repeat]
    again = [entry for entry in claim.entries if entry.probability is not None and entry.repeat]
    traces = [
        _line(x=[at for at, _ in lines], y=[credence for _, credence in lines]),
        _dots([hours(one.at) for one in said], [one.probability for one in said], DATA_1),
        _dots([hours(one.at) for one in again], [one.probability for one in again], PAPER, edge=DATA_1),
    ]
    words = []
    if known:
        mark, word = _outcome(claim, hours(end))
        traces += mark
        words.append(word)
    return figure(
        traces,
        height=PATH_HEIGHT,
        margin={"l": 40, "r": 10, "t": 10, "b": 24},
        xaxis=axis(
            range=[-room - 0.02, hours(high) + room],
            ticks="outside",
            tickcolor=CLEAR,
            tickangle=0,
            **_marks(low, high, zone, hours),
        ),
        yaxis=axis(range=[-0.06, 1.06], showgrid=True, **PERCENT),
        annotations=words,
    )


def curve(bins: Sequence[Bin]) -> Figure:
    """How many came true of the claims that were given about the same chance, with Wilson's bands and n."""
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [0, 1],
            "y": [0, 1],
            "line": {"color": QUIET, "width": 1, "dash": "dot"},
        }
    ]
    words = [
        label("how sure you were", x=1, xanchor="right", yref="paper", y=0, yanchor="top", yshift=-20),
        label("came true", xref="paper", x=0, xanchor="left", yref="paper", y=1, yanchor="top"),
    ]
    for one in bins:
        low, high = one.true.interval()
        traces.append(_line(x=[one.forecast, one.forecast], y=[low, high]))
        words.append(label(f"{one.n}", x=one.forecast, y=high, yanchor="bottom", yshift=4))
    traces.append(_dots([one.forecast for one in bins], [one.true.value for one in bins], DATA_2, size=10))
    return figure(
        traces,
        height=CURVE_HEIGHT,
        margin=CURVE_MARGIN,
        xaxis=axis(range=[-0.03, 1.03], ticks="outside", tickcolor=CLEAR, **PERCENT),
        yaxis=axis(range=[-0.03, 1.1], showgrid=True, **PERCENT),
        annotations=words,
    )


def places(bins: Sequence[Bin]) -> list[dict[str, float]]:
    """Where the points of the curve stand: shares of the width from the left, of the height from the top."""
    return [{"x": (one.forecast + 0.03) / 1.06, "y": (1.1 - one.true.value) / 1.13} for one in bins]


def _end(claim: Listed, now: datetime, zone: ZoneInfo) -> tuple[datetime, bool]:
    """Where a path ends, and whether that is where the claim turned out."""
    if claim.outcome is Outcome.OPEN:
        return now, False
    if claim.own is not None and claim.is_settled_by_learner:
        return claim.own.at, True
    on = claim.authors.on if claim.authors is not None else None
    if on is None:
        return now, True
    return max(datetime(on.year, on.month, on.day, 12, tzinfo=zone), claim.entries[0].at), True


def _outcome(claim: Listed, at: float) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The mark of how a claim turned out, where it has one, and the word beside it."""
    happened = claim.happened
    y = float(happened or False)
    beside = y - 0.1 if happened else y + 0.1
    word = label(OUTCOMES[claim.outcome], x=at, y=beside, xanchor="right", font={"size": 11, "color": DATA_2})
    if happened is None:
        return [], word
    marker = {"color": DATA_2, "size": 11, "symbol": "diamond"}
    return [{"type": "scatter", "mode": "markers", "x": [at], "y": [y], "marker": marker}], word


def _marks(
    low: datetime, high: datetime, zone: ZoneInfo, hours: Callable[[datetime], float]
) -> dict[str, list[Any]]:
    """A few moments to mark on the axis, as far as their words differ."""
    span = high - low
    found: dict[str, float] = {}
    for place in range(MARKS):
        at = low + span * (place + 0.12) / (MARKS - 0.6)
        if at <= high:
            local = at.astimezone(zone)
            found.setdefault(_when(local, span), round(hours(at), 4))
    return {"tickvals": list(found.values()), "ticktext": list(found)}


def _when(local: datetime, span: timedelta) -> str:
    if span > LONG:
        return f"{local:%b %Y}"
    return f"{local:%H:%M}" if span < DAY else f"{local.day} {local:%b}"


def _line(x: list[float], y: Sequence[float | None]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "line": {"color": DATA_1, "width": 2, "shape": "hv"},
        "x": x,
        "y": list(y),
    }


def _dots(
    x: list[float], y: Sequence[float | None], color: str, *, edge: str = "", size: int = 7
) -> dict[str, Any]:
    marker: dict[str, Any] = {"color": color, "size": size}
    if edge:
        marker["line"] = {"color": edge, "width": 1.5}
    return {"type": "scatter", "mode": "markers", "x": x, "y": list(y), "marker": marker}
