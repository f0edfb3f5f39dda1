"""A simulation in its place on a page, and a figure on its own: the Python side of the *figure* component.

The component gets all it needs to open without asking again: the first picture, the controls with their
bounds, and what the reader said here before. The first picture is the end of an earlier run with the same
settings and seed, if that is kept, and else the exact one. After that it talks to `sim.pages.routes` and not
to Streamlit, with one exception: what the reader says, a guess or settings that break the claim, goes to
`sim.pages.told`.

A link may carry settings, `?belief_walk-1.start=0.2&belief_walk-1.seed=7`, where `belief_walk-1` is the
block's id. If it cannot be followed, one sentence says so and the author's settings are shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.counterexample import LONGEST_NOTE, Counterexamples
from sim.guess import Ask, Guess, PreviousGuess
from sim.pages import presets
from sim.pages.component import asset, component
from sim.pages.engine import RUNS
from sim.pages.sketch import sketch
from sim.pages.told import Listener, shown
from sim.palette import TOKENS
from sim.picture import preview, seed_from
from sim.positions import positions
from sim.scrub import scrubbable
from sim.spec import SettingError, Settings, Toy, get, is_text, parse_settings
from sim.worker import Job

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

DEFAULT_HEIGHT = 320
FOLLOWED = "followed"  # where the site's script finds the address that a reader has chosen

_figure = component("sim", "figure")
_shared = {"palette": TOKENS, "plotly": asset("sim", "vendor/plotly/plotly-cartesian.min.js")}


def panel(  # noqa: PLR0913 - a block has this many options, all of them named at the call
    toy_name: str,
    *,
    block_id: str,
    settings: Mapping[str, float | str],
    controls: Sequence[str] = (),
    predict: str = "",
    ask: Ask | None = None,
    caption: str = "",
    seed: int = 0,
    guess: PreviousGuess | None = None,
    query: Mapping[str, str] | None = None,
    on_guess: Callable[[Guess], None] | None = None,
    counterexamples: Counterexamples | None = None,
    lab: str = "",
) -> None:
    """Show a simulation.

    Args:
        toy_name: Which one.
        block_id: Unique on the page and stable; also what its settings are called in a link.
        settings: What the author fixed; the rest have their defaults.
        controls: What the reader may move, in order; empty means everything.
        predict: The fact that the reader guesses before anything is shown, or empty.
        ask: How the guess is asked for; as a number if nothing is said.
        caption: One line under the title, as sanitised inline HTML.
        seed: The seed that the page opens with, unless a link has another.
        guess: What this reader said here before.
        query: The page's query parameters.
        on_guess: Told once of each guess, or of its being declined; may raise `NotKeptError`.
        counterexamples: Where settings that break the claim are kept; nothing is offered without it.
        lab: The address of the toy's own page, to which the present settings are taken; empty for no link.

    Raises:
        UnknownToyError: If there is no such simulation.
        SettingError: If the author's settings cannot be.
    """
    toy = get(toy_name)
    authors = parse_settings(toy, settings)
    movable = list(controls) or list(type(authors).model_fields)
    asking = ask or Ask()
    wanted, opening, notice = _from_link(toy, authors, movable, block_id, query or {}, seed)
    key = f"simulation-{block_id}"  # the stylesheet keeps a place for what is called so
    reply = f"{key}-reply"
    data = {
        **_shared,
        "id": block_id,
        "toy": toy.name,
        "title": toy.title,
        "caption": caption,
        "settings": authors.model_dump(),
        "names": {name: _names(authors, name) for name in authors.model_dump()},
        "controls": [_control(wanted, name) for name in movable],
        "scrubbable": [name for name in scrubbable(toy) if name in movable],
        "presets": presets.offered(toy, authors, movable),
        "seed": opening,
        "authorsSeed": seed,
        "predict": _question(toy, predict, asking),
        "guess": guess and _previous(guess, asking, authors),
        "preview": _first_picture(toy, wanted, opening),
        "sketch": sketch(toy, wanted, opening),
        "devices": RUNS.devices,
        "height": DEFAULT_HEIGHT,
        "notice": notice,
        "counterexamples": counterexamples and [asdict(found) for found in counterexamples.kept],
        "longestNote": LONGEST_NOTE,
        "reply": st.session_state.get(reply),
        "lab": lab,
    }
    listener = Listener(toy, predict, asking, on_guess, counterexamples)

    def take() -> None:
        st.session_state[reply] = listener.hear(st.session_state[key]["told"])

    result = _figure(key=key, data=data, on_told_change=take, on_go_change=_nothing)
    if result.go:
        st.session_state[FOLLOWED] = result.go
        st.rerun()  # the whole page, also where this is a fragment of it


def _nothing() -> None:
    """A trigger is only returned by a component that names a callback for it."""


def figure(drawn: Figure, readout: str, *, key: str) -> None:
    """Show a figure, and below it what it shows in a sentence."""
    drawn.layout.template = None
    height = drawn.layout.height or DEFAULT_HEIGHT
    _figure(key=key, data={**_shared, "figure": drawn.to_json(), "readout": readout, "height": height})


def _question(toy: Toy, fact: str, ask: Ask) -> dict[str, Any] | None:
    quantity = toy.module.FACTS.get(fact)
    if quantity is None:
        return None
    return {
        "fact": fact,
        "question": quantity.title,
        "unit": quantity.unit,
        "kind": ask.kind,
        "confidence": ask.confidence,
        "choices": [
            {"words": choice.words, "low": _finite(choice.low), "high": _finite(choice.high)}
            for choice in ask.choices
        ],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None  # JSON knows no infinity


def _previous(guess: PreviousGuess, ask: Ask, authors: Settings) -> dict[str, Any] | None:
    """What was said before; nothing if it was in answer to something else, which is then asked anew."""
    said = guess.said and shown(guess.said, ask)
    if guess.said and said is None:
        return None
    return {"said": said, "settings": dict(guess.settings) or authors.model_dump()}


def _first_picture(toy: Toy, config: Settings, seed: int) -> str:
    """The end of an earlier run of the same, if it is kept; else what can be said without running."""
    kept = RUNS.kept(Job(toy.name, config.model_dump(), seed))
    return kept.json.decode() if kept else preview(toy, config, seed)


def _from_link(
    toy: Toy,
    authors: Settings,
    movable: Sequence[str],
    block_id: str,
    query: Mapping[str, str],
    authors_seed: int,
) -> tuple[Settings, int, str]:
    """The settings and the seed that a link asks for, or the author's with a sentence that says why."""
    prefix = f"{block_id}."
    given = {key.removeprefix(prefix): value for key, value in query.items() if key.startswith(prefix)}
    try:
        seed = seed_from(given.pop("seed", authors_seed))
        _require_movable(toy, movable, given)
        return parse_settings(toy, {**authors.model_dump(), **given}), seed, ""
    except SettingError as error:
        return authors, authors_seed, f"The link could not be followed. {error} The usual settings are shown."


def _require_movable(toy: Toy, movable: Sequence[str], given: Iterable[str]) -> None:
    for name in given:
        if name not in movable:
            raise SettingError(f"{toy.name} has no '{name}' to set here, only {', '.join(movable)}.")


def _control(config: Settings, name: str) -> dict[str, Any]:
    field = type(config).model_fields[name]
    told = {"name": name, "help": field.description, "value": getattr(config, name), **_names(config, name)}
    if is_text(type(config), name):
        longest = next(bound.max_length for bound in field.metadata if hasattr(bound, "max_length"))
        return {**told, "longest": longest}
    return {
        **told,
        "low": next(bound.ge for bound in field.metadata if hasattr(bound, "ge")),
        "high": next(bound.le for bound in field.metadata if hasattr(bound, "le")),
        "integer": field.annotation is int,
        "positions": positions(type(config), name, getattr(config, name)),
    }


def _names(config: Settings, name: str) -> dict[str, Any]:
    """What a setting is called, and how its values are said."""
    field = type(config).model_fields[name]
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return {"title": field.title, **extra}
