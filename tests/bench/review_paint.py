"""The review desk answers a key within a frame or two: key press to painted answer, and to painted next card.

The baselines are fixed: 20 ms for the median, and 50 ms for the 95th percentile. The clock starts at the
time that the browser stamps on the key press, and stops in the first task after the frame that the press has
changed: an animation frame posts a message, and it is delivered once the frame is painted. The cards hold
maths, and every grade is saved meanwhile.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, Page

from tests.browser.harness import WIDE, Server, chromium
from tests.browser.reviewing import SETTLE, keep_cards, write_book

ALLOWED, ALLOWED_AT_WORST = 0.020, 0.050  # seconds
CARDS = 36
ROUNDS = 2  # a day's new cards, each answered twice, are no more
PRESSES = 36  # in each
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
    """Return the seconds of a reveal and of a grade, typical and at worst, each against what is allowed."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        home = Path(folder) / "home"
        home.mkdir()
        server = Server(home=home, content=write_book(Path(folder) / "book", CARDS)).start()
        try:
            paints = [_review(server, browser) for _ in range(ROUNDS)]
        finally:
            server.stop()
    reveals, grades = ([took for one in paints for took in _took(one, key)] for key in (" ", "3"))
    return [
        ("Reveal: key to painted answer, median, against 20 ms", median(reveals), ALLOWED, 1),
        ("Reveal: the same, 95th percentile, against 50 ms", _at_worst(reveals), ALLOWED_AT_WORST, 1),
        ("Grade: key to painted next card, median, against 20 ms", median(grades), ALLOWED, 1),
        ("Grade: the same, 95th percentile, against 50 ms", _at_worst(grades), ALLOWED_AT_WORST, 1),
    ]


def _review(server: Server, browser: Browser) -> list[dict[str, float]]:
    """Review a day's cards, all new; returns what each press took."""
    keep_cards(server, CARDS)
    page = browser.new_page(viewport=WIDE)
    page.goto(f"{server.url}/review")
    page.locator(".question .katex").first.wait_for()
    page.evaluate(PAINTED)
    for _ in range(WARM_UP + PRESSES):
        _review_one(page)
    paints: list[dict[str, float]] = page.evaluate("paints")
    page.close()
    return paints


def _review_one(page: Page) -> None:
    page.wait_for_timeout(PAUSE)
    page.keyboard.press("Space")
    page.wait_for_timeout(SETTLE)
    page.keyboard.press("3")


def _took(paints: list[dict[str, float]], key: str) -> list[float]:
    """The seconds that each press of a key took that changed the desk, without the first few."""
    took = [paint["took"] / 1000 for paint in paints if paint["key"] == key and paint["changed"]]
    if len(took) < PRESSES:
        raise RuntimeError(
            f"Only {len(took)} of {PRESSES} presses of '{key}' were painted in the next frame."
        )
    return took[-PRESSES:]


def _at_worst(took: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(took, n=20)[-1]
