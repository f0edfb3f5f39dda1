"""A map remembers more pairs than it has dimensions.

A linear map of width d, d² numbers in all, is to turn each of n random keys into its own random value, as a
directory turns names into addresses. Its output for a key is read as the value nearest to it. The capacity
is the largest n at which a wanted share of the pairs still comes back. Doubling d quadruples it, nearly:

    n ≈ d² / (2 ln n)        bits = log₂ n! − n H(p) − log₂ ((1 − p) n)!

for a wide map. The logarithm is what it takes to tell one value from all others; counting bits instead of
pairs removes it, and bits / d² comes to rest. The bits are those that a map saves someone who has to write
the directory down, with its mistakes mended (`_recall_theory`).

The maps are made and tested in `_linear_memory`; exponents are fitted in `_power_fit`. What is predicted is
for maps that are not trained; nothing as simple is known of those that are.

Source: a width that knows "quadratically many" things is L. Chan's rule (2024, comment on "Scaling
Monosemanticity"), with some 8,200² for a large model; E. Nichani, J. Lee and A. Bietti (2024),
"Understanding factual recall in transformers via associative memories", prove capacity in proportion to
parameters. Left out: keys that are alike, facts that follow from others, nonlinear maps, and everything that
a network stores besides pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from pydantic import model_validator

from sim.spec import Frame, Measurement, Preset, Quantity, Settings, setting
from sim.toys._capacity_predictions import predictions
from sim.toys._capacity_tally import CapacityTally, measured_exponent
from sim.toys._drawing import number, percent, plus_minus
from sim.toys._linear_memory import (
    LEAST_SQUARES,
    TRAINED,
    Attempt,
    capacity,
    search,
    search_seconds,
)
from sim.toys._memory_capacity_figure import draw, recall_curves
from sim.toys._recall_theory import predicted_capacity

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

MOST_SECONDS = 90

RULE_NAMES = ("outer products", "least squares", "training")

FACTS = {
    "capacity": Quantity("pairs that the widest map gives back", "pairs"),
    "pairs_per_entry": Quantity("pairs for each number in the widest map", "pairs"),
    "exponent": Quantity("exponent of the width, for pairs"),
    "doubling": Quantity("pairs for each pair that a map of half the width gives back"),
    "bits_exponent": Quantity("exponent of the width, for bits"),
    "bits_per_parameter": Quantity("bits for each number in the widest map", "bits"),
    "bits_limit": Quantity("bits for each number, in an ever wider map", "bits"),
    "square_of_width": Quantity("the large width squared"),
    "large_capacity": Quantity("pairs that one map of the large width gives back", "million pairs"),
    "large_bits": Quantity("bits for each number in a map of the large width", "bits"),
    "features_by_parameters": Quantity("parameters of the large model, for each dimension", "millions"),
    "large_model_bits": Quantity("billions of bits, if all its parameters held as much", "billion bits"),
}

# Standard errors stand by themselves: they are those of a search, to which the prediction's own error adds.
RESULTS = {
    "capacity": Measurement(fact="capacity"),
    "capacity_error": Measurement("standard error of those pairs", "pairs"),
    "bits_per_parameter": Measurement(fact="bits_per_parameter"),
    **measured_exponent("exponent", "pairs"),
    **measured_exponent("bits_exponent", "bits"),
    "capacity_by_width": Measurement("pairs that a map of each width gives back", "pairs"),
    "attempts_so_far": Measurement("maps that were filled", "maps"),
}

ARRAYS = {
    **dict.fromkeys(("width", "found_width", "tried_width"), "dimensions"),
    **dict.fromkeys(("predicted", "found", "tried_pairs"), "pairs"),
    **dict.fromkeys(("narrow_recall", "wide_recall", "tried_recall"), "share"),
    "filled": "pairs for each number",
}

PRESETS = (
    Preset("Least squares undoes what keys share", {"rule": 1}),
    Preset("All but one in a hundred come back", {"recall": 0.99}),
    Preset(
        "Trained maps hold twice as much",
        {"rule": 2, "narrowest": 12, "widest": 48, "widths": 5, "repeats": 3},
    ),
)


class Config(Settings):
    """Which maps are made and how, and the large model that they are compared with."""

    rule: int = setting(
        0,
        low=0,
        high=2,
        step=1,
        title="Rule",
        help="0 adds up outer products, 1 is least squares, 2 trains the map.",
    )
    narrowest: int = setting(
        32, low=8, high=128, unit="dimensions", title="Narrowest", help="The width of the smallest map."
    )
    widest: int = setting(
        256, low=16, high=512, unit="dimensions", title="Widest", help="The width of the largest map."
    )
    widths: int = setting(7, low=3, high=10, title="Widths", help="How many widths are compared.")
    recall: float = setting(
        0.9,
        low=0.5,
        high=0.99,
        step=0.01,
        unit="share",
        title="Recall",
        help="The share of pairs that has to come back.",
    )
    repeats: int = setting(
        6, low=2, high=20, title="Repeats", help="How often each width is tried, with other pairs."
    )
    large_width: int = setting(
        8192,
        low=64,
        high=65_536,
        scale="log",
        unit="dimensions",
        title="Large width",
        help="The width of a large model, for which the sums are done.",
    )
    large_parameters: float = setting(
        70.0,
        low=0.1,
        high=2000.0,
        scale="log",
        unit="billions",
        title="Parameters",
        help="How many numbers the large model consists of.",
    )

    @property
    def compared(self) -> list[int]:
        """The widths, from the narrowest to the widest in even ratios."""
        return [round(float(d)) for d in np.geomspace(self.narrowest, self.widest, self.widths)]

    @property
    def least_squares(self) -> bool:
        """Whether predictions are for least squares: those of trained maps, which have none, are."""
        return self.rule >= LEAST_SQUARES

    @model_validator(mode="after")
    def _can_be_fitted(self) -> Self:
        if self.widest < 2 * self.narrowest:
            raise ValueError(
                f"widest is {self.widest}, less than twice narrowest, {self.narrowest}: too short a range "
                "to fit an exponent to. Raise the one or lower the other."
            )
        seconds = self.repeats * sum(search_seconds(width, self.rule) for width in self.compared)
        if seconds > MOST_SECONDS:
            raise ValueError(
                f"{self.repeats} repeats at {self.widths} widths up to {self.widest} by "
                f"{RULE_NAMES[self.rule]} would take about {seconds:.0f} seconds, above the {MOST_SECONDS} "
                "allowed. Lower widest or repeats."
            )
        return self


def facts(config: Config) -> dict[str, float]:
    """Return what is predicted for maps that are not trained; every unit is in `FACTS`."""
    return dict(
        predictions(
            tuple(config.compared),
            config.recall,
            config.large_width,
            config.large_parameters,
            least_squares=config.least_squares,
        )
    )


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Find the capacity at each width, and again: the line is there early, and its fit narrows."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    untouched = preview(config, seed=seed)
    yield untouched
    work = np.array([search_seconds(width, config.rule) for width in config.compared])
    done, all_work = 0.0, float(work.sum()) * config.repeats
    tally = CapacityTally(config.compared, config.recall)
    for repeat in range(config.repeats):
        for index, width in enumerate(config.compared):
            attempts: list[Attempt] = []
            for attempt in search(width, config.recall, config.rule, random):
                attempts.append(attempt)
                tally.tried.append((width, attempt))
                if config.rule == TRAINED:  # each takes long enough to be watched
                    yield _so_far(untouched, tally, done / all_work)
            tally.found[index].append(capacity(attempts, config.recall, width, config.rule))
            done += work[index]
            last = (repeat, index) == (config.repeats - 1, config.widths - 1)
            yield _so_far(untouched, tally, 1.0 if last else done / all_work)


def preview(config: Config, *, seed: int) -> Frame:
    """Show the capacity that is predicted at each width, and how recall fails there."""
    predicted = [
        predicted_capacity(width, config.recall, least_squares=config.least_squares)
        for width in config.compared
    ]
    arrays = {
        "width": np.array(config.compared),
        "predicted": np.array(predicted),
        **recall_curves(config.compared, least_squares=config.least_squares, trained=config.rule == TRAINED),
    }
    return Frame(progress=0.0, config=config, arrays=arrays, seed=seed)


def figure(frame: Frame) -> Figure:
    """Draw capacity against width, and below it recall against the number of pairs."""
    config = cast("Config", frame.config)
    return draw(frame.arrays, recall=config.recall, trained=config.rule == TRAINED)


def readout(frame: Frame) -> str:
    """Say how many pairs the widest map holds, and how that grows with the width."""
    config = cast("Config", frame.config)
    exact = facts(config)
    widest = f"a map of width {config.widest}"
    if not frame.result:
        rule, share = RULE_NAMES[int(config.least_squares)], percent(config.recall)
        said = f"By {rule}, {widest} should give back {share} of up to {number(exact['capacity'])} pairs: "
        said += f"{number(exact['bits_per_parameter'])} bits for each of its {config.widest**2:,} numbers. "
        said += f"Pairs should grow as the width to the power {exact['exponent']:.2f}."
        return f"{said} Run it to train maps, which hold more." if config.rule == TRAINED else said
    result = cast("dict[str, float]", frame.result)
    if "exponent" not in result:
        return f"So far {result['attempts_so_far']:.0f} maps have been filled."
    said = f"By {RULE_NAMES[config.rule]}, {widest} gives back {percent(config.recall)} of up to "
    said += f"{plus_minus(result['capacity'], result['capacity_error'])} pairs, which is "
    said += f"{result['bits_per_parameter']:.2f} bits a number. Pairs grow as the width to the power "
    said += f"{result['exponent']:.2f} (95% interval {_interval(result, 'exponent')}), bits to the power "
    return f"{said}{result['bits_exponent']:.2f} ({_interval(result, 'bits_exponent')})."


def _interval(result: dict[str, float], name: str) -> str:
    return f"{result[f'{name}_low']:.2f} to {result[f'{name}_high']:.2f}"


def _so_far(untouched: Frame, tally: CapacityTally, progress: float) -> Frame:
    arrays = {**untouched.arrays, **tally.arrays()}
    return replace(untouched, progress=progress, result=tally.result(), arrays=arrays)
