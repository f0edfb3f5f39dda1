"""The progress page in the real app: with a history, in both themes, by its links and by the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from cards.days import DayRules
from cards.memory import Rating
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store
from tests.browser.harness import Server, serious, settled
from tests.browser.reviewing import CARDS, Desk, keep_cards, write_book

PICTURES = 8
PICTURE = "figure [role=img]"
EARLIER, LATELY = range(60, 35, -1), range(24, 1, -1)  # days ago; none near the month's end, in any time zone
LAST_DAY = 100_000  # as a day number: far off
RATINGS = (Rating.GOOD, Rating.AGAIN, Rating.EASY)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One app for this file, with a book of one section and a learner who has answered for two months."""
    folder = tmp_path_factory.mktemp("progress")
    home = folder / "home"
    home.mkdir()
    running = Server(home=home, content=write_book(folder / "book")).start()
    keep_cards(running)
    store = Store.open(running.database, now=datetime.now(UTC))
    learner, rules, settings = store.learner("local"), DayRules(), SchedulerSettings()
    for number, days in enumerate((*EARLIER, *LATELY)):
        at = datetime.now(UTC) - timedelta(days=days)
        card, rating = f"card-{number % (CARDS - 1)}", RATINGS[number % 3]
        answer = Answer(f"answer-{number}", card, rating, at, 6000, section="steps")
        store.answer(learner, answer, rules, settings)
    store.close()
    yield running
    running.stop()


def test_the_page_says_all_that_it_shows_and_its_links_change_how_far_it_looks(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/progress")
    expect(page.locator(PICTURE)).to_have_count(PICTURES)
    for picture in page.locator(PICTURE).all():
        picture.scroll_into_view_if_needed()
        said = picture.get_attribute("aria-label")
        assert said
        expect(picture.locator(".main-svg").first).to_be_attached()
        expect(picture.locator("xpath=ancestor::figure")).to_contain_text(said)
    expect(page.locator("figcaption", has_text="48 answers in the last year")).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert serious(page) == [], theme

    weeks = page.get_by_text("Answers week by week")
    weeks.focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("region", name="Answers week by week")
    expect(table).to_be_visible()
    assert sum(int(cell) for cell in table.locator("td:last-child").all_inner_texts()) == 48
    assert serious(page) == []

    spans = page.get_by_role("navigation", name="How far back")
    spans.get_by_role("link", name="Month").press("Enter")
    expect(page.locator("figcaption", has_text="23 answers in the last 30 days")).to_be_visible()
    expect(spans.get_by_role("link", name="Month")).to_have_attribute("aria-current", "true")
    assert "range=month" in page.url

    page.get_by_role("region", name="By section").get_by_role("link").first.click()
    expect(page.get_by_text("Only How do beliefs walk?")).to_be_visible()
    page.get_by_role("link", name="All sections").click()
    expect(page.get_by_text("Only How do beliefs walk?")).to_have_count(0)


def test_on_a_phone_nothing_is_cut_off(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server.url}/progress?range=all", phone=True, dark=True)
    expect(page.locator(PICTURE)).to_have_count(PICTURES)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    assert serious(page) == []


def test_an_answer_at_the_desk_is_counted_in_its_section(
    server: Server, open_page: Callable[..., Page]
) -> None:
    def counted() -> int:
        with closing(Store.look_at(server.database)) as store:
            (learner,) = store.learners().values()
            return sum(
                total.answers for total in store.section_totals(learner, 0, LAST_DAY)["steps"].values()
            )

    before = counted()
    desk = Desk(open_page(f"{server.url}/review", ready=".question"))
    desk.answer("3")
    assert settled(counted, before + 1) == before + 1
    desk.page.keyboard.press("z")
    assert settled(counted, before) == before
