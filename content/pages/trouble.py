"""The one page that is shown when the learner's database cannot be used, or the book cannot be found."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from content.pages.prose import prose


def page(title: str, *sentences: str, offer: Callable[[], None] | None = None) -> None:
    """Say what happened, where, and what to do; nothing is written.

    Args:
        title: What happened, in a few words.
        sentences: What happened, where, and what to do.
        offer: Shows, below, what can be done from here.
    """
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    with st.container(key="column"):
        prose(
            f'<div class="trouble" role="alert"><h1>{escape(title)}</h1>{said}'
            '<p class="ui">Nothing was changed. Mend it, then load this page again.</p></div>',
            key="trouble",
        )
        if offer is not None:
            offer()
