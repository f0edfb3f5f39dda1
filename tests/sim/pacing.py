"""A toy to test the machinery with: the mean of random numbers, at a pace and with a trouble of choice.

It estimates E[U] = 1/2 for U uniform on [0, 1). With `trouble` it runs out of memory, dies, or never ends.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import numpy as np

from sim.spec import Frame, Quantity, Settings, Toy, ToyModule, UnknownToyError, setting

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FACTS = {"mean": Quantity("the mean"), "slow_mean": Quantity("the mean again", "points")}

ARRAYS = {"drawn": ""}
PRESETS = ()

SCRUBBABLE = ("pause",)

NONE, MEMORY, DEATH, ENDLESS = range(4)


class Config(Settings):
    """How many draws, how slowly, and what goes wrong."""

    draws: int = setting(10, low=1, high=1_000_000, title="Draws", help="How many numbers are drawn.")
    pause: float = setting(0.0, low=0.0, high=60.0, title="Pause", help="Wait after each.", unit="seconds")
    trouble: int = setting(NONE, low=NONE, high=ENDLESS, title="Trouble", help="What goes wrong.")


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Draw one number a frame; each frame has the numbers so far."""
    if config.trouble == MEMORY:
        raise MemoryError
    if config.trouble == DEATH:
        os._exit(9)
    random = np.random.default_rng(seed)
    drawn: list[float] = []
    while len(drawn) < config.draws or config.trouble == ENDLESS:
        drawn.append(float(random.random()))
        progress = min(len(drawn) / config.draws, 1.0)
        yield frame(config, drawn, seed=seed, progress=progress, device=device)
        time.sleep(config.pause)


def frame(config: Config, drawn: list[float], *, seed: int, progress: float, device: str = "cpu") -> Frame:
    """Put numbers into a frame."""
    result = {"count": float(len(drawn)), "mean": float(np.mean(drawn)), "on_cpu": float(device == "cpu")}
    return Frame(
        progress=progress, config=config, result=result, arrays={"drawn": np.array(drawn)}, seed=seed
    )


def facts(config: Config) -> dict[str, float]:
    """The mean of a uniform number is a half."""
    return {"mean": 0.5, "slow_mean": 0.5 * config.pause}


def preview(config: Config, *, seed: int) -> Frame:
    """Show the exact answer as if one number had been drawn."""
    return frame(config, [0.5], seed=seed, progress=0.0)


def figure(shown: Frame) -> Figure:
    """Draw the numbers in the order they came."""
    from plotly.graph_objects import Figure, Scatter  # noqa: PLC0415 - only a process that draws needs it

    return Figure(Scatter(y=shown.arrays["drawn"]))


def readout(shown: Frame) -> str:
    """Say how many there are, and their mean."""
    return f"{len(shown.arrays['drawn'])} drawn, mean {shown.result['mean']:.3f}."


PACING = Toy("pacing", "A mean settles", "", cast("ToyModule", sys.modules[__name__]))


def find(name: str) -> Toy:
    """Find this toy, and no other, as `sim.spec.get` finds the book's.

    Raises:
        UnknownToyError: If another name is asked for.
    """
    if name != PACING.name:
        raise UnknownToyError(f"There is no simulation called '{name}'.")
    return PACING
