"""README's picture: a section whose simulation has been run after a guess. `make picture` takes it anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.harness import ROOT, Server, chromium

PICTURE = ROOT / "content" / "figures" / "the-app.png"
SIZE = {"width": 1280, "height": 1360}


def take(browser: Browser, server: Server, path: Path) -> None:
    """Run the simulation of one section and save what a reader then sees, from just above it."""
    page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
    page.goto(f"{server.url}/how-many-updates")
    panel = page.get_by_role("group", name="A belief walks until it is certain")
    panel.get_by_role("textbox", name="Your guess").fill("200")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Run again")).to_be_visible(timeout=60_000)
    expect(panel).to_contain_text("the mean of 20,000 walkers is")
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(1000)
    page.screenshot(path=path)
    page.close()


def main() -> None:
    """Take the picture of the app as it is now."""
    with tempfile.TemporaryDirectory() as home:
        server = Server(home=Path(home)).start()
        try:
            with chromium() as browser:
                take(browser, server, PICTURE)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
