"""Pushed into Anki's own backend: notes as a package brings them, one a card, whose reviews come home."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cards.anki.connect import Anki
from cards.anki.home import Home, bring_home
from cards.anki.note import Notes
from cards.anki.push import push
from cards.anki.push_plan import Plan, plan
from cards.anki.push_words import summary
from cards.kind import get
from cards.memory import Rating
from cards.store import Store
from cards.store.moments import to_ms
from cards.tuning import Tuning
from tests.cards.anki_learner import BASE_URL, CLOZE, MONDAY, RECALL, TUESDAY, Outcome
from tests.cards.anki_reviewer import ANKI_DAYS, COLLECTION, LEGACY, MODERN, OLD_COLLECTION, Reviewer
from tests.cards.predicting import WALK
from tests.cards.real_anki_connect import RealAnki, real_anki

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cards.card import Card

BOOK = [RECALL, replace(CLOZE, order=1), replace(WALK, order=2)]
DECK = {card.id: card for card in BOOK}
GOOD, AGAIN = Rating.GOOD, Rating.AGAIN
LATER = datetime(2100, 1, 1, tzinfo=UTC)  # than any change of the backend's, whose clock is the real one


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Reviewer]:
    someone = Reviewer(tmp_path)
    yield someone
    someone.anki.close()


@pytest.fixture
def running(anki: Reviewer) -> Iterator[RealAnki]:
    with real_anki(anki.anki) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "martingale.db", now=datetime.now(UTC))) as opened:
        yield opened


def find(running: RealAnki, cards: Iterable[Card] = BOOK, changed: datetime = MONDAY) -> Plan:
    cards = list(cards)
    modified = {card.id: changed for card in cards}
    return plan(Anki(running.address), cards, modified=modified, base_url=BASE_URL)


def pushed(running: RealAnki, cards: Iterable[Card] = BOOK, changed: datetime = MONDAY) -> str:
    found = find(running, cards, changed)
    push(Anki(running.address), found, now=TUESDAY)
    return summary(found, dry_run=False)


def added(running: RealAnki, card: Card, **note_type: str) -> None:
    """Have another program add a card's note, and its note type if there is none; Anki gives them ids."""
    ours = get(card.kind).note_type
    name = note_type.get("name", ours.name)
    if name not in running.modelNamesAndIds():
        templates = [{"Name": one.name, "Front": one.front, "Back": one.back} for one in ours.templates]
        running.createModel(name, [one.name for one in ours.fields], ours.css, ours.cloze, templates)
    note = Notes(BASE_URL).of(card)
    fields = dict(zip((one.name for one in ours.fields), note.fields, strict=True))
    running.addNote(
        {"deckName": "Martingale", "modelName": name, "fields": fields, "tags": note.tags.split()}
    )


def home(store: Store, path: Path) -> Home:
    with path.open("rb") as package:
        return bring_home(
            store,
            store.learner("me"),
            package,
            DECK,
            rules=ANKI_DAYS,
            tuning=Tuning(),
            now=datetime.now(UTC),
        )


def moments(store: Store) -> list[int]:
    return sorted(to_ms(review.at) for review in store.reviews(store.learner("me")))


def test_a_push_brings_the_notes_that_a_package_brings(anki: Reviewer, running: RealAnki) -> None:
    assert pushed(running) == "3 notes added, 0 updated, 0 were left as they are."
    assert sorted(anki.anki.db.list("SELECT guid FROM notes")) == sorted(
        f"martingale:{name}" for name in DECK
    )
    assert anki.deck_of(RECALL.id) == "Martingale::Beliefs::How many updates?"
    assert anki.next_new_cards()[:2] == [RECALL.id, CLOZE.id]
    media = [path.name for path in Path(anki.anki.media.dir()).iterdir()]
    assert media == list(get("predict").media(WALK))
    assert pushed(running) == "0 notes added, 0 updated, 3 were left as they are."
    assert anki.healthy()


def test_after_a_push_a_package_adds_nothing_and_after_a_package_a_push_adds_nothing(
    anki: Reviewer, running: RealAnki
) -> None:
    pushed(running, BOOK[:2])
    assert anki.receives(BOOK) == Outcome(new=1, unchanged=2)
    assert pushed(running) == "0 notes added, 0 updated, 3 were left as they are."
    assert anki.receives(BOOK) == Outcome(unchanged=3)
    assert anki.anki.note_count() == len(BOOK)


def test_a_push_updates_what_the_book_has_changed_and_keeps_what_the_learner_wrote(
    anki: Reviewer, running: RealAnki
) -> None:
    pushed(running)
    own = anki.note(CLOZE.id)
    own["Extra"] = "In my own words."
    own.tags.append("mine")
    anki.anki.update_note(own)
    better = replace(RECALL, fields={**RECALL.fields, "back": "<p>Better.</p>"})
    modified = {card.id: MONDAY for card in BOOK} | {RECALL.id: LATER}
    found = plan(Anki(running.address), [better, *BOOK[1:]], modified=modified, base_url=BASE_URL)
    assert anki.note(RECALL.id)["Back"] == "<p>Answer.</p>"  # a plan is a dry run
    push(Anki(running.address), found, now=TUESDAY)
    assert (len(found.changed), found.edited, found.unchanged) == (1, 1, 1)
    assert anki.note(RECALL.id)["Back"] == "<p>Better.</p>"
    assert anki.note(CLOZE.id)["Extra"] == "In my own words."
    assert anki.note(CLOZE.id).has_tag("mine")


def test_a_field_that_the_learner_added_to_a_note_type_stays_with_its_notes(
    anki: Reviewer, running: RealAnki
) -> None:
    pushed(running, [RECALL])
    running.modelFieldAdd("Martingale recall", "My notes")
    own = anki.note(RECALL.id)
    own["My notes"] = "mine"
    anki.anki.update_note(own)
    other = replace(RECALL, id="another", order=5)
    assert pushed(running, [RECALL, other]).startswith("1 note added, 0 updated")
    assert anki.note(RECALL.id)["My notes"] == "mine"
    assert anki.note("another")["My notes"] == ""


def test_a_note_that_the_learner_gave_another_note_type_is_not_added_again(
    anki: Reviewer, running: RealAnki
) -> None:
    pushed(running)
    note, basic = anki.note(RECALL.id), anki.anki.models.by_name("Basic")
    assert basic is not None
    anki.anki.models.change(note.note_type(), [note.id], basic, {0: 0, 1: 1}, {0: 0})
    found = find(running)
    push(Anki(running.address), found, now=TUESDAY)
    assert (found.new, found.elsewhere, anki.anki.note_count()) == ([], 1, len(BOOK))
    assert anki.note(RECALL.id).keys() == ["Front", "Back"]


@pytest.mark.parametrize("name", [MODERN, LEGACY, COLLECTION, OLD_COLLECTION])
def test_reviews_of_what_was_pushed_come_home(
    anki: Reviewer, running: RealAnki, store: Store, name: str
) -> None:
    pushed(running)
    anki.has_reviewed(RECALL.id, [(9, GOOD), (6, GOOD)])
    assert anki.reviews([GOOD, AGAIN, GOOD]) == 3
    brought = home(store, anki.exports(name))
    assert (brought.found.notes, brought.found.foreign) == (3, 0)
    assert moments(store) == sorted(at for at, _ in anki.log())


@pytest.mark.parametrize("name", [MODERN, LEGACY, COLLECTION])
@pytest.mark.parametrize("note_type", ["Martingale recall", "Martingale recall+", "History"])
def test_reviews_of_notes_with_guids_of_ankis_come_home_by_their_note_type(
    anki: Reviewer, running: RealAnki, store: Store, name: str, note_type: str
) -> None:
    added(running, RECALL, name=note_type)
    assert anki.anki.db.scalar("SELECT guid FROM notes") != f"martingale:{RECALL.id}"
    assert anki.reviews([GOOD]) == 1
    brought = home(store, anki.exports(name))
    assert (brought.found.notes, brought.found.foreign) == (1, 0)
    assert moments(store) == [at for at, _ in anki.log()]
    assert find(running, [RECALL]).unchanged == 1  # nor does a push add a second one


def test_a_package_note_and_one_with_a_guid_of_ankis_are_one_card(
    anki: Reviewer, running: RealAnki, store: Store
) -> None:
    anki.receives(BOOK)
    added(running, RECALL)
    assert anki.reviews([GOOD] * 4) == 4
    brought = home(store, anki.exports(MODERN))
    assert (brought.found.notes, brought.found.foreign, brought.merged.cards) == (4, 0, 3)
    assert moments(store) == sorted(at for at, _ in anki.log())
    assert find(running).doubled == 1


def test_a_strangers_note_that_names_a_card_of_ours_is_a_strangers(
    anki: Reviewer, running: RealAnki, store: Store
) -> None:
    front = [{"Name": "One", "Front": "{{CardId}}", "Back": "{{Price}}"}]
    running.createModel("Trading cards", ["CardId", "Price"], "", isCloze=False, cardTemplates=front)
    fields = {"CardId": RECALL.id, "Price": "3"}
    running.addNote({"deckName": "Martingale", "modelName": "Trading cards", "fields": fields})
    assert anki.reviews([GOOD]) == 1
    brought = home(store, anki.exports(MODERN))
    assert (brought.found.notes, brought.found.foreign, brought.merged.added) == (0, 1, 0)
    assert pushed(running) == "3 notes added, 0 updated, 0 were left as they are."
