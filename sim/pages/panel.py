"""A simulation in its place on a page, and a figure on its own: the Python side of the *figure* component.

The component gets all it needs to open without asking again: the first picture, the controls with their
bounds, and what the reader said here before. The first picture is the end of an earlier run with the same
settings and seed, if that is kept, and else the exact one. After that it talks to `sim.pages.routes` and not
to Streamlit, with one exception: a guess comes back once, through `on_guess`.

A link may carry settings, `?belief_walk-1.start=0.2&belief_walk-1.seed=7`, where `belief_walk-1` is the
block's id. If it cannot be followed, one sentence says so and the author's settings are shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.guess import Guess, PreviousGuess
from sim.pages.component import asset, component
from sim.pages.engine import RUNS
from sim.palette import TOKENS
from sim.picture import preview, seed_from
from sim.positions import positions
from sim.scrub import scrubbable
from sim.spec import SettingError, Settings, Toy, get, parse_settings
from sim.worker import Job

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

AUTHORS_SEED = 0
DEFAULT_HEIGHT = 320

_figure = component("sim", "figure")
_shared = {"palette": TOKENS, "plotly": asset("sim", "vendor/plotly/plotly-cartesian.min.js")}


def panel(  # noqa: PLR0913 - a block has this many options, all of them named at the call
    toy_name: str,
    *,
    block_id: str,
    settings: Mapping[str, float],
    controls: Sequence[str] = (),
    predict: str = "",
    caption: str = "",
    guess: PreviousGuess | None = None,
    query: Mapping[str, str] | None = None,
    on_guess: Callable[[Guess], None] | None = None,
) -> None:
    """Show a simulation.

    Args:
        toy_name: Which one.
        block_id: Unique on the page and stable; also what its settings are called in a link.
        settings: What the author fixed; the rest have their defaults.
        controls: What the reader may move, in order; empty means everything.
        predict: The fact that the reader guesses before anything is shown, or empty.
        caption: One line under the title, as sanitised inline HTML.
        guess: What this reader said here before.
        query: The page's query parameters.
        on_guess: Told once of each guess, or of its being declined.

    Raises:
        UnknownToyError: If there is no such simulation.
        SettingError: If the author's settings cannot be.
    """
    toy = get(toy_name)
    authors = parse_settings(toy, settings)
    movable = list(controls) or list(type(authors).model_fields)
    wanted, seed, notice = _from_link(toy, authors, movable, block_id, query or {})
    quantity = toy.module.FACTS.get(predict)
    said = guess and {"guess": guess.guess, "settings": dict(guess.settings) or authors.model_dump()}
    data = {
        **_shared,
        "id": block_id,
        "toy": toy.name,
        "title": toy.title,
        "caption": caption,
        "settings": authors.model_dump(),
        "controls": [_control(wanted, name) for name in movable],
        "scrubbable": [name for name in scrubbable(toy) if name in movable],
        "seed": seed,
        "authorsSeed": AUTHORS_SEED,
        "predict": quantity and {"fact": predict, "question": quantity.title, "unit": quantity.unit},
        "guess": said,
        "preview": _first_picture(toy, wanted, seed),
        "devices": RUNS.devices,
        "height": DEFAULT_HEIGHT,
        "notice": notice,
    }

    key = f"simulation-{block_id}"  # the stylesheet keeps a place for what is called so

    def take() -> None:
        taken = read_guess(toy, st.session_state[key]["guess"])
        if taken and on_guess:
            on_guess(taken)

    _figure(key=key, data=data, on_guess_change=take)


def figure(shown: Figure, readout: str, *, key: str) -> None:
    """Show a figure, and below it what it shows in a sentence."""
    shown.layout.template = None
    height = shown.layout.height or DEFAULT_HEIGHT
    _figure(key=key, data={**_shared, "figure": shown.to_json(), "readout": readout, "height": height})


def _first_picture(toy: Toy, config: Settings, seed: int) -> str:
    """The end of an earlier run of the same, if it is kept; else what can be said without running."""
    kept = RUNS.kept(Job(toy.name, config.model_dump(), seed))
    return kept.decode() if kept else preview(toy, config, seed)


def _from_link(
    toy: Toy, authors: Settings, movable: Sequence[str], block_id: str, query: Mapping[str, str]
) -> tuple[Settings, int, str]:
    """The settings and the seed that a link asks for, or the author's with a sentence that says why."""
    prefix = f"{block_id}."
    given = {key.removeprefix(prefix): value for key, value in query.items() if key.startswith(prefix)}
    try:
        seed = seed_from(given.pop("seed", AUTHORS_SEED))
        _require_movable(toy, movable, given)
        return parse_settings(toy, {**authors.model_dump(), **given}), seed, ""
    except SettingError as error:
        return authors, AUTHORS_SEED, f"The link could not be followed. {error} The usual settings are shown."


def _require_movable(toy: Toy, movable: Sequence[str], given: Iterable[str]) -> None:
    for name in given:
        if name not in movable:
            raise SettingError(f"{toy.name} has no '{name}' to set here, only {', '.join(movable)}.")


def _control(config: Settings, name: str) -> dict[str, Any]:
    field = type(config).model_fields[name]
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return {
        "name": name,
        "title": field.title,
        "help": field.description,
        "low": next(bound.ge for bound in field.metadata if hasattr(bound, "ge")),
        "high": next(bound.le for bound in field.metadata if hasattr(bound, "le")),
        "integer": field.annotation is int,
        "value": getattr(config, name),
        "positions": positions(type(config), name, getattr(config, name)),
        **extra,
    }


def read_guess(toy: Toy, told: Any) -> Guess | None:  # noqa: ANN401 - whatever a browser sends
    """Read a guess; what no page of ours can have sent is no guess."""
    try:
        fact, seed, said = str(told["fact"]), seed_from(told["seed"]), told["guess"]
        config = parse_settings(toy, told["settings"])
        guess = None if said is None else float(said)
        truth = toy.module.facts(config)[fact]
        client_id, at = str(told["client_id"])[:64], int(told["at"])
    except (KeyError, TypeError, ValueError):
        return None
    if guess is not None and not math.isfinite(guess):
        return None
    return Guess(
        toy=toy.name,
        fact=fact,
        settings=config.model_dump(),
        seed=seed,
        guess=guess,
        truth=truth,
        skipped=guess is None,
        client_id=client_id,
        at=at,
    )
