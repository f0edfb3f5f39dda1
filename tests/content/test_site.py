"""The pages' entry: whatever keeps the cards from being used is said, on whichever page it is met."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from cards.store import ProblemKind, StoreProblem
from content.library import Book
from content.pages import site, start
from content.slug import is_the_apps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOOK = SimpleNamespace(deck={}, evidence={})


def fine() -> SimpleNamespace:
    return SimpleNamespace(store=None, now=None)


def broken() -> SimpleNamespace:
    raise StoreProblem(ProblemKind.DAMAGED, "It is damaged.", where="/here", remedy="Restore it.")


@pytest.mark.parametrize(
    ("opened", "shown", "title"),
    [
        (broken, fine, "Your cards cannot be opened"),
        (fine, broken, "Your cards cannot be used just now"),
    ],
)
def test_cards_that_cannot_be_used_give_one_clear_page(
    monkeypatch: pytest.MonkeyPatch,
    opened: Callable[[], SimpleNamespace],
    shown: Callable[[], SimpleNamespace],
    title: str,
) -> None:
    said: list[tuple[str, ...]] = []
    streamlit = SimpleNamespace(
        set_page_config=lambda **_: None,
        context=SimpleNamespace(url="http://localhost/"),
        navigation=lambda *_, **__: SimpleNamespace(run=shown),
    )
    for name, stand_in in {
        "st": streamlit,
        "load_book": lambda: BOOK,
        "session": SimpleNamespace(shelve=lambda *_: None, present=opened),
        "tending": SimpleNamespace(tend=lambda *_: None),
        "followed": lambda: None,
        "site": lambda *_: {},
        "trouble": SimpleNamespace(page=lambda *sentences, **_: said.append(sentences)),
    }.items():
        monkeypatch.setattr(site, name, stand_in)
    site.main()
    assert said == [(title, "It is damaged.", "It is at /here.", "Restore it.")]


def test_no_section_can_have_the_address_of_a_page() -> None:
    taken = [path[1:] for path in site.site(Book()) if path != "/"]
    assert {"tuning", "your-data", "lab", "lab-belief-walk", "lab-belief_walk"} <= set(taken)
    assert [slug for slug in taken if not is_the_apps(slug)] == []


def test_without_a_home_the_server_starts_and_keeps_no_runs(tmp_path: Path) -> None:
    assert start._results({"MARTINGALE_HOME": "~nobody-has-this-name"}) is None
    assert start._results({"MARTINGALE_HOME": str(tmp_path)}) == tmp_path / "runs"
