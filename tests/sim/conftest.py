"""Fixtures for the simulations' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Train in one thread, as the app does: two are slower on small tensors, and add up in another order."""
    import torch  # noqa: PLC0415 - two seconds, for the tests that train only

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
