"""Choosing cards by track, section and kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cards.choice import UnknownChoiceError, choose
from tests.cards.anki_learner import CLOZE, RECALL

DECK = [
    RECALL,
    CLOZE,
    replace(RECALL, id="features", section="superposition", track="inside-networks"),
    replace(CLOZE, id="geometry", section="superposition", track="inside-networks"),
]


@pytest.mark.parametrize(
    ("limits", "ids"),
    [
        ({}, ["updates-from-half", "variance-adds", "features", "geometry"]),
        ({"tracks": ["beliefs"]}, ["updates-from-half", "variance-adds"]),
        (
            {"sections": ["superposition", "how-many-updates"], "kinds": ["cloze"]},
            ["variance-adds", "geometry"],
        ),
        ({"tracks": ["beliefs"], "sections": ["superposition"]}, []),
    ],
)
def test_names_of_a_sort_widen_and_sorts_narrow(limits: dict[str, list[str]], ids: list[str]) -> None:
    assert [card.id for card in choose(DECK, **limits)] == ids


@pytest.mark.parametrize("sort", ["track", "section", "kind"])
def test_an_unknown_name_is_refused_with_the_known_ones(sort: str) -> None:
    known = ", ".join(sorted({str(getattr(card, sort)) for card in DECK}))
    with pytest.raises(UnknownChoiceError) as caught:
        choose(DECK, **{f"{sort}s": ["nowhere"]})
    assert f"the {sort} 'nowhere'" in str(caught.value)
    assert f"Known: {known}." in str(caught.value)


def test_a_slip_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UnknownChoiceError, match=r"Did you mean 'superposition'\?"):
        choose(DECK, sections=["superpositon"])
