"""Drawing what a toy model of superposition keeps.

With two hidden dimensions, a small picture for each density, from always on to rarest: feature i is drawn
as column i of W, beside the unit circle. Turning or mirroring the hidden space changes nothing, so every
picture is turned until the most important feature points up, and mirrored until the next one points right.

With another number of dimensions, the share of a dimension that each feature has to itself,

    D_i = |W_i|² / Σ_j (W_i · W_j / |W_i|)²,

is a dot: 1 is a dimension of its own, ½ one shared by two, 0 none. Below them is the Gram matrix WᵀW of the
features kept at the sparsest density, W_i · W_j in row i and column j: the greater, the wider the dot, in one
colour where a feature adds to another's reading and in another where it takes away. A model that shared
nothing would have the diagonal alone.

Source: N. Elhage and others (2022), "Toy Models of Superposition", which defines D. Left out: the bias b.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, DATA_4, RULE
from sim.toys._drawing import SMALL, axis, figure, label, percent, separated

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

PLANE = 2  # the hidden dimensions that can be drawn as they are
REPRESENTED = 0.5  # the least length of a direction that counts as represented

COLUMNS = 5
ROW_HEIGHT = 156  # pixels
ACROSS, DOWN = 2.5, 4.2  # between the centres of neighbouring pictures, in radii
LABEL_ABOVE = 1.2  # a picture's centre, in radii
EDGE = 0.6  # instances beyond the first and the last
GRAM_HEIGHT, LABELLED = 260, 24  # pixels, with the words above it
MOST_IN_GRAM = 40  # features; more would be dust
OVERLAPS = (0.1, 0.3, 0.5, 0.8)  # from each of these on a dot is wider, its area as great as this; none below
MOST_NAMED = 7  # densities on an axis; more would touch on a phone


def represented(weights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which features are represented: [instance, feature], from W: [instance, hidden, feature]."""
    kept: NDArray[np.bool_] = np.linalg.norm(weights, axis=1) > REPRESENTED
    return kept


def upright(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn two-dimensional W, [instance, 2, feature], as described above; leave others as they are."""
    if weights.shape[1] != PLANE:
        return weights
    direction = weights[:, 0] + 1j * weights[:, 1]  # [instance, feature]
    turned = direction * np.exp(1j * (np.pi / 2 - np.angle(direction[:, :1])))
    aside = np.abs(turned.real) > REPRESENTED / 2
    leading = np.take_along_axis(turned.real, aside.argmax(axis=1)[:, None], axis=1)
    return np.stack([np.where(leading < 0, -turned.real, turned.real), turned.imag], axis=1)


def dimensions_per_feature(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """D, [instance, feature], from W: [instance, hidden, feature]."""
    gram = np.einsum("ihf,ihg->ifg", weights, weights)
    squares, overlap = np.einsum("iff->if", gram), (gram**2).sum(axis=2)
    share: NDArray[np.float64] = squares**2 / np.where(overlap > 0, overlap, 1)
    return share


def draw(weights: NDArray[np.float64], density: NDArray[np.float64], losses: Sequence[str] = ()) -> Figure:
    """Draw W, [instance, hidden, feature], of instances with these densities, [instance].

    What `losses` says of each instance stands over its picture, if it has one.
    """
    if weights.shape[1] == PLANE:
        return _directions(weights, density, losses or [""] * len(density))
    return _shares(weights, density)


def _directions(weights: NDArray[np.float64], density: NDArray[np.float64], losses: Sequence[str]) -> Figure:
    row, column = np.divmod(np.arange(len(weights)), COLUMNS)
    centres = np.stack([column * ACROSS, -row * DOWN], axis=1)  # [instance, 2]
    tips = np.moveaxis(centres[:, :, None] + weights, 1, 0)  # [2, instance, feature]
    kept = represented(weights)
    angle = np.linspace(0, 2 * np.pi, 49)
    circles = [centre[:, None] + np.stack([np.cos(angle), np.sin(angle)]) for centre in centres]
    spokes = [np.stack([centres[i], tips[:, i, f]], axis=1) for i, f in np.argwhere(kept)]
    counts = kept.sum(axis=1)
    return figure(
        [
            _lines(circles, RULE, 1),
            _lines(spokes, DATA_1, 2),
            _dots(tips[:, ~kept], DATA_4, 4),
            _dots(tips[:, kept], DATA_1, 6),
        ],
        height=ROW_HEIGHT * (row[-1] + 1),
        margin={"l": 0, "r": 0, "t": 4, "b": 0},
        xaxis=axis(visible=False, range=[-1.2, column.max() * ACROSS + 1.2]),
        yaxis=axis(visible=False, range=[-row[-1] * DOWN - 1.2, 2.8], scaleanchor="x"),
        annotations=[
            label(f"on {percent(share)}<br>keeps {count}<br>{loss}", x=x, y=y + LABEL_ABOVE, yanchor="bottom")
            for (x, y), share, count, loss in zip(centres, density, counts, losses, strict=True)
        ],
    )


def _shares(weights: NDArray[np.float64], density: NDArray[np.float64]) -> Figure:
    instances, _, features = weights.shape
    place = np.arange(instances)[:, None] + np.linspace(-0.35, 0.35, features)  # in order of importance
    share = dimensions_per_feature(weights)
    named = np.arange(0, instances, -(-instances // MOST_NAMED))
    kept = np.flatnonzero(represented(weights)[-1])
    directions = weights[-1][:, kept[:MOST_IN_GRAM]]
    said = "dimensions that each feature has, by how often it is on"
    which = "kept" if len(kept) <= MOST_IN_GRAM else f"kept, of which {MOST_IN_GRAM},"
    below = f"{len(kept)} {which} at {percent(density[-1])}, and their overlaps"
    height = 2 * ROW_HEIGHT + GRAM_HEIGHT
    top, bottom = 1 - (2 * ROW_HEIGHT - LABELLED) / (height - LABELLED), (GRAM_HEIGHT - LABELLED) / height
    ends = [-0.5, max(directions.shape[1], 1) - 0.5]
    words = {"xref": "paper", "yref": "paper", "yanchor": "bottom"}
    return figure(
        [
            _dots(np.stack([place.ravel(), share.ravel()]), DATA_1, 5) | {"opacity": 0.7},
            *_gram(directions),
        ],
        height=height,
        margin={"l": 24, "r": 8, "t": LABELLED, "b": 8},
        xaxis=axis(
            range=[-EDGE, instances - 1 + EDGE],
            tickvals=named,
            ticktext=[percent(p) for p in density[named]],
            tickangle=0,
        ),
        yaxis=axis(
            range=[-0.05, 1.1],
            domain=[top, 1],
            showgrid=True,
            tickvals=[0, 0.5, 1],
            ticktext=["0", "½", "1"],
        ),
        xaxis2=axis(visible=False, range=ends, anchor="y2"),
        yaxis2=axis(visible=False, range=ends[::-1], domain=[0, bottom], anchor="x2", scaleanchor="x2"),
        annotations=[
            label(said, x=0, xanchor="left", y=1, **words),
            label(below, x=0, xanchor="left", y=bottom, **words),
            label("alike", x=0.82, xanchor="right", y=bottom, **words, font={"size": SMALL, "color": DATA_1}),
            label("opposed", x=1, xanchor="right", y=bottom, **words, font={"size": SMALL, "color": DATA_2}),
        ],
    )


def _gram(directions: NDArray[np.float64]) -> list[dict[str, Any]]:
    """W_i · W_j, from W: [hidden, feature], as dots of two colours, in a few sizes."""
    gram = directions.T @ directions
    across = (GRAM_HEIGHT - LABELLED) / max(len(gram), 1)  # pixels from one dot's centre to the next
    traces = []
    for sign, colour in ((1, DATA_1), (-1, DATA_2)):
        for low, high in pairwise([*OVERLAPS, np.inf]):
            row, column = np.nonzero((sign * gram >= low) & (sign * gram < high))
            dots = _dots(np.stack([column, row]).astype(np.float64), colour, across * low**0.5)
            traces.append(dots | {"xaxis": "x2", "yaxis": "y2"})
    return traces


def _lines(lines: Sequence[NDArray[np.float64]], color: str, width: float) -> dict[str, Any]:
    x, y = (separated([line[i] for line in lines]) for i in range(PLANE))
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": color, "width": width}}


def _dots(points: NDArray[np.float64], color: str, size: float) -> dict[str, Any]:
    x, y = points.astype(np.float32)
    return {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": {"color": color, "size": size}}
