"""A slider moves a plot: key press to painted picture, against Streamlit's slider moving a line of text.

Both sliders are on one page of one server, and are pressed in turns. Ours computes a new exact picture on the
server, as it does until the pictures of a slider's range have come, and draws it; the baseline is the least
that Streamlit can do, a fragment that writes one line. A picture counts as painted two animation frames after
it says that it is drawn, a line two frames after its text has changed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Locator, Page

from tests.browser.harness import WIDE, Server, chromium

APP = "tests/bench/_slider/app.py"
PRESSES = 25
WARM_UP = 3

PAINTED = """
window.painted = (watch) => {
  window.took = new Promise((resolve) => {
    let pressed;
    addEventListener("keydown", () => (pressed = performance.now()), { capture: true, once: true });
    const said = () => resolve(performance.now() - pressed);
    watch(() => requestAnimationFrame(() => requestAnimationFrame(said)));
  });
};
window.watchPlot = (done) => {
  document.querySelector("#ours .plot").addEventListener("drawn", done, { once: true });
};
window.watchLine = (done) => {
  const before = document.querySelector("#line").textContent;
  const observer = new MutationObserver(() => {
    const line = document.querySelector("#line");
    if (!line || line.textContent === before) return;
    observer.disconnect();
    done();
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
};
"""


def measure() -> list[tuple[str, float, float, float]]:
    """Return the seconds from key to picture, and from key to line: the medians of alternating presses."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = Server(home=Path(folder), app=APP).start()
        try:
            page = browser.new_page(viewport=WIDE)
            page.route("**/range?*", lambda route: route.abort())
            page.goto(server.url)
            page.locator("#ours .main-svg").first.wait_for()
            page.locator("#line").wait_for()
            page.evaluate(PAINTED)
            turns = [_turn(page) for _ in range(WARM_UP + PRESSES)][WARM_UP:]
        finally:
            server.stop()
    return [
        (
            "Slider to plot, key to paint, against a text-only fragment",
            median(plot for plot, _ in turns),
            median(line for _, line in turns),
            1.8,
        )
    ]


def _turn(page: Page) -> tuple[float, float]:
    """Press each slider once; returns the seconds that each took."""
    ours = page.locator("#ours").get_by_role("slider", name="Step", exact=True)
    theirs = page.get_by_role("slider", name="Native")
    return _press(page, ours, "watchPlot"), _press(page, theirs, "watchLine")


def _press(page: Page, slider: Locator, watch: str) -> float:
    slider.focus()
    page.evaluate(f"painted({watch})")
    page.keyboard.press("ArrowRight")
    return float(page.evaluate("took")) / 1000
