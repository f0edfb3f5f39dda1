"""What Anki makes of our packages, as its own importer sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from anki.deck_config_pb2 import DeckConfig

from cards.anki.note import _model as note_of_type
from cards.kind import get
from cards.note_type import NoteField
from tests.cards.anki_learner import BASE_URL, CLOZE, MONDAY, RECALL, TUESDAY, Learner, Outcome, learner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cards.card import Card

BOOK = [
    RECALL,
    CLOZE,
    replace(RECALL, id="superposition", section="superposition", section_title="Superposition", order=2),
]

RECALL_TYPE = get("recall").note_type


@pytest.fixture
def someone(tmp_path: Path) -> Iterator[Learner]:
    with learner(tmp_path) as opened:
        yield opened


def times(cards: list[Card]) -> dict[str, datetime]:
    return {card.id: MONDAY for card in cards}


def edited(card: Card, **fields: str) -> Card:
    return replace(card, fields={**card.fields, **fields})


def test_a_first_import_adds_every_note(someone: Learner) -> None:
    assert someone.receives(BOOK) == Outcome(new=3)
    assert someone.healthy()


def test_the_same_book_again_changes_nothing(someone: Learner) -> None:
    someone.receives(BOOK, now=MONDAY)
    assert someone.receives(BOOK, now=MONDAY + timedelta(days=30)) == Outcome(unchanged=3)


def test_an_edited_card_updates_its_note_and_adds_none(someone: Learner) -> None:
    someone.receives(BOOK)
    changed = edited(RECALL, back="<p>A better answer.</p>")

    outcome = someone.receives([changed, *BOOK[1:]], {**times(BOOK), RECALL.id: TUESDAY})

    assert outcome == Outcome(updated=1, unchanged=2)
    assert someone.note(RECALL.id)["Back"] == "<p>A better answer.</p>"
    assert someone.healthy()


def test_the_learners_own_edit_and_tag_stay_while_the_card_is_unchanged(someone: Learner) -> None:
    someone.receives(BOOK)
    note = someone.note(RECALL.id)
    note["Back"] = "In my own words."
    note.add_tag("mine")
    someone.anki.update_note(note)

    someone.receives([RECALL, edited(CLOZE, extra="new"), BOOK[2]], {**times(BOOK), CLOZE.id: TUESDAY})

    assert someone.note(RECALL.id)["Back"] == "In my own words."
    assert "mine" in someone.note(RECALL.id).tags


def test_the_schedule_of_an_updated_card_stays(someone: Learner) -> None:
    someone.receives(BOOK)
    card = someone.note(RECALL.id).cards()[0]
    someone.anki.sched.set_due_date([card.id], "12")
    before = someone.anki.get_card(card.id)

    someone.receives([edited(RECALL, front="Reworded?")], TUESDAY)

    after = someone.note(RECALL.id).cards()[0]
    assert (after.id, after.due, after.ivl, after.type) == (before.id, before.due, before.ivl, before.type)


def test_a_card_that_left_the_book_stays_in_anki(someone: Learner) -> None:
    someone.receives(BOOK)
    someone.receives(BOOK[:1])
    assert someone.anki.note_count() == 3


def test_a_renamed_section_leaves_old_cards_and_takes_new_ones(someone: Learner) -> None:
    someone.receives(BOOK)
    old_deck = someone.deck_of(RECALL.id)
    renamed = [
        replace(card, section_title="A new title") for card in (*BOOK[:2], replace(RECALL, id="later"))
    ]

    assert someone.receives(renamed) == Outcome(new=1, unchanged=2)

    assert someone.deck_of(RECALL.id) == old_deck
    assert someone.deck_of("later") == "Martingale::Beliefs::A new title"
    assert someone.healthy()


def test_a_card_moved_to_another_section_is_the_same_note(someone: Learner) -> None:
    someone.receives(BOOK)
    moved = replace(RECALL, section="superposition", section_title="Superposition")
    assert someone.receives([moved], TUESDAY) == Outcome(updated=1)
    assert someone.anki.note_count() == 3


def test_a_note_deleted_and_imported_again_finds_its_review_log(someone: Learner) -> None:
    someone.receives(BOOK)
    note = someone.note(RECALL.id)
    first_card = note.card_ids()
    someone.anki.remove_notes([note.id])

    assert someone.receives(BOOK) == Outcome(new=1, unchanged=2)
    assert someone.note(RECALL.id).card_ids() == first_card


def test_decks_nest_by_title_and_tags_by_slug(someone: Learner) -> None:
    card = replace(
        RECALL, track_title="Trust :: and doubt", section_title="Is 'p' ≥ ½?", tags=("hard to say",)
    )
    someone.receives([card])
    assert someone.deck_of(card.id) == "Martingale::Trust : and doubt::Is 'p' ≥ ½?"
    assert set(someone.note(card.id).tags) == {"martingale::beliefs::how-many-updates", "hard-to-say"}


def test_titles_that_differ_in_case_share_a_deck(someone: Learner) -> None:
    twins = [replace(RECALL, id=title, section=title, section_title=title) for title in ("Doubt", "doubt")]
    assert someone.receives(twins) == Outcome(new=2)
    assert someone.deck_of("Doubt") == someone.deck_of("doubt")
    assert someone.healthy()


def test_new_cards_of_a_section_come_in_the_order_of_the_book(someone: Learner) -> None:
    someone.receives([replace(RECALL, id=f"card-{place}", order=place) for place in (3, 0, 2, 1)])
    assert someone.next_new_cards() == ["card-0", "card-1", "card-2", "card-3"]


def test_new_cards_of_all_sections_do_by_ascending_position(someone: Learner) -> None:
    titles = ["Zeal", "Awe", "Zeal", "Awe"]
    someone.receives(
        replace(RECALL, id=f"card-{place}", section_title=title, order=place)
        for place, title in enumerate(titles)
    )
    options = someone.anki.decks.config_dict_for_deck_id(someone.anki.decks.id("Martingale"))
    options["newGatherPriority"] = DeckConfig.Config.NEW_CARD_GATHER_PRIORITY_LOWEST_POSITION
    someone.anki.decks.update_config(options)
    assert someone.next_new_cards() == ["card-0", "card-1", "card-2", "card-3"]


def test_a_reversed_card_makes_two_cards_of_one_note(someone: Learner) -> None:
    someone.receives([replace(RECALL, options={"reverse": "true"})])
    forwards, backwards = someone.note(RECALL.id).cards()
    assert "Question?" in forwards.question()
    assert "Question?" not in backwards.question()
    assert "Question?" in backwards.answer()


def test_the_back_names_and_links_where_the_card_comes_from(someone: Learner) -> None:
    someone.receives([replace(RECALL, section_title="A & B", sources=("Kwa 2024",), as_of="2026-11")])
    answer = someone.note(RECALL.id).cards()[0].answer()
    assert f'<a href="{BASE_URL}/how-many-updates#card-updates-from-half">A &amp; B</a>' in answer
    assert "Kwa 2024" in answer
    assert "2026-11" in answer


def test_a_card_with_another_tag_says_so_when_its_note_is_next_updated(someone: Learner) -> None:
    someone.receives([replace(RECALL, tags=("old",))])
    assert someone.receives([replace(RECALL, tags=("new",))]) == Outcome(unchanged=1)
    assert someone.receives([replace(RECALL, tags=("new",))], TUESDAY) == Outcome(updated=1)
    assert set(someone.note(RECALL.id).tags) == {"martingale::beliefs::how-many-updates", "new"}


def test_a_field_and_a_template_with_other_names_are_the_same_ones(
    someone: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone.receives(BOOK)
    renamed = replace(
        RECALL_TYPE,
        fields=(*RECALL_TYPE.fields[:-1], NoteField(RECALL_TYPE.fields[-1].id, "Hint")),
        templates=(replace(RECALL_TYPE.templates[0], name="Forwards"), *RECALL_TYPE.templates[1:]),
        revised=RECALL_TYPE.revised + timedelta(days=1),
    )
    monkeypatch.setattr(type(get("recall")), "note_type", renamed)
    note_of_type.cache_clear()
    try:
        outcome = someone.receives(
            [edited(RECALL, back="new"), *BOOK[1:]], {**times(BOOK), RECALL.id: TUESDAY}
        )
    finally:
        note_of_type.cache_clear()
    assert outcome == Outcome(updated=1, unchanged=2)
    note_type = someone.note(RECALL.id).note_type()
    assert note_type is not None
    assert [field["name"] for field in note_type["flds"]][-1] == "Hint"
    assert note_type["tmpls"][0]["name"] == "Forwards"
    assert len([name for name in someone.anki.models.all_names() if name.startswith("Martingale")]) == 2
    assert someone.healthy()


def test_a_style_that_the_learner_edited_stays(someone: Learner) -> None:
    someone.receives(BOOK)
    note_type = someone.note(RECALL.id).note_type()
    assert note_type is not None
    note_type["css"] = ".card { color: teal }"
    someone.anki.models.update_dict(note_type)

    someone.receives([edited(RECALL, back="new")], TUESDAY)

    kept = someone.note(RECALL.id).note_type()
    assert kept is not None
    assert kept["css"] == ".card { color: teal }"


def test_ten_thousand_notes_arrive_whole(someone: Learner) -> None:
    book = [
        replace(RECALL, id=f"card-{place}", section=f"s{place // 50}", order=place) for place in range(10_000)
    ]
    assert someone.receives(book) == Outcome(new=10_000)
    assert someone.receives(book) == Outcome(unchanged=10_000)
    assert someone.healthy()
