"""Watching, from the open page: saved files of the book, and how far a section has been read."""

from __future__ import annotations

import streamlit as st

from content.blocks import Section
from content.book import Book
from content.pages import learner
from sim.pages.component import component

_watch = component("content", "watch")


def watch(book: Book, section: Section | None = None) -> None:
    """Rerun the page when files are no longer as `book` has them; remember how much was read."""
    slug, minutes = (section.slug, section.minutes) if section else ("", 0)
    _listen(book.fingerprint, slug, minutes)


@st.fragment
def _listen(fingerprint: str, slug: str, minutes: int) -> None:
    result = _watch(
        key="watch",
        data={
            "fingerprint": fingerprint,
            "slug": slug,
            "minutes": minutes,
            "share": learner.open_section(slug) if slug else 0,
        },
        on_saved_change=_nothing,
        on_read_change=_nothing,
    )
    if result.read:
        learner.record_reading(result.read["slug"], result.read["share"])
    if result.saved:
        st.rerun()


def _nothing() -> None:
    """A trigger is only returned by a component that names a callback for it."""
