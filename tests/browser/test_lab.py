"""The lab as a reader finds it: every simulation, its numbers side by side, the ways to the book and back."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from sim.__main__ import main
from sim.pages.specimen import address
from sim.palette import DATA_2, TOKENS
from sim.spec import get, names
from tests.browser.harness import Server

TOY = "belief_walk"
TITLE = get(TOY).title
SECTION = "How often should a calibrated person update?"
LONG = 60_000  # milliseconds: the first worker of a server waits until torch is imported
THEMED = """async ([color, palette]) => {
  const { themed } = await import("/assets/sim/theme.js");
  const data = [{ line: { color }, textfont: { color: [color] } }];
  const figure = themed({ data, layout: { annotations: [{ font: { color } }] } }, palette);
  const [[trace], [note]] = [figure.data, figure.layout.annotations];
  return [trace.line.color, trace.textfont.color[0], note.font.color];
}"""
OF_WORDS = "#b04e0b"  # the second colour of the data, as dark as letters must be


@pytest.fixture
def lab(server: Server, open_page: Callable[..., Page]) -> Page:
    return open_page(f"{server.url}/lab", ready=".specimen")


@pytest.fixture
def toy(server: Server, open_page: Callable[..., Page]) -> Page:
    return open_page(f"{server.url}{address(TOY)}", ready=".comparison tbody td")


def row(page: Page, fact: str) -> list[str]:
    """What the table says of a fact: exact, measured, off by."""
    title = get(TOY).module.FACTS[fact].title
    cells = page.get_by_role("row", name=re.compile(f"^{title}", re.IGNORECASE)).get_by_role("cell")
    return cells.all_inner_texts()


def exact(page: Page, fact: str) -> Locator:
    title = get(TOY).module.FACTS[fact].title
    return page.get_by_role("row", name=re.compile(f"^{title}", re.IGNORECASE)).get_by_role("cell").first


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_the_lab_shows_every_simulation_still_and_leads_to_it(lab: Page) -> None:
    headings = lab.get_by_role("list").get_by_role("heading", level=2)
    expect(headings).to_have_text([get(name).title for name in names()])
    expect(lab.locator(".specimen svg[aria-hidden=true]")).to_have_count(len(names()))
    assert lab.evaluate("window.Plotly === undefined"), "thumbnails need no plotting library"
    assert lab.evaluate(THEMED, [DATA_2, TOKENS]) == [DATA_2, OF_WORDS, OF_WORDS]
    lab.get_by_role("link", name=TITLE).click()
    expect(lab).to_have_url(re.compile(f"{address(TOY)}$"))
    expect(lab.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(lab).to_have_title(TITLE)


def test_a_simulation_that_is_not_there_is_a_sentence_above_those_that_are_and_so_is_a_page(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/lab-perpetual%20motion", ready=".specimen")
    expect(page.get_by_role("status")).to_have_text(
        re.compile("^There is no simulation called ‘perpetual motion’")
    )
    expect(page.locator(".specimen")).to_have_count(len(names()))
    page.goto(f"{server.url}/laab")
    expect(page.get_by_role("status")).to_have_text("Nothing stands at ‘/laab’. Perhaps you mean /lab.")
    expect(page).to_have_url(f"{server.url}/laab")  # the address that is wrong stays, to be mended
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="/lab", exact=True).click()
    expect(page.locator(".specimen")).to_have_count(len(names()))


def test_exact_answers_follow_a_slider_and_a_run_stands_beside_them(toy: Page) -> None:
    expect(exact(toy, "expected_updates")).to_have_text("2,500")
    for value in toy.get_by_role("button", name="Type a number").all():
        box = value.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24, "however short the number is"
    step = toy.get_by_role("slider", name="Step", exact=True)
    step.press("End")
    expect(exact(toy, "expected_updates")).to_have_text("4")
    assert row(toy, "expected_updates")[1:] == ["", ""]
    expect(toy.locator(".note")).to_have_text(re.compile("^Run it"))
    expect(toy.locator(".note")).to_have_css("border-left-width", "0px")  # it is no reader's note on a card

    button(toy, "Run").click()
    expect(button(toy, "Run again")).to_be_visible(timeout=LONG)
    expect(toy.locator(".note")).to_have_text(re.compile("standard errors"))
    truth, measured, off = row(toy, "expected_updates")
    value, error = (float(part.replace(",", "")) for part in measured.split(" ± "))
    assert truth == "4"
    assert abs(value - 4) <= 5 * error
    assert abs(float(off.replace("−", "-")) - (value - 4) / error) < 1, "rounded, they still agree"
    assert row(toy, "sd_updates")[1:] == ["", ""], "nothing measures this one"

    # Measurements of other settings do not linger.
    step.press("ArrowLeft")
    expect(toy.locator(".note")).to_have_text(re.compile("^Run it"))
    assert row(toy, "expected_updates")[1:] == ["", ""]


def test_a_list_of_which_a_run_finds_none_takes_no_row(toy: Page) -> None:
    shown = """async ([name, results]) => {
      const { Other } = await import("/assets/sim/compared.js");
      const other = new Other({ name, title: "Sizes", unit: "" }, 3);
      return results.map((result) => { other.show({ result }); return !other.element.hidden; });
    }"""
    assert toy.evaluate(shown, ["sizes", [{}, {"sizes": []}, {"sizes": [2, 3]}, {"sizes": 0}]]) == [
        False,
        False,
        True,
        True,
    ]


def test_the_command_repeats_what_is_shown(toy: Page, capsys: pytest.CaptureFixture[str]) -> None:
    walkers = toy.get_by_role("slider", name="Walkers", exact=True)
    walkers.press("Home")
    toy.get_by_role("slider", name="Start", exact=True).press("ArrowLeft")
    seed = toy.get_by_role("textbox", name="Seed")
    seed.fill("7")
    seed.press("Enter")
    expect(exact(toy, "expected_updates")).to_have_text("2,499")
    button(toy, "Run").click()
    expect(button(toy, "Run again")).to_be_visible(timeout=LONG)
    command = shlex.split(toy.locator(".command code").inner_text())
    assert command[:4] == ["python", "-m", "sim", "run"]
    assert main([*command[3:], "--device", "cpu", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["config"]["start"], report["config"]["walkers"], report["seed"]) == (0.49, 100, 7)
    measured = row(toy, "expected_updates")[1].split(" ± ")[0]
    error = row(toy, "expected_updates")[1].split(" ± ")[1]
    assert (measured, error) == (
        f"{report['result']['mean_updates']:,.0f}",
        f"{report['result']['standard_error']:,.0f}",
    )


def test_the_command_is_copied_or_else_selected(toy: Page) -> None:
    toy.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button(toy, "Copy the command").click()
    expect(toy.locator(".command [role=status]")).to_have_text("Copied")
    assert toy.evaluate("navigator.clipboard.readText()") == f"python -m sim run {TOY}"
    toy.evaluate("() => void (navigator.clipboard.writeText = () => Promise.reject(new Error('no')))")
    button(toy, "Copy the command").click()
    expect(toy.locator(".command [role=status]")).to_have_text(re.compile("^Selected"))
    assert toy.evaluate("getSelection().toString()") == f"python -m sim run {TOY}"


def test_a_simulation_is_explained_below_its_numbers(toy: Page) -> None:
    expect(toy.locator(".equations").first).to_contain_text("E[T] = k (n − k) = p₀ (1 − p₀) / s²")
    expect(toy.get_by_role("term")).to_have_text(["Source", "Left out"])
    expect(toy.locator(".apart")).to_contain_text("W. Feller (1968)")


def test_the_book_and_the_lab_lead_to_each_other_and_carry_the_settings(toy: Page) -> None:
    toy.evaluate("window.sameApp = true")
    toy.get_by_role("link", name=SECTION).click()
    panel = toy.locator(f"#{TOY}-1")
    expect(panel).to_be_in_viewport(ratio=0.5)
    expect(panel.get_by_role("link", name="In the lab")).to_be_hidden()  # it would give the answer away
    button(toy, "Just show me").click()
    expect(panel.get_by_role("button", name="Run again")).to_be_visible(timeout=60_000)
    start = panel.get_by_role("slider", name="Start", exact=True)
    for percent in (49, 48, 47):
        start.press("ArrowLeft")
        expect(panel.locator(".said")).to_contain_text(f"From {percent}%")
    panel.get_by_role("link", name="In the lab").click()
    expect(exact(toy, "expected_updates")).to_have_text("2,491")
    parts = urlsplit(toy.url)
    assert parts.path == address(TOY)
    assert parse_qs(parts.query)[f"{TOY}.start"] == ["0.47"]
    expect(toy.get_by_role("slider", name="Start", exact=True)).to_have_attribute("aria-valuetext", "47%")
    assert toy.evaluate("window.sameApp"), "no page was loaded anew"
    toy.go_back()
    expect(toy.get_by_role("heading", level=1)).to_have_text(SECTION)


def test_a_link_with_underscores_leads_to_the_same_page_with_its_settings(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/lab-{TOY}?{TOY}.step=0.02&{TOY}.seed=7", ready=".comparison tbody td")
    expect(page).to_have_url(re.compile(re.escape(address(TOY))))
    expect(exact(page, "expected_updates")).to_have_text("625")
    expect(page.get_by_role("textbox", name="Seed")).to_have_value("7")


def test_home_and_the_bar_lead_to_the_lab(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(server.url)
    page.get_by_role("link", name=re.compile(f"^{len(names())} simulations")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lab")
    current = page.get_by_role("navigation", name="Martingale").get_by_role("link", name="Lab")
    expect(current).to_have_attribute("aria-current", "page")


def test_text_is_typed_is_checked_token_by_token_and_travels_in_the_link(
    server: Server, open_page: Callable[..., Page]
) -> None:
    lab = f"{server.url}/lab-head-superposition"
    page = open_page(f"{lab}?head_superposition.sequence=5+1+2+11+0", ready="#head_superposition .main-svg")
    panel = page.locator("#head_superposition")
    field, said = panel.get_by_role("textbox", name="A sequence"), panel.locator(".said")
    expect(field).to_have_value("5 1 2 11 0")
    expect(said).to_contain_text("On 5 1 2 11 0 its logit of 1 and 2 is")
    field.fill("1 1 2 5 0")
    field.press("Enter")
    expect(panel.locator(".trouble").first).to_contain_text("so that 1 1 and 1 2 tie by design. Keep two.")
    expect(field).to_have_value("1 1 2 5 0")
    field.fill("[9], 3, 3, 0")
    field.press("Tab")
    expect(said).to_contain_text("On 9 3 3 0 its logit of 3 and 3 is")
    expect(field).to_have_value("9 3 3 0")
    expect(panel.locator(".trouble").first).to_be_empty()
    expect(page.locator(".command code")).to_contain_text('--set "sequence=9 3 3 0"')
    link = panel.get_by_role("link", name="Copy link")
    link.hover()
    again = open_page(str(link.get_attribute("href")), ready="#head_superposition .main-svg")
    expect(again.locator("#head_superposition .said")).to_contain_text("its logit of 3 and 3 is")
