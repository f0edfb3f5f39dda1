"""What is kept of a learner: looked over, taken along, deleted and brought back; and cards that grow old.

One app, one book of two sections: one whose facts are old, and one whose card is to mean something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import LOCAL, Answer, Store
from tests.browser.harness import Server, rows, serious, settled
from tests.browser.reviewing import SETTLE

HEAD = "---\ntitle: {title}\ntrack: trials\norder: {order}\nsummary: One sentence.\nas_of: {as_of}\n---\n\n"
OLD = HEAD.format(title="Who holds the record?", order=1, as_of="2020-01") + (
    ":::{card} record\nWho holds the record?\n---\nNobody yet.\n:::\n\n"
    ":::{card} largest\nWhich is the largest?\n---\nThe seventh.\n:::\n"
)
NEW = HEAD.format(title="How many are there?", order=2, as_of="2026-11") + (
    ":::{card} how-many\nHow many are there?\n---\nTwelve.\n:::\n"
)
HELD = "select (select count(*) from memory), (select count(*) from review)"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book") / "trials"
    folder.mkdir()
    (folder / "record.md").write_text(OLD, "utf-8")
    (folder / "how-many.md").write_text(NEW, "utf-8")
    return folder


@pytest.fixture(scope="module")
def server(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app whose learner answered a card a while ago, keeps two more, and one that is in no book."""
    home = tmp_path_factory.mktemp("home")
    before = datetime.now(UTC) - timedelta(hours=30)
    with closing(Store.open(home / "martingale.db", now=before)) as store:
        learner = store.learner(LOCAL)
        store.enrol(learner, ["record", "largest", "in-no-book"], before)
        answer = Answer("easy", "how-many", Rating.EASY, before)
        store.answer(learner, answer, DayRules(), SchedulerSettings())
    running = Server(home=home, content=book.parent).start()
    yield running
    running.stop()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def off_centre(whole: Locator, part: Locator) -> float:
    """How far the middle of a part, which can be seen, is from the middle of the whole, in pixels."""
    boxes = [whole.bounding_box(), part.bounding_box()]
    middles = [box["x"] + box["width"] / 2 for box in boxes if box is not None and box["width"] > 0]
    assert len(middles) == len(boxes)
    return abs(middles[0] - middles[1])


def held(server: Server, wanted: tuple[int, int]) -> tuple[object, ...]:
    """How many cards are kept and how many answers there are, once that is as wanted."""
    return settled(lambda: rows(server, HELD)[0], wanted)


def test_a_card_that_means_something_else_and_cards_that_are_old(
    server: Server, book: Path, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/review", ready=".review .rest")
    desk = page.get_by_role("region", name="Review")
    expect(desk).to_contain_text("Nothing is due.")
    page.goto(f"{server.url}/how-many")
    page.get_by_role("group", name=re.compile("^Card: in review")).wait_for()
    seen = "select count(*) from card_text where edition = {}"
    assert settled(lambda: rows(server, seen.format(1)), [(3,)]) == [(3,)]

    section = book / "how-many.md"
    section.write_text(NEW.replace("how-many\nHow", "how-many\n:edition: 2\nHow").replace("Twelve", "Ten"))
    expect(
        page.get_by_role("group", name=re.compile("^Card")).get_by_text("means changed on")
    ).to_be_visible()
    page.goto(f"{server.url}/review")
    expect(
        desk.get_by_text(re.compile("What this card means changed on .* after you last answered"))
    ).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Space")
    expect(desk).to_contain_text("Ten.")
    page.wait_for_timeout(SETTLE)
    page.keyboard.press("3")
    expect(desk).to_contain_text("That was the last card for now.")

    press(page, "Check 2 cards whose facts may have changed")
    expect(desk).to_contain_text(
        "Does this still hold? Last checked in January 2020. It keeps for 24 months."
    )
    expect(desk).to_contain_text("Nobody yet.")
    assert serious(page) == []
    page.keyboard.press("2")
    page.keyboard.type("Somebody does now.")
    press(page, "Stop asking it")
    expect(desk).to_contain_text("The seventh.")
    page.keyboard.press("z")
    expect(desk).to_contain_text("Nobody yet.")
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("1")
    expect(desk).to_contain_text("Which is the largest?")
    expect(desk.get_by_role("button", name=re.compile("^Show answer"))).to_be_visible()
    decided = "select card_id, suspended_at is not null, verified_at is not null, reps from memory order by 1"
    wanted = [("how-many", 0, 0, 2), ("in-no-book", 0, 0, 0), ("largest", 0, 1, 0), ("record", 1, 0, 0)]
    assert settled(lambda: rows(server, decided), wanted) == wanted
    assert rows(server, "select card_id, note from card_note") == [("record", "Somebody does now.")]


def test_all_of_it_is_looked_over_taken_along_deleted_and_brought_back(
    server: Server, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    ((cards, answers),) = rows(server, HELD)
    has = re.compile(rf"{cards} cards, {answers} answers?\b")
    page = open_page(server.url)
    page.get_by_role("link", name="Your data").click()
    expect(page.locator(".stand")).to_contain_text(has)
    expect(page.get_by_text(str(server.database))).to_be_visible()

    press(page, "Look it over")
    expect(page.get_by_text("You keep the card 'in-no-book', which the book does not have.")).to_be_visible()
    assert serious(page) == []
    press(page, "Mend what can be mended")
    expect(page.get_by_text("1 row mended. Everything is sound.")).to_be_visible()
    press(page, "Back up now")
    expect(page.get_by_role("status").filter(has_text="Backed up")).to_be_visible()

    with page.expect_download() as downloading:
        press(page, "Download martingale.json")
    document = tmp_path / "martingale.json"
    downloading.value.save_as(document)
    assert len(json.loads(document.read_text("utf-8"))["tables"]["review"]["rows"]) == answers

    press(page, "Delete everything I have")
    expect(page.get_by_role("alert")).to_contain_text(has)
    press(page, "Leave it")
    assert held(server, (cards, answers)) == (cards, answers)
    press(page, "Delete everything I have")
    press(page, "Delete it all")
    expect(
        page.get_by_role("status").filter(has_text="Everything that you had here is deleted.")
    ).to_be_visible()
    assert held(server, (0, 0)) == (0, 0)

    upload = page.get_by_role("button", name="Upload", exact=True)
    assert off_centre(upload, upload.get_by_role("paragraph")) < 1
    field = page.locator("input[type=file]")
    field.set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b'{"format": "anki"}'})
    expect(page.get_by_role("alert")).to_contain_text("The file cannot be loaded: it does not begin with")
    another = page.get_by_role("button", name="Add files")
    assert off_centre(another, another.get_by_test_id("stIconMaterial")) < 1
    field.set_input_files(document)
    expect(page.get_by_text("The file holds")).to_contain_text(has)
    press(page, "Load it")
    expect(page.get_by_role("alert")).to_contain_text("Load this file?")
    page.get_by_role("button", name="Load it", exact=True).last.click()
    expect(page.get_by_role("status").filter(has_text="Loaded:")).to_contain_text(has)
    assert held(server, (cards, answers)) == (cards, answers)

    before_loading = page.locator(".copy", has_text="before a file was loaded")
    row = page.locator("[class*='st-key-copy-']").filter(has=before_loading)
    row.get_by_role("button", name="Put back").click()
    expect(page.get_by_role("alert")).to_contain_text("What is there now is set aside")
    press(page, "Put it back")
    expect(page.get_by_role("status").filter(has_text="is back in its place")).to_be_visible()
    assert held(server, (0, 0)) == (0, 0)
    expect(page.get_by_text("set aside when another was put back")).to_be_visible()


def test_a_damaged_database_is_replaced_by_a_backup_from_the_page_that_says_so(
    server: Server, open_page: Callable[..., Page]
) -> None:
    ((cards, answers),) = rows(server, HELD)
    server.stop()
    with closing(Store.open(server.database, now=datetime.now(UTC))) as store:
        store.back_up(datetime.now(UTC))
    server.database.write_bytes(server.database.read_bytes()[:6000])
    server.start()
    page = open_page(f"{server.url}/review")
    expect(page.get_by_role("heading", name="Your cards cannot be opened")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("is damaged")
    assert serious(page) == []
    by_hand = page.locator("[class*='st-key-copy-']").filter(has_text="made by you").first
    by_hand.get_by_role("button", name="Put back").click()
    press(page, "Put it back")
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="is back in its place")).to_be_visible()
    assert held(server, (cards, answers)) == (cards, answers)
