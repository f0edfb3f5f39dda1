"""Drawing attention heads: a sheet of small panels, two in a row.

First each head as cells (`_head_cells`), and then the heads added up, beside the one head by hand. Below,
what each head adds to each pair on the typed sequence, with dots at the sums and a large one at the pair that
is there. Then how training went, a faint line for each seed and a full one in their middle.

Below a single head stands also what came of every width, for one head and for two, dotted where they have a
direct path. The dashes are the most that one head which attends evenly, and has no direct path, can lead for
its norm; what is trained otherwise may be above them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.palette import DATA_1, DATA_2, DATA_3, INK, QUIET, RULE
from sim.toys import _head_cells as drawn
from sim.toys._drawing import PERCENT, SMALL, UNSAID, figure, label, separated, ticks
from sim.toys._head_by_hand import most_per_norm
from sim.toys._head_reading import between_signals, contributions, preference
from sim.toys._head_sheet import BOTTOM, TOP, Place, height, places
from sim.toys._head_task import PAIRS, count, pair_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from sim.toys._head_reading import Model
    from sim.toys._head_sweep import Sweep

    Floats = NDArray[np.floating[Any]]

HEADS = (DATA_1, DATA_2, DATA_3)  # the colour of each head
SEEDS = 10  # that are drawn
LEAST_LOSS, MOST_LOSS = 1e-4, 4.0
SIDE_BY_SIDE = 0.72  # of a pair's place, taken by bars
ROOM = 1.2  # above the highest


class _Drawing:
    """The figure as it grows, panel by panel."""

    def __init__(self) -> None:
        self.traces: list[dict[str, Any]] = []
        self.layout: dict[str, Any] = {}
        self.shapes: list[dict[str, Any]] = []
        self.words: list[dict[str, Any]] = []

    def panel(
        self, place: Place, x: dict[str, Any], y: dict[str, Any], heading: str, colour: str = QUIET
    ) -> None:
        """Put a panel's axes in place, and a heading above them."""
        self.layout |= place.axes(x, y)
        self.say(heading, colour, **place.heading())

    def say(self, words: str, colour: str, **where: Any) -> None:  # noqa: ANN401 - plotly's own
        self.words.append(label(words, **where, font={"size": SMALL, "color": colour}))

    def line(self, place: Place, x: Floats, y: Floats, colour: str, **look: Any) -> None:  # noqa: ANN401 - plotly's own
        dash, width = look.pop("dash", "solid"), look.pop("width", 1.6)
        style = {"color": colour, "width": width, "dash": dash}
        self.traces.append(
            {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": style, **place.on(), **look}
        )

    def level(self, place: Place, x: tuple[float, float], y: tuple[float, float], colour: str) -> None:
        """A hairline from one point to another."""
        ends = {"x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1]}
        refs = {"xref": f"x{place.own}", "yref": f"y{place.own}"}
        self.shapes.append(
            {"type": "line", **refs, **ends, "line": {"color": colour, "width": 1}, "layer": "below"}
        )


def draw(
    model: Model,
    arrays: Mapping[str, Floats],
    tokens: Sequence[int],
    *,
    steps: int,
    shown: tuple[int, int, int],
    sweep: Mapping[tuple[int, int], Sweep],
) -> Figure:
    """Draw a model, its training and the widths.

    Args:
        model: The model that is shown.
        arrays: step, [point], and accuracy and loss, [seed, point].
        tokens: The typed sequence.
        steps: How long training is.
        shown: Its heads, whether it has a direct path, and the dimensions of a head.
        sweep: What became of every width, by the number of heads and whether there is a direct path.
    """
    heads = len(model.score)
    alone = heads == 1
    panels = 2 if alone else heads + 2
    where = places(panels, widths=alone)
    of_cells, (sequence, accuracy, loss, *of_widths) = where[:panels], where[panels:]
    sheet = _Drawing()
    _draw_cells(sheet, of_cells, model)
    _draw_sequence(sheet, sequence, model, tokens)
    _draw_training(sheet, accuracy, loss, arrays, steps)
    if of_widths:
        right, per_norm = of_widths
        _draw_widths(sheet, right, per_norm, sweep, shown)
    return figure(
        sheet.traces,
        height=height(panels, widths=alone),
        margin={"l": 34, "r": 14, "t": TOP, "b": BOTTOM},
        bargap=0,
        barmode="overlay",
        shapes=sheet.shapes,
        annotations=sheet.words,
        **sheet.layout,
    )


def _draw_cells(sheet: _Drawing, where: Sequence[Place], model: Model) -> None:
    heads = drawn.by_head(model)
    largest = drawn.greatest(*heads)
    shares = between_signals(model.score)
    shown = [
        (cells, colour, largest, f"head {number} prefers {preference(share)}")
        for number, (cells, colour, share) in enumerate(zip(heads, HEADS, shares, strict=False), 1)
    ]
    if len(heads) > 1:
        summed = drawn.added_up(model)
        shown.append((summed, INK, drawn.greatest(summed), "the heads added up"))
    hand = drawn.by_hand()
    shown.append((hand, INK, drawn.greatest(hand), "one head, by hand"))
    for place, (cells, colour, most, heading) in zip(where, shown, strict=True):
        sheet.panel(place, drawn.PAIRS_AXIS, drawn.ROWS_AXIS, heading, colour)
        sheet.traces.append({**drawn.trace(cells, colour, most), **place.on()})


def _draw_sequence(sheet: _Drawing, place: Place, model: Model, tokens: Sequence[int]) -> None:
    parts = contributions(model, count(tokens))  # [part, pair]
    total = parts.sum(axis=0)
    reach = ROOM * float(np.abs([*parts, total]).max()) or 1.0
    across = np.arange(len(PAIRS), dtype=np.float64)
    names = {"range": [-0.6, 9.6], "tickvals": across.tolist(), "ticktext": [f"{a} {b}" for a, b in PAIRS]}
    sheet.panel(
        place,
        {**names, "tickangle": 0},
        {"range": [-reach, reach], **ticks(-reach, reach, most=5)},
        f"what each adds on {' '.join(map(str, tokens))}",
    )
    colours = [*HEADS[: len(model.score)], QUIET]
    straight = bool(model.direct.any())
    drawn_parts = [*zip(parts, colours, strict=True)][: None if straight else -1]
    at_the_end = {**place.heading(), "x": 1, "xanchor": "right"}
    sheet.say("● together", INK, **at_the_end)
    sheet.say("direct path" if straight else UNSAID, QUIET, **at_the_end, xshift=-70)
    sheet.level(place, (-0.6, 9.6), (0, 0), RULE)
    each = SIDE_BY_SIDE / (len(drawn_parts) + 1)  # and one place for the sum
    first = across - len(drawn_parts) / 2 * each
    for at, (part, colour) in enumerate(drawn_parts):
        bar = {"type": "bar", "x": first + at * each, "y": part, "width": 0.9 * each}
        sheet.traces.append({**bar, "marker": {"color": colour}, **place.on()})
    there = np.arange(len(PAIRS)) == pair_of(tokens)
    last = first + len(drawn_parts) * each
    for chosen, size in ((~there, 5), (there, 10)):
        dots = {"type": "scatter", "mode": "markers", "marker": {"color": INK, "size": size}}
        sheet.traces.append({**dots, "x": last[chosen], "y": total[chosen], **place.on()})


def _draw_training(
    sheet: _Drawing, accuracy: Place, loss: Place, arrays: Mapping[str, Floats], steps: int
) -> None:
    times = [0, steps // 2, steps]
    x = {"range": [0, steps], "tickvals": times, "ticktext": [f"{time:,}" for time in times]}
    sheet.panel(accuracy, x, {"range": [0, 1.06], **PERCENT}, "share right, by step")
    powers = {"tickvals": [1e-4, 1e-2, 1], "ticktext": ["10⁻⁴", "0.01", "1"]}
    exponents = np.log10([LEAST_LOSS, MOST_LOSS]).tolist()
    sheet.panel(loss, x, {"type": "log", "range": exponents, **powers}, "loss, by step")
    for place, name in ((accuracy, "accuracy"), (loss, "loss")):
        seeds = arrays[name]
        few = [np.asarray(curve, dtype=np.float64) for curve in seeds[:SEEDS]]
        sheet.line(
            place,
            separated([np.asarray(arrays["step"], dtype=np.float64)] * len(few)),
            separated(few),
            QUIET,
            width=1,
            opacity=0.4,
        )
        middle = np.median(seeds, axis=0) if seeds.size else arrays["step"]
        sheet.line(place, arrays["step"], middle, INK)


def _draw_widths(
    sheet: _Drawing,
    right: Place,
    per_norm: Place,
    sweep: Mapping[tuple[int, int], Sweep],
    shown: tuple[int, int, int],
) -> None:
    these, width = shown[:2], shown[2]
    widths = np.arange(1, 1 + len(next(iter(sweep.values())).right), dtype=np.float64)
    x = {
        "range": [0.6, widths[-1] + 0.4],
        "tickvals": widths.tolist(),
        "ticktext": [f"{n:.0f}" for n in widths],
    }
    most = ROOM * max(max(found.per_norm) for found in sweep.values())
    ten = {"tickvals": [0, 5, 10], "ticktext": ["0", "5", "10"]}
    sheet.panel(right, x, {"range": [-0.9, 11.2], **ten}, "seeds all right, by width")
    lead = {"range": [-0.12 * most, most], **ticks(0, most, most=4)}
    sheet.panel(per_norm, x, lead, "lead for its norm, by width")
    limit = np.array([most_per_norm(int(n)) for n in widths])
    sheet.line(per_norm, widths, limit, QUIET, dash="dash", width=1)
    for (heads, direct), found in sweep.items():
        colour, dash = (INK, DATA_3)[heads - 1], ("solid", "dot")[direct]
        for place, values in ((right, found.right), (per_norm, found.per_norm)):
            sheet.line(place, widths, np.array(values), colour, dash=dash)
    here = [width] if these in sweep else []
    colour = (INK, DATA_3)[these[0] - 1] if here else INK
    for place, of in ((right, "right"), (per_norm, "per_norm")):
        values = [getattr(sweep[these], of)[at - 1] for at in here]
        dot = {"type": "scatter", "mode": "markers", "marker": {"color": colour, "size": 9}}
        sheet.traces.append({**dot, "x": here, "y": values, **place.on()})
    inside = {"xref": f"x{right.own}", "yref": f"y{right.own}", "xanchor": "right", "x": widths[-1] + 0.4}
    sheet.say("1 head", INK, **inside, y=6.6)
    sheet.say("2 heads", DATA_3, **inside, y=4)
    sheet.say("dotted: a direct path", QUIET, **inside, y=1.4)
