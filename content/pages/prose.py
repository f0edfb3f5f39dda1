"""The prose component: sanitised HTML of the book, with links that change the page in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import streamlit as st

from sim.pages.component import component

_prose = component("content", "prose")


class Place(TypedDict):
    """Where a followed link leads: a path of the app, what it asks of that page, and an anchor on it."""

    path: str
    query: NotRequired[str]
    anchor: str


def prose(html: str, *, key: str, terms: Mapping[str, Any] | None = None) -> None:
    """Show a run of HTML.

    Args:
        html: Sanitised by `content.sanitise`, or written by a page here with every value escaped.
        key: Stable across reruns, so that the element is updated in place.
        terms: Glossary entries that the run uses: id to `{"title", "html"}`.
    """

    def follow() -> None:
        st.session_state["followed"] = st.session_state[key]["go"]

    data = {"html": html, "terms": dict(terms or {}), "scroll": st.session_state.get("anchor", "")}
    _prose(key=key, data=data, on_go_change=follow)


def followed() -> Place | None:
    """The link that the reader has just followed, once."""
    place: Place | None = st.session_state.pop("followed", None)
    return place
