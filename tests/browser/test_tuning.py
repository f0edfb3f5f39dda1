"""Tuning: a fit of a long log, what it would move, what it moves, and the way back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from cards.schedule import DEFAULT_PARAMETERS
from cards.store import Store
from tests.browser.harness import Server, rows, serious, settled
from tests.browser.reviewing import write_book
from tests.cards.long_history import live

CARDS = 50
DOUBLE_CLICK = 500  # milliseconds in which a second press is taken for the first one's echo


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One app for this file, with a learner who has answered its cards for months."""
    folder = tmp_path_factory.mktemp("tuning")
    home = folder / "home"
    home.mkdir()
    running = Server(home=home, content=write_book(folder / "book", CARDS))
    store = Store.open(running.database, now=datetime.now(UTC))
    cards = [f"card-{number}" for number in range(CARDS)]
    yesterday = datetime.now(UTC).replace(hour=12, minute=0) - timedelta(days=1)  # the same life on every day
    live(store, store.learner("local"), cards, until=yesterday, days=80)
    store.close()
    yield running.start()
    running.stop()


def dates(server: Server) -> list[tuple[object, ...]]:
    """The day of every card."""
    return rows(server, "SELECT card_id, due_day FROM memory ORDER BY card_id")


def chosen(server: Server) -> object:
    """What the learner has chosen of the scheduler."""
    kept = rows(server, "SELECT value FROM setting WHERE key = 'tuning'")
    return json.loads(str(kept[0][0])) if kept else None


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_weights_are_fitted_tried_applied_and_taken_back(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/tuning")
    before = dates(server)

    press(page, "Fit")
    assert settled(lambda: page.evaluate("'martingale.fit' in sessionStorage"), True)
    page.reload()  # and the run is found again
    expect(page.locator(".verdict")).to_contain_text("The new weights foretell better", timeout=60_000)
    expect(page.get_by_role("button", name="Fit again", exact=True)).to_be_visible()
    assert (dates(server), chosen(server)) == (before, None), "nothing is changed by a fit"

    press(page, "Try these weights")
    expect(page.get_by_role("heading", name="What would move")).to_be_visible()
    expect(page.get_by_text("would move,")).to_be_visible()
    expect(page.locator(".plain-figure .main-svg").first).to_be_visible()
    assert serious(page) == []
    assert (dates(server), chosen(server)) == (before, None), "nor by looking at what it would do"

    press(page, "Apply, and move the dates")
    expect(page.get_by_text("These weights are in use.")).to_be_visible()
    after = dates(server)
    assert after != before
    tuned = chosen(server)
    assert isinstance(tuned, dict)
    assert tuple(tuned["parameters"]) != DEFAULT_PARAMETERS

    press(page, "Undo the last change")
    expect(page.get_by_role("button", name="Try these weights")).to_be_visible()
    assert dates(server) == before
    assert chosen(server) is None


def test_a_desired_retention_is_applied_to_new_answers_only(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/tuning", phone=True)
    before = dates(server)
    see = page.get_by_role("button", name="See what moves")
    expect(see).to_be_disabled()
    page.get_by_label("its own, for Walks").check()
    page.get_by_role("slider", name="Walks").press("End")
    see.press("Enter")
    expect(page.get_by_text("all sooner. Due by the end of today")).to_be_visible()
    expect(see).to_be_disabled()
    expect(page.get_by_role("slider", name="All cards")).to_be_focused()  # it would be lost with the button
    press(page, "Leave it")
    expect(page.get_by_role("heading", name="What would move")).to_be_hidden()
    expect(page.get_by_label("its own, for Walks")).not_to_be_checked()

    page.get_by_role("slider", name="All cards").press("ArrowRight")
    see.click()
    press(page, "Apply to new answers only")
    expect(page.get_by_role("button", name="Undo the last change")).to_be_visible()
    assert settled(lambda: dates(server), before) == before
    tuned = chosen(server)
    assert isinstance(tuned, dict)
    assert (tuned["desired_retention"], tuned["by_track"]) == (0.91, {})
    press(page, "Back to the defaults")
    press(page, "Apply to new answers only")
    expect(page.get_by_role("button", name="Back to the defaults")).to_be_hidden()


def test_what_many_answers_would_move_is_worked_out_beside_the_page(
    server: Server, open_page: Callable[..., Page]
) -> None:
    """It can be stopped, and begun again; another draft is worked out anew."""
    with closing(sqlite3.connect(server.database, timeout=10)) as database, database:
        database.execute("UPDATE memory SET reps = reps + 20000 WHERE card_id = 'card-0'")  # as if there were
    page = open_page(f"{server.url}/tuning")
    waiting: list[Route] = []
    page.route("**/sim/runs/*/frames**", lambda route: waiting.append(route))  # noqa: PLW0108 - a method takes no mark
    page.get_by_role("slider", name="All cards").press("End")
    page.get_by_role("button", name="See what moves").first.click()
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    expect(page.get_by_role("button", name="Apply, and move the dates")).to_be_hidden()
    assert serious(page) == []
    page.wait_for_timeout(DOUBLE_CLICK)
    stop.click()
    expect(stop).to_be_hidden()
    page.unroute("**/sim/runs/*/frames**")
    page.locator(".foresee").get_by_role("button", name="See what moves").click()
    expect(page.get_by_text("would move,")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Apply, and move the dates")).to_be_visible()
    press(page, "Leave it")
    expect(page.get_by_role("heading", name="What would move")).to_be_hidden()
    page.get_by_role("slider", name="All cards").press("Home")
    page.get_by_role("button", name="See what moves").first.click()
    expect(page.get_by_text("all later. Due by the end of today")).to_be_visible(timeout=30_000)
