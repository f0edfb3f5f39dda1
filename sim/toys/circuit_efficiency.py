"""A rule and a table compete for the same weights.

A network may answer by a rule, which serves every example and costs the same however many there are, or by a
table with an entry for each. Under weight decay what counts is the logit that each has for its norm,

    rule: (norm² / LK)^(L/2),    table: (norm² / LD)^(L/2),

for K weights of the rule in each of L layers, and D examples. They cross at D = K. Below it, weight decay
turns even a network that had the rule to the table; above it, one that began with the table gets to the
rule, and the later the nearer D is to K. All this is exact for weights that start equal (`_circuit_theory`);
weights that do not are trained on torch, for many D at once (`_circuit_training`).

Source: V. Varma, R. Shah, Z. Kenton, J. Kramár and R. Kumar (2023), "Explaining grokking through circuit
efficiency". Their networks do modular addition; that a memory costs in proportion to what it holds, and a
rule does not, is all that is left of it here. Left out: why the rule should be slower to learn, which is put
in by hand as it is there, and optimisers such as Adam.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from sim.spec import Frame, Measurement, Preset, Quantity
from sim.toys._circuit_config import Config
from sim.toys._circuit_course import HALF, SPAN, drawn, expected_course, first_time, times_of
from sim.toys._circuit_efficiency_figure import draw
from sim.toys._circuit_training import train
from sim.toys._drawing import number, percent

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from sim.toys._circuit_theory import Circuits

STEPS_A_FRAME = 1000  # to draw a frame takes as long as some forty
NORM = 40  # for which logits are quoted
SIZES = 49  # of a line by the number of examples
TRIED = 13  # numbers of examples that are trained on besides the one that was set

SCRUBBABLE = ("examples", "rule_weights", "slowness")

FACTS = {
    "critical_size": Quantity("examples at which rule and table have the same logit for a norm", "examples"),
    "rule_logit": Quantity(f"logit that a norm of {NORM} buys from the rule"),
    "table_logit": Quantity(f"logit that a norm of {NORM} buys from the table"),
    "rule_share": Quantity("part of the logit that the rule supplies where the loss is least", "share"),
    "best_train": Quantity("sure of the answers trained on, where the loss is least", "share"),
    "best_held_out": Quantity("sure of the answers held out, where the loss is least", "share"),
    "tenfold_time": Quantity(
        "time for a small rule to grow tenfold beside a table at rest, with two layers; 0 for never",
        "times of decay",
    ),
    "memorised_at": Quantity(
        "when half sure of what is trained on, from equal weights; 0 for never", "times of decay"
    ),
    "generalised_at": Quantity(
        "when half sure of what is held out, from equal weights; 0 for never", "times of decay"
    ),
}

RESULTS = {
    "train_sure": Measurement("sure of the answers trained on", "share"),
    "held_out_sure": Measurement("sure of the answers held out", "share"),
    "sizes": Measurement("numbers of examples tried", "examples"),
    "held_out_sure_by_size": Measurement("sure of the answers held out, for each of them", "share"),
    "memorised": Measurement(fact="memorised_at"),
    "generalised": Measurement(fact="generalised_at"),
}

ARRAYS = {
    "time": "times of decay",
    **dict.fromkeys(("expected", "trained", "best", "found"), "share"),
    **dict.fromkeys(("size", "tried"), "examples"),
    "bought": "",
}

PRESETS = (
    Preset("Too few examples: the table stays", {"examples": 60, "rule_weights": 100, "begins_general": 0}),
    Preset("Ungrokking: the rule is given up", {"examples": 30, "rule_weights": 100, "begins_general": 1}),
    Preset("One layer: both have a share", {"layers": 1}),
    Preset("Just enough: it takes far longer", {"examples": 120, "rule_weights": 100, "patience": 100}),
)


def facts(config: Config) -> dict[str, float]:
    """Return what is exact about rule and table; every unit is in `FACTS`."""
    circuits = config.circuits
    rule, table = circuits.best(config.examples)
    growth = circuits.growth(config.examples) if config.layers > 1 else 0.0
    time, expected = expected_course(config)
    return {
        "critical_size": float(config.rule_weights),
        "rule_logit": circuits.logit(config.rule_weights, NORM),
        "table_logit": circuits.logit(config.examples, NORM),
        "rule_share": rule / (rule + table) if rule + table else 0.0,
        "best_train": float(circuits.probability(rule + table)),
        "best_held_out": float(circuits.probability(rule)),
        "tenfold_time": float(np.log(10)) / growth if growth > 0 else 0.0,
        "memorised_at": first_time(time, expected[:, 0]),
        "generalised_at": first_time(time, expected[:, 1]),
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Train with the number of examples that was set, and with others around the crossing."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    untouched = preview(config, seed=seed)
    random = torch.Generator(device).manual_seed(seed)
    circuits = config.circuits
    ends = config.rule_weights / SPAN, config.rule_weights * SPAN
    sizes = [config.examples, *np.geomspace(*ends, TRIED).round().astype(int).tolist()]
    times = times_of(config)
    shown = set(drawn(times).tolist())
    rules = [config.first_rule] * len(sizes)
    course: list[torch.Tensor] = []  # logits at the steps that are drawn, each [part]
    for step, logits in enumerate(train(circuits, sizes, rules, times, random)):
        if step in shown:
            course.append(logits[0])
        last = step == len(times) - 1
        if last or step % STEPS_A_FRAME == 0:
            sure = [_sure_of(circuits, each) for each in (torch.stack(course), logits)]
            yield _so_far(untouched, sizes, *sure, progress=step / (len(times) - 1))


def _sure_of(circuits: Circuits, logits: torch.Tensor) -> NDArray[np.float64]:
    """How sure one is of what was trained on and of what was held out, by logits [any, part]: [any, 2]."""
    by_part = logits.cpu().double().numpy()
    return circuits.probability(np.stack([by_part.sum(axis=1), by_part[:, 0]], axis=1))


def _so_far(
    untouched: Frame,
    sizes: list[int],
    course: NDArray[np.float64],
    sure: NDArray[np.float64],
    *,
    progress: float,
) -> Frame:
    time = untouched.arrays["time"][: len(course)]
    result = {
        "train_sure": float(sure[0, 0]),
        "held_out_sure": float(sure[0, 1]),
        "sizes": [float(size) for size in sizes],
        "held_out_sure_by_size": sure[:, 1].tolist(),
        "memorised": first_time(time, course[:, 0]),
        "generalised": first_time(time, course[:, 1]),
    }
    found = {"trained": course[1:], "tried": np.array(sizes, dtype=np.float64), "found": sure[:, 1].copy()}
    return replace(untouched, progress=progress, result=result, arrays={**untouched.arrays, **found})


def preview(config: Config, *, seed: int) -> Frame:
    """Show what each part costs, the course from equal weights, and where it should end: all exact."""
    circuits = config.circuits
    size = np.geomspace(config.rule_weights / SPAN, config.rule_weights * SPAN, SIZES)
    time, expected = expected_course(config)
    arrays = {
        "time": time,
        "expected": expected,
        "trained": np.zeros((0, 2)),
        "size": size,
        "bought": np.array(
            [[circuits.logit(each, NORM) for each in (config.rule_weights, one)] for one in size]
        ),
        "best": circuits.probability(np.array([circuits.best(each)[0] for each in size])),
        "tried": np.zeros(0),
        "found": np.zeros(0),
    }
    return Frame(progress=0.0, config=config, arrays=arrays, seed=seed)


def figure(frame: Frame) -> Figure:
    """Draw the course of the training, what a norm buys, and what comes of it."""
    config = cast("Config", frame.config)
    return draw(frame.arrays, examples=config.examples, rule_weights=config.rule_weights)


def readout(frame: Frame) -> str:
    """Say which of the two is the better buy, and what training made of it."""
    config = cast("Config", frame.config)
    exact = facts(config)
    if frame.result and frame.progress < 1:
        return f"So far the network is {_sure(frame.result['train_sure'], frame.result['held_out_sure'])}."
    said = (
        f"With {config.examples:,} examples a norm of {NORM} buys a logit of {number(exact['rule_logit'])} "
        f"from the rule and {number(exact['table_logit'])} from the table; they are equal at "
        f"{config.rule_weights:,}."
    )
    if not frame.result:
        least = _sure(exact["best_train"], exact["best_held_out"])
        course = _became(config, exact["generalised_at"], exact["best_held_out"])
        return f"{said} Where the loss is least, the network is {least}. From equal weights, {course}."
    result = cast("dict[str, float]", frame.result)
    end = _sure(result["train_sure"], result["held_out_sure"])
    return (
        f"{said} In the end it is {end}; {_became(config, result['generalised'], result['held_out_sure'])}."
    )


def _sure(trained: Any, held_out: Any) -> str:  # noqa: ANN401 - numbers of a result, which may also be lists
    return f"{percent(trained)} sure of what it was trained on and {percent(held_out)} of the rest"


def _became(config: Config, generalised: float, held_out: float) -> str:
    if config.begins_general:
        return "it began with the rule and " + ("kept it" if held_out >= HALF else "gave it up")
    if not generalised:
        return "it was never half sure of the rest"
    return f"it was half sure of the rest after {number(generalised)} times of decay"
