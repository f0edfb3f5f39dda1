"""Taking cards away, as a learner does it: chosen, downloaded with a history, pushed to Anki, on paper.

What the page says has come with its last run, and so has what its buttons and links hold: each step waits for
the sentence that its own run says before it goes on.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from cards.store import LOCAL, Store
from tests.browser.harness import Server, rows, serious, write_trials
from tests.cards.fake_anki_connect import fake_anki

TRIALS = r"""
:::{card} first
What is $\frac{1}{2}$ of two?
---
One.
:::

:::{cloze} second
It is {{$x^2$}} there.
:::
"""


def fetched(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return Path(download.value.path()).read_bytes()


def keep(server: Server, card_id: str) -> None:
    with closing(Store.open(server.database, now=datetime.now(UTC))) as store:
        store.enrol(store.learner(LOCAL), [card_id], datetime.now(UTC))


def test_cards_are_chosen_and_leave_by_every_way(
    tmp_path: Path, make_server: Callable[..., Server], open_page: Callable[..., Page]
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    server = make_server(write_trials(tmp_path / "book", TRIALS), {"TMPDIR": str(temporary)})
    keep(server, "first")
    page = open_page(f"{server.url}/take-away", ready="#back")
    expect(page.get_by_text("2 cards chosen.")).to_be_visible()
    a_package_with_a_history_once_there_is_room(page, temporary)

    page.get_by_role("combobox", name="Kinds").click()
    page.get_by_role("option", name="Fill in").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("1 card chosen, with your history.")).to_be_visible()
    (row,) = csv.DictReader(io.StringIO(fetched(page, "Table (CSV)").decode(), newline=""))
    assert (row["id"], row["question"]) == ("second", "It is […] there.")

    links = page.get_by_role("textbox", name="Where the links of the cards lead")
    links.fill("my phone")
    links.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("'my phone' is not an address")
    links.fill("http://192.168.0.9:8501")
    links.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)

    address = a_push_to_anki(page)
    assert serious(page) == []
    ((kept,),) = rows(server, "SELECT value FROM setting WHERE key = 'take-away'")
    assert json.loads(str(kept)) == {"base_url": "http://192.168.0.9:8501", "anki": address}

    page.get_by_text("Only the cards that I keep").click()
    expect(page.get_by_text("0 cards chosen, with your history.")).to_be_visible()
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_text("1 card chosen, with your history.")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="On paper", exact=True).click()
    paper = opened.value
    paper.wait_for_selector("html[data-ready]")
    expect(paper.get_by_text("1 card that you keep")).to_be_visible()
    expect(paper.locator("article")).to_contain_text("of two?")
    paper.goto(f"{server.url}/cards/print")
    paper.wait_for_selector("html[data-ready]")
    assert paper.locator("article .katex").count() == 2
    assert paper.evaluate("getComputedStyle(document.querySelector('article')).breakInside") == "avoid"
    assert serious(paper) == []
    assert paper.pdf().startswith(b"%PDF")


def a_package_with_a_history_once_there_is_room(page: Page, temporary: Path) -> None:
    page.get_by_text("With my history").click()
    expect(page.get_by_text("2 cards chosen, with your history.")).to_be_visible()
    aside = temporary.rename(temporary.with_name("aside"))
    page.get_by_role("button", name="Download martingale.apkg").click()
    expect(page.get_by_role("alert")).to_contain_text("martingale.apkg cannot be written: ")
    expect(page.get_by_role("alert")).to_contain_text("has room for temporary files, and press again.")
    assert serious(page) == []
    aside.rename(temporary)
    package = fetched(page, "Download martingale.apkg")
    expect(page.get_by_role("alert")).to_have_count(0)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        database = sqlite3.connect(":memory:")
        database.deserialize(archive.read("collection.anki2"))
    presets = json.loads(database.execute("SELECT dconf FROM col").fetchone()[0])
    assert any("fsrsParams6" in preset for preset in presets.values())
    assert database.execute("SELECT count() FROM notes").fetchone() == (2,)


def a_push_to_anki(page: Page) -> str:
    """Push while Anki runs, and once more when it does not; returns where it did."""
    with fake_anki() as anki:
        where = page.get_by_role("textbox", name="Where AnkiConnect listens")
        where.fill(anki.address)
        where.press("Enter")
        page.get_by_role("button", name="Only say what would change").click()
        expect(page.get_by_text("1 note would be added")).to_be_visible()
        assert anki.notes == {}
        page.get_by_role("button", name="Push to Anki").click()
        expect(page.get_by_text("1 note added")).to_be_visible()
        (note,) = anki.notes.values()
    assert note["fields"]["Link"] == "http://192.168.0.9:8501/trials#card-second"
    page.get_by_role("button", name="Push to Anki").click()
    expect(page.get_by_text("Anki is not running at")).to_be_visible()
    return anki.address
