"""A network generalises long after it has memorised.

A network is shown some of all pairs (a, b) and what a + b, a − b or a × b is modulo p, and is asked for the
others, which it never sees. It learns those it was shown by heart, within 75 steps. Hundreds of steps
later, with nothing left to gain in accuracy, it gets the others right, too. A twin that starts the same and
has no weight decay never does.

    loss = − mean log softmax(logits)[answer],    logits = act(A[a] + B[b]) W    or a transformer's,

on all pairs shown at once. The networks are in `_grokking_networks` and `_grokking_transformer`, training in
`_grokking_training`. Below the surface the change is gradual: see `_grokking_measures` for what is measured
of the waves in which such a network counts. The norm of all weights can be held where it starts, and that at
several sizes (`_fixed_norms`).

Source: A. Power and others (2022), "Grokking: generalization beyond overfitting on small algorithmic
datasets"; N. Nanda, L. Chan and others (2023), "Progress measures for grokking via mechanistic
interpretability"; A. Gromov (2023), "Grokking modular arithmetic"; Z. Liu, E. J. Michaud and M. Tegmark
(2023), "Omnigrok". They take 10,000 steps and more; with a rate of 0.01 and a network this wide it takes
hundreds, which is another recipe for the same phenomenon. Left out: batches, noise in the answers, and other
tasks than these.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import numpy as np

from sim.spec import Frame, Measurement, Preset, Quantity
from sim.toys import _stored
from sim.toys._fixed_norms import fixed_norms
from sim.toys._fixed_norms_figure import draw_norms
from sim.toys._grokking_config import HELD, SWEPT, Config
from sim.toys._grokking_course import NOT_SWEPT, NOT_TRAINED, ROWS, course
from sim.toys._grokking_figure import draw
from sim.toys._grokking_networks import DEGREES, TRANSFORMER
from sim.toys._grokking_training import ADAMW, LONGEST_STEP
from sim.toys._grokking_words import about_norms, about_training, untrained
from sim.toys._modular_task import MULTIPLY

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

NAME = "grokking"
SHOWS_STORED_RUN = True

FIXED_NORMS = {
    "norm": SWEPT,
    "modulus": 31,
    "width": 64,
    "train_share": 0.5,
    "rate": 0.001,
    "weight_decay": 0.0,
}
STORED_BESIDE = (FIXED_NORMS,)

FACTS = {
    "training_pairs": Quantity("pairs trained on", "pairs"),
    "held_out_pairs": Quantity("pairs held out", "pairs"),
    "chance_accuracy": Quantity("right by guessing", "share"),
    "chance_loss": Quantity("loss of one who says nothing"),
    "frequencies": Quantity("waves of different frequency that fit on the circle", "frequencies"),
    "parameters": Quantity("weights of the network", "weights"),
    "start_norm": Quantity("norm of all weights at the start, expected"),
    "halving_steps": Quantity("steps in which AdamW's decay alone halves a weight; 0 for never", "steps"),
    "turning_steps": Quantity(
        "steps of the rate's length that change a typical weight by its own size", "steps"
    ),
    "largest_change": Quantity(
        "farthest that Adam can take a typical weight in all steps, for its size", "share"
    ),
    "start_balance": Quantity("embedding's squared norm over the read-out's, at the start, expected"),
    "balance_at_rest": Quantity("embedding's squared norm over the read-out's, at rest; 0 if not known"),
}

BOTH = "of the network, and of its twin without decay"

RESULTS = {
    "train_accuracy": Measurement(f"right on pairs trained on, {BOTH}", "share"),
    "test_accuracy": Measurement(f"right on pairs held out, {BOTH}", "share"),
    "train_loss": Measurement(f"loss on pairs trained on, {BOTH}"),
    "test_loss": Measurement(f"loss on pairs held out, {BOTH}"),
    "norm": Measurement(f"norm of all weights, {BOTH}"),
    "memorised_at": Measurement("step at which 99% of the pairs trained on are right; 0 for never", "steps"),
    "half_at": Measurement("step at which half of the pairs held out are right; 0 for never", "steps"),
    "generalised_at": Measurement("step at which 99% of the pairs held out are right; 0 for never", "steps"),
    "restricted_loss": Measurement("restricted loss: key frequencies only, all pairs"),
    "excluded_loss": Measurement("excluded loss: without the key frequencies, pairs trained on"),
    "key_frequencies": Measurement("key frequencies, the strongest first"),
    "balance": Measurement(fact="balance_at_rest"),
    "steps_done": Measurement("steps of training", "steps"),
    "diverged_at": Measurement(
        "step at which the loss was no longer a number, of the network and of its twin; 0 for never", "steps"
    ),
    "scaled_rate_accuracy": Measurement("right on pairs trained on at each norm, rate scaled", "share"),
    "fixed_rate_accuracy": Measurement("right on pairs trained on at each norm, one rate", "share"),
    "scaled_rate_test_accuracy": Measurement("right on pairs held out at each norm, rate scaled", "share"),
    "fixed_rate_test_accuracy": Measurement("right on pairs held out at each norm, one rate", "share"),
    "scaled_rate_diverged_at": Measurement(
        "step at which the loss was no longer a number at each norm, rate scaled; 0 for never", "steps"
    ),
    "fixed_rate_diverged_at": Measurement(
        "step at which the loss was no longer a number at each norm, one rate; 0 for never", "steps"
    ),
}

ARRAYS = {
    "step": "steps",
    **dict.fromkeys(("accuracy", "spectrum", "scaled_rate", "fixed_rate"), "share"),
    **dict.fromkeys(("loss", "norms", "waves", "norm_factor"), ""),
}

PRESETS = (
    Preset("A norm held small: a far shorter delay", {"norm": HELD, "init_scale": 0.6, "weight_decay": 0.0}),
    Preset("Norms held at seven sizes", FIXED_NORMS),
    Preset(
        "A transformer, with few key frequencies",
        {"network": TRANSFORMER, "width": 256, "weight_decay": 1.0, "steps": 700},
    ),
    Preset("Products without 0: sums in disguise", {"operation": MULTIPLY}),
    Preset(
        "Momentum instead of Adam, at rate 3",
        {"optimiser": 1, "rate": 3.0, "weight_decay": 0.0003},
    ),
)


def facts(config: Config) -> dict[str, float]:
    """Return what is known without training; every unit is in `FACTS`."""
    task, layout = config.task, config.effort.layout.scaled(config.init_scale, config.embedding_scale)
    training = task.training_pairs(config.train_share)
    typical = layout.norm / math.sqrt(layout.size)
    shrinks = config.step_rate * config.weight_decay * (config.optimiser == ADAMW)
    return {
        "training_pairs": float(training),
        "held_out_pairs": float(task.pairs - training),
        "chance_accuracy": 1 / task.places,
        "chance_loss": math.log(task.places),
        "frequencies": float(task.frequencies),
        "parameters": float(layout.size),
        "start_norm": layout.norm,
        "halving_steps": -math.log(2) / math.log1p(-shrinks) if 0 < shrinks < 1 else 0.0,
        "turning_steps": typical / config.step_rate,
        "largest_change": LONGEST_STEP * config.steps * config.step_rate / typical,
        "start_balance": layout.balance,
        "balance_at_rest": float(DEGREES.get(config.network, 0)),
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Train the network and its twin, or the network at each of several norms."""
    told = fixed_norms if config.norm == SWEPT else course
    for progress, result, arrays in told(config, seed, device):
        yield Frame(progress, config, result, arrays, seed)


def preview(config: Config, *, seed: int) -> Frame:
    """Show the stored run of these settings, if there is one; else rows that are not trained."""
    for stored in (_stored.read(NAME, Config), *_stored.read_others(NAME, Config)):
        if config == stored.config:
            return stored
    noise = np.random.default_rng(seed).exponential(size=(ROWS, config.task.frequencies))
    noise /= noise.sum(axis=1, keepdims=True)
    return Frame(0.0, config, {}, {**NOT_TRAINED, **NOT_SWEPT, "spectrum": noise}, seed)


def figure(frame: Frame) -> Figure:
    """Draw what was seen of the training, or what came of it at each norm."""
    config = cast("Config", frame.config)
    if config.norm == SWEPT:
        change = facts(config)["largest_change"]
        return draw_norms(frame.arrays, change, places=config.task.places, scale=config.init_scale)
    keys = cast("list[float]", frame.result.get("key_frequencies", []))
    return draw(frame.arrays, keys, steps=config.steps)


def readout(frame: Frame) -> str:
    """Say when it memorised and when it generalised, or what came of it at each norm."""
    config = cast("Config", frame.config)
    if not frame.result:
        return untrained(config)
    if config.norm == SWEPT:
        return about_norms(config, frame.result, progress=frame.progress)
    return about_training(config, frame.result)
