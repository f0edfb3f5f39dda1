"""Every page, light at 1280 and dark at 390: accessible, inside its width, nothing of Streamlit's own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from content.library import OWN, Library
from sim.pages.specimen import address
from tests.browser.harness import Server, serious

LAB = ["lab", *(address(name)[1:] for name in ("belief_walk", "toy_superposition"))]
PAGES = ["", "glossary", "take-away", "tuning", "your-data", "review", *LAB, *Library([OWN]).load().by_slug]
FONTS = "document.fonts.check('16px \"Source Serif 4\"') && document.fonts.check('16px Inter')"
CHROME = [
    "stHeader",
    "stSidebar",
    "stDecoration",
    "stToolbar",
    "stStatusWidget",
    "stAppDeployButton",
    "stMainMenu",
]


GROUND = {"light": "rgb(251, 250, 246)", "dark": "rgb(23, 22, 20)"}


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "390"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_looks_right(path: str, phone: bool, server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server.url}/{path}", phone=phone)
    page.wait_for_load_state("networkidle")
    main = page.get_by_test_id("stMain")
    read = "dark" if phone else "light"
    for theme in sorted(GROUND, key=lambda theme: theme == read):
        page.emulate_media(color_scheme=theme)
        expect(main).to_have_css("background-color", GROUND[theme])
    assert serious(page) == [], "each theme is read at one of the widths: the colours are the same at both"
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth"), "nothing scrolls sideways"
    for name in CHROME:
        expect(page.get_by_test_id(name).and_(page.locator(":visible"))).to_have_count(0)
    assert page.evaluate(FONTS)


def test_a_term_opens_its_definition_and_gives_the_focus_back(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/superposition")
    term = page.locator("a.term").first
    term.focus()
    page.keyboard.press("Enter")
    definition = page.locator("#definition")
    expect(definition).to_be_visible()
    expect(definition).to_contain_text(term.inner_text())
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(definition).to_be_hidden()
    expect(term).to_be_focused()


def test_a_link_to_a_heading_brings_it_into_view(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server.url}/how-many-updates#quiet-weeks-and-loud-news")
    expect(page.get_by_role("heading", name="Quiet weeks and loud news")).to_be_in_viewport()


def test_notes_in_the_margin_never_overlap(server: Server, open_page: Callable[..., Page]) -> None:
    for path in Library([OWN]).load().by_slug:
        page = open_page(f"{server.url}/{path}")
        page.wait_for_load_state("networkidle")
        notes = page.locator("aside.aside:visible, .sidenote:visible")
        boxes = [box for box in (note.bounding_box() for note in notes.all()) if box]
        spans = sorted((box["y"], box["y"] + box["height"]) for box in boxes)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        column = page.locator(".st-key-column").bounding_box()
        assert column
        assert all(box["x"] >= column["x"] + column["width"] for box in boxes)
