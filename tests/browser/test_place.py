"""A card in its place in the prose, keeping a section's cards, and the page that takes them away."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.harness import Server, rows, serious, settled
from tests.browser.reviewing import CARDS, SETTLE, answers, keep_cards, presses, write_book

# How far a section is read is written too, and would wait for the lock in front of what the reader does.
UNREAD = "Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' }); null"
BOOK = write_book


@pytest.fixture
def section(server: Server, open_page: Callable[..., Page]) -> Page:
    """The section, to a learner who keeps none of its cards."""
    keep_cards(server, cards=0)
    return open_page(f"{server.url}/steps", ready="#card-card-0 .question")


def card(page: Page, number: int) -> Locator:
    """A card in its place."""
    return page.locator(f"#card-card-{number}")


def kept(server: Server) -> int:
    """How many cards the learner keeps."""
    return len(rows(server, "SELECT card_id FROM memory WHERE withdrawn_at IS NULL"))


def show(page: Page, number: int) -> None:
    """Show a card's answer with the keyboard, and look at it for a moment."""
    card(page, number).get_by_role("button", name="Show answer").focus()
    page.keyboard.press("Space")
    expect(card(page, number).get_by_role("group")).to_be_visible()
    page.wait_for_timeout(SETTLE)


def test_a_card_is_answered_where_it_stands_and_says_when_it_comes_back(
    section: Page, server: Server
) -> None:
    expect(card(section, 0)).to_contain_text("Remember · new")
    show(section, 0)
    section.keyboard.press("4")
    expect(card(section, 0)).to_contain_text("You will see it again in")
    expect(card(section, 0).locator(".standing")).to_contain_text("in review · next in")
    assert settled(lambda: answers(server), [("card-0", 4)]) == [("card-0", 4)]
    expect(card(section, 1)).to_contain_text("Remember · new")


def test_an_answer_in_the_prose_can_be_taken_back_and_given_again(section: Page, server: Server) -> None:
    show(section, 0)
    section.keyboard.press("4")
    assert settled(lambda: presses(server), 1) == 1
    section.keyboard.press("z")
    assert settled(lambda: answers(server), []) == []
    section.wait_for_timeout(SETTLE)
    section.keyboard.press("3")
    expect(card(section, 0)).to_contain_text("in 10 minutes")
    assert settled(lambda: answers(server), [("card-0", 3)]) == [("card-0", 3)]


def test_an_address_that_names_nothing_sensible_takes_nothing_away(
    server: Server, open_page: Callable[..., Page]
) -> None:
    keep_cards(server, cards=0)
    for anchor in ("%zz", "card-%", "card-card-9"):
        page = open_page(f"{server.url}/steps#{anchor}", ready="#card-card-0 .question")
        show(page, 0)


def test_the_keys_are_a_cards_own_only_while_the_reader_is_in_it(section: Page, server: Server) -> None:
    show(section, 0)
    section.locator("h1").click()
    for key in ("3", "z", "Space"):
        section.keyboard.press(key)
    section.wait_for_timeout(100)
    expect(card(section, 1).get_by_role("button", name="Show answer")).to_be_visible()
    assert presses(server) == 0


def test_a_press_right_after_the_answer_appeared_is_not_a_grade(section: Page, server: Server) -> None:
    card(section, 0).get_by_role("button", name="Show answer").click()
    section.keyboard.press("3")
    section.wait_for_timeout(SETTLE)
    expect(card(section, 0).get_by_role("group")).to_be_visible()
    assert presses(server) == 0


def test_a_card_that_is_not_due_shows_its_answer_and_takes_no_grade(section: Page, server: Server) -> None:
    show(section, 0)
    section.keyboard.press("4")
    assert settled(lambda: presses(server), 1) == 1
    section.reload()
    card(section, 0).get_by_role("button", name="Show answer").click()
    expect(card(section, 0)).to_contain_text("Answer 0")
    expect(card(section, 0)).to_contain_text("Looking does not change its date")
    expect(card(section, 0).get_by_role("group")).to_have_count(0)


def test_an_answer_that_another_page_could_not_send_is_sent_by_the_next(
    section: Page, server: Server
) -> None:
    show(section, 0)
    section.evaluate("document.querySelector('#card-card-0 .grade-3').click(); location.assign('/review')")
    section.get_by_role("region", name="Review").wait_for()
    assert settled(lambda: answers(server), [("card-0", 3)]) == [("card-0", 3)]


def test_a_sections_cards_are_kept_and_taken_out_again(section: Page, server: Server) -> None:
    show(section, 0)
    section.keyboard.press("4")
    assert settled(lambda: presses(server), 1) == 1
    section.reload()
    said = section.get_by_role("group", name="Keep this").get_by_role("status").first
    section.get_by_role("button", name=f"Keep the other {CARDS - 1} cards").press("Enter")
    expect(section.get_by_text(f"All {CARDS} cards of this section are in your review.")).to_be_visible()
    expect(said).to_be_focused()  # the button that was pressed has gone
    assert settled(lambda: kept(server), CARDS) == CARDS
    expect(card(section, 1)).to_contain_text("kept · not asked yet")
    expect(said).to_have_text("Kept. Undo")
    section.keyboard.press("Tab")
    expect(said.get_by_role("button", name="Undo")).to_be_focused()
    section.get_by_role("button", name="Take them out").press("Enter")
    expect(section.get_by_role("button", name=f"Keep these {CARDS} cards")).to_be_visible()
    expect(said).to_be_focused()
    assert settled(lambda: kept(server), 0) == 0


def test_those_that_are_left_out_are_not_kept(section: Page, server: Server) -> None:
    section.get_by_text("Choose which").click()
    boxes = section.locator(".keep").get_by_role("checkbox")
    expect(boxes).to_have_count(CARDS)
    for number in (0, 2):
        boxes.nth(number).uncheck()
    expect(boxes.nth(2)).to_be_focused()
    section.get_by_role("button", name=f"Keep {CARDS - 2} of the {CARDS} cards").click()
    assert settled(lambda: kept(server), CARDS - 2) == CARDS - 2
    expect(card(section, 0)).to_contain_text("Remember · new")
    expect(card(section, 1)).to_contain_text("kept · not asked yet")
    section.get_by_role("group", name="Keep this").get_by_role("button", name="Undo").click()
    assert settled(lambda: kept(server), 0) == 0


def test_what_is_decided_about_a_card_stands_at_its_place_and_is_taken_back_there(
    section: Page, server: Server
) -> None:
    section.get_by_role("button", name="Keep these").click()
    standing = card(section, 1).locator(".standing")
    expect(standing).to_contain_text("kept · not asked yet")

    def choose(name: str) -> None:
        card(section, 1).get_by_role("button", name="This card").click()
        section.get_by_role("menuitem", name=name).click()

    choose("Mark")
    expect(standing).to_contain_text("marked")
    choose("Suspend")
    expect(standing).to_contain_text("suspended · marked")
    choose("Write a note")
    section.keyboard.type("Mine.")
    section.keyboard.press("Escape")
    expect(standing).to_contain_text("suspended · marked · your note")
    choose("Why these dates?")
    expect(card(section, 1).get_by_role("region")).to_contain_text("This card is new.")
    assert serious(section) == []
    section.keyboard.press("Escape")
    for left in ("suspended · marked", "kept · not asked yet · marked", "kept · not asked yet"):
        section.keyboard.press("z")
        expect(standing).to_have_text(f"Remember · {left}Card")
    section.keyboard.press("Shift+Z")
    expect(standing).to_contain_text("not asked yet · marked")
    assert presses(server) == 0


def test_a_card_that_was_taken_out_is_kept_again_by_answering_it(section: Page, server: Server) -> None:
    section.get_by_role("button", name="Keep these").click()
    section.get_by_role("button", name="Take them out").click()
    section.get_by_role("button", name="Keep these").wait_for()
    show(section, 0)
    section.keyboard.press("4")
    expect(card(section, 0).locator(".standing")).to_contain_text("in review · next in")
    assert settled(lambda: kept(server), 1) == 1


def test_what_two_components_carry_arrives_in_the_order_in_which_it_was_done(section: Page) -> None:
    carried = section.evaluate(
        """async () => {
          const { add, attach } = await import("/assets/cards/pending.js?apart");
          const carried = [], hosts = {};
          for (const name of ["one", "two"]) {
            const setTriggerValue = (_, batch) => {
              carried.push([name, ...batch.map(({ kind }) => kind)]);
              const data = { confirmed: batch.map(({ id }) => id) };
              setTimeout(() => attach(hosts[name], { data, setTriggerValue }));
            };
            hosts[name] = document.createElement("div");
            attach(hosts[name], { data: {}, setTriggerValue });
          }
          for (const [name, kind] of [["two", "keep"], ["two", "drop"], ["one", "answer"], ["two", "mark"]]) {
            add({ kind, cards: ["a"] }, hosts[name]);
          }
          const until = performance.now() + 5000;
          const soon = (go) => setTimeout(go, 20);
          while (carried.flat().length < 7 && performance.now() < until) await new Promise(soon);
          return carried;
        }"""
    )
    assert carried == [["two", "keep", "drop"], ["one", "answer"], ["two", "mark"]]


def test_keeping_says_in_a_sentence_that_the_database_is_locked_and_waits(
    section: Page, server: Server
) -> None:
    section.evaluate(UNREAD)
    with closing(sqlite3.connect(server.database, isolation_level=None, timeout=10)) as database:
        database.execute("BEGIN IMMEDIATE")
        section.get_by_role("button", name="Keep these").click()
        expect(section.get_by_text("Another program")).to_be_visible(timeout=30_000)
        database.execute("ROLLBACK")
    assert settled(lambda: kept(server), CARDS, seconds=30) == CARDS
    expect(section.get_by_text("Not saved yet")).to_be_hidden(timeout=30_000)


@pytest.mark.parametrize(("phone", "dark"), [(False, True), (True, False)], ids=["wide dark", "phone light"])
def test_axe_finds_nothing_serious(
    server: Server, open_page: Callable[..., Page], *, phone: bool, dark: bool
) -> None:
    keep_cards(server, cards=0)
    page = open_page(f"{server.url}/steps", phone=phone, dark=dark, ready="#card-card-0 .question")
    show(page, 0)
    show(page, 1)
    page.keyboard.press("4")
    expect(card(page, 1)).to_contain_text("You will see it again")
    page.get_by_role("button", name="Keep these").click()
    page.get_by_role("button", name="Take them out").wait_for()
    assert serious(page) == []
    page = open_page(f"{server.url}/take-away", phone=phone, dark=dark)
    page.get_by_role("button", name="Download martingale.apkg").wait_for()
    assert serious(page) == []
