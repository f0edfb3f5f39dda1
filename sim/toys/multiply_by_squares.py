"""A network multiplies by taking squares.

A neuron adds and bends; it cannot multiply. But

    xy = ((x + y)² − (x − y)²) / 4,

so whoever can square can multiply, and a square is one bend after another: k straight pieces by ReLU, which
are off by at most r² / k² in the product of two numbers within ±r, or the curved part of GELU, z² = √(π/2)
(gelu(z) + gelu(−z)), which gets better as r gets smaller. Where the laws come from, and how three and two
GELUs do it, is in `_squares`.

Beside these networks by hand, small ones are trained on torch, for every width, both activations and
several seeds at once (`_multiply_training`). The typical error here is the root of the mean squared error
over x and y, as a share of that of the product itself. Neurons that all look in one direction, say at x +
y, cannot bring it below √(4/15) = 52%, however many they are, and trainings that stop there are such.

Source: the identity is that of the tables of quarter squares (A. Voisin, 1817). H. W. Lin, M. Tegmark and
D. Rolnick (2017), "Why does deep and cheap learning work so well?"; D. Yarotsky (2017), "Error bounds for
approximations with deep ReLU networks"; E. Akyürek and others (2022), "What learning algorithm is
in-context learning?". L. Chan (2024) told of it. Left out: several layers, and products of more than two
numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import numpy as np

from sim.spec import Frame, Measurement, Preset, Quantity, Result, Settings, setting
from sim.toys import _stored
from sim.toys._drawing import number, percent
from sim.toys._multiply_by_squares_figure import draw
from sim.toys._multiply_training import NODES, REPORT_NODES, errors, examples, random_networks, train, typical
from sim.toys._squares import (
    ONE_DIRECTION,
    gelu_largest_error,
    gelu_relative_error,
    neurons,
    pieces_for,
    pieces_relative_error,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

NAME = "multiply_by_squares"
SHOWS_STORED_RUN = True

STEPS_A_FRAME = 200  # to draw a frame takes as long as some six
ACTIVATIONS = ("relu", "gelu")
NAMES = ("ReLU", "GELU")
TRAINED_ON = {"widest", "seeds", "steps"}  # the settings that training depends on

SCRUBBABLE = ("pieces", "reach", "tolerance")

FACTS = {
    "square_largest_error": Quantity("largest error of a square by straight pieces from knot to knot"),
    "square_least_largest_error": Quantity("largest error of a square by straight pieces, lowered by half"),
    "product_largest_error": Quantity("largest error of a product by straight pieces"),
    "product_largest_share": Quantity(
        "largest error of a product by straight pieces, of the largest product", "share"
    ),
    "pieces_error": Quantity("typical error of a product by straight pieces", "share"),
    "relu_neurons": Quantity("ReLU neurons that these pieces take", "neurons"),
    "pieces_for_tolerance": Quantity("pieces needed for the error allowed", "pieces"),
    "neurons_for_tolerance": Quantity("ReLU neurons needed for the error allowed", "neurons"),
    "four_gelu_error": Quantity("typical error of a product by four GELU neurons", "share"),
    "three_gelu_error": Quantity("typical error of a product by three GELU neurons", "share"),
    "two_gelu_error": Quantity("typical error of a product by two GELU neurons", "share"),
    "four_gelu_largest_share": Quantity(
        "largest error of a product by four GELU neurons, of the largest product", "share"
    ),
    "one_direction_error": Quantity("least typical error if all neurons look in one direction", "share"),
}

RESULTS = {
    "relu_smallest": Measurement("ReLU neurons in the smallest network that does; 0 if none does", "neurons"),
    "gelu_smallest": Measurement("GELU neurons in the smallest network that does; 0 if none does", "neurons"),
    "relu_least_error": Measurement("least typical error of one ReLU neuron, of two and so on", "share"),
    "relu_median_error": Measurement("median typical error of one ReLU neuron, of two and so on", "share"),
    "gelu_least_error": Measurement("least typical error of one GELU neuron, of two and so on", "share"),
    "gelu_median_error": Measurement("median typical error of one GELU neuron, of two and so on", "share"),
    "steps_done": Measurement("steps of training", "steps"),
}

ARRAYS = {"error": "share"}

PRESETS = (
    Preset("Two pieces: the smaller number", {"pieces": 2, "reach": 1}),
    Preset("Sixteen pieces to a square", {"pieces": 16, "reach": 1, "tolerance": 0.005}),
    Preset("Near zero, where GELU is curved", {"pieces": 4, "reach": 0.1}),
)


class Config(Settings):
    """How the hand-made networks square, what error will do, and how many networks are trained."""

    pieces: int = setting(
        4, low=1, high=32, unit="pieces", title="Pieces", help="Straight pieces for each square, by ReLU."
    )
    reach: float = setting(
        1.0,
        low=0.01,
        high=2,
        scale="log",
        title="Reach",
        help="How far from 0 the two numbers may be; GELU is curved only near 0.",
    )
    tolerance: float = setting(
        0.1,
        low=0.002,
        high=0.5,
        scale="log",
        unit="share",
        title="Error allowed",
        help="The typical error that will do, as a share of the typical product.",
    )
    widest: int = setting(
        8, low=2, high=8, unit="neurons", title="Neurons", help="Networks up to this wide are trained."
    )
    seeds: int = setting(
        10, low=1, high=32, unit="seeds", title="Seeds", help="How often training starts afresh."
    )
    steps: int = setting(
        1000, low=20, high=4000, scale="log", unit="steps", title="Steps", help="How long to train."
    )


def facts(config: Config) -> dict[str, float]:
    """Return what is exact about the hand-made networks; every unit is in `FACTS`."""
    length = 4 * config.reach / config.pieces
    needed = pieces_for(config.tolerance)
    return {
        "square_largest_error": length**2 / 4,
        "square_least_largest_error": length**2 / 8,
        "product_largest_error": length**2 / 16,
        "product_largest_share": 1 / config.pieces**2,
        "pieces_error": pieces_relative_error(config.pieces),
        "relu_neurons": float(neurons(config.pieces)),
        "pieces_for_tolerance": float(needed),
        "neurons_for_tolerance": float(neurons(needed)),
        "four_gelu_error": gelu_relative_error(4, config.reach),
        "three_gelu_error": gelu_relative_error(3, config.reach),
        "two_gelu_error": gelu_relative_error(2, config.reach),
        "four_gelu_largest_share": gelu_largest_error(config.reach) / config.reach**2,
        "one_direction_error": ONE_DIRECTION,
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Train networks of every width, and measure them at the end on a finer grid."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    networks = random_networks(config.widest, config.seeds, random)
    given = examples(NODES, random.device)
    for step, (trained, error) in enumerate(train(networks, given, config.steps)):
        networks = trained
        if step % STEPS_A_FRAME == 0:
            yield _frame(config, seed, step, typical(error))
    with torch.no_grad():
        error = errors(networks, examples(REPORT_NODES, random.device))
    yield _frame(config, seed, config.steps, typical(error))


def _frame(config: Config, seed: int, step: int, error: NDArray[np.float64]) -> Frame:
    """Show typical errors, [activation, width, seed]."""
    result: dict[str, float | list[float]] = {"steps_done": step}
    for activation, least, middle in zip(ACTIVATIONS, error.min(-1), np.median(error, -1), strict=True):
        result[f"{activation}_least_error"] = least.tolist()
        result[f"{activation}_median_error"] = middle.tolist()
        result[f"{activation}_smallest"] = _smallest(least, config.tolerance)
    return Frame(step / config.steps, config, result, {"error": error}, seed)


def _smallest(error_by_width: NDArray[np.float64], tolerance: float) -> int:
    """The fewest neurons that do, or 0 if none of the networks does."""
    does = np.flatnonzero(error_by_width <= tolerance)
    return int(does[0]) + 1 if len(does) else 0


def preview(config: Config, *, seed: int) -> Frame:
    """Show the stored run where only settings differ that training does not depend on; else none yet."""
    stored = _stored.read(NAME, Config)
    if config.model_dump(include=TRAINED_ON) == stored.config.model_dump(include=TRAINED_ON):
        return _frame(config, stored.seed, config.steps, stored.arrays["error"])
    return Frame(progress=0.0, config=config, arrays={"error": np.zeros((2, config.widest, 0))}, seed=seed)


def figure(frame: Frame) -> Figure:
    """Draw squares and products by hand, and below them what networks of each width learn."""
    config = cast("Config", frame.config)
    return draw(frame.arrays["error"], pieces=config.pieces, reach=config.reach, tolerance=config.tolerance)


def readout(frame: Frame) -> str:
    """Say how far off the hand-made networks are, and which is the smallest that learned."""
    config = cast("Config", frame.config)
    exact = facts(config)
    by_hand = (
        f"By hand, {config.pieces} pieces to a square ({number(exact['relu_neurons'])} ReLU neurons) are "
        f"typically {percent(exact['pieces_error'])} off, and four GELU neurons "
        f"{percent(exact['four_gelu_error'])}."
    )
    if not frame.result:
        return f"{by_hand} Not trained yet: run it to see what networks of each width learn."
    found = _found(config, frame.result)
    done = cast("int", frame.result["steps_done"])
    if done < config.steps:
        return (
            f"After {done} of {config.steps} steps, the smallest within {percent(config.tolerance)}: {found}."
        )
    return f"{by_hand} The smallest that learned it to within {percent(config.tolerance)}: {found}."


def _found(config: Config, result: Result) -> str:
    smallest = {name: cast("int", result[f"{name.lower()}_smallest"]) for name in NAMES}
    if not any(smallest.values()):
        return f"none, up to {config.widest} neurons"
    said = (f"{count} {name} neurons" if count else f"no {name} network" for name, count in smallest.items())
    return " and ".join(said)
