"""A sheet of small panels, two in a row, at heights that do not depend on the sheet's width.

The first panels are of cells; below them come one across the sheet, two of curves and, where the question is
how wide a head has to be, two of widths. Left out: what is drawn in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.toys._drawing import axis

LEFT, RIGHT, ACROSS = (0.0, 0.43), (0.57, 1.0), (0.0, 1.0)
TOP, BOTTOM = 22, 22  # pixels around it all
BETWEEN = 42  # pixels between two rows: numbers below the one, words above the other
SECOND_LINE = 10  # pixels, of the numbers below cells
CELLS, SEQUENCE, CURVES, WIDTHS = 91, 92, 78, 78  # pixels


@dataclass(frozen=True)
class Place:
    """Where a panel stands.

    Attributes:
        number: Which of the figure's pairs of axes is its own, from 1.
        across: Where it begins and ends, as shares of the sheet's width.
        up: Where its floor and its ceiling are, as shares of the height.
    """

    number: int
    across: tuple[float, float]
    up: tuple[float, float]

    @property
    def own(self) -> str:
        """What stands behind x and y in the names of its axes."""
        return "" if self.number == 1 else str(self.number)

    def on(self) -> dict[str, str]:
        """What a trace says that is drawn here."""
        return {"xaxis": f"x{self.own}", "yaxis": f"y{self.own}"}

    def axes(self, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
        """Its two axes, for the layout."""
        return {
            f"xaxis{self.own}": axis(domain=list(self.across), anchor=f"y{self.own}", **x),
            f"yaxis{self.own}": axis(domain=list(self.up), anchor=f"x{self.own}", **y),
        }

    def heading(self) -> dict[str, Any]:
        """Where its heading stands, for an annotation."""
        above = {"yref": "paper", "y": self.up[1], "yanchor": "bottom"}
        return {**above, "xref": "paper", "x": self.across[0], "xanchor": "left"}


def places(cell_panels: int, *, widths: bool) -> list[Place]:
    """The panels in reading order: those of cells, the sequence, two of curves, two of widths or none."""
    whole = _inside(cell_panels, widths=widths)
    found: list[Place] = []
    ceiling = float(whole)
    for tall, sides in _rows(cell_panels, widths=widths):
        floor = ceiling - tall
        up = floor / whole, ceiling / whole
        found += [Place(len(found) + at, side, up) for at, side in enumerate(sides, 1)]
        ceiling = floor - BETWEEN - (SECOND_LINE if len(found) <= cell_panels else 0)
    return found


def height(cell_panels: int, *, widths: bool) -> int:
    """How high the sheet is, in pixels, with its margins."""
    return _inside(cell_panels, widths=widths) + TOP + BOTTOM


def _inside(cell_panels: int, *, widths: bool) -> int:
    rows = [tall for tall, _ in _rows(cell_panels, widths=widths)]
    return sum(rows) + BETWEEN * (len(rows) - 1) + SECOND_LINE * rows.count(CELLS)


def _rows(cell_panels: int, *, widths: bool) -> Iterator[tuple[int, tuple[tuple[float, float], ...]]]:
    for first in range(0, cell_panels, 2):
        yield CELLS, (LEFT, RIGHT)[: cell_panels - first]
    yield SEQUENCE, (ACROSS,)
    yield CURVES, (LEFT, RIGHT)
    if widths:
        yield WIDTHS, (LEFT, RIGHT)
