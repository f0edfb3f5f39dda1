"""The one set of runs that a server has, begun and ended with it."""

from __future__ import annotations

import importlib
import threading
from pathlib import Path

from sim.pages.stopping import release_on_stop
from sim.results import Results
from sim.runs import Runs

RUNS = Runs()

# What drawing needs. Plotly imported by two threads at once can be found half loaded; and on every drawing it
# looks whether pandas is loaded, and fails while Streamlit is still loading that for its first page.
DRAWING = ("pandas", "sim.warmed")


def start_engine(results: Path | None = None) -> None:
    """Begin to serve runs: call it on the server's event loop, when it starts.

    Args:
        results: The folder for what finished runs have shown; without one nothing is kept.
    """
    for name in DRAWING:
        importlib.import_module(name)
    RUNS.results = Results(results)
    RUNS.open()
    # In a thread that a stopping server does not wait for.
    threading.Thread(target=RUNS.warm, name="warm the workers", daemon=True).start()
    release_on_stop(RUNS.release)


async def stop_engine() -> None:
    """End every run and its process: call it when the server stops."""
    await RUNS.close()
