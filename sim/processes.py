"""Starting worker processes fast, and without the server's main module.

A process that imports torch takes two seconds to start; one forked from a process that has already imported
it takes fifteen milliseconds. `multiprocessing` calls that second process a forkserver. It is started once,
from a process of its own, so nothing of the server (its threads, its open files) is inherited. Where the
platform has no forkserver, each worker is spawned, and pays the two seconds.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

# Without torch._dynamo the first optimiser that a worker makes imports it, which takes more than a second.
PRELOAD = ["torch", "torch.optim", "torch._dynamo", "sim.warmed", "sim.worker"]

# multiprocessing's list of children is not safe to change from two threads at once.
_lock = threading.Lock()


def launch(target: Callable[..., None], *arguments: Any) -> tuple[BaseProcess, Connection]:  # noqa: ANN401 - whatever the target takes
    """Start `target(*arguments, connection)` in a new process; returns it and the end to read from.

    Reading ends with `EOFError` when the process does.
    """
    context = _context()
    reader, writer = context.Pipe(duplex=False)
    with writer:
        process = context.Process(target=target, args=(*arguments, writer), daemon=True)  # type: ignore[attr-defined] # typeshed lists it only on the subclasses
        with _lock, _main_module_hidden():
            process.start()
    return process, reader


def reap(process: BaseProcess) -> int:
    """Wait for a process that is ending; returns its exit code (negative: the signal that ended it)."""
    with _lock:
        process.join()
        code = process.exitcode
        process.close()
    return code or 0


def receive(reader: Connection) -> Any:  # noqa: ANN401 - whatever that process says
    """The next thing a process says, or `None` when it has ended, in the middle of one or not."""
    try:
        return reader.recv()
    except (EOFError, OSError):
        return None


def ending(code: int, what: str = "simulation", remedy: str = "Try a smaller setting.") -> str:
    """Say why a process that was not told to has ended, by its exit code."""
    if code < 0:
        return f"The {what} was ended by signal {-code}, perhaps for want of memory. {remedy}"
    return f"The {what} broke off: there is a fault in its code. The server's log has the details."


def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    return context


@contextmanager
def _main_module_hidden() -> Iterator[None]:
    """Keep a child from importing the server's main module.

    multiprocessing runs the parent's `__main__` again in each child. Under Streamlit that is whichever page
    script is running just now: it costs half a second, and runs a page where there is none.
    """
    stand_in = ModuleType("__main__")
    main = sys.modules["__main__"]
    sys.modules["__main__"] = stand_in
    try:
        yield
    finally:
        # Another thread may have begun a page meanwhile; its module is not ours to replace.
        if sys.modules["__main__"] is stand_in:
            sys.modules["__main__"] = main
