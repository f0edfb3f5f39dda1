"""What happens when the server starts and stops."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from cards import paths
from cards.pages import session
from cards.store import StoreProblem
from content.pages import shelf
from content.pages.changes import watch
from sim.pages.engine import start_engine, stop_engine
from sim.pages.stopping import release_on_stop


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:  # noqa: ANN401 - Streamlit gives its type no public name
    """Open the store, read the book, warm the workers; on the way out, end every process and close the store.

    What cannot be opened now is not an error of the server: each page says it, and tries again.
    """
    for prepare, excused in ((session.store, StoreProblem), (shelf.book, shelf.FolderError)):
        with suppress(excused):
            prepare()
    start_engine(results=_results(os.environ))
    release_on_stop(watch.release)
    # What start-up has allocated stays for ever: later collections need not walk it again.
    gc.collect()
    gc.freeze()
    try:
        yield {}
    finally:
        await stop_engine()
        session.close()


def _results(environ: Mapping[str, str]) -> Path | None:
    """The folder for what runs have shown; where there can be none, nothing is kept."""
    try:
        return paths.runs(environ)
    except StoreProblem:
        return None
