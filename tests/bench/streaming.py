"""A simulation runs, and its frames stream into the figure: how often it is painted, and how evenly.

Each run is watched for some seconds in the real app. Seconds between two paints, on average, stand against a
thirtieth of one; the 95th percentile of the time from one frame of the browser to the next against 25 ms. The
settings make the runs long; the toys that are not here are over before anything could be watched.
"""

from __future__ import annotations

from itertools import pairwise

from playwright.sync_api import Page

from tests.bench._simulations import page_with, percentile

THIRTIETH, EVEN = 1 / 30, 0.025  # seconds
LONGEST = 4000  # milliseconds
LONG = 60_000
RUNS: dict[str, dict[str, float]] = {
    "belief_walk": {"walkers": 200_000, "step": 0.0025},
    "brownian_limit": {"walkers": 100_000, "updates": 50},
    "toy_superposition": {"restarts": 32},
    "update_frequency": {"ledgers": 10_000, "claims": 500},
    "variance_budget": {"walkers": 50_000},
}

WATCH = """
([id, longest]) => new Promise((resolve) => {
  const panel = document.getElementById(id);
  const paints = [], frames = [];
  let first;
  const painted = () => afterPaint(() => paints.push(performance.now()));
  panel.querySelector(".plot").addEventListener("drawn", painted);
  const frame = (now) => {
    const running = panel.querySelector(".running").classList.contains("busy");
    if (paints.length) {
      first ??= now;
      frames.push(now);
    }
    if (first && (!running || now - first > longest)) resolve({ paints, frames });
    else requestAnimationFrame(frame);
  };
  panel.querySelector(".run").click();
  requestAnimationFrame(frame);
})
"""


def measure() -> list[tuple[str, float, float, float]]:
    """Return for each toy the seconds between paints, and the 95th percentile of those between frames."""
    rows = []
    with page_with(RUNS) as page:
        for name in RUNS:
            between, frame = _watched(page, name)
            rows.append((f"{name} streams: seconds between paints, against 1/30", between, THIRTIETH, 1))
            rows.append((f"{name} streams: 95th percentile frame, against 25 ms", frame, EVEN, 1))
    return rows


def _watched(page: Page, name: str) -> tuple[float, float]:
    panel = page.locator(f"#{name}-1")
    panel.scroll_into_view_if_needed()
    panel.locator(".main-svg").first.wait_for()
    page.wait_for_timeout(1000)
    seen = page.evaluate(WATCH, [f"{name}-1", LONGEST])
    if panel.get_by_role("button", name="Stop").count():
        panel.get_by_role("button", name="Stop").click()
    page.wait_for_timeout(500)
    frames = [at / 1000 for at in seen["frames"]]
    gaps = [after - before for before, after in pairwise(frames)]
    return (frames[-1] - frames[0]) / len(seen["paints"]), percentile(gaps)
