"""An author with the page open beside the editor: each save shows, and a problem stands in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import Server

SECTION = """---
title: What is a draft?
track: trials
order: 1
summary: One sentence.
---

The first paragraph stands.

:::{{card}} draft-one
What is a draft?
---
A section that is not done.
:::

{body}

The last paragraph stands.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content = tmp_path / "mine"
    (content / "trials").mkdir(parents=True)
    (content / "trials" / "drafts.md").write_text(SECTION.format(body="Nothing yet."), "utf-8")
    return content


@pytest.fixture
def draft(folder: Path, make_server: Callable[..., Server], open_page: Callable[..., Page]) -> Page:
    """The section, open in the browser."""
    server = make_server(content=folder)
    page = open_page(f"{server.url}/drafts")
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    return page


def save(folder: Path, body: str, *, by_renaming: bool = False) -> None:
    path = folder / "trials" / "drafts.md"
    text = SECTION.format(body=body)
    if by_renaming:
        aside = path.with_suffix(".swp")
        aside.write_text(text, "utf-8")
        aside.replace(path)
    else:
        path.write_text(text, "utf-8")


@pytest.mark.parametrize("by_renaming", [False, True], ids=["in place", "by renaming"])
def test_a_save_shows(folder: Path, draft: Page, by_renaming: bool) -> None:
    for round_ in range(3):
        save(folder, f"Version {round_} of this paragraph.", by_renaming=by_renaming)
        expect(draft.get_by_text(f"Version {round_} of this paragraph.")).to_be_visible()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (":::{sim} belief_wlak\n:::", "belief_walk"),
        (":::{card} draft-one\nAgain?\n---\nAgain.\n:::", "draft-one"),
        (":::{aside} Never closed\nThis one runs on.", "never closed"),
    ],
    ids=["unknown simulation", "duplicate id", "broken fence"],
)
def test_a_problem_stands_in_its_place_and_the_rest_still_works(
    folder: Path, draft: Page, body: str, words: str
) -> None:
    save(folder, body)
    problem = draft.locator(".problem").first
    expect(problem).to_contain_text(re.compile(words, re.IGNORECASE))
    for sentence in ("The first paragraph stands.", "The last paragraph stands."):
        expect(draft.get_by_text(sentence)).to_be_visible()
    first, last = (
        draft.get_by_text(f"The {which} paragraph stands.").bounding_box() for which in ("first", "last")
    )
    place = problem.bounding_box()
    assert first
    assert last
    assert place
    assert first["y"] < place["y"] < last["y"]
    draft.get_by_role("button", name="Show answer").first.click()
    expect(draft.get_by_text("A section that is not done.")).to_be_visible()
    save(folder, "Mended.")
    expect(draft.get_by_text("Mended.")).to_be_visible()
    expect(draft.locator(".problem")).to_have_count(0)


def test_a_section_that_is_new_appears_on_home(
    folder: Path, make_server: Callable[..., Server], open_page: Callable[..., Page]
) -> None:
    page = open_page(make_server(content=folder).url)
    fresh = SECTION.replace("What is a draft?\ntrack", "What is new?\ntrack").replace(
        "draft-one", "draft-two"
    )
    (folder / "trials" / "fresh.md").write_text(fresh.format(body=""), "utf-8")
    expect(page.get_by_role("link", name="What is new?").last).to_be_visible()
