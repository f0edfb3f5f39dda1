"""The way back from Anki, as a learner goes it: a package is handed in, looked at, and brought home."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from cards.anki.package import write_package
from cards.memory import Rating
from cards.store import LOCAL, Store
from content.library import Library
from tests.browser.harness import Server, rows, serious, settled, write_trials
from tests.cards.anki_reviewer import MODERN, Reviewer

CARDS = ":::{card} record\nWho holds the record?\n---\nNobody yet.\n:::\n"
HELD = "select (select count(*) from memory), (select count(*) from review)"


def reviewed(folder: Path, content: Path) -> Path:
    """What Anki exports after it was given the book's cards, and one of them was reviewed."""
    now, deck = datetime.now(UTC), Library([content]).load().deck
    folder.mkdir()
    book = folder / "book.apkg"
    write_package(book, deck.values(), modified=dict.fromkeys(deck, now), base_url="", now=now)
    someone = Reviewer(folder)
    someone.imports(book)
    someone.has_reviewed("record", [(9, Rating.GOOD), (4, Rating.GOOD)])
    package = someone.exports(MODERN)
    someone.anki.close()
    return package


def test_a_package_is_looked_at_first_and_comes_home_once(
    tmp_path: Path, make_server: Callable[..., Server], open_page: Callable[..., Page]
) -> None:
    content = write_trials(tmp_path / "book", CARDS)
    package = reviewed(tmp_path / "anki", content)
    server = make_server(content=content)
    page = open_page(f"{server.url}/take-away", ready="#back")
    field = page.locator("input[type=file]")

    field.set_input_files({"name": "song.apkg", "mimeType": "application/zip", "buffer": b"la la la"})
    expect(page.get_by_role("alert")).to_have_text(
        "The file is no package of Anki's: it is not a zip archive; "
        "choose an .apkg or .colpkg file that Anki has exported."
    )
    page.get_by_role("button", name="Remove song.apkg").click()
    expect(page.get_by_role("alert")).to_have_count(0)

    field.set_input_files(package)
    expect(page.get_by_text("2 new reviews of 1 card (1 of them not kept before) would come")).to_be_visible()
    expect(page.get_by_role("link", name="Who holds the record?")).to_be_visible()
    assert serious(page) == []
    assert rows(server, HELD) == [(0, 0)]

    page.get_by_role("button", name="Bring them home").click()
    expect(page.get_by_text("came home, and 1 date changes. A backup from before is")).to_be_visible()
    assert settled(lambda: rows(server, HELD), [(1, 2)]) == [(1, 2)]

    expect(field).to_have_count(1)  # the one that the package came in by has gone
    field.set_input_files(package)
    expect(page.get_by_text("no review in it that this app does not know")).to_be_visible()
    expect(page.get_by_role("button", name="Bring them home")).to_have_count(0)
    server.stop()
    with closing(Store.look_at(server.database)) as store:
        assert store.examine_learner(store.learners()[LOCAL]) == []
