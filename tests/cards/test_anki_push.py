"""Pushing to a running Anki: added once, updated when the book changes, and the learner's own left alone."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cards.anki.connect import Anki, ConnectError
from cards.anki.push import push
from cards.anki.push_plan import Plan, plan
from cards.anki.push_words import remarks, summary
from cards.kind import get
from tests.cards.anki_learner import CLOZE, MONDAY, RECALL, TUESDAY
from tests.cards.fake_anki_connect import FakeAnki, fake_anki
from tests.cards.predicting import WALK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cards.card import Card

BASE = "http://localhost:8501"
BOOK = [
    RECALL,
    replace(CLOZE, order=1),
    replace(RECALL, id="superposition", section="superposition", section_title="Superposition", order=2),
    replace(WALK, order=3),
]
HOUR = timedelta(hours=1)


@pytest.fixture
def fake() -> Iterator[FakeAnki]:
    with fake_anki() as running:
        running.now = (MONDAY + HOUR).timestamp()
        yield running


def find(
    fake: FakeAnki, cards: Iterable[Card] = BOOK, changed: datetime = MONDAY, base_url: str = BASE
) -> Plan:
    cards = list(cards)
    modified = {card.id: changed for card in cards}
    return plan(Anki(fake.address), cards, modified=modified, base_url=base_url)


def pushed(
    fake: FakeAnki,
    cards: Iterable[Card] = BOOK,
    changed: datetime = MONDAY,
    *,
    base_url: str = BASE,
    restyle: bool = False,
) -> str:
    found = find(fake, cards, changed, base_url)
    push(Anki(fake.address), found, now=TUESDAY, restyle=restyle)
    return summary(found, dry_run=False)


def note(fake: FakeAnki, card_id: str) -> dict[str, Any]:
    (found,) = (one for one in fake.notes.values() if one["fields"]["CardId"] == card_id)
    return found


def test_a_first_push_makes_note_types_decks_and_notes_in_the_order_of_the_book(fake: FakeAnki) -> None:
    assert pushed(fake, reversed(BOOK)) == "4 notes added, 0 updated, 0 were left as they are."
    assert [one["fields"]["CardId"] for one in fake.notes.values()] == [card.id for card in BOOK]
    for kind in ("recall", "cloze", "predict"):
        ours, made = get(kind).note_type, fake.models[get(kind).note_type.name]
        assert made["fields"] == [one.name for one in ours.fields]
        assert (made["css"], made["cloze"]) == (ours.css, ours.cloze)
        assert made["templates"] == {
            one.name: {"Front": one.front, "Back": one.back} for one in ours.templates
        }
    assert note(fake, RECALL.id)["deck"] == "Martingale::Beliefs::How many updates?"
    assert note(fake, RECALL.id)["tags"] == {"martingale::beliefs::how-many-updates"}
    assert fake.media == get("predict").media(WALK)


def test_the_same_again_changes_nothing(fake: FakeAnki) -> None:
    pushed(fake)
    before = json.dumps(fake.notes, default=sorted)
    fake.asked.clear()
    assert pushed(fake) == "0 notes added, 0 updated, 4 were left as they are."
    assert json.dumps(fake.notes, default=sorted) == before
    assert not {action for action in fake.asked if action.startswith(("add", "import", "update", "store"))}


def test_a_dry_run_asks_and_changes_nothing(fake: FakeAnki) -> None:
    found = find(fake)
    assert (
        summary(found, dry_run=True)
        == "4 notes would be added, 0 would be updated, 0 would be left as they are."
    )
    assert (fake.notes, fake.models, fake.media) == ({}, {}, {})


def test_only_what_the_book_has_changed_is_updated(fake: FakeAnki) -> None:
    pushed(fake)
    changed = replace(RECALL, fields={**RECALL.fields, "back": "<p>Better.</p>"})
    modified = {card.id: MONDAY for card in BOOK} | {RECALL.id: TUESDAY}
    found = plan(Anki(fake.address), [changed, *BOOK[1:]], modified=modified, base_url=BASE)
    assert [change.fields for change in found.changed] == [{"Back": "<p>Better.</p>"}]
    push(Anki(fake.address), found, now=TUESDAY)
    assert note(fake, RECALL.id)["fields"]["Back"] == "<p>Better.</p>"
    assert len(fake.notes) == len(BOOK)


def test_what_the_learner_wrote_since_the_book_changed_stays_until_it_changes_again(fake: FakeAnki) -> None:
    pushed(fake)
    own = note(fake, RECALL.id)
    own["fields"]["Back"], own["mod"] = "In my own words.", (TUESDAY + HOUR).timestamp()
    edited = find(fake, changed=TUESDAY)
    assert (edited.edited, edited.changed, edited.unchanged) == (1, [], 3)
    assert "1 note keeps what you wrote" in remarks(edited)[0]
    fake.now = (TUESDAY + 3 * HOUR).timestamp()
    assert "1 updated" in pushed(fake, changed=TUESDAY + 2 * HOUR)
    assert note(fake, RECALL.id)["fields"]["Back"] == RECALL.fields["back"]


def test_tags_and_small_print_follow_the_book_and_other_tags_stay(fake: FakeAnki) -> None:
    pushed(fake)
    note(fake, RECALL.id)["tags"] |= {"mine"}  # type: ignore[operator]
    moved = replace(RECALL, section="elsewhere", section_title="Elsewhere", tags=("hard to say",))
    found = find(fake, [moved])
    push(Anki(fake.address), found, now=TUESDAY)
    assert set(found.changed[0].fields) == {"Section", "Link"}
    assert note(fake, RECALL.id)["tags"] == {"mine", "hard-to-say", "martingale::beliefs::elsewhere"}
    assert note(fake, RECALL.id)["deck"] == "Martingale::Beliefs::How many updates?"
    assert "4 updated" in pushed(fake, base_url="https://book.example")


def test_a_style_of_the_learners_own_stays_unless_it_is_to_be_replaced(fake: FakeAnki) -> None:
    pushed(fake)
    fake.models["Martingale recall"]["css"] = ".card { color: teal }"
    found = find(fake)
    assert remarks(found) == [
        "Templates or style are your own, or older than the book's, and stay: Martingale recall."
    ]
    push(Anki(fake.address), found, now=TUESDAY)
    assert fake.models["Martingale recall"]["css"] == ".card { color: teal }"
    pushed(fake, restyle=True)
    assert fake.models["Martingale recall"]["css"] == get("recall").note_type.css


def test_a_note_type_that_lacks_a_field_gets_it(fake: FakeAnki) -> None:
    pushed(fake)
    fake.models["Martingale cloze"]["fields"].remove("Spare2")
    pushed(fake)
    assert fake.models["Martingale cloze"]["fields"][-1] == "Spare2"


def test_a_second_note_of_a_card_is_told_of_and_left_alone(fake: FakeAnki) -> None:
    pushed(fake)
    (first,) = (number for number, one in fake.notes.items() if one["fields"]["CardId"] == RECALL.id)
    fake.notes[first + 50] = json.loads(json.dumps(fake.notes[first], default=sorted))
    found = find(fake)
    assert (found.doubled, found.new, found.changed) == (1, [], [])


def test_wherever_anki_dies_it_is_said_and_the_next_push_goes_on_from_there() -> None:
    with fake_anki() as whole:
        pushed(whole)
    for lives in range(len(whole.asked)):
        with fake_anki() as fake:
            fake.lives = lives
            with pytest.raises(ConnectError, match=r"Anki broke off \("):
                pushed(fake)
            fake.lives = 1_000_000
            pushed(fake)
            ids = sorted(one["fields"]["CardId"] for one in fake.notes.values())
            assert ids == sorted(card.id for card in BOOK)
            assert find(fake).unchanged == len(BOOK)
            assert fake.media == whole.media


def test_how_far_it_came_is_said(fake: FakeAnki) -> None:
    pushed(fake)
    found = find(fake, changed=TUESDAY, base_url="")
    fake.lives = 2
    with pytest.raises(ConnectError, match=r"2 notes were pushed until then; push again to go on from there"):
        push(Anki(fake.address), found, now=TUESDAY)


@pytest.mark.parametrize("result", [None, 7, ["x", 1], {"a": 1}, [None], [[]]])
def test_an_answer_that_makes_no_sense_changes_nothing(fake: FakeAnki, result: object) -> None:
    def answer() -> bytes:
        return json.dumps({"result": 6 if len(fake.asked) == 0 else result, "error": None}).encode()

    fake.answers = lambda: (answer(), fake.asked.append("?"))[0]
    with pytest.raises(ConnectError, match="makes no sense"):
        find(fake)


@pytest.mark.parametrize(
    "odd",
    [
        {"noteId": None},
        {"noteId": "1"},
        {"mod": "yesterday"},
        {"fields": {"CardId": None}},
        {"fields": {"CardId": {"value": "a"}, "Front": None}},
        {"fields": None},
    ],
)
def test_a_note_that_is_told_of_oddly_is_not_believed(fake: FakeAnki, odd: dict[str, object]) -> None:
    pushed(fake)
    told = fake.notesInfo
    fake.notesInfo = lambda notes: [info | odd for info in told(notes)]
    with pytest.raises(ConnectError, match="makes no sense"):
        find(fake)


def test_an_old_add_on_is_to_be_updated(fake: FakeAnki) -> None:
    fake.answers = lambda: b'{"result": 5, "error": null}'
    with pytest.raises(ConnectError, match="is of version 5; update it to 6"):
        find(fake)


def test_a_note_under_a_note_type_of_the_learners_is_told_of_and_not_doubled(fake: FakeAnki) -> None:
    pushed(fake)
    changed = note(fake, RECALL.id)
    changed["model"], changed["fields"] = "Basic", {"Front": "?", "Back": "!"}
    found = find(fake)
    assert (found.new, found.changed, found.elsewhere) == ([], [], 1)
    assert summary(found, dry_run=False) == "0 notes added, 0 updated, 3 were left as they are."
    assert remarks(found) == ["Under a note type of your own, and not touched: 1 note."]


def test_a_note_that_no_longer_says_which_card_it_is_gets_its_id_again(fake: FakeAnki) -> None:
    pushed(fake)
    note(fake, RECALL.id)["fields"]["CardId"] = ""
    found = find(fake)
    assert [change.fields for change in found.changed] == [{"CardId": RECALL.id}]
    push(Anki(fake.address), found, now=TUESDAY)
    assert find(fake).unchanged == len(BOOK)


def test_an_anki_that_imports_no_packages_is_said_with_the_way_round(
    fake: FakeAnki, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> None:
        raise ValueError(f"unsupported action for {path}")

    monkeypatch.setattr(fake, "importPackage", refuse)
    with pytest.raises(
        ConnectError, match=r"Anki refused \(importPackage\): .*import it in Anki.*No note was pushed"
    ):
        pushed(fake)
    monkeypatch.setattr(fake, "importPackage", lambda **_: False)
    with pytest.raises(ConnectError, match=r"did not import the new notes\. Download the package"):
        pushed(fake)
    assert (fake.notes, fake.media) == ({}, {})


def test_no_room_to_pack_the_notes_is_said_before_anki_is_told_anything(
    fake: FakeAnki, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("cards.anki.push.make_package", full)
    with pytest.raises(ConnectError, match=r"cannot be packed: No space left .* Make room"):
        pushed(fake)
    assert (fake.notes, fake.media) == ({}, {})


def test_a_strangers_note_with_a_field_of_that_name_is_left_alone(fake: FakeAnki) -> None:
    fake.models["Trading cards"] = {"id": 7, "fields": ["CardId", "Price"], "css": "", "templates": {}}
    theirs = {"CardId": RECALL.id, "Price": "3"}
    fake.notes[1] = {"guid": "x", "model": "Trading cards", "fields": theirs, "tags": set(), "mod": 0}
    fake.notes[2] = {
        "guid": "y",
        "model": "Trading cards",
        "fields": {"cardid": "?"},
        "tags": set(),
        "mod": 0,
    }
    assert pushed(fake).startswith("4 notes added")
    assert fake.notes[1]["fields"] == theirs
    assert find(fake).unchanged == len(BOOK)


@pytest.mark.parametrize("also", ["", "id"])
def test_a_note_type_that_the_learner_renamed_is_still_ours(fake: FakeAnki, also: str) -> None:
    pushed(fake)
    fake.models["History"] = fake.models.pop("Martingale recall")
    if also:
        fake.models["History"]["id"] = 7
    for one in fake.notes.values():
        one["model"] = one["model"].replace("Martingale recall", "History")
    found = find(fake)
    assert (found.new, found.unchanged, found.doubled) == ([], len(BOOK), 0)
