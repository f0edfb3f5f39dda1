"""The desk's settings: changed by mouse and by keyboard, saved at once, and obeyed by the desk."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from cards.pages.settings_links import PAGES
from tests.browser.harness import Server, rows, serious, settled
from tests.browser.reviewing import keep_cards, write_book

BOOK = write_book


def kept(server: Server) -> dict[str, object]:
    """The preferences that the database holds."""
    found = rows(server, "SELECT value FROM setting WHERE key = 'preferences'")
    return json.loads(str(found[0][0])) if found else {}


def test_what_is_changed_is_saved_at_once_and_the_desk_obeys(
    open_page: Callable[..., Page], server: Server
) -> None:
    keep_cards(server)
    page = open_page(f"{server.url}/settings", ready=".preferences .row")
    for name in ("Martingale", "Settings and data"):
        link = page.get_by_role("navigation", name=name).get_by_role("link", name="Settings")
        expect(link).to_have_attribute("aria-current", "page")
    new = page.get_by_label("New cards").first
    new.fill("1001")
    new.press("Tab")
    expect(page.get_by_text("Choose a whole number from 0 to 1000 cards.")).to_be_visible()
    assert "new_a_day" not in kept(server)
    new.fill("2")
    new.press("Enter")
    expect(page.locator(".row.number").first).to_contain_text("Saved.")
    page.get_by_label("What to do with a leech").focus()
    page.keyboard.press("ArrowDown")
    assert settled(lambda: kept(server).get("leech_action"), "mark") == "mark"
    page.get_by_label("Two buttons instead of four").focus()
    page.keyboard.press("Space")
    assert settled(lambda: kept(server).get("two_grades"), True) is True
    assert kept(server)["new_a_day"] == 2
    page.reload()
    expect(page.get_by_label("New cards").first).to_have_value("2")
    expect(page.get_by_label("Two buttons instead of four")).to_be_checked()
    page.get_by_role("link", name="Review").click()
    expect(page.get_by_text("1 of 2")).to_be_visible()


def test_on_a_phone_every_page_is_within_reach_by_its_one_name(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url, phone=True)
    bar = page.get_by_role("navigation", name="Martingale")
    on_one_line = (
        "nav => new Set([...nav.children].map((e) => e.getBoundingClientRect().top).filter(Boolean)).size"
    )
    assert bar.evaluate(on_one_line) == 1
    for name in ("Lab", "Glossary", "Take away", "Progress", "Ledger"):
        expect(bar.get_by_role("link", name=name)).to_be_hidden()
        bar.get_by_role("button", name="More").click()
        assert serious(page) == []
        bar.get_by_role("link", name=name).click()
        expect(page).to_have_title(name)
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    bar.get_by_role("link", name="Settings").click()
    for path, name in PAGES.items():
        page.get_by_role("navigation", name="Settings and data").get_by_role("link", name=name).click()
        expect(page).to_have_url(f"{server.url}{path}")
        expect(page).to_have_title(name)
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        row = page.get_by_role("navigation", name="Settings and data").get_by_role("link")
        expect(row).to_have_text(list(PAGES.values()))
        assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth")


def test_everything_is_put_back_on_a_phone_in_the_dark(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(f"{server.url}/settings", phone=True, dark=True, ready=".preferences .row")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
    page.get_by_role("button", name="Put everything back").click()
    expect(page.get_by_text("All is as it was at first.")).to_be_visible()
    expect(page.get_by_label("New cards").first).to_have_value("20")
    assert kept(server)["two_grades"] is False
