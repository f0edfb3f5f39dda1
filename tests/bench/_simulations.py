"""A book with one section that has simulations in it, for the benchmarks of what a reader sees moving."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.harness import WIDE, Server, chromium, write_trials

# A message that is posted in an animation callback arrives when the frame of that callback has been painted.
AFTER_PAINT = """
window.afterPaint = (call) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = call;
  port2.postMessage(0);
});
"""


@contextmanager
def page_with(simulations: Mapping[str, Mapping[str, float]]) -> Iterator[Page]:
    """Open a page with these simulations and their settings; toy `name` is the panel `#name-1`."""
    blocks = [
        f":::{{sim}} {name}\n" + "".join(f":{key}: {value}\n" for key, value in settings.items()) + ":::\n"
        for name, settings in simulations.items()
    ]
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        home = Path(folder) / "home"
        home.mkdir()
        server = Server(home=home, content=write_trials(Path(folder) / "book", "\n".join(blocks))).start()
        try:
            page = browser.new_page(viewport=WIDE)
            page.goto(f"{server.url}/trials")
            page.locator(f"#{next(iter(simulations))}-1 .main-svg").first.wait_for()
            page.evaluate(AFTER_PAINT)
            yield page
        finally:
            server.stop()


def percentile(values: list[float], share: float = 0.95) -> float:
    """The least value that is at or above this share of them."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]
