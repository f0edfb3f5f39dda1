"""Run and Stop: from a press to the first progress on screen, and from a press to rest and a process gone.

A section of the real app with one simulation that trains for long. Each turn presses Run, with a seed that
was not run before, waits for progress, and presses Stop. Progress counts as painted two animation frames
after the panel's words have said that it is running. Stop has come to its end when the panel is at rest on
the screen and the worker's process is gone: the machine's clock measures both, and the later one counts.

The baselines are the bounds that are promised: 180 ms and 200 ms, in the middle.
"""

from __future__ import annotations

import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import Locator, Page

from tests.browser.harness import WIDE, Server, chromium, write_trials

TURNS = 20
WARM_UP = 3
SECTION = """
:::{sim} toy_superposition
:steps: 5000
:restarts: 20
:controls: steps
:caption: Takes long.
:::
"""

# `took` is settled with the times of the press and of the second animation frame after it is so.
WATCH = """
(isSo) => {
  const panel = document.querySelector(".sim");
  window.took = new Promise((resolve) => {
    let pressed;
    const now = () => performance.timeOrigin + performance.now();
    addEventListener("pointerdown", () => (pressed = now()), { capture: true, once: true });
    const check = () => {
      if (pressed === undefined || !isSo(panel)) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve([pressed / 1000, now() / 1000])));
    };
    const observer = new MutationObserver(check);
    observer.observe(panel, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}
"""
PROGRESS = r"(panel) => /^(Running|\d+%)/.test(panel.querySelector('.progress .left').textContent)"
AT_REST = "(panel) => !panel.querySelector('.running').classList.contains('busy')"


def measure() -> list[tuple[str, float, float, float]]:
    """Return the seconds from Run to progress, and from Stop to the end of it: medians of the turns."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        home = Path(folder)
        server = Server(home=home, content=write_trials(home / "book", SECTION)).start()
        try:
            page = browser.new_page(viewport=WIDE)
            page.goto(f"{server.url}/trials")
            page.locator(".sim .main-svg").first.wait_for()
            turns = [_turn(page, server, seed) for seed in range(1, 1 + WARM_UP + TURNS)][WARM_UP:]
        finally:
            server.stop()
    return [
        ("Run to first progress painted, of 180 ms", median(run for run, _ in turns), 0.180, 1),
        (
            "Stop to the panel at rest and the process gone, of 200 ms",
            median(end for _, end in turns),
            0.2,
            1,
        ),
    ]


def _turn(page: Page, server: Server, seed: int) -> tuple[float, float]:
    """Run and stop once; returns the seconds that each took."""
    panel = page.locator(".sim")
    field = panel.get_by_label("Seed")
    field.fill(str(seed))
    field.press("Enter")
    page.wait_for_timeout(300)
    pressed, painted = _press(page, panel.get_by_role("button", name="Run"), PROGRESS)
    (worker,) = _workers(server)
    page.wait_for_timeout(
        500
    )  # nobody stops sooner, and a second press at once counts as an echo of the first
    gone: list[float] = []
    waiting = threading.Thread(target=_until_gone, args=[worker, gone])
    waiting.start()
    stopped, at_rest = _press(page, panel.get_by_role("button", name="Stop"), AT_REST)
    waiting.join()
    return painted - pressed, max(at_rest, *gone) - stopped


def _press(page: Page, button: Locator, is_so: str) -> tuple[float, float]:
    page.evaluate(f"({WATCH})({is_so})")
    button.click()
    pressed, painted = page.evaluate("took")
    return float(pressed), float(painted)


def _workers(server: Server) -> list[psutil.Process]:
    """The server's workers: children of the process that they are forked from, which is the server's."""
    assert server.process is not None
    below = psutil.Process(server.process.pid).children(recursive=True)
    return [process for process in below if process.ppid() != server.process.pid]


def _until_gone(process: psutil.Process, gone: list[float]) -> None:
    with suppress(psutil.NoSuchProcess):  # it may go between the two questions
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.002)
    gone.append(time.time())
