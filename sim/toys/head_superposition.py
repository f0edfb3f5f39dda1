"""Heads that share the naming of two signals.

A sequence of noise holds two signals from 1 to 4, alike or not, and a model of one layer of attention has to
say at the end which of ten pairs they are. A head attends, and adds to the ten logits

    logits = Σ_heads Σ_t a_ht EVOU_ht,    a_h = softmax(score_h + log count),

where the scores are the read-off's row of EQKE, who attends to whom, and EVOU_h, [token, pair], is what
attending to each token does. Trained, two heads prefer the signals in different orders, and neither names a
pair alone. Yet one head can do it all: attend evenly to both signals, and let each raise the pairs that it is
in. How wide must that head be? With d dimensions its EVOU has rank d. In one dimension, without a direct
path, only the sign of one number counts, and so two pairs of ten can be told, at best 25% of sequences. One
dimension and a constant are enough, and so are two dimensions: what more of them buy is a lead of the right
logit for less weight (`_head_by_hand`).

Training, on torch, is for every seed at once (`_head_training`); what it finds is read in `_head_reading`.
Kept beside the default run are those of one and two heads, of 1 to 6 dimensions each, with a direct path and
without: they are drawn below a single head, and can be computed again by

    python -m sim sweep head_superposition --grid heads=1,2 --grid direct=0,1 --grid d_head=1:6:6 --out …

Source: L. Greenspan and K. Wynroe (2023), "An OV-Coherent Toy Model of Attention Head Superposition", who
trained two heads of five dimensions; L. Chan (2023), a comment on it, for the task and the one head.
Left out: positions, layer norm, and several layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, cast

import numpy as np
from pydantic import field_validator

from sim.spec import Frame, Measurement, Preset, Result, Settings, setting, text_setting
from sim.toys import _head_facts, _stored
from sim.toys._head_by_hand import leads
from sim.toys._head_reading import (
    Model,
    between_signals,
    contributions,
    lead_per_norm,
    likeness,
)
from sim.toys._head_superposition_figure import draw
from sim.toys._head_sweep import gathered
from sim.toys._head_task import PAIRS, TOKENS, count, pair_of, read_sequence
from sim.toys._head_words import say

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from sim.toys._head_sweep import Sweep
    from sim.toys._head_training import Training

    Floats = NDArray[np.float64]

NAME = "head_superposition"
SHOWS_STORED_RUN = True

POINTS = 36  # of each curve
POINTS_A_FRAME = 4  # to draw a frame takes as long as five steps of training
ALL = 1 - 1e-5  # a share above this is all of them, but for rounding
WIDTHS = range(1, 7)
SWEPT_HEADS = (1, 2)
TRAINED_ON = {"heads", "d_head", "direct", "seeds", "steps", "rate", "decay"}

SCRUBBABLE = ("d_head",)

FACTS = _head_facts.FACTS

RESULTS = {
    "best_accuracy": Measurement(fact="most_right"),
    "seeds_all_right": Measurement("seeds that name every pair", "seeds"),
    "mean_accuracy": Measurement("right on average", "share"),
    "median_loss": Measurement("loss, the median of the seeds"),
    "seeds_stopped": Measurement("seeds that blew up and were stopped", "seeds"),
    "attention": Measurement("share of attention to 1, to 2, to 3, to 4, head by head", "share"),
    "likeness": Measurement("cosine between the heads added up and the one head"),
    "typed_found_lead": Measurement("how far the typed pair is ahead of the next"),
    "lead_per_norm": Measurement("lead for each unit of norm, the best of the seeds"),
    "steps_done": Measurement("steps of training", "steps"),
}

ARRAYS = {"step": "steps", "accuracy": "share", "loss": "", "score": "", "evou": "", "direct": ""}

PRESETS = (
    Preset("One head of four dimensions", {"heads": 1, "d_head": 4, "direct": 0}),
    Preset("One head of two dimensions", {"heads": 1, "d_head": 2, "direct": 0}),
    Preset("One dimension: 25%, and no more", {"heads": 1, "d_head": 1, "direct": 0}),
    Preset("One dimension and a constant", {"heads": 1, "d_head": 1, "direct": 1}),
    Preset("So large a rate that it blows up", {"rate": 0.2}),
)


class Config(Settings):
    """How many heads, how wide, how they are trained, and a sequence to try them on."""

    heads: int = setting(2, low=1, high=3, unit="heads", title="Heads", help="How many share the work.")
    d_head: int = setting(
        5,
        low=1,
        high=6,
        unit="dimensions",
        title="Width of a head",
        help="The dimensions of each head, d_head: the rank of what it can do.",
    )
    direct: int = setting(
        1,
        low=0,
        high=1,
        title="Direct path",
        help="1 lets the read-off itself add a constant to every logit, 0 does not.",
    )
    sequence: str = text_setting(
        "7 4 10 3 0",
        longest=40,
        title="A sequence",
        help="Two signals from 1 to 4, noise from 5 to 11, and 0 at the end.",
    )
    seeds: int = setting(
        10, low=1, high=50, unit="seeds", title="Seeds", help="How often training starts afresh."
    )
    steps: int = setting(
        600, low=20, high=3000, scale="log", unit="steps", title="Steps", help="How long to train."
    )
    rate: float = setting(
        0.04, low=0.001, high=1, scale="log", title="Rate", help="The step size; a large one blows up."
    )
    decay: float = setting(
        0.3, low=0, high=3, step=0.1, title="Weight decay", help="How hard the weights are pulled to zero."
    )

    @field_validator("sequence")
    @classmethod
    def _is_a_sequence(cls, text: str) -> str:
        return " ".join(map(str, read_sequence(text)))

    @property
    def tokens(self) -> list[int]:
        """The typed sequence."""
        return read_sequence(self.sequence)


DEFAULT = Config()
STORED_BESIDE = tuple(
    {"heads": heads, "direct": direct, "d_head": width}
    for heads, direct, width in product(SWEPT_HEADS, (0, 1), WIDTHS)
    if (heads, direct, width) != (DEFAULT.heads, DEFAULT.direct, DEFAULT.d_head)
)


def facts(config: Config) -> dict[str, float]:
    """Return what is known without training; every unit is in `FACTS`."""
    return _head_facts.known(config.heads, config.d_head, config.tokens, direct=bool(config.direct))


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Train every seed; show the one that has come to least."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    from sim.toys._head_training import Training, random_weights  # noqa: PLC0415 - drawing needs no training

    random = torch.Generator(device).manual_seed(seed)
    start = random_weights(config.seeds, config.heads, config.d_head, random)
    training = Training(start, direct=bool(config.direct), device=device)
    every = max(config.steps // POINTS, 1)
    seen: list[tuple[int, Floats, Floats]] = []
    for step, standing in enumerate(training.steps(config.steps, rate=config.rate, decay=config.decay)):
        if step % every and step < config.steps:
            continue
        seen.append((step, standing.accuracy.cpu().numpy(), standing.loss.cpu().numpy()))
        if step == config.steps or len(seen) % POINTS_A_FRAME == 1:
            yield _moment(config, seed, training, seen)


def _moment(
    config: Config, seed: int, training: Training, seen: Sequence[tuple[int, Floats, Floats]]
) -> Frame:
    """What has been seen so far, and the best seed as it is now."""
    parts = [part.cpu().double().numpy() for part in training.circuits()]
    best = int(training.best_loss.argmin())
    model = Model(*(part[best] for part in parts))
    step = seen[-1][0]
    right = training.best_accuracy.cpu().double().numpy()
    result: dict[str, float | list[float]] = {
        "best_accuracy": float(right.max()),
        "seeds_all_right": int((right > ALL).sum()),
        "mean_accuracy": float(right.mean()),
        "median_loss": float(training.best_loss.median()),
        "seeds_stopped": int(training.stopped.sum()),
        "steps_done": step,
    }
    if step == config.steps:
        models = (Model(*(part[at] for part in parts)) for at in range(config.seeds))
        result["lead_per_norm"] = max(map(lead_per_norm, models))
    steps, accuracy, loss = zip(*seen, strict=True)
    arrays = {
        "step": np.array(steps),
        "accuracy": np.stack(accuracy, axis=-1),
        "loss": np.stack(loss, axis=-1),
        **model._asdict(),
    }
    return _read(Frame(step / config.steps, config, result, arrays, seed))


def _read(frame: Frame) -> Frame:
    """Add what the shown model makes of the typed sequence, and how it divides its attention."""
    model, config = _shown(frame), cast("Config", frame.config)
    typed = pair_of(config.tokens)
    said = contributions(model, count(config.tokens)).sum(axis=0)
    read: Result = {
        "attention": between_signals(model.score).ravel().tolist(),
        "likeness": likeness(model),
        "typed_found_lead": float(leads(said[None], np.array([typed]))[0]),
    }
    return replace(frame, result={**frame.result, **read})


def _shown(frame: Frame) -> Model:
    return Model(*(frame.arrays[name] for name in Model._fields))


def preview(config: Config, *, seed: int) -> Frame:
    """Show the stored run of these heads if they are trained as usual; else none yet."""
    trained = config.model_dump(include=TRAINED_ON)
    for stored in _all_stored():
        if stored.config.model_dump(include=TRAINED_ON) == trained:
            return _read(replace(stored, config=config))
    arrays = {
        "step": np.zeros(0),
        "accuracy": np.zeros((1, 0)),
        "loss": np.zeros((1, 0)),
        "score": np.zeros((config.heads, TOKENS)),
        "evou": np.zeros((config.heads, TOKENS, len(PAIRS))),
        "direct": np.zeros(len(PAIRS)),
    }
    return Frame(progress=0.0, config=config, arrays=arrays, seed=seed)


def _all_stored() -> tuple[Frame, ...]:
    return (_stored.read(NAME, Config), *_stored.read_others(NAME, Config))


@cache
def _sweep() -> Mapping[tuple[int, int], Sweep]:
    return gathered(_all_stored())


def figure(frame: Frame) -> Figure:
    """Draw each head, what they come to together, and what became of every width."""
    config = cast("Config", frame.config)
    return draw(
        _shown(frame),
        frame.arrays,
        config.tokens,
        steps=config.steps,
        shown=(config.heads, config.direct, config.d_head),
        sweep=_sweep(),
    )


def readout(frame: Frame) -> str:
    """Say how many seeds name every pair, whom the heads prefer, and what they make of the sequence."""
    config = cast("Config", frame.config)
    return say(frame, config, most_right=facts(config)["most_right"])
