"""A figure made small and still: an SVG of its traces, without axes, labels or anything to hover over.

A thumbnail is drawn on the server, once for each figure, and weighs a few kilobytes, where Plotly in the
browser would cost a megabyte and tens of milliseconds each. It keeps the figure's own arrangement of panels,
and its colours by the same tokens, so that it follows the page's theme.

Drawn are scatter traces (lines, markers, areas down to zero), upright bars and heatmaps, on linear and
logarithmic axes. Left out: other traces, shapes, annotations, and bars that are stacked by Plotly itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.pages.scale import HEIGHT, WIDTH, Axes, Scale, numbers, positions
from sim.palette import DATA_1, QUIET, TOKENS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

MOST_POINTS = 800  # of the lines of one trace; more do not show at this size
GRAINS = (1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90, 999)  # the least distance between two points, tried in turn
SMALLER = 0.55  # line widths and markers, next to those of the figure
THINNEST = 0.8
SHADES = 8  # of a heatmap
MOST_CELLS = 24  # of a heatmap, along each side
KNOWN = ("scatter", "bar", "heatmap")


def thumbnail(figure: Figure, *, is_full: bool = False) -> str:
    """Draw a figure as a small SVG that screen readers pass over; it fills the width it is given.

    Args:
        figure: What to draw.
        is_full: Whether rows of panels without anything in them yet leave their room to the others, as is
            right for a picture that stands alone, and wrong for one that the figure itself is to replace.
    """
    axes = Axes(figure, is_full=is_full)
    panels = [_Panel(trace, *axes.of(trace)) for trace in figure.data if trace.type in KNOWN]
    marks = "".join(mark for panel in panels for mark in panel.marks())
    return (
        f'<svg class="thumbnail" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" '
        f'focusable="false">{marks}</svg>'
    )


@dataclass(frozen=True)
class _Panel:
    """A trace and the scales that it is drawn on."""

    trace: Any
    across: Scale
    up: Scale

    def marks(self) -> Iterator[str]:
        """The trace as SVG."""
        match self.trace.type:
            case "bar":
                yield from self._bars()
            case "heatmap":
                yield from self._cells()
            case _:
                mode = self.trace.mode or "lines"
                if "lines" in mode:
                    yield from self._line()
                if "markers" in mode:
                    yield from self._markers()

    def _points(self) -> NDArray[np.float64]:
        """Where the trace's points lie in the drawing: [point, x or y]."""
        x, y = self.across.at(positions(self.trace, "x")), self.up.at(positions(self.trace, "y"))
        return np.stack([x, y], axis=1)

    def _runs(self) -> list[NDArray[np.int64]]:
        """The unbroken pieces of a line, [point, x or y], thinned until they are few enough."""
        points = self._points()
        gaps = np.flatnonzero(np.isnan(points).any(axis=1))
        pieces = np.split(points, gaps)
        whole = [piece[~np.isnan(piece).any(axis=1)] for piece in pieces]
        stepped = self.trace.line.shape == "hv"
        runs = [_steps(run) if stepped else run for run in whole if len(run) > 1]
        tried = ([_thinned(run, grain) for run in runs] for grain in GRAINS)
        return next((few for few in tried if sum(map(len, few)) <= MOST_POINTS), [])

    def _line(self) -> Iterator[str]:
        runs = self._runs()
        if self.trace.fill == "tozeroy" and runs:
            ground = round(float(self.up.foot(0.0)[0]))
            areas = "".join(f"{_path(run)}V{ground}H{run[0, 0]}z" for run in runs)
            yield _mark(areas, f"fill:{_ink(self.trace.fillcolor)}", self.trace)
        width = max(SMALLER * (self.trace.line.width or 2), THINNEST)
        colour = _ink(self.trace.line.color)
        yield _mark("".join(map(_path, runs)), f"stroke:{colour};stroke-width:{width:.2g}", self.trace)

    def _markers(self) -> Iterator[str]:
        points = self._points()
        dots = "".join(f"M{x} {y}h0" for x, y in _whole(points[~np.isnan(points).any(axis=1)]))
        size = SMALLER * float(np.median(numbers(self.trace.marker.size or 6)))
        yield _mark(dots, f"stroke:{_ink(self.trace.marker.color)};stroke-width:{size:.2g}", self.trace)

    def _bars(self) -> Iterator[str]:
        middle, height = positions(self.trace, "x"), positions(self.trace, "y")
        spacing = float(np.diff(np.unique(middle)).min(initial=np.inf)) if len(middle) else 1.0
        usual = 0.8 * spacing if np.isfinite(spacing) else 0.8
        wide = numbers(usual if self.trace.width is None else self.trace.width)
        low = numbers(0.0 if self.trace.base is None else self.trace.base)
        left, right = self.across.at(middle - wide / 2), self.across.at(middle + wide / 2)
        yield _mark(
            _rectangles(left, right, self.up.foot(low + height), self.up.foot(low)),
            f"fill:{_ink(self.trace.marker.color)}",
            self.trace,
        )

    def _cells(self) -> Iterator[str]:
        """A heatmap as one path a shade, with no more cells than can be told apart."""
        values = np.asarray(self.trace.z, dtype=np.float64)
        rows, columns = (np.linspace(0, size, min(size, MOST_CELLS) + 1).round() for size in values.shape)
        chosen = values[np.ix_(_middles(rows), _middles(columns))]
        low, high = np.nanmin(values), np.nanmax(values)
        shade = np.round((SHADES - 1) * (chosen - low) / (high - low or 1.0))
        left, right = (self.across.share(columns[part] / columns[-1]) for part in _SIDES)
        bottom, top = (self.up.share(rows[part] / rows[-1]) for part in _SIDES)
        for level in np.unique(shade[~np.isnan(shade)]):
            row, column = np.nonzero(shade == level)
            drawn = _rectangles(left[column], right[column], top[row], bottom[row])
            yield _mark(drawn, f"fill:{_mixed(self.trace.colorscale, level / (SHADES - 1))}", self.trace)


_SIDES = (slice(None, -1), slice(1, None))


def _thinned(run: NDArray[np.float64], grain: float) -> NDArray[np.int64]:
    """A run without the points that fall into the same square as the one before; both ends are kept."""
    square = np.floor(run / grain)
    moved = (np.diff(square, axis=0) != 0).any(axis=1)
    kept = np.append(True, moved)
    kept[-1] = True
    return _whole(run[kept])


def _steps(run: NDArray[np.float64]) -> NDArray[np.float64]:
    """The corners of a line that first goes across and then up."""
    return np.stack([np.repeat(run[:, 0], 2)[1:], np.repeat(run[:, 1], 2)[:-1]], axis=1)


def _whole(points: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.round(points).astype(np.int64)


def _path(run: NDArray[np.int64]) -> str:
    """A line as SVG: where it starts, then how far each point is from the one before."""
    start, moves = run[0], np.diff(run, axis=0)
    words = " ".join(f"{x} {y}" for x, y in moves.tolist() if x or y)
    return f"M{start[0]} {start[1]}l{words or '0 0'}".replace(" -", "-")


def _rectangles(
    left: NDArray[np.float64],
    right: NDArray[np.float64],
    top: NDArray[np.float64],
    bottom: NDArray[np.float64],
) -> str:
    sides = np.stack(np.broadcast_arrays(left, right, top, bottom), axis=1)
    whole = _whole(sides[~np.isnan(sides).any(axis=1)])
    return "".join(f"M{x} {y}H{x_end}V{y_end}H{x}z" for x, x_end, y, y_end in whole.tolist())


def _middles(edges: NDArray[np.float64]) -> NDArray[np.int64]:
    return ((edges[:-1] + edges[1:] - 1) / 2).astype(np.int64)


def _mark(path: str, style: str, trace: Any) -> str:  # noqa: ANN401 - plotly's own
    if not path:
        return ""
    see_through = f";opacity:{trace.opacity:.2g}" if trace.opacity is not None else ""
    return f'<path d="{path}" style="{style}{see_through}"/>'


def _ink(colour: object) -> str:
    """The page's token for a figure's colour; a colour that is not in the palette becomes a quiet one."""
    if colour is None:
        return f"var({TOKENS[DATA_1]})"
    return f"var({TOKENS.get(str(colour), TOKENS[QUIET])})"


def _mixed(colorscale: object, share: float) -> str:
    """A colour between the ends of a heatmap's scale."""
    stops = list(colorscale) if isinstance(colorscale, tuple | list) else []
    first, last = (_ink(stops[0][1]), _ink(stops[-1][1])) if stops else ("var(--sunk)", _ink(DATA_1))
    return f"color-mix(in oklab,{last} {100 * share:.0f}%,{first})"
