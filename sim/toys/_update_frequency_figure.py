"""Drawing reporters: a few claims, what movement and reduction come to, and the verdicts on whole ledgers.

Above on the left, what one reporter says as signals come in, beside what a Bayesian would say of the same
claim, and other claims faintly. On the right, the average movement and reduction up to each signal, exact as
lines and simulated as dots. Below, how the ledgers' Z are spread, where the central limit theorem would have
them, and the two lines beyond which a ledger is flagged.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.movement import FLAGGED
from sim.palette import DATA_1, DATA_2, INK, QUIET
from sim.toys._drawing import PERCENT, axis, figure, from_zero, label, percent, separated, ticks
from sim.toys._normal import below

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from sim.toys._expected_movement import Expected
    from sim.toys._reporter import Reporter

Arrays = Mapping[str, "NDArray[Any]"]

HEIGHT = 360
CLAIMS_DRAWN = 8
TRIES = 24  # claims among which the one to draw boldly is chosen
BINS = 44
PAST = 1.02  # how far the time axes go, so that the last dots are whole
REACH = 4.4  # how far the Z axis goes beyond its centre

# Heights and widths, as shares of the figure's.
LEFT, RIGHT = (0.0, 0.44), (0.56, 1.0)
UPPER, LOWER = (0.47, 0.94), (0.0, 0.29)


def drawn_claims(reporter: Reporter, signals: int, random: Generator) -> Arrays:
    """Make up claims; the bold one is the one that ends nearest to two thirds of the way to 0 or 1."""
    true = random.random((TRIES, 1)) < reporter.prior
    right = random.random((TRIES, signals)) < reporter.accuracy
    net = np.insert(np.cumsum(np.where(right == true, 1, -1), axis=1), 0, 0, axis=1)
    intended = reporter.belief(net)
    intended[:, 1:] += reporter.noise * random.standard_normal((TRIES, signals))
    said, bayes = reporter.said(intended), reporter.posterior(net)
    bold = int(np.abs(np.abs(bayes[:, -1] - 0.5) - 1 / 3).argmin())
    others = np.delete(said, bold, axis=0)[:CLAIMS_DRAWN]
    time = np.arange(signals + 1.0)
    return {
        "claim_time": separated([time] * len(others)),
        "claim_said": separated(list(others)),
        "bold_said": said[bold],
        "bold_bayes": bayes[bold],
    }


def z_bins(centre: float) -> NDArray[np.float64]:
    """The edges of the bins for Z: they hold the calibrated ledgers and this reporter's."""
    centre = min(max(centre, -1e3), 1e3)  # a Z may be infinite
    return np.linspace(min(-REACH, centre - REACH), max(REACH, centre + REACH), BINS + 1)


def promised_shares(edges: NDArray[np.float64], centre: float) -> NDArray[np.float64]:
    """The share of ledgers in each bin if Z were Gaussian with deviation 1 about its centre."""
    return np.diff(below(edges - centre))


def draw(arrays: Arrays, exact: Expected, centre: float, flagged: float | None) -> Figure:
    """Draw the three panels.

    Args:
        arrays: What `drawn_claims` made, and in a run the simulated means and Z.
        exact: The expectations.
        centre: Where the central limit theorem puts the mean Z.
        flagged: The share of ledgers flagged so far, if any has been made.
    """
    time = np.arange(len(exact.movement))
    last = float(time[-1] * PAST)
    moved = from_zero(exact.movement, exact.reduction)
    low, high = z_bins(centre)[[0, -1]].tolist()
    shares = [arrays["z_share"]] if "z_share" in arrays else []
    promised = promised_shares(z_bins(centre), centre)
    verdict = "beyond ±1.96 it is flagged" if flagged is None else f"{percent(flagged)} beyond ±1.96"
    return figure(
        [*_claims(arrays, time), *_averages(arrays, exact, time), *_verdicts(arrays, centre)],
        height=HEIGHT,
        xaxis=axis(domain=LEFT, range=[0, last], anchor="y", **ticks(0, last, most=4)),
        yaxis=axis(domain=UPPER, range=[-0.02, 1.02], showgrid=True, **PERCENT),
        xaxis2=axis(domain=RIGHT, range=[0, last], anchor="y2", **ticks(0, last, most=4)),
        yaxis2=axis(domain=UPPER, range=moved, showgrid=True, anchor="x2", **ticks(*moved, most=4)),
        xaxis3=axis(range=[low, high], anchor="y3", **ticks(low, high, most=8)),
        yaxis3=axis(domain=LOWER, range=from_zero(promised, *shares), showticklabels=False, anchor="x3"),
        shapes=[_limit(-FLAGGED), _limit(FLAGGED)],
        annotations=[
            _heading("said", LEFT[0], UPPER[1], color=DATA_2),
            _heading("Bayesian", LEFT[1], UPPER[1], xanchor="right", color=DATA_1),
            _heading("movement", RIGHT[0], UPPER[1], color=DATA_2),
            _heading("reduction", 1, UPPER[1], xanchor="right", color=DATA_1),
            _heading(f"Z of each ledger: {verdict}", 0, LOWER[1]),
        ],
    )


def _claims(arrays: Arrays, time: NDArray[np.int64]) -> list[dict[str, Any]]:
    faint = {"x": arrays["claim_time"], "y": arrays["claim_said"], "opacity": 0.3}
    return [
        _line(DATA_2, 1, **faint),
        # Broad, because a calibrated reporter's line lies on it.
        _line(DATA_1, 5, x=time, y=arrays["bold_bayes"], opacity=0.5),
        _line(DATA_2, 1.8, x=time, y=arrays["bold_said"]),
    ]


def _averages(arrays: Arrays, exact: Expected, time: NDArray[np.int64]) -> list[dict[str, Any]]:
    place = {"xaxis": "x2", "yaxis": "y2"}
    traces = [
        _line(DATA_1, 1.8, x=time, y=exact.reduction, **place),
        # Dashed, because a calibrated reporter's two lines are one.
        _line(DATA_2, 1.8, x=time, y=exact.movement, **place) | {"line_dash": "dash"},
    ]
    for name, color in (("mean_reduction", DATA_1), ("mean_movement", DATA_2)):
        if name in arrays:
            marker = {"color": color, "size": 4}
            dots = {"x": time, "y": arrays[name], "marker": marker, **place}
            traces.append({"type": "scatter", "mode": "markers", **dots})
    return traces


def _verdicts(arrays: Arrays, centre: float) -> list[dict[str, Any]]:
    edges = z_bins(centre)
    middle = (edges[:-1] + edges[1:]) / 2
    place = {"xaxis": "x3", "yaxis": "y3"}
    traces: list[dict[str, Any]] = []
    if "z_share" in arrays:
        color = [DATA_2 if abs(z) > FLAGGED else DATA_1 for z in middle]
        bars = {"x": middle, "y": arrays["z_share"], "width": np.diff(edges), "opacity": 0.5, **place}
        traces.append({"type": "bar", "marker": {"color": color}, **bars})
    if math.isfinite(centre):
        traces.append(_line(INK, 1, x=middle, y=promised_shares(edges, centre), **place))
    return traces


def _line(color: str, width: float, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own
    return {"type": "scatter", "mode": "lines", "line": {"color": color, "width": width}} | options


def _limit(z: float) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    return {
        "type": "line",
        "xref": "x3",
        "x0": z,
        "x1": z,
        "yref": "paper",
        "y0": LOWER[0],
        "y1": LOWER[1],
        "line": line,
    }


def _heading(text: str, x: float, y: float, *, xanchor: str = "left", color: str = QUIET) -> dict[str, Any]:
    return label(text, xref="paper", x=x, xanchor=xanchor, yref="paper", y=y, yanchor="bottom") | {
        "font": {"size": 11, "color": color}
    }
