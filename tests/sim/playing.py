"""Playing an asynchronous scenario in a test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 60  # seconds


def play(scenario: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Play it to its end, in a thread: Playwright keeps a loop of its own in the main one, for all tests."""

    async def in_time() -> T:
        return await asyncio.wait_for(scenario(), PATIENCE)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, in_time()).result()
