"""The bar at the head of every page: where the reader is, and the ways to elsewhere."""

from __future__ import annotations

from html import escape

from content.pages.prose import prose

WIDE = "wide"  # shown only where there is room


def bar(crumb: str, due: int, *, here: str = "") -> None:
    """Show the bar; where it is narrow, the ways that it has no room for are behind a button.

    Args:
        crumb: Where the reader is ("Beliefs · 2 of 6"), plain text.
        due: Cards to review now.
        here: The path of the current page, marked for screen readers.
    """
    review = f"{due} due" if due else "Review"
    links = [
        ("/lab", "Lab", WIDE),
        ("/glossary", "Glossary", WIDE),
        ("/browse", "Browse", ""),
        ("/take-away", "Take away", WIDE),
        ("/progress", "Progress", WIDE),
        ("/ledger", "Ledger", WIDE),
        ("/settings", "Settings", ""),
        ("/review", review, "due" if due else ""),
    ]
    items = [
        (f'<a href="{path}" class="{kind}"{current}>{words}</a>', kind)
        for path, words, kind in links
        for current in [' aria-current="page"' if path == here else ""]
    ]
    first = "".join(item for item, _ in items[:-1])
    more = "".join(item for item, kind in items if kind == WIDE)
    prose(
        f'<header class="bar ui"><a class="home-link" href="/">Martingale</a>'
        f'<span class="wide">{escape(crumb)}</span>'
        f'<nav aria-label="Martingale">{first}'
        f'<button type="button" class="plain narrow" popovertarget="bar-more">More</button>'
        f'<div id="bar-more" class="more" popover>{more}</div>{items[-1][0]}</nav></header>',
        key="bar",
    )
