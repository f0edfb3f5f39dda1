"""What a reader decides about cards on the desk: steps back and forth, notes, leeches, rounds, fingers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest
from playwright.sync_api import CDPSession, Page, expect

from cards.days import DayRules, day_number
from tests.browser.harness import PHONE, Server, rows, serious, settled
from tests.browser.reviewing import CARDS, SETTLE, Desk, answers, keep_cards, presses, write_book

DECIDED = "SELECT card_id FROM memory WHERE {} ORDER BY card_id"
REMEMBERED = "SELECT card_id, state, step, due_day, stability, difficulty, reps FROM memory ORDER BY card_id"
TABLES = ("memory", "review", "undo", "card_change", "card_note")
MUTE = "window.spoken = WebSocket.prototype.send; WebSocket.prototype.send = () => {}; null"
UNMUTE = "WebSocket.prototype.send = window.spoken; null"
PENDING = "JSON.parse(sessionStorage.getItem('martingale.pending') ?? '[]').length"
BOOK = write_book


@pytest.fixture
def desk(server: Server, open_page: Callable[..., Page]) -> Desk:
    """A desk with all cards new."""
    keep_cards(server)
    opened = Desk(open_page(f"{server.url}/review", ready=".question"))
    opened.asks(0)
    return opened


def decided(server: Server, condition: str) -> list[str]:
    """The cards of whose memories this is true."""
    return [str(row[0]) for row in rows(server, DECIDED.format(condition))]


def everything(server: Server) -> list[list[tuple[object, ...]]]:
    """All that the learner has."""
    return [rows(server, f"SELECT * FROM {table}") for table in TABLES]  # noqa: S608 - the names stand above


def is_saved(desk: Desk) -> None:
    """Wait until the server has confirmed everything."""
    assert settled(lambda: desk.page.evaluate(PENDING), 0) == 0


def test_answers_and_decisions_are_taken_back_and_done_again_in_the_order_in_which_they_were_made(
    desk: Desk, server: Server
) -> None:
    page = desk.page
    page.keyboard.press("m")
    desk.answer("3")
    desk.asks(1)
    page.keyboard.press("s")
    desk.asks(2)
    expect(page.get_by_text("Suspended.")).to_be_visible()
    page.keyboard.press("b")
    desk.asks(3)
    desk.answer("4")
    desk.asks(4)
    is_saved(desk)
    remembered = rows(server, REMEMBERED)
    kept = [
        decided(server, f"{column} IS NOT NULL") for column in ("marked_at", "suspended_at", "buried_until")
    ]
    assert kept == [["card-0"], ["card-1"], ["card-2"]]

    for number in (3, 2, 1):
        page.keyboard.press("z")
        desk.asks(number)
    is_saved(desk)
    page.reload()  # what was done and undone outlives it
    page.locator(".question").first.wait_for()
    for number in (0, 0):
        page.keyboard.press("z")
        desk.asks(number)
    expect(page.get_by_text("Mark taken off.")).to_be_visible()
    is_saved(desk)
    assert answers(server) == []
    assert decided(server, "COALESCE(marked_at, suspended_at, buried_until) IS NOT NULL") == []
    page.keyboard.press("z")
    expect(page.get_by_text("There is nothing to undo")).to_be_visible()

    for number, keys in ((0, "Shift+Z"), (1, "Control+y"), (2, "Control+Shift+Z"), (3, "Shift+Z")):
        page.keyboard.press(keys)
        desk.asks(number)
    page.get_by_role("button", name="Redo").click()
    desk.asks(4)
    expect(page.get_by_role("button", name="Redo")).to_have_count(0)
    is_saved(desk)
    assert answers(server) == [("card-0", 3), ("card-3", 4)]
    assert rows(server, REMEMBERED) == remembered
    assert [
        decided(server, f"{column} IS NOT NULL") for column in ("marked_at", "suspended_at", "buried_until")
    ] == kept


def test_a_section_is_dropped_from_the_menu_by_keyboard_and_comes_back_with_a_press(
    desk: Desk, server: Server
) -> None:
    page = desk.page
    page.keyboard.press(".")
    menu = page.get_by_role("menu", name="This card")
    expect(menu.get_by_role("menuitem", name="Mark")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    desk.asks(0)
    page.get_by_role("button", name="Card").press("Enter")
    expect(menu.get_by_role("menuitem", name="Mark")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(
        page.get_by_text(f"All {CARDS} cards of “How do beliefs walk?” are out of your review.")
    ).to_be_visible()
    expect(desk.stage).to_contain_text("You keep no cards yet.")
    assert decided(server, "withdrawn_at IS NULL") == []
    page.get_by_role("button", name="Undo", exact=True).last.click()
    desk.asks(0)
    is_saved(desk)
    assert len(decided(server, "withdrawn_at IS NULL")) == CARDS
    desk.answer("4")
    desk.asks(1)


def test_a_note_is_written_in_its_place_and_outlives_a_reload_made_while_it_is_typed(
    desk: Desk, server: Server
) -> None:
    page = desk.page
    page.keyboard.press("n")
    page.keyboard.type("See the proof, s b m 3.")  # no key of these is the desk's while one writes
    page.reload()
    desk.asks(0)
    is_saved(desk)
    assert rows(server, "SELECT card_id, note FROM card_note") == [("card-0", "See the proof, s b m 3.")]
    expect(page.get_by_text("See the proof")).to_be_hidden()  # it might give the answer away
    desk.reveal()
    expect(page.get_by_text("See the proof, s b m 3.")).to_be_visible()
    page.get_by_role("button", name="Change").click()
    page.keyboard.type(" And the figure.")
    page.keyboard.press("Escape")
    expect(desk.stage.locator(".answer")).to_be_focused()
    is_saved(desk)
    page.keyboard.press("z")
    expect(page.get_by_text("See the proof, s b m 3.", exact=True)).to_be_visible()
    is_saved(desk)
    assert rows(server, "SELECT note FROM card_note") == [("See the proof, s b m 3.",)]
    assert presses(server) == 0


def test_a_leech_is_offered_beside_the_next_card_and_can_be_suspended_there(
    server: Server, open_page: Callable[..., Page]
) -> None:
    keep_cards(server, cards=2)
    today = day_number(datetime.now(UTC), DayRules())
    with closing(sqlite3.connect(server.database, timeout=10)) as database, database:
        database.execute(
            "UPDATE memory SET state = 'review', lapses = 7, reps = 9, stability = 5, difficulty = 8, "
            "due_day = ?, last_day = ?, last_review = due WHERE card_id = 'card-0'",
            (today - 1, today - 6),
        )
    desk = Desk(open_page(f"{server.url}/review", phone=True, ready=".question"))
    desk.answer("1")
    desk.asks(1)
    offer = desk.page.locator(".leech")
    expect(offer).to_contain_text("Forgotten 8 times")
    assert serious(desk.page) == []
    offer.get_by_role("button", name="Suspend it").click()
    expect(offer).to_be_hidden()
    desk.asks(1)
    is_saved(desk)
    assert decided(server, "suspended_at IS NOT NULL") == ["card-0"]
    for _ in range(2):
        desk.page.keyboard.press("z")
    desk.asks(0)
    is_saved(desk)
    assert decided(server, "suspended_at IS NOT NULL") == []
    assert answers(server) == []


def test_a_round_records_no_answer_asks_again_what_was_forgotten_and_goes_back_to_its_section(
    server: Server, open_page: Callable[..., Page]
) -> None:
    keep_cards(server, cards=2)
    page = open_page(f"{server.url}/steps", ready="#card-card-0 .question")
    before = everything(server)
    page.get_by_role("link", name="Go through them now").click()
    desk = Desk(page)
    expect(page.get_by_text("Nothing is scheduled")).to_be_visible()
    for number in range(CARDS):
        desk.asks(number)
        desk.answer("1" if number == 4 else "2")
    desk.asks(4)
    assert serious(page) == []
    page.keyboard.press("z")
    desk.asks(CARDS - 1)
    page.keyboard.press("Shift+Z")
    desk.asks(4)
    desk.answer("2")
    expect(desk.stage).to_contain_text("That was the whole round.")
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="How do beliefs walk?")).to_be_visible()
    assert everything(server) == before


def test_a_part_of_a_round_offers_the_next_and_that_goes_on_from_its_last_card(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/review?cram=section:steps~card-{CARDS - 2}", ready=".question")
    desk = Desk(page)
    expect(page.get_by_text(f"(cards {CARDS} to {CARDS} of {CARDS})")).to_be_visible()
    desk.asks(CARDS - 1)
    desk.answer("2")
    expect(desk.stage).to_contain_text("That was the whole round.")
    rest = """(next) => import('/assets/cards/round.js').then(({ Round }) => {
        const round = new Round(document.body, { name: "" });
        round.data = { left: 200, rest: {}, round: { next } };
        return round.rest();
    })"""
    following = {"name": "section:steps~card-9", "title": "Go on with the next", "cards": 2}
    assert page.evaluate(rest, following)["rounds"] == [following]
    assert page.evaluate(rest, following)["title"] == "That was this part of the round."
    assert page.evaluate(rest, None)["rounds"] == []


class Finger:
    """A finger on the desk of a phone."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._touch: CDPSession = page.context.new_cdp_session(page)

    def _send(self, what: str, *points: dict[str, float]) -> None:
        self._touch.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": list(points)})

    def drag(self, *ways: tuple[int, int]) -> None:
        """Put down in the middle of the card, go by these ways, and lift."""
        x, y = PHONE["width"] / 2, 330.0
        self._send("touchStart", {"x": x, "y": y})
        for aside, along in ways:
            for _ in range(8):
                x, y = x + aside / 8, y + along / 8
                self._send("touchMove", {"x": x, "y": y})
        self._send("touchEnd")


def test_a_finger_reveals_with_a_tap_and_grades_with_a_swipe_that_it_may_take_back(
    server: Server, open_page: Callable[..., Page]
) -> None:
    keep_cards(server)
    desk = Desk(open_page(f"{server.url}/review", phone=True, ready=".question"))
    finger = Finger(desk.page)
    finger.drag((130, 0))  # there is nothing to grade yet
    desk.asks(0)
    finger.drag()
    expect(desk.grades).to_be_visible()
    desk.page.wait_for_timeout(SETTLE)
    for ways in ([(130, 0), (-130, 0)], [(0, -130)], [(60, 0)]):
        finger.drag(*ways)
    desk.asks(0)
    finger.drag((130, 0))
    desk.asks(1)
    finger.drag()
    desk.page.wait_for_timeout(SETTLE)
    finger.drag((-130, 0))
    desk.asks(2)
    assert settled(lambda: answers(server), [("card-0", 3), ("card-1", 1)]) == [("card-0", 3), ("card-1", 1)]


def test_what_a_tab_could_not_send_overrides_nothing_that_another_has_decided_since(
    desk: Desk, server: Server, open_page: Callable[..., Page]
) -> None:
    desk.page.evaluate(MUTE)
    desk.page.keyboard.press("s")
    desk.asks(1)
    desk.page.keyboard.press("m")
    other = Desk(open_page(f"{server.url}/review", ready=".question"))
    other.asks(0)
    other.page.wait_for_timeout(2500)  # longer than the order of two deliveries is in doubt
    other.page.keyboard.press("s")
    other.asks(1)
    other.page.keyboard.press("z")
    other.asks(0)
    is_saved(other)
    desk.page.evaluate(UNMUTE)
    assert settled(lambda: desk.page.evaluate(PENDING), 0, seconds=30) == 0
    assert decided(server, "suspended_at IS NOT NULL") == []
    assert decided(server, "marked_at IS NOT NULL") == ["card-1"]
