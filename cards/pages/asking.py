"""Buttons that ask before they act, in their own place, and what is said of it in the run that follows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from cards.store import StoreProblem

ASKED = "asked"  # which button's question is open
SAID = "said"  # what was done last, for once

Act = Callable[[], str]


def confirmed(name: str, offer: str, question: str, words: str, act: Act) -> None:
    """Show a button that asks before it acts.

    Args:
        name: Of this button on the page.
        offer: What stands on it.
        question: What it asks, in its own place.
        words: What stands on the button that acts.
        act: Does it, and returns a sentence that says so.
    """
    if st.session_state.get(ASKED) != name:
        st.button(offer, key=f"ask-{name}", on_click=partial(_ask, name))
        return
    with st.container(key=f"asking-{name}"):
        st.html(f'<p class="ui" role="alert">{escape(question)}</p>')
        with st.container(key=f"answers-{name}", horizontal=True):
            st.button(words, key=f"do-{name}", type="primary", on_click=partial(do, act))
            st.button("Leave it", key=f"leave-{name}", type="tertiary", on_click=partial(_ask, ""))


def _ask(name: str) -> None:
    st.session_state[ASKED] = name


def do(act: Act) -> None:
    """Do something, and keep what is to be said about it for the run that follows."""
    _ask("")
    try:
        say_next(act())
    except StoreProblem as problem:
        say_next(f"{problem.what} {problem.remedy}")


def say_next(sentence: str) -> None:
    """Have something said in the run that follows."""
    st.session_state[SAID] = sentence


def say_what_was_done() -> None:
    """Say what the press before this run has done, to screen readers too."""
    said: Any = st.session_state.pop(SAID, "")
    st.html(f'<p class="ui said" role="status">{escape(said)}</p>' if said else '<p role="status"></p>')


def say(sentence: str) -> None:
    """Say a sentence."""
    st.html(f'<p class="ui">{escape(sentence)}</p>')
