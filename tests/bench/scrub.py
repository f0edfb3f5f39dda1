"""A slider is scrubbed, by key and by drag: from the press or the move to the painted picture, against 25 ms.

Of each toy the scrubbable slider with the most positions is moved, once the pictures of its range have
arrived. The clock starts at the time that the browser stamps on the key press or on the move of the pointer,
and stops in the first task after the frame in which the figure says that it is drawn; the words have changed
before. The 95th percentile is of all moves of a toy, and the slowest toy's is told.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from playwright.sync_api import Locator, Page

from sim.positions import positions
from sim.scrub import scrubbable
from sim.spec import Toy, get, names
from tests.bench._simulations import page_with, percentile
from tests.browser.harness import settled

ALLOWED = 0.025  # seconds
MOVES = 40
WARM_UP = 5
PAUSE = 60  # milliseconds between two moves
LONG = 60  # seconds

ARRIVED = """
(parts) => performance.getEntriesByType("resource")
  .some(({ name }) => parts.every((part) => name.includes(part)))
"""
WATCH = """
(id) => {
  const panel = document.getElementById(id);
  window.paints = [];
  let last, begun;
  const note = (event) => (last = event.timeStamp);
  panel.addEventListener("keydown", note, { capture: true });
  panel.addEventListener("pointermove", note, { capture: true });
  panel.addEventListener("input", () => (begun ??= last), { capture: true });
  panel.querySelector(".plot").addEventListener("drawn", () => {
    const since = begun;
    begun = undefined;
    if (since !== undefined) afterPaint(() => paints.push(performance.now() - since));
  });
}
"""


def measure() -> list[tuple[str, float, float, float]]:
    """Return the 95th percentiles in seconds, each against what is allowed."""
    keys, drags = {}, {}
    scrubbed = [name for name in names() if scrubbable(get(name))]
    with page_with({name: {} for name in scrubbed}) as page:
        for name in scrubbed:
            slider = _ready(page, name, _longest(get(name)))
            keys[name] = _painted(page, partial(_press_keys, page, slider))
            drags[name] = _painted(page, partial(_drag, page, slider))
    return [
        (f"Scrub by {way}: to painted, 95th percentile, slowest toy ({slowest})", took[slowest], ALLOWED, 1)
        for way, took in (("key", keys), ("drag", drags))
        for slowest in [max(took, key=lambda name: took[name])]
    ]


def _longest(toy: Toy) -> str:
    config = toy.module.Config
    return max(scrubbable(toy), key=lambda name: len(positions(config, name, getattr(config(), name))))


def _ready(page: Page, name: str, field: str) -> Locator:
    """Bring a slider on the screen and wait until its range has come."""
    field_title = get(name).module.Config.model_fields[field].title
    panel = page.locator(f"#{name}-1")
    panel.scroll_into_view_if_needed()
    panel.locator(".main-svg").first.wait_for()
    slider = panel.get_by_role("slider", name=field_title, exact=True)
    slider.focus()
    named = [f"/sim/{name}/range", f"setting={field}"]
    settled(lambda: page.evaluate(ARRIVED, named), True, seconds=LONG)
    page.wait_for_timeout(1000)
    page.evaluate(WATCH, f"{name}-1")
    return slider


def _painted(page: Page, move: Callable[[], None]) -> float:
    page.evaluate("paints.length = 0")
    move()
    page.wait_for_timeout(200)
    took = page.evaluate("paints")[WARM_UP:]
    if len(took) < MOVES // 2:
        raise RuntimeError(f"Only {len(took)} of {MOVES} moves were painted.")
    return percentile(took) / 1000


def _press_keys(page: Page, slider: Locator) -> None:
    slider.press("Home")
    for _ in range(MOVES + WARM_UP):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(PAUSE)


def _drag(page: Page, slider: Locator) -> None:
    slider.press("Home")
    box = slider.bounding_box()
    if box is None:
        raise RuntimeError("The slider is not on the screen.")
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, height)
    page.mouse.down()
    for step in range(MOVES + WARM_UP):
        page.mouse.move(box["x"] + 8 + (box["width"] - 16) * (step + 1) / (MOVES + WARM_UP), height)
        page.wait_for_timeout(PAUSE)
    page.mouse.up()
