"""What a worker process does: run one simulation and say how it goes.

It says JSON objects, the last of them final:

    {"state": "running", "progress": 0.4, "seconds_left": 2.1, "figure": …, …}
    {"state": "done", "progress": 1, "seconds": 3.5, "device": "cpu", "figure": …, …}
    {"state": "failed", "error": "One sentence."}

The figure and what stands beside it are those of `sim.picture`. The final message of a run that is done
brings its numbers as well, as `sim.table` writes them; they are kept for whoever asks, and not streamed.

Frames may come faster than anyone can look. They are thinned to `PER_SECOND`, and further where drawing one
takes long, so that a run spends most of its time running. The last frame is always said.

A run begins as urgent as the key press that asked for it, and gives way to the server and the browser after
`HASTE` seconds: a simulation may be late, a key press may not, and the first progress answers one.

A fault in a toy's code is not caught: its trace goes to the server's log, and `sim.runs` tells the reader.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import parent_process
from multiprocessing.connection import Connection

from sim.picture import picture, written
from sim.run import AUTO, DeviceError, OutOfMemoryError, available_devices, choose_device, frames
from sim.spec import BrokenToyError, Frame, SettingError, Settings, Toy, UnknownToyError, get, parse_settings
from sim.table import table

PER_SECOND = 60  # as often as a screen is painted; some come too late for theirs
DRAWING_SHARE = 0.35
POLITE = 10
LEAST_URGENT = 19
HASTE = 0.3

Find = Callable[[str], Toy]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Job:
    """What to run: the words of a request, checked where it came in and again where it runs."""

    toy: str
    settings: Mapping[str, float | str] = field(default_factory=dict)
    seed: int = 0
    device: str = AUTO


@dataclass(frozen=True)
class Message:
    """One thing a worker says.

    Attributes:
        json: The object, which is streamed to those who watch.
        final: Whether nothing follows.
        device: Where the result in it was computed; empty if there is none in it yet.
        data: The numbers of a run that is done, as the bytes of a file.
    """

    json: bytes
    final: bool = False
    device: str = ""
    data: bytes = b""


def work(job: Job, find: Find, connection: Connection) -> None:
    """Run a job in this process, saying each `Message` into the connection."""
    _give_way_soon()
    end_with_parent()
    with connection:
        for message in messages(job, find):
            connection.send(message)


def tell_devices(connection: Connection) -> None:
    """Say which devices this machine has; the server does not import torch to find out."""
    with connection, suppress(BrokenPipeError):  # a server that was stopped at once has not waited to hear
        connection.send(available_devices())


def messages(job: Job, find: Find = get, clock: Clock = time.monotonic) -> Iterator[Message]:
    """Run a job, and say how it goes, ending with the one final message."""
    try:
        toy = find(job.toy)
        config = parse_settings(toy, job.settings)
        device = choose_device(job.device)
        yield from _told(toy, config, frames(toy, config, seed=job.seed, device=device), device, clock)
    except (UnknownToyError, BrokenToyError, SettingError, DeviceError, OutOfMemoryError) as error:
        # What was asked for may hold half of a character, which JSON can and an answer cannot.
        said = written({"state": "failed", "error": str(error)}).encode("utf-8", "backslashreplace")
        yield Message(said, final=True)


def _told(toy: Toy, config: Settings, run: Iterable[Frame], device: str, clock: Clock) -> Iterator[Message]:
    facts = toy.module.facts(config)
    started = due = clock()
    last = None
    for last in run:
        began = clock()
        if began < due or last.progress >= 1:
            continue
        left = round(_seconds_left(last.progress, began - started), 1) if last.progress > 0 else None
        said = picture(
            toy, last, facts, state="running", progress=last.progress, seconds_left=left, device=device
        )
        yield Message(said.encode())
        due = max(began + 1 / PER_SECOND, clock() + (clock() - began) * (1 / DRAWING_SHARE - 1))
    if last is None:
        raise RuntimeError(f"{toy.name} ended without a frame, which its contract forbids.")
    seconds = round(clock() - started, 3)
    said = picture(toy, last, facts, state="done", progress=1, seconds=seconds, device=device)
    yield Message(said.encode(), final=True, device=device, data=table(toy, last, facts, device))


def _seconds_left(progress: float, elapsed: float) -> float:
    return elapsed / progress * (1 - progress)


def give_way() -> None:
    """Let the server and the browser go first: a simulation may be late, a key press may not."""
    if hasattr(os, "nice"):  # Windows has none
        os.nice(POLITE)


def _give_way_soon() -> None:
    """Let the server and the browser go first, from a moment on; by then a reader has seen that it runs."""
    if not hasattr(os, "nice"):
        return  # Windows has none
    us, polite = os.getpid(), min(os.nice(0) + POLITE, LEAST_URGENT)
    # Of this process, not of the thread that says it: that one is over at once.
    timer = threading.Timer(HASTE, os.setpriority, [os.PRIO_PROCESS, us, polite])
    timer.daemon = True
    timer.start()


def end_with_parent() -> None:
    """A server that was killed cannot end its workers, so each watches for that."""
    parent = parent_process()
    if parent is None:
        return

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, name="ends with its parent", daemon=True).start()
