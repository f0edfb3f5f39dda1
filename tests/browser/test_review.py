"""The review desk in the real app: every key, both widths, both themes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import Server, serious, settled
from tests.browser.reviewing import (
    SETTLE,
    Desk,
    answers,
    keep_cards,
    press_at_once,
    presses,
    write_book,
)

BOOK = write_book


@pytest.fixture
def desk(server: Server, open_page: Callable[..., Page]) -> Desk:
    """A desk with all cards new."""
    keep_cards(server)
    opened = Desk(open_page(f"{server.url}/review", ready=".question"))
    opened.asks(0)
    return opened


def test_space_shows_the_answer_and_a_number_grades_it_and_asks_the_next(desk: Desk, server: Server) -> None:
    expect(desk.grades).to_have_count(0)
    desk.reveal()
    expect(desk.stage).to_contain_text("Answer 0")
    desk.page.keyboard.press("3")
    desk.asks(1)
    expect(desk.stage).not_to_contain_text("Answer", use_inner_text=True)
    expect(desk.page.get_by_text("2 of 12")).to_be_visible()
    assert settled(lambda: answers(server), [("card-0", 3)]) == [("card-0", 3)]


def test_each_number_is_its_grade(desk: Desk, server: Server) -> None:
    wanted = [("card-0", 1), ("card-1", 2), ("card-2", 3), ("card-3", 4)]
    for number in range(4):
        desk.asks(number)
        desk.answer(str(number + 1))
    assert settled(lambda: answers(server), wanted) == wanted


def test_a_hole_is_filled_where_it_stands(desk: Desk) -> None:
    desk.answer("4")
    desk.asks(1)
    desk.answer("4")
    desk.asks(2)
    expect(desk.stage).to_contain_text("[a root]", use_inner_text=True)
    desk.reveal()
    expect(desk.stage).not_to_contain_text("[a root]", use_inner_text=True)
    expect(desk.stage.locator(".katex:visible")).to_have_count(1)


def test_each_button_says_when_the_card_comes_back(desk: Desk) -> None:
    desk.reveal()
    names = desk.grades.get_by_role("button").all_inner_texts()
    assert [name.split("\n")[0] for name in names] == ["Forgot", "Hard", "Good", "Easy"]
    assert "1 minute" in names[0]
    assert "10 minutes" in names[2]
    assert "days" in names[3]


def test_two_buttons_are_enough_and_the_choice_is_kept(desk: Desk, server: Server) -> None:
    desk.reveal()
    desk.page.get_by_role("button", name="Two buttons").click()
    names = desk.grades.get_by_role("button").all_inner_texts()
    assert [name.split("\n")[0] for name in names] == ["Forgot", "Knew it"]
    desk.page.keyboard.press("2")
    desk.asks(1)
    assert settled(lambda: answers(server), [("card-0", 3)]) == [("card-0", 3)]
    desk.page.reload()
    desk.asks(1)
    desk.reveal()
    expect(desk.grades.get_by_role("button")).to_have_count(2)
    desk.page.get_by_role("button", name="Four buttons").click()
    expect(desk.grades.get_by_role("button")).to_have_count(4)
    desk.page.keyboard.press("2")
    wanted = [("card-0", 3), ("card-1", 2)]
    assert settled(lambda: answers(server), wanted) == wanted


def test_undo_goes_back_many_steps_and_shows_each_answer(desk: Desk, server: Server) -> None:
    for number in range(3):
        desk.asks(number)
        desk.answer("3")
    desk.asks(3)
    for number in (2, 1, 0):
        desk.page.keyboard.press("z")
        desk.asks(number)
        expect(desk.grades).to_be_visible()
    desk.page.wait_for_timeout(SETTLE)
    desk.page.keyboard.press("1")
    desk.asks(1)
    assert settled(lambda: answers(server), [("card-0", 1)]) == [("card-0", 1)]
    assert presses(server) == 4
    desk.page.keyboard.press("z")
    desk.page.keyboard.press("z")
    expect(desk.page.get_by_role("status").filter(has_text="There is nothing to undo")).to_be_visible()


def test_after_an_undo_the_reader_comes_back_to_the_card_that_was_in_front(
    desk: Desk, server: Server
) -> None:
    desk.answer("4")
    desk.asks(1)
    desk.page.keyboard.press("z")
    desk.asks(0)
    assert settled(lambda: answers(server), []) == []
    desk.page.wait_for_timeout(SETTLE)
    desk.page.keyboard.press("4")
    desk.asks(1)


def test_the_last_answer_can_be_taken_back_too(server: Server, open_page: Callable[..., Page]) -> None:
    keep_cards(server, cards=1)
    desk = Desk(open_page(f"{server.url}/review", ready=".question"))
    desk.answer("4")
    expect(desk.stage).to_contain_text("That was the last card for now.")
    expect(desk.stage).to_contain_text("The next card comes in")
    desk.page.keyboard.press("z")
    desk.asks(0)
    assert settled(lambda: answers(server), []) == []


def test_a_forgotten_card_is_asked_again_before_the_end(
    server: Server, open_page: Callable[..., Page]
) -> None:
    keep_cards(server, cards=2)
    desk = Desk(open_page(f"{server.url}/review", ready=".question"))
    desk.answer("1")
    desk.asks(1)
    desk.answer("4")
    desk.asks(0)


def test_a_press_right_after_the_reveal_is_not_a_grade(desk: Desk, server: Server) -> None:
    press_at_once(desk.page, " ", "3", "Enter")
    expect(desk.stage).to_contain_text("Answer 0")
    desk.page.wait_for_timeout(SETTLE)
    desk.asks(0)
    assert presses(server) == 0


def test_a_held_key_does_nothing_after_its_first_press(desk: Desk, server: Server) -> None:
    desk.reveal()
    for _ in range(8):
        desk.page.keyboard.down("3")  # the second and later are repeats
    desk.page.keyboard.up("3")
    desk.asks(1)
    for _ in range(8):
        desk.page.keyboard.down("Space")
    desk.page.keyboard.up("Space")
    desk.asks(1)
    expect(desk.stage).to_contain_text("Answer 1")
    assert settled(lambda: presses(server), 1) == 1


def test_keys_that_are_not_the_desks_are_left_alone(desk: Desk, server: Server) -> None:
    desk.page.keyboard.press("3")  # there is nothing to grade yet
    desk.reveal()
    for press in ("Control+3", "Alt+3", "Meta+3", "Alt+z", "Control+m", "5", "0", "x", "Shift", "Tab"):
        desk.page.keyboard.press(press)
    desk.page.wait_for_timeout(100)
    desk.asks(0)
    assert presses(server) == 0


def test_focus_follows_what_is_to_be_read(desk: Desk) -> None:
    expect(desk.stage.locator(".question")).to_be_focused()
    desk.reveal()
    expect(desk.stage.locator(".answer")).to_be_focused()
    desk.page.keyboard.press("w")
    reason = desk.page.get_by_role("region", name="Why these dates")
    expect(reason).to_be_focused()
    expect(reason).to_contain_text("This card is new.")
    foot = desk.page.get_by_role("region", name="Review").locator("footer")
    expect(foot).to_have_css("border-top-width", "1px")  # the answer may go on beneath it
    desk.page.keyboard.press("Escape")
    expect(reason).to_be_hidden()
    expect(foot).to_have_css("border-top-width", "0px")
    expect(desk.stage.locator(".answer")).to_be_focused()


def test_the_next_cards_are_laid_out_before_they_are_wanted(desk: Desk) -> None:
    expect(desk.page.locator(".ahead .katex")).not_to_have_count(0)
    expect(desk.page.locator(".ahead .question").first).to_contain_text("Question 1")


def test_e_opens_the_card_where_it_stands(desk: Desk) -> None:
    with desk.page.context.expect_page() as opening:
        desk.page.keyboard.press("e")
    place = opening.value
    expect(place.locator("#card-card-0")).to_be_focused()
    expect(place.locator("#card-card-0")).to_be_in_viewport()
    desk.asks(0)


def test_escape_leaves_for_home_and_coming_back_goes_on(desk: Desk, server: Server) -> None:
    desk.answer("4")
    desk.asks(1)
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_role("region", name="Review")).to_have_count(0)
    assert answers(server) == [("card-0", 4)]
    desk.page.goto(f"{server.url}/review")
    desk.asks(1)


def test_a_finger_shows_and_grades_and_a_double_tap_does_not_grade(
    server: Server, open_page: Callable[..., Page]
) -> None:
    keep_cards(server)
    desk = Desk(open_page(f"{server.url}/review", phone=True, ready=".question"))
    show = desk.page.get_by_role("button", name="Show answer")
    box = show.bounding_box()
    assert box is not None
    twice = "([x, y]) => [1, 2].forEach(() => document.elementFromPoint(x, y).click())"
    desk.page.evaluate(twice, [box["x"] + 10, box["y"] + box["height"] / 2])
    desk.page.wait_for_timeout(SETTLE)
    desk.asks(0)
    desk.grades.get_by_role("button", name="Good").tap()
    desk.asks(1)
    assert settled(lambda: answers(server), [("card-0", 3)]) == [("card-0", 3)]


def test_a_phone_has_room_for_fingers_and_nothing_runs_off_its_side(
    server: Server, open_page: Callable[..., Page]
) -> None:
    keep_cards(server)
    desk = Desk(open_page(f"{server.url}/review", phone=True, ready=".question"))
    desk.reveal()
    desk.page.keyboard.press("w")
    desk.page.keyboard.press("m")
    for target in desk.page.get_by_role("region", name="Review").locator("button:visible, .where a").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44, target.inner_text()
    widths = "[document.documentElement, document.querySelector('.stage')].map((part) => part.scrollWidth)"
    assert max(desk.page.evaluate(widths)) <= 390


@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)], ids=["wide light", "phone dark"])
def test_axe_finds_nothing_serious(
    server: Server, open_page: Callable[..., Page], *, phone: bool, dark: bool
) -> None:
    keep_cards(server, cards=1)
    desk = Desk(open_page(f"{server.url}/review", phone=phone, dark=dark, ready=".question"))
    assert serious(desk.page) == []
    desk.reveal()
    desk.page.keyboard.press("w")
    assert serious(desk.page) == []
    desk.page.keyboard.press("?")
    assert serious(desk.page) == []
    desk.page.keyboard.press("n")
    desk.page.keyboard.type("See the proof.")
    assert serious(desk.page) == []
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press(".")
    assert serious(desk.page) == []
    desk.page.keyboard.press("4")
    expect(desk.stage).to_contain_text("The next card comes in")
    assert serious(desk.page) == []
