"""One simulation's page in the lab, for `test_lab.py` to open."""

import streamlit as st

from sim.pages import lab
from sim.pages.specimen import Use

USES = [Use("How often?", "Beliefs", ["/how-often#belief_walk-1", "/how-often#belief_walk-2"])]


def show(html: str, *, key: str) -> None:
    """Stand in for the book's way to show HTML."""
    with st.container(key=key):
        st.html(html)


lab.page("belief_walk", USES, show, query=st.query_params.to_dict())
