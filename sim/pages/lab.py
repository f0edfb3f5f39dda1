"""The lab: a page with every simulation there is, and one page for each of them.

    /lab                       every toy: a thumbnail, its title, what it is about, how many sections use it
    /lab-belief-walk           one toy: all its settings, exact answers beside measured ones, its docstring

The folder of toys is the registry: nothing is listed here. A toy that cannot be loaded, or cannot draw
itself, is one sentence in its place, and the others are shown. Where the book uses a toy comes down as data,
and so does the way to show HTML, since the book's prose follows links without loading the app again.

A link may carry settings to a toy's page, `?belief_walk.start=0.2&belief_walk.seed=7#belief_walk`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Protocol

from sim.pages.component import component
from sim.pages.explanation import explained, opening
from sim.pages.panel import panel
from sim.pages.specimen import Use, specimen, used
from sim.spec import BrokenToyError, Toy, get, names

STAND = "Every simulation of the book, with all its settings. Take one apart."
NONE = "There are no simulations yet. Put one into the folder sim/toys, and it is shown here."

_measurements = component("sim", "lab")


class Show(Protocol):
    """Shows a run of HTML that is safe; `key` is stable across reruns."""

    def __call__(self, html: str, *, key: str) -> None:
        """Show it."""


def title(name: str) -> str:
    """What a toy's page is called: the toy's title, or its file's name if it cannot be loaded."""
    try:
        return get(name).title
    except BrokenToyError:
        return name


def index(uses: Mapping[str, Sequence[Use]], show: Show, *, missing: str = "") -> None:
    """Show every toy.

    Args:
        uses: The sections that use each toy, by its name.
        show: Shows HTML.
        missing: What was asked for, if there is no such toy.
    """
    cards = "".join(specimen(name, uses.get(name, ())) for name in names())
    shown = f'<ul class="specimens">{cards}</ul>' if cards else f"<p>{NONE}</p>"
    said = f'<p class="missing" role="status">{_sentence(missing)}</p>' if missing else ""
    show(
        f'<div class="lab-index" id="top"><h1>Lab</h1><p class="stand">{STAND}</p>{said}{shown}</div>',
        key="lab",
    )


def page(name: str, uses: Sequence[Use], show: Show, *, query: Mapping[str, str] | None = None) -> None:
    """Show one toy.

    Args:
        name: Its file's name.
        uses: The sections that use it.
        show: Shows HTML.
        query: The page's query parameters, which may carry settings.
    """
    try:
        toy = get(name)
    except BrokenToyError as error:
        said = f'<p role="alert">{escape(str(error))}</p><p><a href="/lab">All simulations</a></p>'
        show(f'<div id="top"><h1>{escape(name)}</h1>{said}</div>', key=f"lab-{name}-broken")
        return
    show(
        f'<div class="lab-toy" id="top"><p class="ui"><a href="/lab">Lab</a> · <code>{toy.name}</code></p>'
        f"<h1>{escape(toy.title)}</h1>"
        f'<p class="stand">{opening(toy.explanation)}</p></div>',
        key=f"lab-{name}-opening",
    )
    panel(name, block_id=name, settings={}, query=query)
    _measurements(key=f"lab-{name}-measurements", data=compared(toy))
    show(
        f"<h2>What it computes</h2>{explained(toy.explanation)}<h2>In the book</h2>{used(uses)}",
        key=f"lab-{name}-closing",
    )


def compared(toy: Toy) -> dict[str, Any]:
    """What the table of exact and measured numbers is made of, and the settings that go without saying."""
    facts, results = toy.module.FACTS, toy.module.RESULTS
    measured = {result.fact: (name, result.error) for name, result in results.items() if result.fact}
    return {
        "id": toy.name,
        "facts": [
            {
                "name": name,
                "title": fact.title,
                "unit": fact.unit,
                "measured": measured.get(name, ("", ""))[0],
                "error": measured.get(name, ("", ""))[1],
            }
            for name, fact in facts.items()
        ],
        "others": [
            {"name": name, "title": result.title, "unit": result.unit}
            for name, result in results.items()
            if not result.fact
        ],
        "defaults": toy.module.Config().model_dump(),
    }


def _sentence(missing: str) -> str:
    return f"There is no simulation called ‘{escape(missing[:60])}’. These are all there are:"
