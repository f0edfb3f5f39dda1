"""The bar at the head of every page: where the reader is, and the ways to elsewhere."""

from __future__ import annotations

from html import escape

from content.pages.prose import prose


def bar(crumb: str, due: int, *, here: str = "") -> None:
    """Show the bar.

    Args:
        crumb: Where the reader is ("Beliefs · 2 of 6"), plain text.
        due: Cards to review now.
        here: The path of the current page, marked for screen readers.
    """
    review = f"{due} due" if due else "Review"
    links = [
        ("/lab", "Lab", "wide"),
        ("/glossary", "Glossary", "wide"),
        ("/browse", "Browse", ""),
        ("/take-away", "Take away", "wide"),
        ("/progress", "Progress", "wide"),
        ("/ledger", "Ledger", "wide"),
        ("/settings", "Settings", ""),
        ("/review", review, "due" if due else ""),
    ]
    items = "".join(
        f'<a href="{path}" class="{kind}"{current}>{words}</a>'
        for path, words, kind in links
        for current in [' aria-current="page"' if path == here else ""]
    )
    prose(
        f'<header class="bar ui"><a class="home-link" href="/">Martingale</a>'
        f'<span class="wide">{escape(crumb)}</span>'
        f'<nav aria-label="Martingale">{items}</nav></header>',
        key="bar",
    )
