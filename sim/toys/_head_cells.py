"""Cells: a matrix as a sheet of rectangles whose areas are its entries.

A row stands for each signal, for noise on average, and for the read-off; a column for each pair. On the left
a further column says how attention is shared if one of each token is there. Every row is drawn less its mean,
since a number that is added to all logits changes nothing.

Source: the diagrams of weights of G. Hinton and T. Shallice (1991), in colours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.palette import DATA_4, QUIET
from sim.toys._head_by_hand import SOURCE
from sim.toys._head_reading import attention, less_mean, together
from sim.toys._head_task import NOISE, PAIRS, READ_OFF, SIGNALS, TOKENS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.toys._head_reading import Model

    Floats = NDArray[np.float64]

ROW_NAMES = ("1", "2", "3", "4", "noise", "0")
PAIR_NAMES = [f"{first}<br>{second}" for first, second in PAIRS]  # a phone has no room for both abreast
HEIGHTS = np.arange(len(ROW_NAMES))[::-1].astype(np.float64)  # of the rows, the first at the top
BESIDE = -1.6  # where attention stands
LARGEST = 0.92  # a side of the largest cell
SMALLER = 10  # pixels: numbers below columns

ROWS_AXIS = {"range": [-0.6, 5.6], "tickvals": HEIGHTS.tolist(), "ticktext": list(ROW_NAMES)}
PAIRS_AXIS = {
    "range": [-2.3, 9.6],
    "tickvals": [BESIDE, *range(len(PAIRS))],
    "ticktext": ["looks", *PAIR_NAMES],
    "tickangle": 0,
    "tickfont": {"size": SMALLER, "color": QUIET},
}


class Cells(NamedTuple):
    """What is drawn in a panel: a matrix, [row, pair], and the attention beside it, [row]."""

    matrix: Floats
    attention: Floats


def by_head(model: Model) -> list[Cells]:
    """Each head of a model."""
    shares = attention(model.score, np.ones((1, TOKENS)))[:, 0]
    return [
        Cells(_rows(less_mean(evou)), _rows(share)) for evou, share in zip(model.evou, shares, strict=True)
    ]


def added_up(model: Model) -> Cells:
    """The heads' EVOU added up; attention is each head's own."""
    return Cells(_rows(together(model)), np.zeros(len(ROW_NAMES)))


def by_hand() -> Cells:
    """The one head of the source."""
    nothing = np.zeros((2, len(PAIRS)))
    alike = np.repeat([1.0, 0.0], [len(SIGNALS), 2])
    return Cells(np.concatenate([less_mean(SOURCE.rows), nothing]), alike)


def _rows(by_token: Floats) -> Floats:
    """The rows to draw, of one for each token: [row, …]."""
    noise = by_token[list(NOISE)].mean(axis=0)
    return np.concatenate([by_token[list(SIGNALS)], noise[None], by_token[READ_OFF][None]])


def trace(cells: Cells, colour: str, largest: float) -> dict[str, Any]:
    """The cells as bars: raised in the colour given, lowered grey, attention quiet.

    Args:
        cells: What to draw.
        colour: Of what is raised.
        largest: The entry whose cell is as large as can be.
    """
    beside = cells.attention / (cells.attention.max() or 1.0)
    entries = np.concatenate([cells.matrix / (largest or 1.0), beside[:, None]], axis=1)
    side = LARGEST * np.sqrt(np.abs(entries).clip(0, 1))
    across = np.append(np.arange(len(PAIRS), dtype=np.float64), BESIDE)
    up = np.repeat(HEIGHTS[:, None], entries.shape[1], axis=1)
    colours = np.where(entries < 0, DATA_4, colour)
    colours[:, -1] = QUIET
    return {
        "type": "bar",
        "x": np.tile(across, len(HEIGHTS)).astype(np.float32),
        "width": side.ravel().astype(np.float32),
        "base": (up - side / 2).ravel().astype(np.float32),
        "y": side.ravel().astype(np.float32),
        "marker": {"color": colours.ravel().tolist(), "line": {"width": 0}},
    }


def greatest(*several: Cells) -> float:
    """The greatest entry among them, of either sign."""
    return max(float(np.abs(cells.matrix).max()) for cells in several)
