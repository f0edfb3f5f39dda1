"""The one page that is shown when the learner's database cannot be used, or the book cannot be found."""

from __future__ import annotations

from html import escape

from content.pages.prose import prose


def page(title: str, *sentences: str) -> None:
    """Say what happened, where, and what to do; nothing else is shown and nothing is written."""
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    prose(
        f'<div class="trouble" role="alert"><h1>{escape(title)}</h1>{said}'
        '<p class="ui">Nothing was changed. Mend it, then load this page again.</p></div>',
        key="trouble",
    )
