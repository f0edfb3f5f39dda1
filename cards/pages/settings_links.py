"""The row of links at the head of every page of settings, and the one name of each of these pages."""

from __future__ import annotations

from collections.abc import Callable

PAGES = {
    "/settings": "Settings",
    "/tuning": "Scheduling",
    "/your-data": "Your data",
    "/take-away": "Take away",
}


def settings_links(show: Callable[..., None], here: str) -> None:
    """Show the row.

    Args:
        show: Shows HTML with links that change the page in place (`content.pages.prose.prose`).
        here: The path of the current page, marked for screen readers.
    """
    links = "".join(
        f'<li><a href="{path}"{current}>{words}</a></li>'
        for path, words in PAGES.items()
        for current in [' aria-current="page"' if path == here else ""]
    )
    show(
        f'<nav class="settings-links ui" aria-label="Settings and data"><ul>{links}</ul></nav>',
        key="settings-links",
    )
