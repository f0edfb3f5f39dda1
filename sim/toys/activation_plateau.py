"""An output holds still, and superposition has no part in it.

A network reads k orthogonal directions of length 1 in a width d ≥ k, one for each of its options:

    f(h) = softmax(β U h)        U Uᵀ = 1        C = ½ Σ_i |f_i(h + α v) − f_i(h)|,    |v| = 1

There are no more features than dimensions, so nothing is in superposition. A real activation is the
direction of its option and noise. The toy pushes it by a distance α along another read-off direction, along
an even mixture of two others, towards another example, and along a random direction, and does the last from a
random activation of the same length, too. C is the share of probability that changes its option. It stays
near 0 around a real activation for any push, because the softmax is saturated there, and longest for a random
one, because that has only about 1/√d of its length along each direction that is read:

    E (v · u)² = 1/d        E |J v|² = |J|² / d        mean over read-offs of |J u|² = |J|² / k

for random v and any derivative J of f, exactly. So a reading moves by 1/√d of what it would along its own
direction, and the output, which has k readings, by √(k/d).

The mean of C is integrated in `_mean_change`; the run draws U, activations and pushes in all d dimensions.

Source: the argument is L. Chan's (2024, comment on S. Heimersheim and J. Mendel (2024), "Activation plateaus
& sensitive directions in GPT2"), who found such plateaus and directions and took superposition for a possible
reason. Left out: layers after the one that is pushed, and features that are active together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from sim.spec import Frame, Measurement, Preset, Quantity, Settings, setting
from sim.toys._activation_plateau_figure import MOST_DISTANCES, curves, distances, draw
from sim.toys._drawing import number, percent, plus_minus
from sim.toys._mean_change import KINDS, RANDOM, READ_OFF, Reader, reach
from sim.toys._pushed_examples import Tally, pushed, random_directions, read_offs

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FRAMES = 20
WIDTHS = (16, 32, 64, 128, 256, 512, 1024)

FACTS = {
    "read_off_reach": Quantity("push along another read-off that moves so much probability"),
    "mixture_reach": Quantity("push along two other read-offs at once that moves so much probability"),
    "example_reach": Quantity("push towards another example that moves so much probability"),
    "random_reach": Quantity("push in a random direction that moves so much probability"),
    "elsewhere_reach": Quantity("push from a random activation that moves so much probability"),
    "plateau_ratio": Quantity("how many times farther a random push goes from a real activation"),
    "direction_ratio": Quantity("how many times farther a random push goes than one along a read-off"),
    "reading_ratio": Quantity("what a random push adds to a reading, next to one along its read-off"),
    "output_ratio": Quantity("how a random push moves the output at first, next to one along a read-off"),
    "accuracy": Quantity("share of real activations that are answered right", "share"),
    "same_kind_distance": Quantity("distance between two examples of the same kind"),
    "other_kind_distance": Quantity("distance between two examples of different kinds"),
    "spare_dimensions": Quantity("dimensions in which nothing is read", "dimensions"),
}

RESULTS = {
    **{f"{kind}_reach": Measurement(fact=f"{kind}_reach", error=f"{kind}_error") for kind in KINDS},
    "reading_ratio": Measurement(fact="reading_ratio"),
    "reading_ratios": Measurement("the same in networks of other widths, from 16 to 1,024"),
    "trials_so_far": Measurement("pushes of each kind", "pushes"),
}

ARRAYS = {
    **dict.fromkeys(KINDS, ""),  # distances
    **{f"{kind}_{what}": "share" for kind in KINDS for what in ("change", "seen")},
    "reading_ratio": "",
}

PRESETS = (
    Preset("Without noise: examples all alike", {"noise": 0.0}),
    Preset("A blunt network has hardly a plateau", {"sharpness": 4.0}),
    Preset("A wide layer swallows random pushes", {"width": 1024}),
    Preset("As many read-offs as dimensions", {"width": 16, "directions": 16}),
)

SCRUBBABLE = ("noise", "sharpness")


class Config(Settings):
    """The network, how much noise its activations have, and what counts as a change."""

    width: int = setting(
        64,
        low=16,
        high=1024,
        scale="log",
        unit="dimensions",
        title="Width",
        help="How many dimensions an activation has.",
    )
    directions: int = setting(
        8,
        low=3,
        high=16,
        unit="directions",
        title="Read-offs",
        help="How many directions are read, all at right angles, one for each answer.",
    )
    sharpness: float = setting(
        12.0,
        low=4.0,
        high=30.0,
        step=1.0,
        title="Sharpness",
        help="How strongly the network favours the answer that reads highest.",
    )
    noise: float = setting(
        0.8,
        low=0.0,
        high=1.0,
        step=0.05,
        title="Noise",
        help="How far an example lies from its answer's direction, which has length 1.",
    )
    change: float = setting(
        0.05,
        low=0.01,
        high=0.3,
        step=0.01,
        unit="share",
        title="Change",
        help="How much of the probability has to move before it counts.",
    )
    trials: int = setting(
        4000,
        low=200,
        high=20_000,
        scale="log",
        unit="pushes",
        title="Pushes",
        help="How many of each kind are tried.",
    )

    @property
    def reader(self) -> Reader:
        """The network that these settings describe."""
        return Reader(self.width, self.directions, self.sharpness, self.noise)


def facts(config: Config) -> dict[str, float]:
    """Return the exact answers, distances by integration; every unit is in `FACTS`."""
    return dict(_facts(config.reader, config.change))


@lru_cache(maxsize=1024)
def _facts(reader: Reader, change: float) -> dict[str, float]:
    passed = {f"{kind}_reach": reach(reader, kind, change) for kind in KINDS}
    return {
        **passed,
        "plateau_ratio": passed["random_reach"] / passed["elsewhere_reach"],
        "direction_ratio": passed["random_reach"] / passed["read_off_reach"],
        "reading_ratio": 1 / math.sqrt(reader.width),
        "output_ratio": math.sqrt(reader.options / reader.width),
        "accuracy": reader.accuracy(),
        "same_kind_distance": math.sqrt(2) * reader.noise,
        "other_kind_distance": math.sqrt(2 + 2 * reader.noise**2),
        "spare_dimensions": float(reader.width - reader.options),
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Push examples, some more with each frame, and read random directions in networks of every width."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    untouched = preview(config, seed=seed)
    yield untouched
    rows = read_offs(config.width, config.directions, random)
    places = {kind: torch.as_tensor(d, dtype=torch.float32, device=device) for kind, d in _places(config)}
    changes = {kind: Tally.empty(MOST_DISTANCES) for kind in KINDS}
    widths = (*WIDTHS, config.width)
    readings = Tally.empty(len(widths))
    for part in np.array_split(np.arange(config.trials), FRAMES):
        for kind in KINDS:
            moved = pushed(config.reader, kind, rows, places[kind], len(part), random)  # [trial, distance]
            changes[kind] = changes[kind].plus(moved.cpu().double().numpy())
        read = [random_directions(len(part), width, random)[:, 0] ** 2 for width in widths]
        readings = readings.plus(torch.stack(read, dim=1).cpu().double().numpy())
        yield _so_far(untouched, changes, readings)


def preview(config: Config, *, seed: int) -> Frame:
    """Show how the output changes on average, exactly, and what random directions read."""
    return Frame(progress=0.0, config=config, arrays=curves(config.reader, _places(config)), seed=seed)


def figure(frame: Frame) -> Figure:
    """Draw the change against the distance, and below it the readings of random directions by width."""
    config = cast("Config", frame.config)
    return draw(frame.arrays, width=config.width, change=config.change, widths=WIDTHS)


def readout(frame: Frame) -> str:
    """Say how far each push goes before the output changes."""
    config = cast("Config", frame.config)
    exact = facts(config)
    part = percent(config.change)
    if not frame.result:
        return (
            f"A push of {number(exact['read_off_reach'])} along another read-off moves {part} of the "
            f"probability; so does one of {number(exact['example_reach'])} towards another example, and "
            f"one of {number(exact['random_reach'])} along a random direction. From a random activation "
            f"{number(exact['elsewhere_reach'])} is enough."
        )
    result = cast("dict[str, float]", frame.result)
    along, anywhere = (
        plus_minus(result[f"{kind}_reach"], result[f"{kind}_error"]) for kind in (READ_OFF, RANDOM)
    )
    return (
        f"In {result['trials_so_far']:,.0f} pushes of each kind, {part} of the probability had moved after "
        f"{along} along another read-off and {anywhere} along a random direction, of which one reading gets "
        f"{percent(result['reading_ratio'])}. With {exact['spare_dimensions']:,.0f} spare dimensions, "
        "nothing is in superposition."
    )


def _places(config: Config) -> list[tuple[str, np.ndarray[tuple[int], np.dtype[np.float64]]]]:
    exact = facts(config)
    return [(kind, distances(exact[f"{kind}_reach"], exact["random_reach"])) for kind in KINDS]


def _so_far(untouched: Frame, changes: dict[str, Tally], readings: Tally) -> Frame:
    config = cast("Config", untouched.config)
    ratios = np.sqrt(readings.mean)
    result: dict[str, float | list[float]] = {
        "trials_so_far": changes[RANDOM].trials,
        "reading_ratio": float(ratios[-1]),
        "reading_ratios": ratios[:-1].tolist(),
    }
    for kind, places in _places(config):
        result[f"{kind}_reach"], result[f"{kind}_error"] = changes[kind].passes(config.change, places)
    arrays = {
        **untouched.arrays,
        "reading_ratio": ratios[:-1],
        **{f"{kind}_seen": changes[kind].mean for kind in KINDS},
    }
    return replace(untouched, progress=readings.trials / config.trials, result=result, arrays=arrays)
