"""A simulation on a page: asked first, moved without a rerun, run, stopped, found again, clear in trouble."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.browser.harness import Complaints, Server, rows, serious, settled

TRIALS = """A paragraph.

:::{sim} belief_walk
:controls: start, step
:predict: expected_updates
:caption: One line is one walk.
:::

Another paragraph.

:::{sim} belief_walk
:step: 0.0025
:walkers: 1000000
:controls: step
:caption: Takes many seconds.
:::
"""
ASKING, SLOW = "#belief_walk-1", "#belief_walk-2"
WATCH = "-watch__events"  # the page also reports, every few seconds, how far it has been read
LONG = 60_000  # milliseconds: the first worker of a server waits until torch is imported
GUESSES = "select fact, guess, truth, round(score, 4) from prediction"


@pytest.fixture
def section(server: Server, open_page: Callable[..., Page]) -> Page:
    return open_page(f"{server.url}/trials", ready=f"{SLOW} .main-svg")


def thumb(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("slider", name=name, exact=True)


def button(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("button", name=name, exact=True)


def extent(panel: Locator) -> list[float]:
    """Where the first lines of a figure begin and end, in pixels of it: left, top, width, height of each."""
    read = "({ x, y, width, height }) => [x, y, width, height]"
    boxes = panel.locator(".js-line").evaluate_all(
        f"lines => lines.slice(0, 9).map((line) => line.getBBox()).map({read})"
    )
    return [number for box in boxes for number in box]


def strokes(panel: Locator) -> set[str]:
    """The colours of the lines in a figure."""
    return set(panel.locator(".js-line").evaluate_all("lines => lines.map((line) => line.style.stroke)"))


def test_nothing_is_shown_before_a_guess_and_a_bad_one_loses_nothing(
    server: Server, section: Page, open_page: Callable[..., Page]
) -> None:
    panel = section.locator(ASKING)
    height = panel.evaluate("panel => panel.offsetHeight")
    expect(panel.locator(".main-svg")).to_have_count(0)
    expect(panel).not_to_contain_text("2,500")
    expect(thumb(panel, "Start")).to_be_disabled()

    guess = panel.get_by_role("textbox", name=re.compile("Your guess"))
    guess.fill("a few")
    guess.press("Enter")
    expect(panel.get_by_role("alert").first).to_have_text(re.compile("^“a few” is not a number."))
    expect(guess).to_have_value("a few")
    expect(guess).to_be_focused()

    guess.fill("2 000")
    guess.press("Enter")
    expect(panel).to_contain_text("You said 2,000 updates. The exact answer is 2,500 updates: 20% too low.")
    expect(panel).to_contain_text("Log-ratio score: 0.2231; 0 is exact.")
    expect(panel.get_by_role("img", name=re.compile("^From 50% in steps of 1 point"))).to_be_visible()
    assert section.evaluate("document.activeElement.closest('.sim')?.id") == ASKING[1:]
    expect(button(panel, "Run again")).to_be_visible(timeout=LONG)
    assert panel.evaluate("panel => panel.offsetHeight") == height
    assert settled(lambda: rows(server, GUESSES), [("expected_updates", 2000.0, 2500.0, 0.2231)])

    # Said is said: another visit is not asked again.
    again = open_page(f"{server.url}/trials", ready=f"{ASKING} .main-svg").locator(ASKING)
    expect(again).to_contain_text("You said 2,000 updates.")
    expect(button(again, "Run again")).to_be_enabled()  # the run is kept, too
    assert len(rows(server, GUESSES)) == 1


def test_a_slider_moves_the_picture_without_a_rerun(section: Page) -> None:
    told: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: told.append(str(frame)))

    section.on("websocket", listen)
    section.reload()
    panel = section.locator(SLOW)
    panel.locator(".main-svg").first.wait_for()
    section.wait_for_timeout(500)
    told.clear()
    readout, before = panel.locator(".said"), strokes(panel)
    said = readout.inner_text()
    for _ in range(5):
        thumb(panel, "Step").press("ArrowRight")
    expect(readout).not_to_have_text(said)
    # What is said, what is shown and what is heard are of the same settings.
    step = panel.locator("output")

    def agree() -> bool:
        points = re.search(r"steps of ([\d.]+) points", readout.inner_text())
        shown = float(step.inner_text().removesuffix("%"))
        return points is not None and shown == pytest.approx(float(points[1]), rel=0.005)

    assert settled(agree, wanted=True)
    expect(panel.locator(".plot")).to_have_accessible_name(readout.inner_text())
    expect(thumb(panel, "Step")).to_have_attribute("aria-valuetext", step.inner_text())
    assert strokes(panel) == before
    assert [frame for frame in told if WATCH not in frame] == []


def test_a_link_opens_the_same_picture(section: Page, open_page: Callable[..., Page]) -> None:
    panel = section.locator(SLOW)
    seed = panel.get_by_label("Seed")
    seed.fill("7")
    seed.press("Enter")
    thumb(panel, "Step").press("ArrowRight")
    link = panel.get_by_role("link", name="Copy link")
    link.focus()
    address = link.get_attribute("href") or ""
    assert urlsplit(address).fragment == SLOW[1:]
    said = panel.locator(".said")
    expect(said).not_to_contain_text("0.25 points")
    words, drawn = said.inner_text(), extent(panel)

    opened = open_page(address, ready=f"{SLOW} .main-svg").locator(SLOW)
    expect(opened.locator(".said")).to_have_text(words)
    expect(opened.get_by_label("Seed")).to_have_value("7")
    assert extent(opened) == pytest.approx(drawn, abs=1)  # one was redrawn, and Plotly has drawn the other

    button(opened, "Reset").click()
    expect(opened.locator("output")).to_have_text("0.25%")
    expect(opened.get_by_label("Seed")).to_have_value("0")


def test_a_link_that_cannot_be_followed_says_why(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server.url}/trials?belief_walk-2.step=7", ready=f"{SLOW} .main-svg")
    expect(page.locator(SLOW).get_by_role("alert")).to_contain_text(
        "step is 7, above the greatest allowed, 0.25."
    )
    expect(page.locator(f"{SLOW} output")).to_have_text("0.25%")


def test_a_run_is_found_again_after_a_reload_and_stops_when_told(section: Page) -> None:
    panel = section.locator(SLOW)
    button(panel, "Run").click()
    expect(button(panel, "Stop")).to_be_visible()
    expect(panel.locator(".said")).to_contain_text("walkers are certain after", timeout=LONG)

    section.reload()
    expect(button(panel, "Stop")).to_be_visible(timeout=LONG)
    expect(panel.locator(".said")).to_contain_text("walkers are certain after", timeout=LONG)
    with section.expect_response(re.compile(r"/cancel$")) as answer:
        button(panel, "Stop").click()
    assert answer.value.status == 204
    expect(button(panel, "Run")).to_be_focused()

    section.reload()
    expect(button(panel, "Run")).to_be_visible()


def test_a_setting_that_is_moved_ends_the_run_that_no_longer_matches(section: Page) -> None:
    panel = section.locator(SLOW)
    button(panel, "Run").click()
    expect(panel.locator(".said")).to_contain_text("walkers are certain after", timeout=LONG)
    with section.expect_response(re.compile(r"/cancel$")):
        thumb(panel, "Step").press("ArrowRight")
    expect(button(panel, "Run")).to_be_visible()
    expect(panel.locator(".said")).to_contain_text("certainty takes")


def test_a_figure_follows_the_theme(section: Page) -> None:
    panel = section.locator(SLOW)
    before = strokes(panel)
    section.emulate_media(color_scheme="dark")
    settled(lambda: strokes(panel).isdisjoint(before), wanted=True)
    section.emulate_media(color_scheme="light")
    assert settled(lambda: strokes(panel), before) == before


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("phone", [False, True])
def test_everybody_can_use_it_at_every_width(
    server: Server, open_page: Callable[..., Page], *, phone: bool, dark: bool
) -> None:
    page = open_page(f"{server.url}/trials", phone=phone, dark=dark, ready=f"{SLOW} .main-svg")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_server_that_is_gone_is_one_sentence_and_one_that_is_back_goes_on(
    server: Server, make_server: Callable[..., Server], open_page: Callable[..., Page], complaints: Complaints
) -> None:
    server = make_server(content=server.content)
    page = open_page(f"{server.url}/trials", ready=f"{SLOW} .main-svg")
    page.route("**/range?*", lambda route: route.abort())  # with the range here, nobody would be asked
    panel, alert = page.locator(SLOW), page.locator(f"{SLOW} > [role=alert]")
    button(panel, "Run").click()
    expect(panel.locator(".said")).to_contain_text("walkers are certain after", timeout=LONG)
    server.stop()  # with a stream of frames open: it must not wait for that
    expect(alert).to_have_text(re.compile("^The server does not answer."))
    thumb(panel, "Step").press("ArrowRight")
    expect(alert).to_have_text(re.compile("^The server does not answer. What is shown stays as it is"))
    expect(button(panel, "Run")).to_be_enabled()

    server.start()
    thumb(panel, "Step").press("ArrowRight")
    expect(alert).to_be_hidden()
    expect(panel.locator(".said")).to_contain_text("certainty takes")
    button(panel, "Run").click()
    expect(panel.locator(".said")).to_contain_text("walkers are certain after", timeout=LONG)
    server.kill()
    server.start()
    expect(alert).to_have_text(
        "The run was lost, because the server was started anew. Run it again.", timeout=LONG
    )
    complaints.lines.clear()  # the browser says that a server was gone, too
