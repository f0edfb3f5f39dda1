"""A page with one panel, for `test_panel.py` to open."""

import streamlit as st

from sim.counterexample import Counterexample, Counterexamples
from sim.guess import Ask, Choice, Number, PreviousGuess
from sim.pages.panel import panel

asked = st.query_params.get("asked", "number")
choices = (Choice("under 100", high=100), Choice("over 100", 100))


def nothing(what: object) -> None:
    """Keep nothing."""


kept = [Counterexample("ab", "belief_walk", {"start": 0.2, "step": 0.25}, 3, "Far fewer.")]

panel(
    "belief-walk",
    block_id="belief_walk-1",
    settings={"start": 0.2, "step": 0.01},
    controls=("step", "start"),
    predict="expected_updates",
    ask=Ask(asked, 0.9, choices if asked == "choice" else ()),
    caption="One <em>line</em>.",
    seed=int(st.query_params.get("authors_seed", "0")),
    guess=PreviousGuess(Number(200.0)) if "guessed" in st.query_params else None,
    query=st.query_params.to_dict(),
    counterexamples=Counterexamples(kept, nothing, nothing, nothing)
    if "breakable" in st.query_params
    else None,
)
