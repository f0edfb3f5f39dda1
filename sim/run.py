"""Running a simulation: on which device, to the end, and what to say when memory runs out.

Imports torch, as only the toys and `sim.fitting` do besides, and only inside functions: importing this file
is cheap, so that the server, which never computes, can have it. `sim.worker` runs a simulation in a process
of its own and `sim.runs` keeps those processes; here is what both of them and the command line share.

Every run has one torch thread. On a machine whose cores are shared, a second thread makes torch four to nine
times slower, because each small kernel waits for the slower of the two.

Left out: half precision, and several devices for one run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

from sim.spec import Frame, Settings, Toy

AUTO = "auto"
CPU = "cpu"


class DeviceError(ValueError):
    """A device that this machine does not have; the message names it and those there are."""


class OutOfMemoryError(RuntimeError):
    """A run that its device could not hold; the message offers a smaller setting."""


@dataclass(frozen=True)
class Finished:
    """A run that has come to its end.

    Attributes:
        frame: The last frame: its `result` is the answer.
        seconds: How long the run took, by the wall clock.
        device: Where it ran: "cuda", "mps" or "cpu".
    """

    frame: Frame
    seconds: float
    device: str


def available_devices() -> list[str]:
    """List the devices of this machine, the fastest first; "cpu" is always the last. Imports torch."""
    torch = _torch()
    found = [("cuda", torch.cuda.is_available()), ("mps", torch.backends.mps.is_available()), (CPU, True)]
    return [name for name, there in found if there]


def choose_device(name: str = AUTO) -> str:
    """Resolve "auto" to the fastest device there is, and refuse one that is not there.

    Raises:
        DeviceError: If this machine has no such device.
    """
    if name == CPU:
        return CPU  # needs no torch to know
    devices = available_devices()
    if name == AUTO:
        return devices[0]
    if name not in devices:
        raise DeviceError(f"This machine has no device '{name}'. Choose one of: auto, {', '.join(devices)}.")
    return name


def frames(toy: Toy, config: Settings, *, seed: int, device: str) -> Iterator[Frame]:
    """Run a toy on a device that `choose_device` gave, with one torch thread, and yield its frames.

    Raises:
        OutOfMemoryError: If the device cannot hold it.
    """
    with _one_thread(), _memory_explained(config, device):
        yield from toy.module.run(config, seed=seed, device=device)


def run_to_end(
    toy: Toy,
    config: Settings,
    *,
    seed: int,
    device: str = AUTO,
    watch: Callable[[Frame], None] | None = None,
) -> Finished:
    """Run a toy and keep its last frame; `watch`, if given, sees each frame as it comes.

    Raises:
        DeviceError: If this machine has no such device.
        OutOfMemoryError: If the device cannot hold it.
    """
    chosen = choose_device(device)
    started = time.perf_counter()
    last = None
    for frame in frames(toy, config, seed=seed, device=chosen):
        last = frame
        if watch:
            watch(frame)
    if last is None:
        raise RuntimeError(f"{toy.name} ended without a frame, which its contract forbids.")
    return Finished(frame=last, seconds=time.perf_counter() - started, device=chosen)


def run_side_by_side(
    toy: Toy, config: Settings, *, seeds: Sequence[int], device: str = AUTO
) -> Iterator[Finished]:
    """Run the same settings with several seeds, side by side if the toy can; yields each run as it is ready.

    The time of runs side by side is shared out among them evenly.

    Raises:
        DeviceError: If this machine has no such device.
        OutOfMemoryError: If the device cannot hold it.
    """
    batch = getattr(toy.module, "batch", None)
    if batch is None or len(seeds) == 1:
        yield from (run_to_end(toy, config, seed=seed, device=device) for seed in seeds)
        return
    chosen = choose_device(device)
    with _one_thread(), _memory_explained(config, chosen):
        started = time.perf_counter()
        for frames_together in batch(config, seeds=seeds, device=chosen):
            share = (time.perf_counter() - started) / len(frames_together)
            yield from (Finished(frame, share, chosen) for frame in frames_together)
            started = time.perf_counter()


def _torch() -> ModuleType:
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    return torch


@contextmanager
def _one_thread() -> Iterator[None]:
    torch = _torch()
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def _memory_explained(config: Settings, device: str) -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise OutOfMemoryError(_memory_sentence(config, device)) from error
    except RuntimeError as error:
        if not _is_about_memory(error):
            raise
        raise OutOfMemoryError(_memory_sentence(config, device)) from error


def _is_about_memory(error: RuntimeError) -> bool:
    # Only CUDA has a class of its own for it; the CPU's allocator and MPS raise a bare RuntimeError.
    words = str(error).lower()
    return "out of memory" in words or "can't allocate memory" in words


def _memory_sentence(config: Settings, device: str) -> str:
    smaller = _smaller_setting(config)
    remedies = [f"Try {smaller}"] if smaller else []
    if device != CPU:
        remedies.append("the device cpu" if remedies else "Try the device cpu")
    said = f"The simulation ran out of memory on {device}."
    return f"{said} {', or '.join(remedies)}." if remedies else said


def _smaller_setting(config: Settings) -> str:
    """Offer half of the count that stands furthest above its least value: that is what fills the memory."""
    offers = [
        (value / max(low, 1), f"{name}={max(low, value // 2)}")
        for name, value in config
        if isinstance(value, int) and value > (low := _least(config, name))
    ]
    return max(offers, default=(0.0, ""))[1]


def _least(config: Settings, name: str) -> int:
    metadata = type(config).model_fields[name].metadata
    return next((int(bound.ge) for bound in metadata if hasattr(bound, "ge")), 1)
