"""A database or a folder that cannot be used gives one clear page, and is not touched."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cards.store import Store
from tests.browser.harness import Complaints, Server, serious

TITLE = "Your cards cannot be opened"


def digest(path: Path) -> str:
    """What a file or a folder holds."""
    if path.is_dir():
        return ",".join(sorted(child.name for child in path.iterdir()))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def not_a_database(path: Path) -> None:
    path.write_text("Dear diary, this is not a database at all. " * 40, "utf-8")


def a_folder(path: Path) -> None:
    path.mkdir()


def from_a_newer_version(path: Path) -> None:
    Store.open(path, now=datetime(2026, 11, 2, tzinfo=UTC)).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("update alembic_version set version_num = '9999'")
        database.commit()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [(not_a_database, "not a database"), (a_folder, "folder"), (from_a_newer_version, "newer version")],
)
def test_a_database_that_cannot_be_used_gives_one_clear_page(
    spoil: Callable[[Path], None],
    words: str,
    tmp_path: Path,
    make_server: Callable[..., Server],
    open_page: Callable[..., Page],
) -> None:
    database = tmp_path / "cards.db"
    spoil(database)
    before = digest(database)
    server = make_server(environment={"MARTINGALE_DATABASE_URL": f"sqlite:///{database}"})
    page = open_page(f"{server.url}/how-many-updates")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(words)
    expect(alert).to_contain_text(str(database))
    assert serious(page) == []
    assert digest(database) == before
    assert "Traceback" not in server.log()


def test_mending_the_database_needs_no_restart(
    tmp_path: Path, make_server: Callable[..., Server], open_page: Callable[..., Page]
) -> None:
    database = tmp_path / "cards.db"
    not_a_database(database)
    server = make_server(environment={"MARTINGALE_DATABASE_URL": f"sqlite:///{database}"})
    page = open_page(server.url)
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    database.rename(tmp_path / "kept.txt")
    page.reload()
    expect(page.get_by_role("heading", name="Martingale")).to_be_visible()


def test_a_content_folder_that_is_not_there_is_named(
    tmp_path: Path, make_server: Callable[..., Server], open_page: Callable[..., Page], complaints: Complaints
) -> None:
    missing = tmp_path / "nowhere"
    page = open_page(make_server(content=missing).url)
    expect(page.get_by_role("heading", name="The book cannot be read")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text(str(missing))
    assert complaints.lines == []


def test_the_app_stops_at_once_while_a_page_is_open(
    make_server: Callable[..., Server], open_page: Callable[..., Page]
) -> None:
    server = make_server()
    page = open_page(server.url)
    page.wait_for_load_state("networkidle")
    server.stop()
    assert not server.answers()
