"""Where the values of a figure's axes lie in its thumbnail.

An axis that names its range has it; another gets the range of what is drawn on it, and a little more.
Left out: categories, dates, and margins, since a thumbnail has no words to make room for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from plotly.graph_objects import Figure

WIDTH, HEIGHT = 640, 360  # of the drawing, in its own units
EDGE = 6  # kept free, so that no line is cut
LOOSE = 0.05  # of the range, left free around values whose axis names none
BEYOND = 1.0  # how far outside an axis, in its own lengths, something is still drawn, to be cut by the edge


@dataclass(frozen=True)
class Scale:
    """One axis.

    Attributes:
        low: The value at its beginning; the logarithm of it on a logarithmic axis.
        high: The value at its end, likewise.
        start: Where it begins in the drawing.
        end: Where it ends.
        logarithmic: Whether equal factors are equally far apart.
    """

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def at(self, values: ArrayLike) -> NDArray[np.float64]:
        """Where values lie; what is no number, or far beyond the axis, lies nowhere."""
        share = (_inner(values, logarithmic=self.logarithmic) - self.low) / (self.high - self.low)
        return self.share(np.where((share >= -BEYOND) & (share <= 1 + BEYOND), share, np.nan))

    def foot(self, values: ArrayLike) -> NDArray[np.float64]:
        """Where bars and areas stand: at these values, or else at the nearer end of the axis."""
        inner = np.nan_to_num(_inner(values, logarithmic=self.logarithmic), nan=self.low)
        return self.share((np.clip(inner, self.low, self.high) - self.low) / (self.high - self.low))

    def share(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where a share of the axis lies."""
        return self.start + share * (self.end - self.start)


class Axes:
    """The axes of a figure, each with its scale.

    Args:
        figure: Whose they are.
        is_full: Whether panels in which something is drawn share the whole height among themselves.
    """

    def __init__(self, figure: Figure, *, is_full: bool = False) -> None:
        self._figure = figure
        self._height = self._drawn() if is_full else (0.0, 1.0)
        self._scales = {name: self._scale(name) for trace in figure.data for name in _names(trace)}
        for across, up in {_names(trace) for trace in figure.data}:
            if self._axis(up).scaleanchor == across:
                self._scales[across], self._scales[up] = _alike(self._scales[across], self._scales[up])

    def of(self, trace: Any) -> tuple[Scale, Scale]:  # noqa: ANN401 - plotly's own
        """The scales, across and up, that a trace is drawn on."""
        across, up = _names(trace)
        return self._scales[across], self._scales[up]

    def _axis(self, name: str) -> Any:  # noqa: ANN401 - plotly's own
        return self._figure.layout[f"{name[0]}axis{name[1:]}"]

    def _scale(self, name: str) -> Scale:
        axis = self._axis(name)
        begin, end = axis.domain or (0.0, 1.0)
        if name[0] == "y":
            lowest, highest = self._height
            begin, end = ((share - lowest) / (highest - lowest) for share in (begin, end))
        logarithmic = axis.type == "log"
        low, high = axis.range or self._extent(name, logarithmic=logarithmic)
        length = WIDTH if name[0] == "x" else HEIGHT
        start, stop = (EDGE + share * (length - 2 * EDGE) for share in (begin, end))
        if name[0] == "y":  # a drawing is measured from its top
            start, stop = HEIGHT - start, HEIGHT - stop
        return Scale(float(low), float(high), start, stop, logarithmic)

    def _drawn(self) -> tuple[float, float]:
        """From where to where, in shares of the height, there are panels with something in them."""
        domains = [
            self._axis(_names(trace)[1]).domain or (0.0, 1.0)
            for trace in self._figure.data
            if trace.type == "heatmap" or np.isfinite(positions(trace, "y")).any()
        ]
        if not domains:
            return 0.0, 1.0
        return min(low for low, _ in domains), max(high for _, high in domains)

    def _extent(self, name: str, *, logarithmic: bool) -> tuple[float, float]:
        """The least and the greatest value on an axis, and a little more."""
        parts = [_inner(part, logarithmic=logarithmic) for part in self._values(name)]
        values = np.concatenate(parts or [np.zeros(0)])
        values = values[np.isfinite(values)]
        if not len(values):
            return 0.0, 1.0
        low, high = float(values.min()), float(values.max())
        free = LOOSE * (high - low) or 0.5
        if self._axis(name).rangemode == "tozero" and not logarithmic:
            return min(low - free, 0.0) if low < 0 else 0.0, high + free if high > 0 else 0.0
        return low - free, high + free

    def _values(self, name: str) -> Iterator[ArrayLike]:
        """What is drawn on an axis; bars stand on 0."""
        for trace in self._figure.data:
            if name in _names(trace):
                yield positions(trace, name[0])
                if trace.type == "bar" and name[0] == "y":
                    yield [0.0]


def positions(trace: Any, way: str) -> NDArray[np.float64]:  # noqa: ANN401 - plotly's own
    """Where a trace's points lie along x or y; those that do not say so are counted from 0."""
    along, other = (trace[way], trace["y" if way == "x" else "x"])
    if along is None:
        return np.arange(0 if other is None else len(other), dtype=np.float64)
    return numbers(along)


def numbers(values: ArrayLike) -> NDArray[np.float64]:
    """Numbers as an array; `None` among them is none."""
    return np.atleast_1d(np.asarray(values, dtype=np.float64))


def _names(trace: Any) -> tuple[str, str]:  # noqa: ANN401 - plotly's own
    return trace.xaxis or "x", trace.yaxis or "y"


def _inner(values: ArrayLike, *, logarithmic: bool) -> NDArray[np.float64]:
    plain = numbers(values)
    if not logarithmic:
        return plain
    return np.log10(plain, where=plain > 0, out=np.full(plain.shape, np.nan))


def _alike(across: Scale, up: Scale) -> tuple[Scale, Scale]:
    """Two scales on which a unit is equally long: the longer range keeps its place, the other is centred."""
    unit = min(abs(scale.end - scale.start) / (scale.high - scale.low) for scale in (across, up))
    return _in_units(across, unit), _in_units(up, unit)


def _in_units(scale: Scale, unit: float) -> Scale:
    middle, half = (scale.start + scale.end) / 2, unit * (scale.high - scale.low) / 2
    way = 1 if scale.end > scale.start else -1
    return replace(scale, start=middle - way * half, end=middle + way * half)
