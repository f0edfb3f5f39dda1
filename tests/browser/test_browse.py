"""Browse as a reader does: type, narrow, select, suspend, take back, look at both faces, go there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from cards.store import Store
from tests.browser.harness import Complaints, Server, rows, serious, settled
from tests.browser.reviewing import CARDS, keep_cards, write_book

KEPT = 8
SUSPENDED = "SELECT card_id FROM memory WHERE suspended_at IS NOT NULL ORDER BY card_id"
BOOK = write_book


@pytest.fixture
def reader(server: Server, open_page: Callable[..., Page]) -> Page:
    """A reader who keeps some of the cards, and has written a note on one, on the page."""
    keep_cards(server, KEPT)
    store = Store.open(server.database, now=datetime.now(UTC))
    store.write_note(store.learner("local"), "card-1", "See the proof.", datetime.now(UTC))
    store.close()
    return open_page(f"{server.url}/browse", ready=".browse .row")


def found(page: Page) -> Locator:
    """The rows of the list."""
    return page.get_by_role("listbox", name="Cards found").get_by_role("option")


def count(page: Page, words: str) -> None:
    """Wait until so many cards have been found."""
    expect(page.locator(".browse .count")).to_have_text(words)


def suspended(server: Server) -> list[tuple[object, ...]]:
    """What the database says is suspended."""
    return rows(server, SUSPENDED)


def lose_the_answer(route: Route) -> None:
    """Let the server do what it is asked, and the browser not hear of it."""
    route.fetch()
    route.abort()


def test_find_select_suspend_take_back_look_and_go_there(
    reader: Page, server: Server, complaints: Complaints
) -> None:
    page, keys = reader, reader.keyboard
    count(page, f"{CARDS} cards")
    expect(page.get_by_label("Search all cards")).to_be_focused()

    keys.type("question")
    count(page, f"8 of {CARDS} cards")
    page.get_by_role("button", name="New", exact=True).click()
    count(page, f"6 of {CARDS} cards")
    expect(page).to_have_url(re.compile(r"\?q=question\+is%3Anew$"))

    keys.press("/")
    expect(page.get_by_label("Search all cards")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("x")
    keys.press("Shift+ArrowDown")
    keys.press("Shift+ArrowDown")
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.route("**/cards/browse/edit", lose_the_answer, times=1)
    page.get_by_role("button", name="Suspend", exact=True).click()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("status")).to_contain_text("3 cards suspended.")
    assert len(rows(server, "SELECT id FROM card_change")) == 3, "and it was done once"
    complaints.lines.clear()
    assert len(settled(lambda: suspended(server), [(), (), ()], seconds=1)) == 3
    expect(found(page).filter(has_text="suspended")).to_have_count(3)
    expect(found(page)).to_have_count(6)

    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back: 3 cards.")
    assert suspended(server) == []
    expect(found(page).filter(has_text="suspended")).to_have_count(0)

    page.get_by_label("Search all cards").fill('"answer 1"')
    count(page, f"1 of {CARDS} cards")
    keys.press("Enter")
    keys.press("Enter")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.locator(".question")).to_contain_text("Question 1")
    expect(preview.locator(".answer")).to_contain_text("Answer 1")
    expect(preview.locator(".katex").first).to_be_visible()
    expect(preview).to_contain_text("See the proof.")
    source = preview.locator("a.source")
    expect(source).to_have_text(re.compile(r"^walks/steps\.md:\d+$"))
    expect(source).to_have_attribute("href", re.compile(r"^vscode://file/.*/book\d*/walks/steps\.md:\d+$"))
    assert serious(page) == []
    preview.get_by_role("link", name="How do beliefs walk?").click()
    expect(page).to_have_url(re.compile(r"/steps(#|$)"))
    expect(page.locator("#card-card-1")).to_be_in_viewport()


def test_an_address_opens_its_search_and_selecting_works_with_the_mouse(
    reader: Page, server: Server, open_page: Callable[..., Page]
) -> None:
    del reader
    page = open_page(f"{server.url}/browse?q=-is:kept&sort=place&down=1", ready=".browse .row")
    count(page, f"{CARDS - KEPT} of {CARDS} cards")
    expect(page.get_by_label("Search all cards")).to_have_value("-is:kept")
    expect(page.get_by_role("button", name="Not kept")).to_have_attribute("aria-pressed", "true")
    expect(found(page).first).to_contain_text(f"Sentence {CARDS - 1}")
    found(page).nth(0).locator(".check").click()
    found(page).nth(2).click(modifiers=["Shift"])
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text(f"{CARDS - KEPT} selected")).to_be_visible()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(f"{CARDS - KEPT} cards kept.")
    page.keyboard.press("z")
    expect(page.get_by_role("status")).to_contain_text("Taken back")


def test_the_page_goes_on_after_the_app_was_started_again(reader: Page, server: Server) -> None:
    count(reader, f"{CARDS} cards")
    server.stop()
    server.start()
    reader.get_by_label("Search all cards").fill("sentence")
    expect(reader.locator(".browse .count")).to_have_text(f"4 of {CARDS} cards", timeout=20_000)


@pytest.mark.parametrize(("phone", "dark"), [(False, True), (True, False)], ids=["wide dark", "phone light"])
def test_axe_finds_nothing_serious(
    reader: Page, server: Server, open_page: Callable[..., Page], *, phone: bool, dark: bool
) -> None:
    del reader
    page = open_page(f"{server.url}/browse", phone=phone, dark=dark, ready=".browse .row")
    found(page).first.locator(".check").click()
    found(page).nth(1).click()
    expect(page.get_by_role("region", name="Preview")).to_be_visible()
    assert serious(page) == []
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth")
    ends = "(selector) => document.querySelector(selector).getBoundingClientRect().right"
    assert page.evaluate(ends, ".browse .row") == page.evaluate(ends, ".browse .found")
    page.get_by_text("How to search").click()
    assert serious(page) == []
    page.get_by_label("Search all cards").fill("nothing dew:7")
    expect(page.get_by_text("No card is like that.")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("There is no field 'dew'. Did you mean 'due'?")
    assert serious(page) == []
    page.get_by_role("button", name="Clear the search").click()
    count(page, f"{CARDS} cards")
