"""Going to another page of the app because a component asks for it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

FOLLOWED = "followed"  # where the site's script finds the address that a reader has chosen


def follow(go: object) -> None:
    """Go where a component's `{"path", "query", "anchor"}` says; what says no path leads nowhere."""
    if not isinstance(go, Mapping):
        return
    path, query, anchor = go.get("path"), go.get("query", ""), go.get("anchor", "")
    if isinstance(path, str) and isinstance(query, str) and isinstance(anchor, str):
        st.session_state[FOLLOWED] = {"path": path, "query": query, "anchor": anchor}
        st.rerun()
