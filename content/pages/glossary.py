"""The glossary: every term of the book, in alphabetical order."""

from __future__ import annotations

from html import escape

from content.library import Book
from content.pages.prose import prose


def page(book: Book) -> None:
    """Show every term and its definition."""
    entries = sorted(book.glossary.items(), key=lambda entry: entry[1][0].casefold())
    stand = f"{len(entries)} words that this book uses in a sense of its own."
    rows = "".join(
        f'<dt id="term-{escape(name)}">{escape(title)}</dt><dd>{html}</dd>' for name, (title, html) in entries
    )
    prose(
        f'<div id="top"><h1>Glossary</h1><p class="stand">{stand}</p></div><dl>{rows}</dl>',
        key="glossary",
        terms={name: term._asdict() for name, term in entries},
    )
