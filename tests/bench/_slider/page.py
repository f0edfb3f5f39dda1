"""A page with a panel of ours, and beside it what Streamlit offers: a slider whose fragment writes a line."""

import streamlit as st

from sim.pages.panel import panel


@st.fragment
def line() -> None:
    """Write one line of text, and nothing else, on each move of Streamlit's slider."""
    value = st.slider("Native", 0, 1000, 500)
    st.html(f"<p id='line'>{value}</p>")


if __name__ == "__main__":
    panel("belief_walk", block_id="ours", settings={"start": 0.5, "step": 0.01}, controls=("step",))
    line()
