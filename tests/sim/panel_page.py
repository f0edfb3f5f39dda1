"""A page with one panel, for `test_panel.py` to open."""

import streamlit as st

from sim.guess import PreviousGuess
from sim.pages.panel import panel

panel(
    "belief-walk",
    block_id="belief_walk-1",
    settings={"start": 0.2, "step": 0.01},
    controls=("step", "start"),
    predict="expected_updates",
    caption="One <em>line</em>.",
    guess=PreviousGuess(200.0) if "guessed" in st.query_params else None,
    query=st.query_params.to_dict(),
)
