"""What every kind of card keeps to, whichever kinds there are."""

from __future__ import annotations

import re
from html import escape
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import kinds
from cards.card import Card
from cards.kind import UnknownKindError, by_directive, get, names
from cards.note_type import small_print

if TYPE_CHECKING:
    from cards.kind import Kind

every_kind = pytest.mark.parametrize("kind", [get(name) for name in names()], ids=names())


def card_of(kind: Kind, fields: dict[str, str]) -> Card:
    given = dict(kind.example.options)
    return Card("an-id", kind.name, "a", "A", "t", "T", 0, fields, "", "", text_hash="", options=given)


def filled(kind: Kind, text: str = "text") -> dict[str, str]:
    """Fields with which any kind is content: each part holds text, a deletion, and what the kind wants."""
    wanted = kind.example.words
    return {part: f'<p>{text} <span class="cloze">the {part}</span> {wanted}</p>' for part in kind.parts}


def test_recall_and_cloze_are_found_under_their_directives() -> None:
    assert {"recall", "cloze"} <= set(names())
    assert by_directive()["card"] is get("recall")
    assert by_directive()["cloze"] is get("cloze")
    assert kinds.names() == names()


def test_an_unknown_kind_is_named_beside_the_nearest_one() -> None:
    with pytest.raises(UnknownKindError, match=r"'clozed'\. Did you mean 'cloze'"):
        get("clozed")


def test_no_two_kinds_share_a_directive() -> None:
    assert sorted(kind.name for kind in by_directive().values()) == names()


@every_kind
def test_a_kind_is_named_as_its_file(kind: Kind) -> None:
    assert get(kind.name) is kind
    assert kind.title
    assert kind.__doc__


@every_kind
def test_optional_parts_are_parts_and_come_last(kind: Kind) -> None:
    required = [part for part in kind.parts if part not in kind.optional_parts]
    assert kind.parts[: len(required)] == tuple(required)
    assert kind.optional_parts <= set(kind.parts)


@every_kind
def test_a_filled_card_is_fine(kind: Kind) -> None:
    assert kind.check(filled(kind), kind.example.options) == []


@every_kind
def test_each_required_part_is_missed(kind: Kind) -> None:
    for part in kind.parts:
        for absent in ("", " \n", "<p>&nbsp;</p>"):
            findings = kind.check({**filled(kind), part: absent}, kind.example.options)
            assert bool(findings) == (part not in kind.optional_parts)
            assert all(finding.code.startswith("missing-") for finding in findings)
            assert all(finding.message.endswith(".") and finding.hint for finding in findings)
    assert kind.check({})


@every_kind
def test_both_faces_show_something_and_differ(kind: Kind) -> None:
    faces = kind.faces(filled(kind))
    assert faces.front
    assert faces.back
    assert faces.front != faces.back


@every_kind
@given(text=st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_faces_keep_what_is_not_hidden_byte_for_byte(kind: Kind, text: str) -> None:
    written = f"<p>{escape(text)} "
    faces = kind.faces(filled(kind, escape(text)))
    assert written in faces.front
    assert written in faces.back


@every_kind
def test_what_it_asks_once_has_two_sides_and_is_the_same_when_asked_for_again(kind: Kind) -> None:
    card = card_of(kind, filled(kind))
    for repetition in range(-3, 8):
        instance = kind.instance(card, 1, repetition)
        assert instance.front
        assert instance.back
        assert instance == kind.instance(card, 1, repetition)
        assert (instance.quiz is not None) == kind.asks_for_guess


@every_kind
def test_the_files_of_a_note_are_shown_in_it_under_bare_names(kind: Kind) -> None:
    card = card_of(kind, filled(kind))
    shown = "".join(kind.note_fields(card).values())
    for name, data in kind.media(card).items():
        assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{8}\.(svg|png)", name)
        assert f'src="{name}"' in shown
        assert data


@every_kind
def test_every_field_it_fills_exists_in_anki_and_the_first_is_never_empty(kind: Kind) -> None:
    card = card_of(kind, filled(kind))
    known = [field.name for field in kind.note_type.fields]
    values = kind.note_fields(card)
    assert set(values) | set(small_print(card, "link")) <= set(known)
    assert set(values).isdisjoint(small_print(card, "link"))
    assert values[known[0]]


@every_kind
def test_a_note_type_has_two_spare_fields_and_shows_only_fields_it_has(kind: Kind) -> None:
    fields = [field.name for field in kind.note_type.fields]
    assert fields[-2:] == ["Spare1", "Spare2"]
    sides = chain.from_iterable((template.front, template.back) for template in kind.note_type.templates)
    for reference in "".join(sides).split("{{")[1:]:
        name = reference.partition("}}")[0].lstrip("#^/").rpartition(":")[2]
        assert name in {*fields, "FrontSide"}


def test_no_id_is_used_twice() -> None:
    types = [get(name).note_type for name in names()]
    ids = [
        *(note_type.id for note_type in types),
        *(field.id for note_type in types for field in note_type.fields),
        *(template.id for note_type in types for template in note_type.templates),
    ]
    assert len(ids) == len(set(ids))
    assert len({note_type.name for note_type in types}) == len(types)
