"""Fixtures: the real app, served on this machine and driven in Chromium by role and label."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.harness import (
    PHONE,
    WIDE,
    Complaints,
    Server,
    chromium,
    chromium_path,
    listen,
    write_trials,
)

PATIENCE = 15_000  # milliseconds until what should be seen is missed: on a busy machine a page takes seconds

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, skip it where there is no browser to drive, and have it run last.

    Once Playwright is open, its event loop runs in this thread to the end of the session, and no other can.
    """
    here = Path(__file__).parent
    missing = pytest.mark.skip(reason="no Chromium: install it with 'apt-get install chromium' and run again")
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if chromium_path() is None:
                item.add_marker(missing)
    items.sort(key=lambda item: here in item.path.parents)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start apps of one's own: `make_server(content=folder, environment={…})`."""
    running: list[Server] = []

    def make(content: Path | None = None, environment: dict[str, str] | None = None) -> Server:
        home = tmp_path / f"home{len(running)}"
        home.mkdir()
        server = Server(home=home, content=content, environment=environment or {})
        running.append(server)
        return server.start()

    yield make
    for server in running:
        server.stop()


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One app for a module's tests, with an empty data folder.

    It serves the book; to a module with a text `TRIALS`, a book of a single section with that text; to one
    with a function `BOOK`, what that writes into a folder.
    """
    text = getattr(request.module, "TRIALS", "")
    write = getattr(request.module, "BOOK", partial(write_trials, text=text) if text else None)
    content = write(tmp_path_factory.mktemp("book")) if write else None
    running = Server(home=tmp_path_factory.mktemp("home"), content=content).start()
    yield running
    running.stop()


@pytest.fixture
def complaints() -> Complaints:
    """Fill and clear it in a test that breaks the server on purpose."""
    return Complaints()


@pytest.fixture
def open_page(browser: Browser, complaints: Complaints) -> Iterator[Callable[..., Page]]:
    """Open pages: `open_page(url, width=…, dark=…)`; a script error or a refused request fails the test."""
    contexts: list[BrowserContext] = []

    def open_one(url: str, *, phone: bool = False, dark: bool = False, ready: str = "h1") -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else WIDE, color_scheme="dark" if dark else "light", has_touch=phone
        )
        contexts.append(context)
        page = context.new_page()
        listen(page, complaints)
        page.goto(url)
        page.locator(ready).first.wait_for()
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints.lines == []
