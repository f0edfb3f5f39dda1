"""What a component in the prose is given, and what happens to what it sends.

The rest of the page follows what was saved: the run after it is one of the whole script.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from cards.pages.operations import Receipt, save
from cards.pages.session import present
from cards.store import StoreProblem


def given(key: str, read: Callable[[Receipt], dict[str, Any]]) -> dict[str, Any] | None:
    """Return what a component is given, or say in its place why that cannot be read.

    Args:
        key: The component's.
        read: Returns it, with what became of what was sent last.
    """
    if st.session_state.pop(f"{key}-saved", False):
        st.rerun()
    try:
        return read(st.session_state.get(f"{key}-receipt", Receipt()))
    except StoreProblem as problem:
        st.html(f'<p class="ui">{escape(problem.what)}</p>')
        return None


def keep_sent(key: str) -> None:
    """Save what a component has sent."""
    try:
        receipt = save(present(), st.session_state[key]["operations"])
    except StoreProblem as problem:
        receipt = Receipt(problem=f"Not saved yet. {problem.what}")
    st.session_state[f"{key}-receipt"] = receipt
    st.session_state[f"{key}-saved"] = bool(receipt.confirmed)
