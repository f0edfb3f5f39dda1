"""The whole path of a reader: read, predict, run, answer in the prose, review, undo, take away to Anki."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from content.library import OWN, Library
from tests.browser.harness import Server, rows, settled
from tests.cards.anki_learner import Outcome, learner

SECTION = "How often should a calibrated person update?"
CARD = "From 50%, in steps of one percentage point"
PANEL = "A belief walks until it is certain"
PATIENCE = 300  # milliseconds: presses within 250 of the reveal are ignored
ANSWERS = "select count(*) from review"
UNDONE = "select count(*) from undo"
GUESSES = "select count(*) from prediction where guess = 200 and truth = 2500"


@pytest.fixture
def reader(server: Server, open_page: Callable[..., Page]) -> Iterator[Page]:
    """A reader on home."""
    return open_page(server.url)


def count(server: Server, query: str) -> int:
    """A number from the learner's database."""
    return int(str(rows(server, query)[0][0]))


def test_read_predict_run_remember_review_undo_take_away(
    reader: Page, server: Server, tmp_path: Path
) -> None:
    reader.get_by_role("link", name=SECTION).last.click()
    expect(reader.get_by_role("heading", name=SECTION)).to_be_visible()

    panel = reader.get_by_role("group", name=PANEL)
    expect(panel.get_by_role("button", name="Run", exact=True)).to_be_disabled()
    expect(panel.get_by_role("img")).to_have_count(0)
    panel.get_by_role("textbox", name=re.compile("Your guess")).fill("200")
    reader.keyboard.press("Enter")
    expect(panel).to_contain_text("You said 200 updates. The exact answer is 2,500 updates")
    expect(panel.get_by_role("button", name="Run again")).to_be_visible(timeout=60_000)
    expect(panel).to_contain_text(re.compile(r"the mean of 20,000 walkers is 2,\d{3} ± \d+ updates"))

    card = reader.get_by_role("group", name=re.compile("^Card")).filter(has_text=CARD)
    card.get_by_role("button", name="Show answer").click()
    reader.wait_for_timeout(PATIENCE)
    card.get_by_role("button", name=re.compile("^Good")).click()
    expect(card).to_contain_text("You will see it again in 10 minutes")
    reader.get_by_role("button", name=re.compile("^Keep the other")).click()
    expect(
        reader.get_by_text(re.compile(r"All \d+ cards of this section are in your review"))
    ).to_be_visible()
    assert settled(lambda: count(server, ANSWERS), 1) == 1
    assert settled(lambda: count(server, GUESSES), 1) == 1

    reader.get_by_role("navigation", name="Martingale").get_by_role(
        "link", name=re.compile("Review|due")
    ).click()
    desk = reader.get_by_role("region", name="Review")
    expect(desk.get_by_text(re.compile("^1 of"))).to_be_visible()
    reader.keyboard.press("Space")  # the first card that was kept asks for a guess
    expect(reader.get_by_role("textbox", name="Your guess")).to_be_focused()
    reader.keyboard.type("2,000")
    reader.keyboard.press("Enter")
    expect(desk.locator(".stage .answer")).to_contain_text("You said 2,000 updates")
    reader.wait_for_timeout(PATIENCE)
    reader.keyboard.press("Space")
    expect(desk.get_by_text(re.compile("^2 of"))).to_be_visible()
    reader.keyboard.press("z")
    expect(desk.get_by_text(re.compile("^1 of"))).to_be_visible()
    expect(desk.locator(".unsaved")).to_be_empty()
    assert settled(lambda: (count(server, ANSWERS), count(server, UNDONE)), (2, 1)) == (2, 1)
    reader.keyboard.press("Escape")
    expect(reader.get_by_role("heading", name="Martingale")).to_be_visible()

    reader.get_by_role("link", name="Take away").click()
    with reader.expect_download() as downloading:
        reader.get_by_role("button", name="Download martingale.apkg").click()
    package = tmp_path / "martingale.apkg"
    downloading.value.save_as(package)
    cards = len(Library([OWN]).load().deck)
    with learner(tmp_path) as someone:
        assert someone.imports(package) == Outcome(new=cards)
        assert someone.imports(package) == Outcome(unchanged=cards)
