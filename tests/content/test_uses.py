"""The lab is told where the book uses each simulation, and every place that it is told of is there."""

from __future__ import annotations

from content.blocks import SimBlock
from content.library import OWN, Library
from content.pages.uses import uses
from sim.pages.specimen import Use
from tests.content.books import HEAD, MakeLibrary

SIM = ":::{sim} belief-walk\n:::\n\n:::{sim} hazard_belief\n:::\n\n:::{sim} belief_walk\n:start: 0.2\n:::\n"


def test_uses_come_by_simulation_in_the_order_of_the_book(make_library: MakeLibrary) -> None:
    later = HEAD.replace("order: 1", "order: 2").replace("A title", "Later")
    book = make_library({"b.md": HEAD + SIM, "a.md": later + ":::{sim} belief_walk\n:::\n"}).load()
    assert dict(uses(book)) == {
        "belief_walk": [
            Use("A title", "Alpha", ["/b#belief_walk-1", "/b#belief_walk-2"]),
            Use("Later", "Alpha", ["/a#belief_walk-1"]),
        ],
        "hazard_belief": [Use("A title", "Alpha", ["/b#hazard_belief-1"])],
    }


def test_every_simulation_of_the_book_is_one_of_its_uses() -> None:
    book = Library([OWN]).load()
    told = {place for found in uses(book).values() for use in found for place in use.places}
    there = {
        f"/{section.slug}#{block.id}"
        for section in book.sections
        for block in section.blocks
        if isinstance(block, SimBlock)
    }
    assert told == there
