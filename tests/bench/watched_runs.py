"""Runs that are watched, in processor seconds: what their frames add, and whether anyone would wait for them.

Every frame is gathered, drawn and written for the browser, which is more than a reader gets: a worker leaves
out those that come too fast. The baseline is the same training with nobody looking, in turns with it, and the
quickest of each counts: others use the machine too. Then the default run of each toy, frames and all, against
the ten seconds that a reader may wait.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from sim.picture import picture
from sim.run import run_to_end
from sim.spec import get
from sim.toys import _circuit_training, _count_training, _multiply_training
from sim.toys._circuit_course import SPAN, times_of
from sim.toys._grokking_course import set_up
from sim.toys._grokking_training import Recipe, Training
from sim.toys.circuit_efficiency import TRIED
from sim.toys.circuit_efficiency import Config as Circuits
from sim.toys.grokking import Config as Grokking
from sim.toys.multiply_by_squares import Config as Products
from sim.toys.skip_trigrams import Config as Trigrams
from tests.bench._clock import seconds

TURNS = 7
GROKKING = Grokking(steps=500)  # a third of the default, which is alike all the way
PATIENCE = 10.0  # seconds

Row = tuple[str, float, float, float]


def measure() -> list[Row]:
    """What frames add to each training, and each default run to wait for."""
    torch.set_num_threads(1)
    trainings = {
        "grokking": (GROKKING.steps, grok),
        "circuit_efficiency": (0, compete),
        "skip_trigrams": (0, count_ones),
        "multiply_by_squares": (0, multiply),
    }
    return [
        *(frames(name, bare, steps) for name, (steps, bare) in trainings.items()),
        *(to_wait_for(name) for name in [*trainings, "head_superposition"]),
    ]


def frames(name: str, bare: Callable[[], None], steps: int) -> Row:
    """A run with its frames drawn, of so many steps or of the default's, against its training alone."""
    turns = [(seconds(lambda: watch(name, steps)), seconds(bare)) for _ in range(TURNS + 1)][1:]
    ours, baseline = map(min, zip(*turns, strict=True))  # the first turn loads what is needed
    return (f"{name}: a run with its frames drawn, against none", ours, baseline, 1.1)


def to_wait_for(name: str) -> Row:
    """The default run, against the patience of a reader."""
    return (f"{name}: the default run, against 10 seconds", seconds(lambda: watch(name)), PATIENCE, 1.0)


def watch(name: str, steps: int = 0) -> None:
    """Run to the end, of so many steps or of the default's, and draw every frame."""
    toy = get(name)
    config = toy.module.Config(**({"steps": steps} if steps else {}))
    known = toy.module.facts(config)
    run_to_end(toy, config, seed=0, device="cpu", watch=lambda frame: picture(toy, frame, known))


def grok() -> None:
    """The network and its twin."""
    network, start = set_up(GROKKING, 0, "cpu")[1:]
    recipes = [Recipe(0, GROKKING.rate, decay, holds_norm=False) for decay in (GROKKING.weight_decay, 0.0)]
    trainings = [Training(network, start, recipe) for recipe in recipes]
    for _ in range(GROKKING.steps):
        for training in trainings:
            training.step()


def compete() -> None:
    """The rule and the table, for all numbers of examples."""
    config = Circuits()
    ends = config.rule_weights / SPAN, config.rule_weights * SPAN
    sizes = [config.examples, *np.geomspace(*ends, TRIED).round().astype(int).tolist()]
    rules = [config.first_rule] * len(sizes)
    for _ in _circuit_training.train(config.circuits, sizes, rules, times_of(config), generator()):
        pass


def count_ones() -> None:
    """One head, two, and so on."""
    config = Trigrams()
    heads = _count_training.random_heads(config.bits, config.seeds, generator())
    for _ in _count_training.train(heads, config.bits, config.steps):
        pass


def multiply() -> None:
    """Networks of every width."""
    config = Products()
    networks = _multiply_training.random_networks(config.widest, config.seeds, generator())
    given = _multiply_training.examples(_multiply_training.NODES, torch.device("cpu"))
    for _ in _multiply_training.train(networks, given, config.steps):
        pass


def generator() -> torch.Generator:
    """The first seed's."""
    return torch.Generator().manual_seed(0)
