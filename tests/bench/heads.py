"""Training attention heads: ten seeds at once against one, its live frames, and its first picture.

Seeds share the kernels of a step. Live frames are gathered, drawn and written for the browser; their baseline
is the same training with nobody looking. A first picture is everything between changed settings and the JSON
that a browser gets; its baseline is the bound that is promised, 100 ms. All is counted by the CPU's clock, in
turns, and the quickest of each counts: others use the machine too.
"""

from __future__ import annotations

import torch

from sim.picture import picture
from sim.spec import get
from sim.toys._head_training import Training, random_weights
from sim.toys.head_superposition import Config, run
from tests.bench.pushes_and_pairs import first_picture, seconds

TURNS = 7
PAIRS = ("7 4 10 3 0", "1 2 0", "5 2 2 9 0")

Row = tuple[str, float, float, float]


def measure() -> list[Row]:
    """Ten seeds against one, frames against none, and the first picture."""
    torch.set_num_threads(1)
    get("head_superposition")
    show(Config(steps=20))  # loads what is needed
    turns = [
        (
            seconds(lambda: exhaust(Config(seeds=1))),
            seconds(lambda: exhaust(Config())),
            seconds(lambda: show(Config())),
            seconds(lambda: unseen(Config())),
        )
        for _ in range(TURNS)
    ]
    one, ten, drawn, bare = map(min, zip(*turns, strict=True))
    return [
        ("head_superposition: ten seeds at once, against one", ten, one, 2.5),
        ("head_superposition: with live frames drawn, against none", drawn, bare, 1.1),
        first_picture(
            "head_superposition", lambda turn: {"d_head": turn % 6 + 1, "sequence": PAIRS[turn % 3]}
        ),
    ]


def exhaust(config: Config) -> None:
    """Run to the end."""
    for _ in run(config, seed=0, device="cpu"):
        pass


def show(config: Config) -> None:
    """Run to the end, and draw every frame."""
    toy = get("head_superposition")
    known = toy.module.facts(config)
    for frame in run(config, seed=0, device="cpu"):
        picture(toy, frame, known)


def unseen(config: Config) -> None:
    """The same training, with no frames."""
    random = torch.Generator().manual_seed(0)
    start = random_weights(config.seeds, config.heads, config.d_head, random)
    training = Training(start, direct=bool(config.direct), device="cpu")
    for _ in training.steps(config.steps, rate=config.rate, decay=config.decay):
        pass
