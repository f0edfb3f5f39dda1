"""The toys of pushed activations and of remembered pairs: their first pictures, and what makes them quick.

A first picture is everything between changed settings and the JSON that a browser gets, with settings that
were not asked for before; its baseline is the bound that is promised, 100 ms. Pushes are compared with the
plain way, which moves the activation in all dimensions and reads it again at each distance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from statistics import median

import torch

from sim.picture import picture
from sim.spec import Settings, get
from sim.toys._mean_change import RANDOM, Reader
from sim.toys._pushed_examples import pushed, random_directions, read_offs
from tests.bench._clock import seconds

BOUND = 0.1  # seconds
TURNS = 15
READER = Reader(width=1024, options=8, sharpness=12.0, noise=0.8)
TRIALS, DISTANCES = 500, 49

Row = tuple[str, float, float, float]


def measure() -> list[Row]:
    """Both first pictures, and the pushes."""
    torch.set_num_threads(1)
    return [
        first_picture("activation_plateau", lambda turn: {"sharpness": 10 + turn / 10}),
        first_picture("memory_capacity", lambda turn: {"recall": 0.7 + turn / 100}),
        pushes(),
    ]


def first_picture(name: str, settings: Callable[[int], Mapping[str, object]]) -> Row:
    """Preview, facts and drawing of settings that are new each time; the first also loads what is needed."""
    toy = get(name)
    fresh = map(toy.module.Config.model_validate, map(settings, count()))

    def show(config: Settings) -> None:
        picture(toy, toy.module.preview(config, seed=0), toy.module.facts(config))

    show(next(fresh))
    took = [seconds(lambda config=config: show(config)) for config in take(TURNS, fresh)]
    return (f"{name}: first picture, against the bound", median(took), BOUND, 1.0)


def pushes() -> Row:
    """Random pushes of real activations, to many distances."""
    random = torch.Generator().manual_seed(0)
    rows = read_offs(READER.width, READER.options, random)
    distances = torch.linspace(0, 3, DISTANCES)

    def plain() -> None:
        own = torch.randint(READER.options, (TRIALS,), generator=random)
        start = rows[own] + READER.spread * torch.randn(TRIALS, READER.width, generator=random)
        push = random_directions(TRIALS, READER.width, random)
        before = (READER.sharpness * start @ rows.T).softmax(-1)
        for distance in distances:
            after = (READER.sharpness * (start + distance * push) @ rows.T).softmax(-1)
            (after - before).abs().sum(-1)

    def ours() -> None:
        pushed(READER, RANDOM, rows, distances, TRIALS, random)

    pairs = [(seconds(ours), seconds(plain)) for _ in range(TURNS)]
    took, baseline = (median(column) for column in zip(*pairs, strict=True))
    return ("activation_plateau: 49 pushes at width 1,024, against one by one", took, baseline, 0.5)


def take(number: int, configs: Iterator[Settings]) -> list[Settings]:
    """The next few of them."""
    return [next(configs) for _ in range(number)]
