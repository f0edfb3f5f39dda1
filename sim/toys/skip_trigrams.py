"""One attention layer is no table of skip-trigrams.

A skip-trigram A … B → C says: if A came anywhere before, then C follows B. A table of them adds an entry to
a logit for each A that is there. An attention layer adds

    logit = constant + Σ_heads Σ_i a_i v_i,    a = softmax(scores of the tokens i),

and the table misreads it twice over. First, n skip-trigrams that share their A look as though they needed n
heads, for a head that copies from A cannot know which C is wanted. Two heads do it, for any n, without an
error and with the right logit b / 2 ahead (`_trigram_heads`): one copies what the question itself calls
for, the other takes it back unless A is there. Second, some layers no table can imitate: XOR of two digits.
A table's logit is a straight line in the number of ones, one head's a Möbius function, which only rises or
only falls; so both stop at 75%. Two heads reach 100%, and in general n heads the parity of n digits, fewer
never (`_count_heads`).

The heads by hand and the limits are exact. Training, on torch, is for one head, two, and so on up to the
number of digits, for every seed at once (`_count_training`).

Source: N. Elhage and others (2021), "A Mathematical Framework for Transformer Circuits", for skip-trigrams;
Anthropic's interpretability team (2023), "Circuits Updates", May and July, for the task and its two heads;
B. Shlegeris (2023), "One-layer transformers aren't equivalent to a set of skip-trigrams". L. Chan (2023)
believes, without a proof, that one layer with unboundedly many heads can do anything; what is shown here is
that it can do any function of a count. Left out: several layers, positions, and heads too narrow for their
task.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from sim.spec import Frame, Measurement, Preset, Quantity, Result, Settings, setting
from sim.toys import _stored
from sim.toys._count_heads import any_ones_loss, best_heads, best_table
from sim.toys._count_training import random_heads, train
from sim.toys._drawing import number, percent
from sim.toys._skip_trigrams_figure import draw
from sim.toys._trigram_heads import copying_pair, single_head

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from sim.toys._count_training import Standing

NAME = "skip_trigrams"
SHOWS_STORED_RUN = True

LOOKS = 50  # points of each curve
STEPS_A_FRAME = 500  # at the least: to draw a frame takes as long as some fifteen
ALL = 1 - 1e-6  # a share above this is all of them, but for rounding
TRAINED_ON = {"bits", "seeds", "steps"}  # the settings that training depends on

SCRUBBABLE = ("trigrams", "strength")

FACTS = {
    "pair_errors": Quantity("prompts that the copying and the negative head get wrong", "prompts"),
    "pair_margin": Quantity("lead of the right logit with these two heads, at the least"),
    "pair_probability": Quantity("probability of what is right with these two heads, at the least", "share"),
    "single_errors": Quantity("prompts that one head, attending to both, gets wrong", "prompts"),
    "single_margin": Quantity("lead of the right logit with that one head, at the least"),
    "heads_one_each": Quantity("heads, if each is to hold one skip-trigram", "heads"),
    "table_accuracy": Quantity("right about the digits, the best table of skip-trigrams", "share"),
    "table_loss": Quantity("loss of the table with the least loss"),
    "table_accuracy_at_least_loss": Quantity(
        "right about the digits, the table with the least loss", "share"
    ),
    "once_table_accuracy": Quantity(
        "right about the digits, the best table that counts each digit once", "share"
    ),
    "one_head_accuracy": Quantity("right about the digits, one head at best", "share"),
    "two_heads_accuracy": Quantity("right about the digits, two heads at best", "share"),
    "one_head_loss": Quantity("loss of one head that only asks whether there is a one"),
    "heads_needed": Quantity("heads needed to be right about all digits", "heads"),
}

RESULTS = {
    "best_accuracy": Measurement("right at best, by one head, by two and so on", "share"),
    "mean_accuracy": Measurement("right on average, by one head, by two and so on", "share"),
    "seeds_all_right": Measurement("seeds that get all right, of one head, of two and so on", "seeds"),
    "least_loss": Measurement("least loss, of one head, of two and so on"),
    "mean_loss": Measurement("mean loss, of one head, of two and so on"),
    "steps_done": Measurement("steps of training", "steps"),
}

ARRAYS = {"step": "steps", "accuracy": "share", "loss": ""}

PRESETS = (
    Preset("Sixty-four trigrams, two heads", {"trigrams": 64}),
    Preset("Three digits need three heads", {"bits": 3}),
    Preset("Four digits: possible, hard to find", {"bits": 4}),
)


class Config(Settings):
    """How many skip-trigrams the hand-made heads hold, and whose parity the others are trained on."""

    trigrams: int = setting(
        16,
        low=2,
        high=64,
        unit="trigrams",
        title="Skip-trigrams",
        help="How many share one source; two heads by hand hold them all.",
    )
    strength: float = setting(
        10,
        low=0.5,
        high=30,
        scale="log",
        title="Strength",
        help="How much the copying head adds to the answer's logit.",
    )
    bits: int = setting(
        2,
        low=2,
        high=4,
        unit="digits",
        title="Digits",
        help="The trained heads say whether the ones among so many are odd in number.",
    )
    seeds: int = setting(
        10, low=1, high=50, unit="seeds", title="Seeds", help="How often training starts afresh."
    )
    steps: int = setting(
        500, low=20, high=3000, scale="log", unit="steps", title="Steps", help="How long to train."
    )


def facts(config: Config) -> dict[str, float]:
    """Return what is known without training; every unit is in `FACTS`."""
    pair = copying_pair(config.trigrams, config.strength)
    single = single_head(config.trigrams, config.strength)
    return {
        "pair_errors": float(pair.errors),
        "pair_margin": pair.margin,
        "pair_probability": pair.probability,
        "single_errors": float(single.errors),
        "single_margin": single.margin,
        "heads_one_each": float(config.trigrams),
        "table_accuracy": best_table(config.bits),
        "table_loss": math.log(2),
        "table_accuracy_at_least_loss": 0.5,  # it says nothing
        "once_table_accuracy": best_table(config.bits, once=True),
        "one_head_accuracy": best_heads(config.bits, 1),
        "two_heads_accuracy": best_heads(config.bits, 2),
        "one_head_loss": any_ones_loss(config.bits),
        "heads_needed": float(_heads_needed(config.bits)),
    }


def _heads_needed(bits: int) -> int:
    return next(heads for heads in range(1, bits + 1) if best_heads(bits, heads) == 1)


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Train one head, two, and so on, for every seed at once."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    heads = random_heads(config.bits, config.seeds, random)
    every = max(config.steps // LOOKS, 1)
    a_frame = -(-STEPS_A_FRAME // every) * every
    steps: list[int] = []
    standings: list[Standing] = []
    for step, standing in enumerate(train(heads, config.bits, config.steps)):
        if step % every and step < config.steps:
            continue
        steps.append(step)
        standings.append(standing)
        if step % a_frame and step < config.steps:
            continue
        arrays = {
            "step": np.array(steps),
            "accuracy": np.stack([past.accuracy for past in standings], axis=-1),
            "loss": np.stack([past.loss for past in standings], axis=-1),
        }
        yield Frame(step / config.steps, config, _result(step, standing), arrays, seed)


def _result(step: int, standing: Standing) -> Result:
    """What each number of heads, from one up, has come to over the seeds."""
    return {
        "steps_done": step,
        "seeds_all_right": (standing.accuracy > ALL).sum(axis=1).tolist(),
        "best_accuracy": standing.accuracy.max(axis=1).tolist(),
        "mean_accuracy": standing.accuracy.mean(axis=1).tolist(),
        "least_loss": standing.loss.min(axis=1).tolist(),
        "mean_loss": standing.loss.mean(axis=1).tolist(),
    }


def preview(config: Config, *, seed: int) -> Frame:
    """Show the stored run where only settings differ that training does not depend on; else none yet."""
    stored = _stored.read(NAME, Config)
    if config.model_dump(include=TRAINED_ON) == stored.config.model_dump(include=TRAINED_ON):
        return replace(stored, config=config)
    nothing: NDArray[np.float64] = np.zeros((config.bits, 1, 0))
    arrays = {"step": np.zeros(0), "accuracy": nothing, "loss": nothing}
    return Frame(progress=0.0, config=config, arrays=arrays, seed=seed)


def figure(frame: Frame) -> Figure:
    """Draw the heads by hand, and below them the trainings."""
    config = cast("Config", frame.config)
    return draw(
        frame.arrays,
        trigrams=config.trigrams,
        strength=config.strength,
        bits=config.bits,
        steps=config.steps,
    )


def readout(frame: Frame) -> str:
    """Say what the heads by hand can do, and how far training has come."""
    config = cast("Config", frame.config)
    exact = facts(config)
    by_hand = (
        f"By hand, two heads hold {config.trigrams} skip-trigrams with {number(exact['pair_errors'])} "
        f"errors, the right logit {number(exact['pair_margin'])} ahead."
    )
    digits = f"{config.bits} digits"
    if not frame.result:
        return (
            f"{by_hand} Of the parity of {digits} the best table gets {percent(exact['table_accuracy'])} "
            f"right, and one head at best {percent(exact['one_head_accuracy'])}; "
            f"{number(exact['heads_needed'])} heads can get all. Run it to see what training finds."
        )
    right = cast("list[float]", frame.result["best_accuracy"])
    perfect = cast("list[float]", frame.result["seeds_all_right"])
    found = "; ".join(
        f"{_heads(heads)} at most {percent(share)}, {_all_right(int(count), config.seeds)}"
        for heads, (share, count) in enumerate(zip(right, perfect, strict=True), 1)
    )
    done = cast("int", frame.result["steps_done"])
    if done < config.steps:
        return f"After {done} of {config.steps} steps on the parity of {digits}: {found}."
    return f"{by_hand} Trained on the parity of {digits}: {found}."


def _heads(count: int) -> str:
    return "1 head" if count == 1 else f"{count} heads"


def _all_right(count: int, seeds: int) -> str:
    return f"all right in {count} of {seeds} seeds" if count else "never all right"
