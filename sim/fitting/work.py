"""What a worker process does to fit the model: search, judge, and say how it goes.

It says `sim.worker.Message`s, as a simulation does, so that `sim.runs` can run and stop it:

    {"state": "running", "progress": 0.4, "seconds_left": 2.1, "readout": "Log-loss 0.3412 so far"}
    {"state": "done", "progress": 1, "seconds": 3.5, "readout": "…", "fit": {"weights": […], …}}

where `fit` holds the new weights and everything of `sim.fitting.judging.Judged`. A log that is too short is
never given to it.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.fitting.answers import Answers
from sim.fitting.fisher import Prior, search
from sim.fitting.judging import judge, split
from sim.picture import Json, written
from sim.worker import Clock, Message, end_with_parent, give_way

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

BEGUN = 0.05  # of the way, before which an estimate of the time is a guess


@dataclass(frozen=True, eq=False)
class Fit:
    """What to fit.

    Attributes:
        answers: The learner's answers.
        in_use: [21] the weights that new ones have to do better than.
        prior: What is known of the weights before any answer.
    """

    answers: Answers
    in_use: tuple[float, ...]
    prior: Prior


def work(fit: Fit, connection: Connection) -> None:
    """Fit in this process, saying each `Message` into the connection."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that fits something should pay

    give_way()
    end_with_parent()
    torch.set_num_threads(1)
    with connection:
        for message in messages(fit):
            connection.send(message)


def messages(fit: Fit, clock: Clock = time.monotonic) -> Iterator[Message]:
    """Fit, and say how it goes, ending with the one final message."""
    started = clock()
    fitted, _ = split(fit.answers)
    for place in search(fit.answers, fitted, fit.prior):
        elapsed = clock() - started
        left = elapsed / place.progress - elapsed if place.progress > BEGUN else None
        said: dict[str, Json] = {
            "state": "running",
            "progress": place.progress,
            "seconds_left": None if left is None else round(left, 1),
            "readout": f"Log-loss {place.loss:.4f} so far",
        }
        yield Message(written(said).encode())
    judged = judge(fit.answers, np.array(fit.in_use), place.weights)
    done: dict[str, Json] = {
        "state": "done",
        "progress": 1,
        "seconds": round(clock() - started, 3),
        "readout": f"Log-loss {judged.before:.4f} before, {judged.after:.4f} after",
        "fit": {"weights": place.weights.tolist(), **asdict(judged)},
    }
    yield Message(written(done).encode(), final=True)
