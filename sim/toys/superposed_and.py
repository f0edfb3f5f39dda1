"""The AND of every pair, in fewer neurons than pairs.

A circuit is to say of each pair of features whether both are on, with one layer of neurons between. The plain
way takes a neuron to a pair. In superposition every neuron listens to many features at once, by chance,

    a_j = relu(Σ_{i in S_j} x_i − 1),    pair (i, k) ≈ average of a_j over the neurons that listen to both,

and each pair is read from many neurons, which err in different ways. The error depends on how many neurons
there are and on how many features are on at once, and not at all on how many pairs there are to tell
(`_and_theory`). A circuit that is trained finds something better still (`_and_training`).

Source: K. Hänni, J. Mendel, D. Vaintrob and L. Chan (2024), "Mathematical Models of Computation in
Superposition"; their theorem is that so many neurons as grow with a power of log m suffice for the pairs of m
features, if few are on at once. Left out: layers one after another, whose errors add up, and features that
are themselves in superposition.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from pydantic import model_validator

from sim.spec import Frame, Measurement, Preset, Quantity, Result, Settings, setting
from sim.toys._and_theory import (
    best_reach,
    naive_error,
    pairs,
    read_off,
    superposed_error,
    widths_up_to,
)
from sim.toys._and_training import CIRCUITS, Size, measured_errors, train
from sim.toys._drawing import number, percent
from sim.toys._superposed_and_figure import draw

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

FRAMES = 40
POINTS = 12  # of a curve
WIDTHS = 4  # that are trained
ACTIVE = (2, 3, 4, 6)  # features on at once that are trained at the full width
MOST_ACTIVE = 8
MOST_SECONDS = 60
SECONDS_PER_NUMBER = (
    1.2e-8  # on one core, for one pair of one draw in one step of one narrow circuit; measured
)
NARROW = 64  # neurons, up to which a step's time is that of the pairs

SCRUBBABLE = ("reach", "active", "width", "features")

FACTS = {
    "pairs": Quantity("pairs of features", "pairs"),
    "naive_error": Quantity("error with a neuron to a pair"),
    "superposed_error": Quantity("error of neurons that listen by chance"),
    "best_reach": Quantity("share of the features that neurons should listen to", "share"),
    "best_superposed_error": Quantity("error of neurons that listen to as many as they should"),
    "neurons_per_pair": Quantity("neurons that listen to both features of a pair", "neurons"),
    "said_of_both": Quantity("what they say on average if both are on"),
    "said_of_one": Quantity("what they say on average if one is on"),
    "said_of_none": Quantity("what they say on average if none is on"),
}

RESULTS = {
    "superposed_error": Measurement(fact="superposed_error", error="superposed_error_error"),
    "trained_error": Measurement("error of a trained circuit"),
    "errors_by_width": Measurement("error of trained circuits, by width"),
    "errors_by_active": Measurement("error of trained circuits, by features on at once"),
    "steps_done": Measurement("steps of training", "steps"),
}

ARRAYS = {
    **dict.fromkeys(("width", "trained_width"), "neurons"),
    **dict.fromkeys(("active", "trained_active"), "features"),
    **{
        f"{name}_by_{what}": ""
        for name in ("naive", "drawn", "best", "trained")
        for what in ("width", "active")
    },
    "said": "",
    "said_spread": "",
}

PRESETS = (
    Preset("More pairs, the same error", {"features": 40}),
    Preset("Two at once: the easiest case", {"active": 2}),
    Preset("Six at once: crosstalk wins", {"active": 6}),
    Preset("Neurons that listen to everything", {"reach": 1.0}),
)


class Config(Settings):
    """How many pairs there are to tell, with how many neurons, and how often they get in each other's way."""

    features: int = setting(
        20, low=10, high=40, unit="features", title="Features", help="Each may be on or off."
    )
    width: int = setting(
        64,
        low=8,
        high=256,
        scale="log",
        unit="neurons",
        title="Neurons",
        help="How many there are for all the pairs together.",
    )
    active: int = setting(
        3, low=2, high=MOST_ACTIVE, unit="features", title="On at once", help="How many features are on."
    )
    reach: float = setting(
        0.35,
        low=0.02,
        high=1.0,
        step=0.01,
        unit="share",
        title="Reach",
        help="The share of the features that a neuron listens to, where they are drawn by chance.",
    )
    steps: int = setting(
        600, low=20, high=3000, scale="log", unit="steps", title="Steps", help="How long to train."
    )

    @model_validator(mode="after")
    def _is_done_in_time(self) -> Self:
        numbers = len(trained_sizes(self)) * 256 * pairs(self.features) * self.steps
        seconds = numbers * SECONDS_PER_NUMBER * (1 + self.width / NARROW) / 2
        if seconds > MOST_SECONDS:
            raise ValueError(
                f"{self.features} features, {self.width} neurons and {self.steps} steps would take about "
                f"{seconds:.0f} seconds, above the {MOST_SECONDS} allowed. Lower one of them."
            )
        return self


def facts(config: Config) -> dict[str, float]:
    """Return what is known without training; every unit is in `FACTS`."""
    said = read_off(config.active, config.reach)
    best, error = best_reach(config.width, config.active)
    both, one, none = said.mean.tolist()
    return {
        "pairs": float(pairs(config.features)),
        "naive_error": naive_error(config.width, config.features),
        "superposed_error": superposed_error(config.width, config.active, config.reach),
        "best_reach": best,
        "best_superposed_error": error,
        "neurons_per_pair": config.width * config.reach**2,
        "said_of_both": both,
        "said_of_one": one,
        "said_of_none": none,
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Draw circuits and measure them, and then train some of several sizes."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    sizes = trained_sizes(config)
    drawn = measured_errors(config.features, Size(config.width, config.active), config.reach, random)
    measured: Result = {
        "superposed_error": float(drawn.mean()),
        "superposed_error_error": float(drawn.std(ddof=1) / CIRCUITS**0.5),
    }
    told = set(np.unique(np.linspace(0, config.steps, FRAMES + 1).astype(int)).tolist())
    for step, errors in train(config.features, sizes, config.steps, random, told):
        found = dict(zip(sizes, errors.tolist(), strict=True))
        result = {**measured, "steps_done": step, **_trained(config, found)}
        yield Frame(step / config.steps, config, result, _arrays(config, found), seed)


def trained_sizes(config: Config) -> list[Size]:
    """What is trained: several widths, and at the full one several numbers of features on at once."""
    by_width = [Size(width, config.active) for width in widths_up_to(config.width, WIDTHS)]
    by_active = [Size(config.width, active) for active in ACTIVE]
    return list(dict.fromkeys([*by_width, *by_active]))


def _trained(config: Config, found: dict[Size, float]) -> Result:
    return {
        "trained_error": found[Size(config.width, config.active)],
        "errors_by_width": [error for size, error in found.items() if size.active == config.active],
        "errors_by_active": [error for _, error in _by_active(config, found)],
    }


def _by_active(config: Config, found: dict[Size, float]) -> list[tuple[int, float]]:
    return sorted((size.active, error) for size, error in found.items() if size.width == config.width)


def preview(config: Config, *, seed: int) -> Frame:
    """Show all that is exact; no circuit is trained yet."""
    return Frame(0.0, config, arrays=_arrays(config, {}), seed=seed)


def _arrays(config: Config, found: dict[Size, float]) -> dict[str, NDArray[np.float64]]:
    most = max(pairs(config.features), config.width)
    widths = np.unique(np.geomspace(4, most, POINTS).astype(int))
    numbers = np.arange(2, MOST_ACTIVE + 1)
    said = read_off(config.active, config.reach)
    by_width = sorted((size.width, error) for size, error in found.items() if size.active == config.active)
    by_active = _by_active(config, found)
    return {
        "width": widths.astype(float),
        "naive_by_width": np.array([naive_error(width, config.features) for width in widths]),
        "drawn_by_width": np.array(
            [superposed_error(width, config.active, config.reach) for width in widths]
        ),
        "best_by_width": np.array([best_reach(int(width), config.active)[1] for width in widths]),
        "active": numbers.astype(float),
        "naive_by_active": np.full(len(numbers), naive_error(config.width, config.features)),
        "drawn_by_active": np.array(
            [superposed_error(config.width, int(active), config.reach) for active in numbers]
        ),
        "best_by_active": np.array([best_reach(config.width, int(active))[1] for active in numbers]),
        "said": said.mean,
        "said_spread": np.sqrt(said.variance / max(config.width * config.reach**2, 1)),
        "trained_width": np.array([width for width, _ in by_width], float),
        "trained_by_width": np.array([error for _, error in by_width], float),
        "trained_active": np.array([active for active, _ in by_active], float),
        "trained_by_active": np.array([error for _, error in by_active], float),
    }


def figure(frame: Frame) -> Figure:
    """Draw the errors, and what the neurons of a pair say."""
    config = cast("Config", frame.config)
    return draw(frame.arrays, width=config.width, active=config.active)


def readout(frame: Frame) -> str:
    """Say what each way of telling pairs comes to."""
    config = cast("Config", frame.config)
    exact = facts(config)
    ways = (
        f"Of {config.features} features {config.active} are on at once, and {config.width} neurons are "
        f"to tell {number(exact['pairs'])} pairs. With a neuron to a pair the error is "
        f"{number(exact['naive_error'])}; with neurons that each listen to {percent(config.reach)} of the "
        f"features, {number(exact['superposed_error'])}"
    )
    if not frame.result:
        return f"{ways}. Run it to see what training finds."
    trained = number(cast("float", frame.result["trained_error"]))
    done = cast("int", frame.result["steps_done"])
    if done < config.steps:
        return f"After {done} of {config.steps} steps a trained circuit has an error of {trained}."
    return f"{ways}; trained, {trained}."
