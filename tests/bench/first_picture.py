"""A simulation says something untouched, at once: each toy's first picture, against a fixed 100 ms.

On the server: `preview`, the figure, the sentence and the facts, written as JSON, for settings and a seed
that nobody has asked for before, so that no cache answers; imports are done. The slowest toy counts, by the
median of its rounds. In the browser: on each toy's page of the lab, from the panel's element being in the
page to two animation frames after a picture is there, the median of several visits, and again the slowest
toy. Plotly is loaded by then, as on every visit but the first of a tab, which has a row of its own: there a
sketch stands in for the figure while Plotly is being loaded.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.sync_api import Page

from sim.pages.specimen import address
from sim.picture import picture
from sim.spec import Settings, Toy, get, names, parse_settings
from tests.browser.harness import WIDE, Server, chromium

ALLOWED = 0.100  # seconds
ROUNDS = 7
VISITS = 3

WATCH = """
() => void (window.pictured = new Promise((resolve) => {
  let began;
  const look = () => {
    if (document.querySelector(".sim")) began ??= performance.now();
    if (!document.querySelector(".sim .main-svg, .sim .sketch svg")) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true });
}));
"""


def measure() -> list[tuple[str, float, float, float]]:
    """Return the seconds of the slowest toy, on the server and in the browser, against what is allowed."""
    server = {name: median(_drawn(get(name), number) for number in range(ROUNDS)) for name in names()}
    first, again = _visited()
    return [
        _row("First picture on the server", server),
        _row("First picture painted, Plotly loaded", again),
        _row("First picture painted, first visit", first),
    ]


def _row(what: str, seconds: dict[str, float]) -> tuple[str, float, float, float]:
    slowest = max(seconds, key=lambda name: seconds[name])
    return f"{what}, slowest toy ({slowest})", seconds[slowest], ALLOWED, 1


def _drawn(toy: Toy, number: int) -> float:
    """The seconds that a picture takes, for settings of its own."""
    config = _unasked(toy, number)
    began = perf_counter()
    frame = toy.module.preview(config, seed=number)
    picture(toy, frame, toy.module.facts(config), state="preview")
    return perf_counter() - began


def _unasked(toy: Toy, number: int) -> Settings:
    """Every setting that is no count a little off its usual value, by another amount each time."""
    given = {}
    for name, field in toy.module.Config.model_fields.items():
        usual = field.default
        high = next(bound.le for bound in field.metadata if hasattr(bound, "le"))
        part = 1 + 0.011 * (number + 1)
        given[name] = (
            usual if isinstance(usual, int) else usual * part if usual * part <= high else usual / part
        )
    return parse_settings(toy, given)


def _visited() -> tuple[dict[str, float], dict[str, float]]:
    """For each toy, the seconds from panel to picture: on a first visit, and the median of those after."""
    first, again = {}, {}
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = Server(home=Path(folder)).start()
        try:
            for name in names():
                page = browser.new_page(viewport=WIDE)
                page.goto(f"{server.url}/lab")
                first[name] = _followed(page, name)
                again[name] = median(_followed(page, name) for _ in range(VISITS))
                page.close()
        finally:
            server.stop()
    return first, again


def _followed(page: Page, name: str) -> float:
    """The seconds from panel to picture, when the link in the lab is followed and then the way back."""
    link = page.locator(f".specimen a[href='{address(name)}']")
    link.wait_for()
    page.evaluate(WATCH)
    link.click()
    seconds = float(page.evaluate("pictured")) / 1000
    page.get_by_role("navigation", name="Martingale").get_by_role("link", name="Lab").click()
    return seconds
