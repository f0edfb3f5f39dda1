"""The one page that is shown when the learner's database cannot be used, or the book cannot be found."""

from __future__ import annotations

from html import escape

from content.pages.prose import prose


def page(title: str, sentence: str) -> None:
    """Say what happened and what to do; nothing else is shown and nothing is written."""
    remedy = escape(sentence).replace("\n", "</p><p>")
    prose(
        f'<div class="trouble"><h1>{escape(title)}</h1><p>{remedy}</p>'
        '<p class="ui">Nothing was changed. Mend it, then load this page again.</p></div>',
        key="trouble",
    )
