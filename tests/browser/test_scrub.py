"""A slider that is dragged shows what the server would have said, and asks nobody; late ones are dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from sim.spec import get, parse_settings
from tests.browser.harness import Server, serious, settled

TRIALS = """
:::{sim} hazard_belief
:controls: prior, threshold, weeks
:::

:::{sim} belief_walk
:controls: start, step
:predict: expected_updates
:::
"""
HAZARD, WALK = "#hazard_belief-1", "#belief_walk-1"
LONG = 60  # seconds
ARRIVED = """
(parts) => performance.getEntriesByType("resource")
  .some(({ name }) => parts.every((part) => name.includes(part)))
"""


@pytest.fixture
def section(server: Server, open_page: Callable[..., Page]) -> Page:
    return open_page(f"{server.url}/trials", ready=f"{HAZARD} .main-svg")


def thumb(page: Page, panel: str, name: str) -> Locator:
    return page.locator(panel).get_by_role("slider", name=name, exact=True)


def arrived(page: Page, toy: str, *parts: str) -> None:
    """Wait until a range is here, and a moment for it to be read."""
    named = [f"/sim/{toy}/range", *parts]
    assert settled(lambda: page.evaluate(ARRIVED, named), True, seconds=LONG)
    page.wait_for_timeout(200)


def cut_off(page: Page, toy: str) -> list[str]:
    """Cut the page off from all simulations; returns what it nevertheless asks for one of them."""
    asked: list[str] = []

    def refuse(route: Route) -> None:
        if f"/{toy}/" in route.request.url:  # the others' ranges are fetched when nothing else is to be done
            asked.append(route.request.url)
        route.abort()

    page.route("**/sim/**", refuse)
    return asked


def said_by_the_server(toy: str, seed: int = 0, **settings: Any) -> str:  # noqa: ANN401 - numbers of either kind
    module = get(toy).module
    frame = module.preview(parse_settings(get(toy), settings), seed=seed)
    return module.readout(frame)


def drawn(page: Page, panel: str) -> str:
    """All lines of a figure."""
    lines = page.locator(f"{panel} .js-line").evaluate_all(
        "lines => lines.map((line) => line.getAttribute('d'))"
    )
    return " ".join(lines)


def test_keys_change_figure_and_words_with_the_network_cut_off(section: Page) -> None:
    prior = thumb(section, HAZARD, "Start")
    prior.focus()
    arrived(section, "hazard_belief", "setting=prior")
    asked = cut_off(section, "hazard_belief")
    seen = {drawn(section, HAZARD)}
    values = [0.51, 0.52, 0.51, 0.01, 0.99, 0.98]
    keys = ["ArrowRight", "ArrowUp", "ArrowLeft", "Home", "End", "ArrowDown"]
    for key, value in zip(keys, values, strict=True):
        prior.press(key)
        expect(section.locator(f"{HAZARD} .said")).to_have_text(
            said_by_the_server("hazard_belief", prior=value)
        )
        expect(prior).to_have_attribute("aria-valuetext", f"{100 * value:.0f}%")
        expect(section.locator(f"{HAZARD} output").first).to_have_text(f"{100 * value:.0f}%")
        expect(section.locator(f"{HAZARD} .plot")).to_have_accessible_name(
            said_by_the_server("hazard_belief", prior=value)
        )
        seen.add(drawn(section, HAZARD))
    assert len(seen) >= 5
    assert asked == []
    assert serious(section) == []


def test_a_drag_changes_figure_words_and_verdict_together_with_the_network_cut_off(section: Page) -> None:
    panel = section.locator(WALK)
    panel.get_by_role("button", name="Just show me").click()
    start = thumb(section, WALK, "Start")
    start.focus()
    arrived(section, "belief_walk", "setting=start")
    start.press("ArrowRight")  # ends the run
    asked = cut_off(section, "belief_walk")
    box = start.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    section.mouse.move(box["x"] + box["width"] / 2, middle)
    section.mouse.down()
    seen = set()
    for share in (0.6, 0.7, 0.8, 0.9):
        section.mouse.move(box["x"] + box["width"] * share, middle)
        section.wait_for_timeout(50)
        value = float((start.get_attribute("aria-valuetext") or "").removesuffix("%")) / 100
        expect(panel.locator(".said p").last).to_have_text(said_by_the_server("belief_walk", start=value))
        exact = get("belief_walk").module.facts(parse_settings(get("belief_walk"), {"start": value}))
        expect(panel.locator(".said p").first).to_contain_text(f"{exact['expected_updates']:,.0f} updates")
        seen.add((value, drawn(section, WALK)))
    section.mouse.up()
    assert len(seen) == 4
    assert asked == []


def test_a_finger_scrubs_on_a_phone(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server.url}/trials", phone=True, ready=f"{HAZARD} .main-svg")
    prior = thumb(page, HAZARD, "Start")
    box = prior.bounding_box()
    assert box is not None
    prior.tap(
        position={"x": box["width"] / 4, "y": box["height"] / 2}
    )  # the first touch has the range fetched
    arrived(page, "hazard_belief", "setting=prior")
    asked = cut_off(page, "hazard_belief")
    said = page.locator(f"{HAZARD} .said")
    before = said.inner_text()
    prior.tap(position={"x": 3 * box["width"] / 4, "y": box["height"] / 2})
    expect(said).not_to_have_text(before)
    value = float((prior.get_attribute("aria-valuetext") or "").removesuffix("%")) / 100
    assert 0.7 < value < 0.8
    expect(said).to_have_text(said_by_the_server("hazard_belief", prior=value))
    assert asked == []


def test_a_late_picture_never_takes_the_place_of_a_newer_one(section: Page) -> None:
    prior = thumb(section, HAZARD, "Start")
    prior.focus()
    arrived(section, "hazard_belief", "setting=prior")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    section.route("**/preview?*", hold)
    section.locator(f"{HAZARD} .value").first.click()
    field = section.locator(HAZARD).get_by_role("textbox", name="Start, as a number")
    field.fill("33.3")  # between two positions: the server is asked
    field.press("Enter")
    assert settled(lambda: len(held), 1) == 1
    prior.press("Home")
    newer = said_by_the_server("hazard_belief", prior=0.01)
    expect(section.locator(f"{HAZARD} .said")).to_have_text(newer)
    with section.expect_response(re.compile("/preview")) as answer:
        held[0].continue_()
    answer.value.finished()
    section.wait_for_timeout(200)
    expect(section.locator(f"{HAZARD} .said")).to_have_text(newer)
    expect(section.locator(f"{HAZARD} output").first).to_have_text("1%")


def test_another_setting_and_another_seed_have_ranges_of_their_own(section: Page) -> None:
    panel = section.locator(HAZARD)
    prior, threshold = thumb(section, HAZARD, "Start"), thumb(section, HAZARD, "Large update")
    prior.focus()
    arrived(section, "hazard_belief", "setting=prior")
    threshold.press("End")
    expect(panel.locator("output").nth(1)).to_have_text("10 points")
    prior.focus()
    arrived(section, "hazard_belief", "setting=prior", "threshold=10&")
    seed = panel.get_by_label("Seed", exact=True)
    seed.fill("7")
    seed.press("Enter")
    prior.press("Home")
    expect(panel.locator(".said")).to_have_text(
        said_by_the_server("hazard_belief", seed=7, prior=0.01, threshold=10)
    )
    arrived(section, "hazard_belief", "setting=prior", "threshold=10&", "seed=7")


def test_a_server_that_sends_no_range_is_asked_for_each_picture(section: Page) -> None:
    section.route("**/range?*", lambda route: route.abort())
    threshold = thumb(section, HAZARD, "Large update")
    for _ in range(3):
        threshold.press("ArrowLeft")
    expect(section.locator(f"{HAZARD} > [role=alert]")).to_be_hidden()
    value = float((threshold.get_attribute("aria-valuetext") or "").split()[0])
    assert value < 1
    expect(section.locator(f"{HAZARD} .said")).to_have_text(
        said_by_the_server("hazard_belief", threshold=value)
    )


def test_a_number_can_be_typed_and_a_bad_one_is_one_sentence(section: Page) -> None:
    panel = section.locator(HAZARD)
    alert, shown = section.locator(f"{HAZARD} > [role=alert]"), panel.locator("output")
    weeks = panel.get_by_role("textbox", name="Weeks, as a number")
    expect(shown.nth(1)).to_have_text("1 point")  # and not "1 points"

    def type_in(text: str) -> None:
        panel.locator(".value").nth(2).click()
        weeks.fill(text)
        weeks.press("Enter")

    type_in("53")
    expect(shown.nth(2)).to_have_text("53 weeks")
    expect(panel.locator(".said")).to_have_text(said_by_the_server("hazard_belief", weeks=53))
    type_in("a year")
    expect(alert).to_have_text(re.compile("^“a year” is not a number. Write it in digits"))
    type_in("2000")
    expect(alert).to_have_text("Weeks goes from 10 weeks to 1,560 weeks; “2000” is beyond that.")
    expect(shown.nth(2)).to_have_text("53 weeks")
    panel.locator(".value").nth(2).click()
    weeks.fill("60")
    weeks.press("Escape")
    expect(shown.nth(2)).to_have_text("53 weeks")
