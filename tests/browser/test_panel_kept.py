"""What a reader says of a simulation and takes from it: guesses, settings that break a claim, files."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.harness import Server, rows, serious, settled

TRIALS = """
:::{sim} variance_budget
:controls: start, large_step, large_chance
:caption: Nudges & <jolts>.
:seed: 7
:::

:::{sim} belief_walk
:walkers: 100000
:controls: start, step
:predict: median_updates
:guess: interval 80%
:caption: Between two numbers.
:::

:::{sim} belief_walk
:controls: start, step
:predict: expected_updates
:guess: choice
:choices: under 100 | 100 to 1,000 | over 1,000
:caption: Among three ranges.
:::
"""
OPEN, INTERVAL, CHOICE = "#variance_budget-1", "#belief_walk-1", "#belief_walk-2"
LONG = 60_000  # milliseconds: the first worker of a server waits until torch is imported
LOCKED = 40_000  # milliseconds: a database that others write is waited for, for five seconds
GUESSES = "select kind, guess, low, high, confidence, choice, score, truth from prediction order by id"
FOUND = "select note, seed, withdrawn_at is null from counterexample order by id"


@pytest.fixture
def section(server: Server, open_page: Callable[..., Page]) -> Page:
    """The section, with nothing kept of earlier tests."""
    page = open_page(f"{server.url}/trials", ready=f"{OPEN} .main-svg")
    if rows(server, GUESSES) or rows(server, FOUND):
        with closing(sqlite3.connect(server.database, timeout=10)) as database, database:
            database.execute("delete from prediction")
            database.execute("delete from counterexample")
        page.reload()
        page.locator(f"{OPEN} .main-svg").first.wait_for()
    return page


def button(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("button", name=name, exact=True)


def test_an_interval_is_asked_for_in_order_scored_by_the_rule_that_is_named_and_kept(
    server: Server, section: Page, open_page: Callable[..., Page]
) -> None:
    panel = section.locator(INTERVAL)
    low, high = panel.get_by_role("textbox", name="From"), panel.get_by_role("textbox", name="To")
    alert = panel.locator(".guess [role=alert]")
    expect(panel.locator(".main-svg")).to_have_count(0)
    expect(panel.locator(".guess")).to_contain_text("80% sure")
    expect(panel.locator(".guess")).to_contain_text("plus 10 times whatever the answer lies outside it")
    low.fill("2,000")
    low.press("Enter")
    expect(alert).to_have_text("Write a number first, or ask to be shown.")
    expect(high).to_be_focused()
    high.fill("100")
    high.press("Enter")
    expect(alert).to_have_text("The first number is above the second. Write the lower one first.")
    expect(low).to_have_value("2,000")
    expect(low).to_be_focused()

    low.fill("100")
    high.fill("1 500")
    high.press("Enter")
    verdict = panel.locator(".said p").first
    expect(verdict).to_have_text(
        "You said 100 to 1,500 updates, 80% sure. The exact answer is 1,894 updates, above it. "
        "Interval score: 5,340 updates, its width and 10 times the miss; lower is better."
    )
    expect(verdict).to_be_focused()
    kept = ("interval", None, 100.0, 1500.0, 0.8, "", pytest.approx(1400 + 10 * 394), 1894.0)
    assert settled(lambda: len(rows(server, GUESSES)), 1)
    assert rows(server, GUESSES) == [kept]

    again = open_page(f"{server.url}/trials", ready=f"{INTERVAL} .main-svg").locator(INTERVAL)
    expect(again.locator(".said")).to_contain_text("You said 100 to 1,500 updates")
    again.get_by_role("slider", name="Start", exact=True).press("ArrowRight")
    expect(again.locator(".said")).to_contain_text("With these settings the exact answer is")


def test_a_choice_is_made_by_keyboard_alone(server: Server, section: Page) -> None:
    panel = section.locator(CHOICE)
    panel.get_by_role("radio", name="under 100").focus()
    section.keyboard.press("Enter")
    expect(panel.locator(".guess [role=alert]")).to_have_text("Choose one first, or ask to be shown.")
    section.keyboard.press("ArrowDown")
    expect(panel.get_by_role("radio", name="100 to 1,000")).to_be_checked()
    section.keyboard.press("Enter")
    expect(panel.locator(".said p").first).to_have_text(
        "You chose 100 to 1,000. The exact answer is 2,500 updates: wrong."
    )
    assert settled(lambda: len(rows(server, GUESSES)), 1)
    assert rows(server, GUESSES) == [("choice", None, 100.0, 1000.0, None, "100 to 1,000", 1.0, 2500.0)]


def test_a_preset_moves_sliders_and_picture_and_reset_leads_back_to_the_authors_seed(section: Page) -> None:
    panel = section.locator(OPEN)
    outputs, said = panel.locator("output"), panel.locator(".said")
    before, words = outputs.all_inner_texts(), said.inner_text()
    expect(panel.get_by_label("Seed", exact=True)).to_have_value("7")
    preset = button(panel, "One jolt decides it")
    preset.focus()
    section.keyboard.press("Enter")
    expect(said).to_contain_text("From 50% in steps of 1 and 50 points, certainty takes 0 small and 1 large")
    expect(preset).to_have_attribute("aria-pressed", "true")
    assert outputs.all_inner_texts() == ["50%", "0.5", "100%"]
    expect(panel.get_by_role("slider", name="Large chance", exact=True)).to_have_attribute(
        "aria-valuetext", "100%"
    )
    button(panel, "Reset").click()
    expect(said).to_have_text(words)
    expect(preset).to_have_attribute("aria-pressed", "false")
    assert outputs.all_inner_texts() == before
    expect(panel.get_by_label("Seed", exact=True)).to_have_value("7")


def test_the_die_throws_another_seed_and_a_link_keeps_it(
    section: Page, open_page: Callable[..., Page]
) -> None:
    panel = section.locator(OPEN)
    drawn = panel.locator(".js-line").first
    path = drawn.get_attribute("d") or ""
    button(panel, "Throw the dice").click()
    expect(drawn).not_to_have_attribute("d", path)
    thrown = panel.get_by_label("Seed", exact=True).input_value()
    assert thrown != "7"
    button(panel, "One jolt in ten: they pay nine tenths").click()
    button(panel, "Throw the dice").click()
    expect(panel.locator(".said")).to_contain_text("pay 9.7%")
    settings = panel.locator("output").all_inner_texts()
    thrown = panel.get_by_label("Seed", exact=True).input_value()
    link = panel.get_by_role("link", name="Copy link")
    link.focus()
    opened = open_page(link.get_attribute("href") or "", ready=f"{OPEN} .main-svg").locator(OPEN)
    expect(opened.get_by_label("Seed", exact=True)).to_have_value(thrown)
    assert opened.locator("output").all_inner_texts() == settings


def download(page: Page, panel: Locator, name: str) -> tuple[str, bytes]:
    with page.expect_download() as downloading:
        panel.get_by_role("button", name=f"as {name}").click()
    return downloading.value.suggested_filename, Path(downloading.value.path()).read_bytes()


def table(data: bytes) -> dict[str, str]:
    head, *lines = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    assert head[:4] == ["part", "name", "unit", "value"]
    return {line[1]: line[3] for line in lines if line[0]}


NAME = "variance_budget_start=0.5_small_step=0.01_large_step=0.1_large_chance=0.01_walkers=5000_seed=7"


def test_the_numbers_are_those_of_what_is_shown(server: Server, section: Page) -> None:
    panel = section.locator(OPEN)
    name, data = download(section, panel, "CSV")
    assert name == f"{NAME}.csv"
    with urlopen(f"{server.url}/sim/variance_budget/data.csv?seed=7") as answer:  # noqa: S310 - our own server
        assert answer.read() == data
    button(panel, "Run").click()
    expect(button(panel, "Run again")).to_be_visible(timeout=LONG)
    name, data = download(section, panel, "CSV")
    assert name == f"{NAME}.csv"
    measured = table(data)
    assert measured["seed"] == "7"
    expect(panel.locator(".said")).to_contain_text(f"made {float(measured['mean_small_updates']):,.0f} ±")
    expect(panel.locator(":scope > .trouble")).to_be_empty()


def test_a_run_that_was_stopped_has_no_numbers_and_says_so(section: Page) -> None:
    panel = section.locator(INTERVAL)
    button(panel, "Just show me").click()
    panel.get_by_role("slider", name="Step", exact=True).press("Home")
    expect(panel.locator(".said")).to_contain_text("0.1 points")
    button(panel, "Run").click()
    expect(panel.locator(".said")).to_contain_text("walkers are certain after", timeout=LONG)
    button(panel, "Stop").click()
    panel.get_by_role("button", name="as CSV").click()
    expect(panel.locator(":scope > [role=alert]").first).to_have_text(
        re.compile("^Only a run that has come to its end")
    )


def test_a_picture_is_light_whole_and_says_how_to_make_it_again(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/trials", dark=True, ready=f"{OPEN} .main-svg")
    panel = page.locator(OPEN)
    name, svg = download(page, panel, "SVG")
    assert name == f"{NAME}.svg"
    text = svg.decode()
    assert '<rect width="960" height="540" fill="#fbfaf6"/>' in text
    for words in (
        "A credence has a budget of variance to spend",
        "Nudges &amp; &lt;jolts&gt;.",
        "Start 50%",
        "seed 7",
    ):
        assert words in text
    assert (
        re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?(?!#|data:)[^\"')\s]+", text.replace("&quot;", "")) == []
    )
    # Opened on its own it is a picture, and not an error page.
    shown = page.context.new_page()
    shown.set_content(f"<body>{text[text.index('<svg') :]}</body>")
    expect(shown.get_by_role("img", name="A credence has a budget of variance to spend")).to_be_visible()
    shown.close()
    name, png = download(page, panel, "PNG")
    assert name == f"{NAME}.png"
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (1920, 1080)


def test_settings_that_break_the_claim_are_kept_listed_shown_removed_and_put_back(
    server: Server, section: Page
) -> None:
    panel = section.locator(OPEN)
    note = panel.get_by_role("textbox", name=re.compile("^What do these settings contradict"))
    opener = button(panel, "Break this claim")
    expect(note).to_be_hidden()
    button(panel, "One jolt decides it").click()
    opener.focus()
    section.keyboard.press("Enter")
    expect(note).to_be_focused()
    expect(panel.locator(".breaking")).to_contain_text("Start 50%, Large step 0.5, Large chance 100%, seed 0")
    section.keyboard.press("Enter")
    expect(panel.locator(".breaking [role=alert]")).to_have_text(
        "Say in a few words what these settings contradict."
    )
    note.fill("Here <b>one</b> update pays & all is over.")
    section.keyboard.press("Escape")
    expect(opener).to_be_focused()
    section.keyboard.press("Enter")
    expect(note).to_have_value("Here <b>one</b> update pays & all is over.")
    section.keyboard.press("Enter")
    listed = panel.get_by_role("list", name="Settings that break the claim")
    expect(listed).to_contain_text("Here <b>one</b> update pays & all is over.")
    expect(note).to_be_hidden()
    expect(opener).to_be_focused()
    assert rows(server, FOUND) == [("Here <b>one</b> update pays & all is over.", 0, 1)]

    section.reload()
    panel.locator(".main-svg").first.wait_for()
    expect(listed.get_by_role("listitem")).to_have_count(1)
    expect(panel.locator("output").last).to_have_text("1%")
    listed.get_by_role("button", name=re.compile("^Show")).click()
    expect(panel.locator("output").last).to_have_text("100%")
    expect(panel.get_by_label("Seed", exact=True)).to_have_value("0")
    listed.get_by_role("button", name=re.compile("^Remove")).press("Enter")
    expect(listed).to_have_text(re.compile("^Removed"))
    expect(button(listed, "Undo")).to_be_focused()
    assert rows(server, FOUND)[0][2] == 0
    section.keyboard.press("Enter")
    expect(listed).to_contain_text("Here <b>one</b> update pays")
    assert rows(server, FOUND)[0][2] == 1
    listed.get_by_role("button", name=re.compile("^Remove")).click()
    expect(button(listed, "Undo")).to_be_visible()
    section.reload()
    panel.locator(".main-svg").first.wait_for()
    expect(listed).to_be_hidden()


def test_a_store_that_is_locked_is_a_sentence_and_nothing_is_lost(server: Server, section: Page) -> None:
    breaking, choosing = section.locator(OPEN), section.locator(CHOICE)
    note = breaking.get_by_role("textbox", name=re.compile("^What do these settings contradict"))
    with closing(sqlite3.connect(server.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        button(choosing, "Just show me").click()
        unkept = choosing.locator(":scope > [role=alert]").last
        expect(unkept).to_contain_text("This is not saved. Another program", timeout=LOCKED)
        button(breaking, "Break this claim").click()
        note.fill("One update.")
        note.press("Enter")
        expect(breaking.locator(".breaking [role=alert]")).to_contain_text(
            "This is not saved. Another program has been writing", timeout=LOCKED
        )
        expect(note).to_have_value("One update.")
        other.execute("ROLLBACK")
    note.press("Enter")
    expect(breaking.get_by_role("list", name="Settings that break the claim")).to_contain_text("One update.")
    button(choosing, "Keep my guess").click()
    assert settled(lambda: len(rows(server, GUESSES)), 1) == 1
    expect(unkept).to_be_empty()
    assert len(rows(server, FOUND)) == 1
    assert "Traceback" not in server.log()


def test_a_device_is_picked_only_where_there_are_several(section: Page) -> None:
    panel = section.locator(OPEN)
    assert panel.locator("select").is_hidden()
    offered = section.evaluate(
        """async () => {
            const { Actions } = await import("/assets/sim/actions.js");
            const actions = new Actions("trial", { run: "", seed: "", quiet: [], reset: () => {} });
            const seen = (devices) => {
                actions.offer(devices);
                const names = [...actions.picker.options].map((option) => option.value);
                return actions.devices.hidden ? null : names;
            };
            const found = [seen(["cpu"]), seen(["cuda", "cpu"])];
            actions.picker.value = "cpu";
            return [...found, seen(["cuda", "mps", "cpu"]), actions.device];
        }"""
    )
    assert offered == [None, ["auto", "cuda", "cpu"], ["auto", "cuda", "mps", "cpu"], "cpu"]


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "390"])
def test_everybody_can_use_all_of_it_at_every_width(
    server: Server, open_page: Callable[..., Page], *, phone: bool
) -> None:
    page = open_page(f"{server.url}/trials", phone=phone, ready=f"{OPEN} .main-svg")
    panel = page.locator(OPEN)
    button(panel, "Break this claim").click()
    note = panel.get_by_role("textbox", name=re.compile("^What do these settings contradict"))
    note.fill("W" * 200)  # a word that no line holds
    button(panel, "Save").click()
    expect(panel.get_by_role("list", name="Settings that break the claim")).to_contain_text("WWW")
    button(panel, "Break this claim").click()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert serious(page) == [], theme
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth")
    for name in (OPEN, INTERVAL, CHOICE):
        assert page.locator(name).evaluate("panel => panel.scrollWidth <= panel.clientWidth"), name
