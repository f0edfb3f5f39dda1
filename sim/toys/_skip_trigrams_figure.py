"""Drawing two heads by hand, and below them heads in training.

Above, for each kind of prompt, what the copying head adds, what the negative head takes away again, and a
dot at what remains. The dotted line is half the strength: below it the prompt is answered "none", or
"even".

Below, the share that each training gets right, and its loss: a faint line is one training, a full one their
mean. Dotted are the best table's share on the left, and on the right the least loss of a table and that of
a head which only asks whether there is a one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, DATA_3, DATA_4, INK, QUIET
from sim.toys._count_heads import any_ones_loss, best_table, xor_by_hand
from sim.toys._drawing import PERCENT, SMALL, axis, figure, label, number, separated

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

Arrays = Mapping[str, "NDArray[Any]"]

DRAWN = 10  # trainings of each kind
HEADS = (DATA_4, DATA_3, DATA_1, DATA_2)  # the colour of one head, of two, …
PLACES = np.array([0, 1, 2.7, 3.7, 4.7, 5.7])  # of the prompts, two of the first task and four of the second
ASKED = ("… B<br>none", "A … B<br>answer", "0 0<br>even", "0 1<br>odd", "1 0<br>odd", "1 1<br>even")
ONES = np.array([0, 1, 1, 2])  # in each prompt of the second task
ASIDE = 0.15  # of a head's bar, from its prompt's place

TRAINED_TOP, HEADING, HAND_FLOOR = 0.36, 0.385, 0.575  # heights, as shares of the figure's
LEFT_END, RIGHT_START = 0.44, 0.56  # of the lower panels


def draw(arrays: Arrays, *, trigrams: int, strength: float, bits: int, steps: int) -> Figure:
    """Draw both halves; `arrays` holds step, [point], and accuracy and loss, [variant, seed, point]."""
    top = {"yref": "paper", "y": 1, "xref": "x", "yanchor": "bottom"}
    key = {**top, "xref": "paper", "yshift": 15, "xanchor": "left"}
    heading = {"yref": "paper", "y": HEADING, "yanchor": "bottom", "xref": "paper", "xanchor": "left"}
    times = [0, steps // 2, steps]
    below = {"range": [0, steps], "tickvals": times, "ticktext": [f"{time:,}" for time in times]}
    marks = np.array([0, 0.5, 1, 2]) * strength
    table, says_nothing = best_table(bits), math.log(2)
    return figure(
        [
            *_by_hand(strength),
            *_curves(arrays, "accuracy", "2"),
            *_curves(arrays, "loss", "3"),
        ],
        height=400,
        margin={"l": 36, "r": 8, "t": 38, "b": 24},
        xaxis=axis(range=[-0.6, 6.3], tickvals=PLACES, ticktext=ASKED, tickangle=0),
        yaxis=axis(
            range=[-0.1 * strength, 2.1 * strength],
            domain=[HAND_FLOOR, 1],
            tickvals=marks,
            ticktext=[number(mark) for mark in marks],
        ),
        xaxis2=axis(domain=[0, LEFT_END], anchor="y2", **below),
        yaxis2=axis(anchor="x2", domain=[0, TRAINED_TOP], range=[0, 1.04], **PERCENT),
        xaxis3=axis(domain=[RIGHT_START, 1], anchor="y3", **below),
        yaxis3=axis(
            anchor="x3",
            domain=[0, TRAINED_TOP],
            range=[0, 0.85],
            tickvals=[0, says_nothing],
            ticktext=["0", number(says_nothing)],
        ),
        shapes=[
            _level(strength / 2, "x", "y", -0.6, 6.3),
            _level(table, "x2", "y2", 0, steps),
            _level(says_nothing, "x3", "y3", 0, steps),
            _level(any_ones_loss(bits), "x3", "y3", 0, steps),
        ],
        annotations=[
            label("copying head", **key, x=0, font=_colour(DATA_1)),
            label("negative head", **key, x=0.27, font=_colour(DATA_2)),
            label("what remains", **key, x=0.56, font=_colour(INK)),
            label(f"{trigrams} skip-trigrams", **top, x=0.5),
            label("XOR of two digits", **top, x=4.2),
            label(_asked(bits), **heading, x=0),
            label("loss", **heading, x=RIGHT_START),
            *_key_of_heads(arrays, heading),
            label("best table", xref="x2", yref="y2", x=steps, y=table, xanchor="right", yanchor="top"),
            label(
                "any table", xref="paper", yref="y3", x=1, y=says_nothing, xanchor="right", yanchor="bottom"
            ),
        ],
    )


def _asked(bits: int) -> str:
    return "share right by step" if bits == ONES.max() else f"share right, {bits} digits"


def _by_hand(strength: float) -> list[dict[str, Any]]:
    """Each head's part in each prompt as a bar, the negative one's from where the copying one's ends."""
    added, taken = np.concatenate([[[1, 1], [-1, 0]], xor_by_hand(1.0)[:, ONES]], axis=1) * strength
    remains = added + taken
    return [
        _bars(PLACES - ASIDE, np.zeros_like(added), added, DATA_1),
        _bars(PLACES + ASIDE, added, remains, DATA_2),
        {
            "type": "scatter",
            "mode": "markers",
            "x": PLACES + ASIDE,
            "y": remains,
            "marker": {"color": INK, "size": 9},
        },
    ]


def _bars(x: NDArray[Any], start: NDArray[Any], end: NDArray[Any], colour: str) -> dict[str, Any]:
    across = separated([np.array([place, place]) for place in x])
    up = separated([np.array([low, high]) for low, high in zip(start, end, strict=True)])
    return {"type": "scatter", "mode": "lines", "x": across, "y": up, "line": {"color": colour, "width": 7}}


def _curves(arrays: Arrays, name: str, panel: str) -> list[dict[str, Any]]:
    step, curves = arrays["step"], arrays[name]
    on = {"type": "scatter", "mode": "lines", "xaxis": f"x{panel}", "yaxis": f"y{panel}"}
    traces: list[dict[str, Any]] = []
    for colour, seeds in zip(HEADS, curves, strict=False):
        drawn = seeds[:DRAWN]
        each = {"x": separated([step] * len(drawn)), "y": separated(list(drawn))}
        traces.append({**on, **each, "opacity": 0.35, "line": {"color": colour, "width": 1}})
        traces.append({**on, "x": step, "y": seeds.mean(axis=0), "line": {"color": colour, "width": 2}})
    return traces


def _key_of_heads(arrays: Arrays, place: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Name the colours beside the heading of the loss: "1", "2" and so on, and then "heads"."""
    variants = len(arrays["accuracy"])
    words = [*(f"{heads}" for heads in range(1, variants)), f"{variants} heads"]
    return [
        label(word, **place, x=RIGHT_START, xshift=44 + 18 * at, font=_colour(colour))
        for at, (word, colour) in enumerate(zip(words, HEADS, strict=False))
    ]


def _level(height: float, x: str, y: str, start: float, end: float) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    return {
        "type": "line",
        "xref": x,
        "yref": y,
        "x0": start,
        "x1": end,
        "y0": height,
        "y1": height,
        "line": line,
    }


def _colour(colour: str) -> dict[str, Any]:
    return {"size": SMALL, "color": colour}
