"""The review desk answers a key within a frame or two: key press to painted answer, and to painted next card.

The baseline is a fixed 20 ms. The clock starts at the time that the browser stamps on the key press, and
stops in the first task after the frame that the press has changed: an animation frame posts a message, and
it is delivered once the frame is painted. The cards hold maths, and every grade is saved meanwhile.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Page

from tests.browser.harness import WIDE, Server, chromium
from tests.browser.reviewing import SETTLE, keep_cards, write_book

ALLOWED = 0.020  # seconds
CARDS = 36
PRESSES = 36
WARM_UP = 4
PAUSE = 150  # milliseconds: nobody reads a question faster

PAINTED = """
window.paints = [];
const state = () => document.querySelector(".stage").innerText + document.querySelector(".answers").innerText;
addEventListener("keydown", (event) => {
  const before = state();
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const took = performance.now() - event.timeStamp;
      paints.push({ key: event.key, took, changed: state() !== before });
    };
    port2.postMessage(0);
  });
}, { capture: true });
"""


def measure() -> list[tuple[str, float, float, float]]:
    """Return the median seconds of a reveal and of a grade, each against what is allowed."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        home = Path(folder) / "home"
        home.mkdir()
        server = Server(home=home, content=write_book(Path(folder) / "book", CARDS)).start()
        try:
            keep_cards(server, CARDS)
            page = browser.new_page(viewport=WIDE)
            page.goto(f"{server.url}/review")
            page.locator(".question .katex").first.wait_for()
            page.evaluate(PAINTED)
            for _ in range(WARM_UP + PRESSES):
                _review_one(page)
            paints = page.evaluate("paints")
        finally:
            server.stop()
    return [
        ("Reveal: key to painted answer, against 20 ms", _typical(paints, " "), ALLOWED, 1),
        ("Grade: key to painted next card, against 20 ms", _typical(paints, "3"), ALLOWED, 1),
    ]


def _review_one(page: Page) -> None:
    page.wait_for_timeout(PAUSE)
    page.keyboard.press("Space")
    page.wait_for_timeout(SETTLE)
    page.keyboard.press("3")


def _typical(paints: list[dict[str, float]], key: str) -> float:
    """The median over the presses of a key that changed the desk, in seconds."""
    took = [paint["took"] for paint in paints if paint["key"] == key and paint["changed"]]
    if len(took) < PRESSES:
        raise RuntimeError(
            f"Only {len(took)} of {PRESSES} presses of '{key}' were painted in the next frame."
        )
    return median(took[-PRESSES:]) / 1000
