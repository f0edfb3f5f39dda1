"""Where the book uses each simulation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from content.blocks import Section, SimBlock
from content.library import Book
from sim.pages.specimen import Use


def uses(book: Book) -> Mapping[str, Sequence[Use]]:
    """The sections that use each simulation, by its name, in the order of the book."""
    tracks = {track.slug: track.title for track in book.tracks}
    found: dict[str, list[Use]] = defaultdict(list)
    for section in book.sections:
        for toy, places in _places(section).items():
            found[toy].append(Use(section.title, tracks[section.track], places))
    return found


def _places(section: Section) -> Mapping[str, Sequence[str]]:
    """The addresses of the simulations in a section, by the simulation's name."""
    places: dict[str, list[str]] = defaultdict(list)
    for block in section.blocks:
        if isinstance(block, SimBlock):
            places[block.toy].append(f"/{section.slug}#{block.id}")
    return places
