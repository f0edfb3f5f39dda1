"""A draft of a tuning: a change that its learner is looking at, kept in the session and nowhere else."""

from __future__ import annotations

from html import escape

import streamlit as st

from cards.pages.session import Present
from cards.tuning import Tuning

DRAFT, TROUBLE = "tuning-draft", "tuning-trouble"


def draft(here: Present) -> Tuning:
    """What is being looked at: a draft, or what is in force."""
    drafted: Tuning | None = st.session_state.get(DRAFT)
    return drafted or here.tuning


def try_out(tuning: Tuning) -> None:
    """Look at another tuning."""
    st.session_state[DRAFT] = tuning


def say(sentence: str, kind: str = "") -> None:
    """Show a sentence; of kind "trouble", it is one that something went wrong."""
    role = ' role="alert"' if kind else ""
    st.html(f'<p class="ui {kind}"{role}>{escape(sentence)}</p>')
