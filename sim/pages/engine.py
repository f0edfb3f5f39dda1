"""The one set of runs that a server has, begun and ended with it."""

from __future__ import annotations

import importlib

from sim.pages.stopping import release_on_stop
from sim.runs import Runs

RUNS = Runs()

# What drawing needs. Plotly imported by two threads at once can be found half loaded; and on every drawing it
# looks whether pandas is loaded, and fails while Streamlit is still loading that for its first page.
DRAWING = ("pandas", "plotly.graph_objects")


def start_engine() -> None:
    """Begin to serve runs: call it on the server's event loop, when it starts."""
    for name in DRAWING:
        importlib.import_module(name)
    RUNS.open()
    RUNS.warm_aside()
    release_on_stop(RUNS.release)


async def stop_engine() -> None:
    """End every run and its process: call it when the server stops."""
    await RUNS.close()
