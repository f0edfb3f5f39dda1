"""What the lab says of a toy, as HTML: its card among the others, and where the book uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from sim.pages.explanation import opening
from sim.pages.sketch import sketch
from sim.spec import BrokenToyError, get


@dataclass(frozen=True)
class Use:
    """A section that uses a toy.

    Attributes:
        title: The section's.
        track: The title of its track.
        places: The addresses of the toy's blocks in it, in order.
    """

    title: str
    track: str
    places: Sequence[str]


def address(toy: str) -> str:
    """The address of a toy's own page."""
    return f"/lab-{toy.replace('_', '-')}"


def run_address(toy: str, settings: Mapping[str, float | str], seed: int) -> str:
    """The address of a toy's own page that opens with these settings and this seed; see `sim.pages.lab`."""
    query = urlencode({f"{toy}.{name}": value for name, value in {**settings, "seed": seed}.items()})
    return f"{address(toy)}?{query}#{toy}"


def specimen(name: str, uses: Sequence[Use]) -> str:
    """A toy among others: its thumbnail, its title, what it is about, and how many sections use it.

    Args:
        name: The toy's file name.
        uses: The sections that use it.
    """
    try:
        toy = get(name)
        drawn = sketch(toy, toy.module.Config(), 0, is_full=True)
    except BrokenToyError as error:
        return _broken(name, str(error))
    except Exception as error:  # noqa: BLE001 - a toy that cannot draw itself must not hide the others
        return _broken(name, f"{name} cannot be drawn ({type(error).__name__}: {error}).")
    return (
        f'<li class="specimen">{drawn}<h2><a href="{address(name)}">{escape(toy.title)}</a></h2>'
        f'<p>{opening(toy.explanation)}</p><span class="ui">{_counted(uses)}</span></li>'
    )


def used(uses: Sequence[Use]) -> str:
    """The sections that use a toy, each with the places in it."""
    if not uses:
        return '<p class="ui">No section uses it yet.</p>'
    return f'<ul class="uses">{"".join(map(_row, uses))}</ul>'


def _broken(name: str, sentence: str) -> str:
    return f'<li class="specimen broken"><h2>{escape(name)}</h2><p role="note">{escape(sentence)}</p></li>'


def _counted(uses: Sequence[Use]) -> str:
    if not uses:
        return "No section uses it yet"
    return "In 1 section" if len(uses) == 1 else f"In {len(uses)} sections"


def _row(use: Use) -> str:
    first, *others = map(escape, use.places)
    also = "".join(f', <a href="{place}">{number}</a>' for number, place in enumerate(others, 2))
    places = f' · <a href="{first}">1</a>{also}' if others else ""
    where = f'<span class="ui">{escape(use.track)}{places}</span>'
    return f'<li><a href="{first}">{escape(use.title)}</a> {where}</li>'
