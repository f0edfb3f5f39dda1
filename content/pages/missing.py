"""What stands at an address where the app has no page: which one, and which was perhaps meant."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from html import escape

from content.pages.prose import prose

LONGEST = 60  # characters of an address that are quoted
ELSEWHERE = (
    'All sections are on the <a href="/">front page</a>. <a href="/browse">Browse</a> finds a card by its '
    'words, the <a href="/glossary">glossary</a> explains every term, and the <a href="/lab">lab</a> shows '
    "every simulation."
)


def page(path: str, paths: Sequence[str]) -> None:
    """Say that there is no page at a path, and where to go.

    Args:
        path: What was asked for, with the slash that it begins with.
        paths: Those where there is a page.
    """
    prose(
        f'<div id="top"><h1>There is no such page</h1><p class="stand missing" role="status">'
        f"{sentence(path, paths)}</p><p>{ELSEWHERE}</p></div>",
        key="missing",
    )


def sentence(path: str, paths: Sequence[str]) -> str:
    """Name the path that leads nowhere, and link the page with the path most like it, as HTML."""
    said = f"Nothing stands at ‘{escape(path[:LONGEST])}’."
    close = [escape(near) for near in difflib.get_close_matches(path.casefold(), paths, n=1)]
    return f'{said} Perhaps you mean <a href="{close[0]}">{close[0]}</a>.' if close else said
