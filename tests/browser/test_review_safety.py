"""No answer is lost or counted twice: reloads, a dead server, a locked database, two tabs, a changed book."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import Complaints, Server, rows, settled
from tests.browser.reviewing import SETTLE, Desk, answers, keep_cards, presses, write_book

PENDING = "JSON.parse(sessionStorage.getItem('martingale.pending') ?? '[]').length"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book of this file."""
    return write_book(tmp_path_factory.mktemp("safety") / "book")


@pytest.fixture(scope="module")
def server(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One app for this file, with a book of its own."""
    running = Server(home=tmp_path_factory.mktemp("home"), content=book).start()
    yield running
    running.stop()


@pytest.fixture
def open_desk(server: Server, open_page: Callable[..., Page]) -> Callable[[], Desk]:
    """Open desks on the same cards, all new."""
    keep_cards(server)

    def open_one() -> Desk:
        opened = Desk(open_page(f"{server.url}/review", ready=".question"))
        opened.asks(0)
        return opened

    return open_one


def test_a_reload_right_after_a_grade_loses_nothing(open_desk: Callable[[], Desk], server: Server) -> None:
    desk = open_desk()
    desk.reveal()
    desk.page.evaluate("document.querySelector('.grade-3').click(); location.reload()")
    desk.asks(1)
    assert settled(lambda: answers(server), [("card-0", 3)]) == [("card-0", 3)]
    expect(desk.page.get_by_text("2 of 13")).to_be_visible()  # twelve cards, one of which comes back
    desk.page.keyboard.press("z")
    desk.asks(0)
    assert settled(lambda: answers(server), []) == []
    assert presses(server) == 1


def test_a_reader_goes_on_while_the_server_is_dead(
    open_desk: Callable[[], Desk], server: Server, complaints: Complaints
) -> None:
    desk = open_desk()
    desk.answer("4")
    desk.asks(1)
    assert settled(lambda: presses(server), 1) == 1
    server.kill()
    for number in (1, 2, 3):
        desk.asks(number)
        desk.answer("4")
    desk.asks(4)
    desk.page.keyboard.press("z")
    desk.asks(3)
    desk.page.wait_for_timeout(SETTLE)
    desk.page.keyboard.press("1")
    desk.asks(4)
    desk.page.keyboard.press("m")
    desk.page.keyboard.press("n")
    desk.page.keyboard.type("Later.")
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_text("Not saved yet")).to_be_visible()
    server.start()
    expect(desk.page.get_by_text("Not saved yet")).to_be_hidden(timeout=30_000)
    wanted = [("card-0", 4), ("card-1", 4), ("card-2", 4), ("card-3", 1)]
    assert settled(lambda: answers(server), wanted) == wanted
    assert desk.page.evaluate(PENDING) == 0
    assert rows(server, "SELECT card_id FROM memory WHERE marked_at IS NOT NULL") == [("card-4",)]
    assert rows(server, "SELECT card_id, note FROM card_note") == [("card-4", "Later.")]
    desk.asks(4)
    complaints.lines.clear()


def test_a_reload_once_the_server_is_back_sends_what_was_pending_once(
    open_desk: Callable[[], Desk], server: Server, complaints: Complaints
) -> None:
    """Whoever does not wait for the page to find the server again loses nothing, and doubles nothing."""
    desk = open_desk()
    desk.answer("4")
    desk.asks(1)
    assert settled(lambda: presses(server), 1) == 1
    server.kill()
    desk.answer("3")
    desk.asks(2)
    desk.answer("4")
    desk.asks(3)
    expect(desk.page.get_by_text("Not saved yet")).to_be_visible()
    assert desk.page.evaluate(PENDING) >= 2, "and perhaps the first, of which the page has not heard"
    server.start()
    desk.page.reload()
    desk.asks(3)
    wanted = [("card-0", 4), ("card-1", 3), ("card-2", 4)]
    assert settled(lambda: answers(server), wanted) == wanted
    assert settled(lambda: desk.page.evaluate(PENDING), 0) == 0
    desk.page.reload()
    desk.asks(3)
    assert presses(server) == 3
    complaints.lines.clear()


@contextmanager
def locked(server: Server) -> Iterator[None]:
    """Another program writes the database and does not stop."""
    with closing(sqlite3.connect(server.database, isolation_level=None, timeout=10)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


def test_a_locked_database_is_told_of_and_waited_for(open_desk: Callable[[], Desk], server: Server) -> None:
    desk = open_desk()
    with locked(server):
        desk.answer("4")
        desk.asks(1)
        expect(desk.page.get_by_text("Not saved yet")).to_be_visible()
        expect(desk.page.get_by_text("Another program")).to_be_visible(timeout=15_000)
        desk.answer("4")
        desk.asks(2)
    expect(desk.page.get_by_text("Not saved yet")).to_be_hidden(timeout=30_000)
    wanted = [("card-0", 4), ("card-1", 4)]
    assert settled(lambda: answers(server), wanted) == wanted


def test_two_tabs_count_every_press_and_each_takes_back_its_own(
    open_desk: Callable[[], Desk], server: Server
) -> None:
    first, second = open_desk(), open_desk()
    first.answer("4")
    first.asks(1)
    assert settled(lambda: presses(server), 1) == 1
    second.asks(0)
    second.answer("4")
    second.asks(1)
    second.answer("3")
    second.asks(2)
    assert settled(lambda: presses(server), 3) == 3
    first.asks(1)
    first.answer("2")
    first.asks(2)
    assert settled(lambda: presses(server), 4) == 4
    first.page.keyboard.press("z")
    first.asks(1)
    wanted = [("card-0", 4), ("card-0", 4), ("card-1", 3)]
    assert settled(lambda: answers(server), wanted) == wanted


def test_a_card_that_leaves_the_book_can_still_be_answered_and_is_not_asked_again(
    open_desk: Callable[[], Desk], server: Server, book: Path
) -> None:
    desk = open_desk()
    section = book / "walks" / "steps.md"
    whole = section.read_text("utf-8")
    section.write_text(whole.replace("card-0\n", "card-new\n").replace("card-1\n", "card-newer\n"), "utf-8")
    try:
        desk.answer("1")
        assert settled(lambda: answers(server), [("card-0", 1)]) == [("card-0", 1)]
        desk.page.reload()
        desk.asks(2)
    finally:
        section.write_text(whole, "utf-8")


ANSWER_B = {"id": "1", "kind": "answer", "card": "b"}
UNDO_B = {"id": "2", "kind": "undo", "answer": "1"}
SUSPEND_B = {"id": "3", "kind": "suspend", "cards": ["b"], "on": True}
RESUME_B = {"id": "4", "kind": "suspend", "cards": ["b"], "on": False}
DROP_A_B = {"id": "5", "kind": "keep", "cards": ["a", "b"], "on": False}
MARK_B = {"id": "6", "kind": "mark", "cards": ["b"], "on": True}

MERGES = {
    "the server's order": ("", [], [], "abc"),
    "the card in front stays in front": ("a", [], [], "bc"),
    "a card whose answer is on its way is not asked again": ("x", [], [ANSWER_B], "ac"),
    "unless that answer is taken back": ("x", [], [ANSWER_B, UNDO_B], "abc"),
    "cards that an undo has pushed back come first": ("x", ["c!"], [], "cab"),
    "even where the server knows nothing of them": ("x", ["z!", "c"], [], "zabc"),
    "but not once they are answered": ("x", ["b!"], [ANSWER_B], "ac"),
    "a card that is put away meanwhile is not asked": ("x", ["b!"], [SUSPEND_B], "ac"),
    "unless that is taken back": ("x", [], [SUSPEND_B, RESUME_B], "abc"),
    "none of a section that is dropped is asked": ("x", [], [DROP_A_B], "c"),
    "what is put away twice is brought back twice": ("x", [], [SUSPEND_B, DROP_A_B, RESUME_B], "c"),
    "and a mark puts nothing away": ("x", [], [MARK_B], "abc"),
}


def test_what_the_server_sends_goes_behind_what_the_reader_has_done(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/review", ready=".review")
    merge = (
        "(given) => import('/assets/cards/queue.js').then(({ merge }) => merge(...given).map((c) => c.id))"
    )
    for rule, (front, behind, unsaved, merged) in MERGES.items():
        given = [
            {"id": front} if front else None,
            [{"id": card[0], "pushed": card.endswith("!")} for card in behind],
            [{"id": card} for card in "abc"],
            unsaved,
        ]
        assert "".join(page.evaluate(merge, given)) == merged, rule
