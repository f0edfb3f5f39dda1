"""What is redrawn in Plotly's nodes is where Plotly itself would have drawn it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from sim.palette import TOKENS
from sim.picture import picture
from sim.positions import positions
from sim.run import frames
from sim.scrub import scrubbable
from sim.spec import Settings, Toy, get, names, parse_settings
from tests.browser.harness import Server

NEAR = 1.6  # pixels: Plotly rounds where a label stands, and leaves out points that cannot be seen

DRAW = """
async ([pictures, palette, size]) => {
  const { Plot } = await import("/assets/sim/plot.js");
  const plotly = "/assets/sim/vendor/plotly/plotly-cartesian.min.js";
  const [width, height] = size.map((pixels) => `${pixels}px`);
  const opened = () => {
    const place = document.createElement("div");
    Object.assign(place.style, { position: "fixed", left: 0, top: 0, width, height, zIndex: 9 });
    document.body.append(place);
    const failed = (message) => place.dispatchEvent(new CustomEvent("failed", { detail: message }));
    return new Plot(place, { palette, plotly, failed });
  };
  const shown = (plot, figure) => new Promise((resolve, reject) => {
    plot.place.addEventListener("drawn", resolve, { once: true });
    plot.place.addEventListener("failed", ({ detail }) => reject(new Error(detail)), { once: true });
    plot.show(figure);
  });
  const box = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const around = (boxes) => [0, 1, 2, 3].map((side) => {
    const furthest = side < 2 ? Math.min : Math.max;
    return furthest(...boxes.map((one) => one[side]));
  });
  const all = (place, selector) => [...place.querySelectorAll(selector)];
  const visible = (path) => !/^M0,0Z?$/.test(path.getAttribute("d"));
  const seen = (place) => ({
    words: all(place, "text").map((node) => [node.textContent, ...box(node)]),
    traces: all(place, ".trace").map((trace) => around(all(trace, "path").filter(visible).map(box))),
    nodes: all(place, ".trace").map((trace) => all(trace, ".point, .js-fill").length),
    grid: all(place, "path[class*=grid]").map(box),
    shapes: all(place, ".shapelayer path").map(box),
    colours: [...new Set(all(place, ".trace path").map(({ style }) => style.stroke + style.fill))].sort(),
  });
  const kept = opened();
  const found = [];
  for (const { figure } of pictures) {
    await shown(kept, figure);
    const fresh = opened();
    await shown(fresh, figure);
    found.push({ redrawn: kept.brush.touched, ours: seen(kept.place), plotlys: seen(fresh.place) });
    fresh.remove();
    fresh.place.remove();
  }
  kept.remove();
  kept.place.remove();
  return found;
}
"""


def usual(toy: Toy) -> Settings:
    """The usual settings, and the least of every count of what is simulated."""
    return parse_settings(toy, {"walkers": 500} if "walkers" in toy.module.Config.model_fields else {})


def scrubbed(toy: Toy) -> list[Settings]:
    """Some positions of the slider that is most worth dragging."""
    name = scrubbable(toy)[0]
    config = usual(toy)
    places = positions(type(config), name, getattr(config, name))
    return [parse_settings(toy, {name: value}) for value in places[:: len(places) // 5]]


def run_and_preview(toy: Toy) -> list[dict[str, Any]]:
    """Pictures of a run and of previews, as a browser gets them."""
    config = usual(toy)
    last = list(frames(toy, config, seed=1, device="cpu"))[-3:] if toy.name != "toy_superposition" else []
    shown = [toy.module.preview(config, seed=1) for config in scrubbed(toy)]
    return [json.loads(picture(toy, frame, toy.module.facts(frame.config))) for frame in [*shown, *last]]


@pytest.mark.parametrize("name", [name for name in names() if scrubbable(get(name))])
@pytest.mark.parametrize("width", [656, 342])
def test_a_figure_that_is_redrawn_is_as_plotly_draws_it(
    name: str, width: int, server: Server, open_page: Callable[..., Page]
) -> None:
    pictures = run_and_preview(get(name))
    page = open_page(server.url)
    height = pictures[0]["figure"]["layout"]["height"]
    found = page.evaluate(DRAW, [pictures, TOKENS, [width, height]])
    redrawn = [one for one in found if one["redrawn"]]
    assert len(redrawn) >= 4
    for one in redrawn:
        ours, plotlys = one["ours"], one["plotlys"]
        assert [words for words, *_ in ours["words"]] == [words for words, *_ in plotlys["words"]]
        assert ours["nodes"] == plotlys["nodes"]
        assert ours["colours"] == plotlys["colours"]
        for part in ("words", "traces", "grid", "shapes"):
            assert len(ours[part]) == len(plotlys[part])
            for mine, theirs in zip(ours[part], plotlys[part], strict=True):
                assert mine[-4:] == pytest.approx(theirs[-4:], abs=NEAR), (part, mine)
