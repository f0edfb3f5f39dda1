"""What happens when the server starts and stops."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:  # noqa: ANN401 - Streamlit's App has no public type here
    """Freeze what start-up has allocated, so that later collections pass it over."""
    gc.collect()
    gc.freeze()
    yield {}
