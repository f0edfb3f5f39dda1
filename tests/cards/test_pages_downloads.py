"""The files that pages offer: whole and the asker's own, or one sentence that says why there is none."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from starlette.applications import Starlette
from starlette.datastructures import QueryParams

from cards.memory import Rating
from cards.pages.away_choice import Choice
from cards.pages.browse_routes import TICKET
from cards.pages.export import chosen_in_words
from cards.pages.file_routes import FileRoutes
from cards.pages.session import Present
from cards.pages.visits import Visits
from cards.store import Answer, Store
from cards.written import why
from tests.cards.pages_learner import DECK as BOOK
from tests.cards.pages_learner import NOW, open_store, someone
from tests.sim.asgi import Answer as Reply
from tests.sim.asgi import call
from tests.sim.playing import play

DECK = {name: replace(card, fields={"front": card.front, "back": card.back}) for name, card in BOOK.items()}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path)) as opened:
        yield opened


@dataclass
class Browser:
    """A browser with a ticket, and the server that it asks."""

    here: Present
    visits: Visits = field(default_factory=Visits)

    def __post_init__(self) -> None:
        self.ticket = self.visits.renew("", self.here, DECK)
        self.app = Starlette(routes=FileRoutes(self.visits, now=lambda: self.here.now).routes())

    def fetch(self, name: str, choice: Choice | None = None, **query: str) -> Reply:
        """Ask for a file."""
        asked = urlencode([*(choice or Choice()).query(), *query.items()])
        headers: dict[str, Any] = {TICKET.replace("-", "_"): self.ticket}
        return play(lambda: call(self.app, "GET", f"/cards/files/{name}?{asked}", **headers))


@pytest.fixture
def browser(store: Store) -> Browser:
    here = someone(store)
    answer = Answer("one", "card-3", Rating.EASY, NOW - timedelta(days=2))
    store.answer(here.learner, answer, here.rules, here.settings)
    return Browser(here)


def collection(reply: Reply) -> sqlite3.Connection:
    assert reply.status == 200, reply.json()
    database = sqlite3.connect(":memory:")
    with ZipFile(io.BytesIO(reply.body)) as package:
        database.deserialize(package.read("collection.anki2"))
    return database


def guids(database: sqlite3.Connection) -> list[str]:
    return [guid for (guid,) in database.execute("SELECT guid FROM notes ORDER BY guid")]


def test_a_package_holds_what_was_chosen_and_the_history_where_it_is_asked_for(browser: Browser) -> None:
    with closing(collection(browser.fetch("martingale.apkg", base="http://book.example"))) as whole:
        assert len(guids(whole)) == len(DECK)
        assert whole.execute("SELECT count() FROM revlog").fetchone() == (0,)
        ((values,),) = whole.execute("SELECT flds FROM notes WHERE guid = 'martingale:card-3'")
        assert "http://book.example/walks#card-card-3" in values
    reply = browser.fetch("martingale.apkg", Choice(kept_only=True), history="1")
    with closing(collection(reply)) as kept:
        assert guids(kept) == ["martingale:card-3"]
        assert kept.execute("SELECT count() FROM revlog").fetchone() == (1,)


def test_a_table_and_all_that_a_learner_has_are_files_too(browser: Browser) -> None:
    table = browser.fetch("martingale.csv", Choice(kept_only=True))
    assert [row["id"] for row in csv.DictReader(io.StringIO(table.body.decode(), newline=""))] == ["card-3"]
    document = json.loads(browser.fetch("martingale.json").body)
    assert len(document["tables"]["review"]["rows"]) == 1


def test_a_choice_comes_back_from_the_address_that_it_makes() -> None:
    for choice in (
        Choice(),
        Choice(kept_only=True),
        Choice(("beliefs",), ("a", "b & c"), ("recall", "cloze"), kept_only=True),
    ):
        assert Choice.asked_for(QueryParams(urlencode(choice.query()))) == choice


def test_what_a_package_will_hold_is_said() -> None:
    assert chosen_in_words(2, with_history=True) == "2 cards chosen, with your history."
    assert chosen_in_words(1, with_history=False) == "1 card chosen."


@pytest.mark.parametrize("name", ["martingale.apkg", "martingale.csv", "martingale.json"])
def test_nobody_without_a_ticket_gets_a_file(browser: Browser, name: str) -> None:
    browser.ticket = "another"
    reply = browser.fetch(name)
    assert (reply.status, reply.json()) == (401, {"error": "This page has lost its place. Load it again."})


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("other.apkg", {}, "There is no such file."),
        ("martingale.apkg", {"track": "nowhere"}, "There are no cards of the track 'nowhere'."),
        ("martingale.csv", {"base": "here"}, "'here' is not an address"),
    ],
)
def test_what_no_page_asks_for_is_one_sentence(
    browser: Browser, name: str, query: dict[str, str], said: str
) -> None:
    reply = browser.fetch(name, **query)
    assert reply.status == 422
    assert reply.json()["error"].startswith(said)


def test_a_database_that_cannot_be_read_is_said(browser: Browser, tmp_path: Path) -> None:
    browser.here.store.close()
    (tmp_path / "martingale.db").write_bytes(b"this is no database, and was one" * 1000)
    reply = browser.fetch("martingale.json")
    assert reply.status == 503
    assert reply.json()["error"].endswith(".")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, "database or disk is full"), os.strerror(errno.ENOSPC)),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory"), "No usable temporary directory"),
        (OSError("something"), "something"),
    ],
)
def test_the_reason_is_in_the_systems_words(error: OSError, reason: str) -> None:
    assert why(error) == reason


def test_a_full_disk_is_one_sentence_with_its_remedy_and_leaves_nothing(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    # /dev/full answers every write as a full disk does.
    connect = sqlite3.connect
    monkeypatch.setattr(
        "cards.anki.collection.sqlite3.connect", lambda _, **named: connect("/dev/full", **named)
    )
    reply = browser.fetch("martingale.apkg")
    assert reply.status == 507
    assert reply.json()["error"].startswith("martingale.apkg cannot be written: ")
    assert reply.json()["error"].endswith("has room for temporary files, and press again.")
    assert list(place.iterdir()) == []
    monkeypatch.setattr("cards.anki.collection.sqlite3.connect", connect)
    monkeypatch.setattr(tempfile, "tempdir", str(place / "nowhere"))
    assert browser.fetch("martingale.apkg").status == 507
