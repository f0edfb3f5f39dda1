"""The ledger with 1,000 claims and 20,000 credences: worked out by the server, and drawn, in a second.

The baseline is fixed, at one second. The first row is all that the page shows, read from an open database and
written as JSON, with nothing kept from one round to the next. The second is what a reader waits for in the
running app: from the press on "Ledger" in the bar of another page to the first paint that has the list and
the curve, in a window that is high enough for both. An animation frame posts a message, and it is delivered
once the frame is painted.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.sync_api import Page

from cards.days import DayRules
from cards.pages.ledger_payload import Ledger, everything
from cards.pages.session import Present
from cards.store import LOCAL, Store
from cards.tuning import Tuning
from tests.bench._thousand_claims import CLAIMS, ENTRIES, build
from tests.browser.harness import WIDE, Server, chromium

ALLOWED = 1.0  # seconds
ROUNDS, VISITS = 9, 7
HIGH = {**WIDE, "height": 4600}  # a figure is drawn once it comes near the window

PAINTED = """
() => new Promise((resolve) => {
  const begun = performance.now();
  const there = () => document.querySelector(".ledger .claims > li") && document.querySelector(".ledger .curve .main-svg");
  const look = () => {
    if (!there()) return requestAnimationFrame(look);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve((performance.now() - begun) / 1000);
    port2.postMessage(0);
  };
  document.querySelector(".bar a[href='/ledger']").click();
  requestAnimationFrame(look);
})
"""  # noqa: E501 - JavaScript


def measure() -> list[tuple[str, float, float, float]]:
    """Return the seconds of the payload and of the page, each against the second that is allowed."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = Server(home=Path(folder))
        build(server.database, now=now)
        with closing(Store.open(server.database, now=now)) as store:
            here = Present(store, store.learner(LOCAL), now, DayRules("Europe/London"), Tuning())
            payloads = [_payload(here) for _ in range(ROUNDS)]
        server.start()
        try:
            page = browser.new_page(viewport=HIGH)
            visits = [_visit(server, page) for _ in range(VISITS)]
        finally:
            server.stop()
    size = f"{CLAIMS:,} claims and {ENTRIES:,} credences"
    return [
        (f"Ledger of {size}: worked out, against 1 s", median(payloads), ALLOWED, 1),
        ("The same: press to painted list and curve, against 1 s", median(visits), ALLOWED, 1),
    ]


def _payload(here: Present) -> float:
    begun = perf_counter()
    found = json.dumps(everything(Ledger.of(here, {})))
    took = perf_counter() - begun
    if len(json.loads(found)["rows"]) != CLAIMS:
        raise RuntimeError("these are not the claims that were built")
    return took


def _visit(server: Server, page: Page) -> float:
    """Go to the ledger from another page of the app."""
    page.goto(f"{server.url}/settings")
    page.locator(".bar a[href='/ledger']").first.wait_for()
    took: float = page.evaluate(PAINTED)
    return took
