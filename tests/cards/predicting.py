"""Cards that ask for a guess, for the tests of drawing, judging, keeping and taking away."""

from __future__ import annotations

from dataclasses import replace

from cards.card import Card
from cards.kinds.predict import KIND

OPTIONS = {
    "sim": "belief_walk",
    "ask": "expected_updates",
    "vary": "start in 5%..95%, step in 1%..5%",
    "tolerance": "10%",
}
WALK = Card(
    id="updates-from-anywhere",
    kind="predict",
    section="how-many-updates",
    section_title="How many updates?",
    track="beliefs",
    track_title="Beliefs",
    order=0,
    fields={
        "question": "<p>From {start} in steps of {step}?</p>",
        "explanation": "<p>From {start}, the budget is spent.</p>",
    },
    front="",
    back="",
    text_hash="first",
    options=OPTIONS,
)
HALF_WAY = replace(
    WALK,
    id="half-way",
    fields={"question": "<p>You hold {prior}.</p>", "explanation": ""},
    options={
        "sim": "hazard_belief",
        "ask": "credence_halfway",
        "vary": "prior in 10%..90%",
        "tolerance": "5 points",
        "guess": "interval 80%",
    },
)


def codes(text: str = "<p>{start} {step}</p>", **changed: str) -> list[tuple[str, str]]:
    """What is wrong with a card of changed options: each problem's code and the words that it points at."""
    options = {name: value for name, value in {**OPTIONS, **changed}.items() if value != "-"}
    found = KIND.check({"question": text, "explanation": ""}, options)
    return [
        (one.code, options[one.option][slice(*one.span)] if one.span else one.words or one.option)
        for one in found
    ]
