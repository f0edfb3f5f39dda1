"""Long work that is no simulation, for `sim.runs` to run, to queue and to stop like one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """What to do in a process of its own.

    Attributes:
        target: What a process calls, with the argument and a connection into which it says `Message`s.
        argument: Anything that can be pickled, as the target can.
        name: What to call it in a sentence: "fit".
        remedy: What to do if the machine has ended it.
    """

    target: Callable[..., None]
    argument: object
    name: str
    remedy: str
