"""Muddled neurons, and crowded ones.

Three layers of neurons that each answer to several features. In one the features lie along other axes than
the neurons; in one each feature is there several times over; in one there are more features than neurons,
which is superposition. Of any single neuron all three say the same (`_neuron_layers`). What tells them apart
is whether a linear map gives every feature back: at best, it gives back

    share = rank W / features

of their variance, which is all of it in the first two, and 1 / `ratio` in the third, however many features a
neuron answers to. A map with a bend gives back more than that while few features are on at once. Run it, and
both are trained on all three (`_read_off_training`).

Source: L. Chan (2024), "Superposition is not 'just' neuron polysemanticity"; that rare features can be had
back where they outnumber the measurements is D. Donoho's (2006), "Compressed Sensing". Left out: how to find
features that nobody has listed, and neurons that bend what they sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from pydantic import model_validator

from sim.spec import Frame, Measurement, Preset, Quantity, Result, Settings, setting
from sim.toys._drawing import number, percent
from sim.toys._neuron_layers import NAMES, features, layers, linear_shares, neurons
from sim.toys._polysemantic_figure import draw
from sim.toys._read_off_training import Shares, train

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

FRAMES = 40
MOST_SECONDS = 30
SECONDS_A_FEATURE, SECONDS_A_SQUARE = 2.4e-5, 5.2e-7  # of a step, by crowded features; on one core; measured
DEALS = tuple(permutations(range(len(NAMES))))  # which layer stands first, second and third

SCRUBBABLE = ("answers_to",)

FACTS = {
    "neurons": Quantity("neurons in each layer", "neurons"),
    "answers_to": Quantity("features that each neuron answers to, in all three layers", "features"),
    "rotated_features": Quantity("features of the layer whose axes are turned", "features"),
    "copied_features": Quantity("features of the layer that holds copies", "features"),
    "crowded_features": Quantity("features of the crowded layer", "features"),
    "rotated_linear": Quantity("given back by the best linear map, axes turned", "share"),
    "copied_linear": Quantity("given back by the best linear map, copies", "share"),
    "crowded_linear": Quantity("given back by the best linear map, crowded", "share"),
    "crowded_place": Quantity("number of the crowded layer, of the three"),
}

RESULTS = {
    **{f"{name}_linear": Measurement(fact=f"{name}_linear") for name in NAMES},
    "rotated_bent": Measurement("given back with a bend, axes turned", "share"),
    "copied_bent": Measurement("given back with a bend, copies", "share"),
    "crowded_bent": Measurement("given back with a bend, crowded", "share"),
    "crowded_worst_bent": Measurement("given back with a bend of the worst feature, crowded", "share"),
    "steps_done": Measurement("steps of training", "steps"),
}

ARRAYS = {"strength": "", "linear": "share", "bent": "share"}

PRESETS = (
    Preset("Eight features to a neuron", {"answers_to": 8}),
    Preset("Features that are often on", {"density": 0.5}),
    Preset("Three features to a neuron's room", {"answers_to": 6, "ratio": 3, "density": 0.02}),
)


class Config(Settings):
    """How muddled the neurons are, how crowded one of the layers is, and how long to train."""

    answers_to: int = setting(
        4,
        low=2,
        high=8,
        unit="features",
        title="Answers to",
        help="How many features each neuron answers to.",
    )
    ratio: int = setting(
        2,
        low=2,
        high=4,
        title="Ratio",
        help="How many copies there are in one layer, and features to a neuron in another.",
    )
    density: float = setting(
        0.05,
        low=0.01,
        high=1.0,
        scale="log",
        unit="share",
        title="Density",
        help="How often a feature is on.",
    )
    deal: int = setting(
        3,
        low=0,
        high=len(DEALS) - 1,
        title="Deal",
        help="In which order the three layers are laid out, hidden until the test is over.",
    )
    steps: int = setting(
        500, low=20, high=3000, scale="log", unit="steps", title="Steps", help="How long to train."
    )

    @model_validator(mode="after")
    def _leaves_no_feature_out(self) -> Self:
        if self.answers_to < self.ratio:
            raise ValueError(
                f"answers_to is {self.answers_to}, and with {self.ratio} features to a neuron some would "
                f"have none that answers to them. Raise answers_to to {self.ratio}, or lower ratio to "
                f"{self.answers_to}."
            )
        return self

    @model_validator(mode="after")
    def _is_done_in_time(self) -> Self:
        crowded = features(self.answers_to, self.ratio)[NAMES.index("crowded")]
        seconds = self.steps * (SECONDS_A_FEATURE * crowded + SECONDS_A_SQUARE * crowded**2)
        if seconds > MOST_SECONDS:
            raise ValueError(
                f"A crowded layer of {crowded} features and {self.steps} steps would take about "
                f"{seconds:.0f} seconds, above the {MOST_SECONDS} allowed. Lower steps or ratio."
            )
        return self


def facts(config: Config) -> dict[str, float]:
    """Return what is known without training; every unit is in `FACTS`."""
    size = config.answers_to, config.ratio
    return {
        "neurons": float(neurons(*size)),
        "answers_to": float(config.answers_to),
        **{f"{name}_features": float(count) for name, count in zip(NAMES, features(*size), strict=True)},
        **{f"{name}_linear": share for name, share in zip(NAMES, linear_shares(*size), strict=True)},
        "crowded_place": float(DEALS[config.deal].index(NAMES.index("crowded")) + 1),
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Train a linear map and a bent one on each layer."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    made = _layers(config, seed)
    at = np.unique(np.linspace(0, config.steps, FRAMES + 1).astype(int)).tolist()
    for step, shares in train(made, config.density, config.steps, random, at):
        arrays = {"strength": _strength(made), "linear": shares.linear, "bent": shares.bent}
        yield _frame(config, seed, step / config.steps, _result(step, shares), arrays)


def _result(step: int, shares: Shares) -> Result:
    linear, bent = (np.nanmean(share, axis=1) for share in shares)
    return {
        "steps_done": step,
        **{f"{name}_linear": float(share) for name, share in zip(NAMES, linear, strict=True)},
        **{f"{name}_bent": float(share) for name, share in zip(NAMES, bent, strict=True)},
        "crowded_worst_bent": float(np.nanmin(shares.bent[NAMES.index("crowded")])),
    }


def preview(config: Config, *, seed: int) -> Frame:
    """Show the neurons, and nothing of the test."""
    made = _layers(config, seed)
    untold = np.full((len(NAMES), 1), np.nan)
    return _frame(config, seed, 0.0, {}, {"strength": _strength(made), "linear": untold, "bent": untold})


def figure(frame: Frame) -> Figure:
    """Draw the three layers in the order in which they were dealt."""
    config = cast("Config", frame.config)
    order = DEALS[config.deal]
    exact = facts(config)
    is_over = frame.progress == 1
    return draw(
        {name: array[list(order)] for name, array in frame.arrays.items()},
        names=[_title(config, layer, place, told=is_over) for place, layer in enumerate(order, 1)],
        best=[exact[f"{NAMES[layer]}_linear"] for layer in order] if is_over else [],
    )


def _title(config: Config, layer: int, place: int, *, told: bool) -> str:
    if not told:
        return f"layer {place}<br> "
    count = features(config.answers_to, config.ratio)[layer]
    return f"{place}: {NAMES[layer]}<br>{count} features"


def readout(frame: Frame) -> str:
    """Say that the layers look alike, and then what told them apart."""
    config = cast("Config", frame.config)
    exact = facts(config)
    look = (
        f"Three layers of {number(exact['neurons'])} neurons, each neuron answering to "
        f"{config.answers_to} features"
    )
    if not frame.result:
        return (
            f"{look}: of a single neuron, all three say the same. One layer has more features than neurons."
        )
    linear, bent = (
        [cast("float", frame.result[f"{NAMES[layer]}_{kind}"]) for layer in DEALS[config.deal]]
        for kind in ("linear", "bent")
    )
    given = f"a linear map gives back {_listed(linear)}, one with a bend {_listed(bent)}"
    if frame.progress < 1:
        done = cast("int", frame.result["steps_done"])
        return f"After {done} of {config.steps} steps, {given}, of layers 1, 2 and 3."
    crowded = number(exact["crowded_place"])
    return (
        f"{look}. Of layers 1, 2 and 3, {given}. Layer {crowded} is the crowded one: its "
        f"{number(exact['crowded_features'])} features allow a linear map "
        f"{percent(exact['crowded_linear'])} at most."
    )


def _listed(shares: Sequence[float]) -> str:
    *first, last = (percent(max(share, 0)) for share in shares)
    return f"{', '.join(first)} and {last}"


def _layers(config: Config, seed: int) -> list[NDArray[np.float64]]:
    return layers(config.answers_to, config.ratio, np.random.default_rng(seed))


def _strength(made: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """How strongly each neuron answers to the features it answers to: [layer, neuron, answer]."""
    return np.stack([np.abs(layer[layer != 0]).reshape(len(layer), -1) for layer in made])


def _frame(
    config: Config, seed: int, progress: float, result: Result, arrays: dict[str, NDArray[np.float64]]
) -> Frame:
    return Frame(progress, config, result, arrays, seed)
