"""The package itself: what is frozen, what it refuses, and that it is never half written."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from cards.anki.identity import FIRST_MILLISECOND, LAST_MILLISECOND, each_once, note_guid, past_millisecond
from cards.anki.package import make_package, write_package
from cards.anki.presets import preset_id
from cards.kind import UnknownKindError, get
from cards.schedule import SchedulerSettings
from tests.cards.anki_learner import BASE_URL, CLOZE, MONDAY, RECALL, TUESDAY

if TYPE_CHECKING:
    from pathlib import Path

    from cards.anki.package import Package
    from cards.card import Card


def package(*cards: Card, now: datetime = TUESDAY) -> Package:
    return make_package(
        cards,
        modified={card.id: MONDAY for card in cards},
        base_url=BASE_URL,
        book_title="Martingale",
        now=now,
    )


def collection(made: Package) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(zipfile.ZipFile(io.BytesIO(made.data)).read("collection.anki2"))
    return connection


def test_identities_are_frozen() -> None:
    """A change here gives every learner a second copy of every note. It is never right to edit this test."""
    assert note_guid("updates-from-half") == "martingale:updates-from-half"
    assert past_millisecond("martingale:updates-from-half") == 1_713_542_103_650
    assert {name: (get(name).note_type.id, get(name).note_type.name) for name in ("recall", "cloze")} == {
        "recall": (1_764_500_000_101, "Martingale recall"),
        "cloze": (1_764_500_000_102, "Martingale cloze"),
    }
    assert [(field.id, field.name) for field in get("recall").note_type.fields] == [
        (7_301_001, "Front"),
        (7_301_002, "Back"),
        (7_301_003, "AddReverse"),
        (7_301_004, "Section"),
        (7_301_005, "Link"),
        (7_301_006, "Sources"),
        (7_301_007, "Checked"),
        (7_301_008, "CardId"),
        (7_301_009, "Spare1"),
        (7_301_010, "Spare2"),
    ]
    assert [(field.id, field.name) for field in get("cloze").note_type.fields] == [
        (7_302_001, "Text"),
        (7_302_002, "Extra"),
        (7_302_003, "Section"),
        (7_302_004, "Link"),
        (7_302_005, "Sources"),
        (7_302_006, "Checked"),
        (7_302_007, "CardId"),
        (7_302_008, "Spare1"),
        (7_302_009, "Spare2"),
    ]
    templates = {name: [part.id for part in get(name).note_type.templates] for name in ("recall", "cloze")}
    assert templates == {"recall": [7_301_101, 7_301_102], "cloze": [7_302_101]}


def test_settings_have_one_preset_for_ever_and_others_another() -> None:
    """Anki never overwrites a preset, and takes one whose id it does not know for a new one."""
    assert preset_id(SchedulerSettings()) == 1_528_644_041_519
    others = [SchedulerSettings(desired_retention=0.95), SchedulerSettings(maximum_interval=365)]
    ids = {preset_id(settings) for settings in (SchedulerSettings(), *others)}
    assert len(ids) == 3
    assert all(FIRST_MILLISECOND <= number < LAST_MILLISECOND for number in ids)


def test_numbers_lie_in_the_past_and_are_handed_out_once() -> None:
    assert all(FIRST_MILLISECOND <= past_millisecond(str(n)) < LAST_MILLISECOND for n in range(1000))
    assert datetime.fromtimestamp(FIRST_MILLISECOND / 1000, UTC) == datetime(2015, 1, 1, tzinfo=UTC)
    assert datetime.fromtimestamp(LAST_MILLISECOND / 1000, UTC) == datetime(2025, 1, 1, tzinfo=UTC)
    assert each_once([7, 7, 8, 1]) == [7, 8, 9, 1]


def test_the_same_cards_make_the_same_bytes() -> None:
    assert package(RECALL, CLOZE).data == package(RECALL, CLOZE).data


def test_a_notes_time_is_that_of_its_content_and_a_note_types_that_of_its_revision() -> None:
    with collection(package(RECALL, CLOZE, now=TUESDAY)) as made:
        times = {time for (time,) in made.execute("SELECT mod FROM notes UNION SELECT mod FROM cards")}
        models = json.loads(made.execute("SELECT models FROM col").fetchone()[0]).values()
    assert times == {MONDAY.timestamp()}
    assert {model["mod"] for model in models} == {
        get(name).note_type.revised.timestamp() for name in ("recall", "cloze")
    }


def test_the_collection_names_the_scheduler_whose_buttons_it_means() -> None:
    with collection(package(RECALL)) as made:
        settings = json.loads(made.execute("SELECT conf FROM col").fetchone()[0])
    assert (settings["schedVer"], settings["sched2021"]) == (2, True)


def test_it_counts_notes_and_the_cards_anki_makes_of_them() -> None:
    made = package(RECALL, CLOZE, replace(RECALL, id="both-ways", options={"reverse": "true"}))
    assert (made.notes, made.cards) == (3, 4)
    assert (package().notes, package().cards) == (0, 0)


def test_without_an_address_no_note_has_a_link() -> None:
    made = make_package([RECALL], modified={RECALL.id: MONDAY}, base_url="", now=TUESDAY)
    with collection(made) as opened:
        (fields,) = opened.execute("SELECT flds FROM notes").fetchone()
    assert "http" not in fields


def test_a_card_without_a_time_is_refused_by_name() -> None:
    for times in ({}, {RECALL.id: datetime(2026, 11, 2)}):  # noqa: DTZ001 - a time without a zone is the point
        with pytest.raises(ValueError, match="'updates-from-half' was last changed at"):
            make_package([RECALL], modified=times, base_url="", now=TUESDAY)


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(UnknownKindError, match="'recal'"):
        package(replace(RECALL, kind="recal"))


def test_a_file_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "deck.apkg"
    path.write_bytes(b"the last export")
    with pytest.raises(UnknownKindError):
        write_package(
            path, [replace(RECALL, kind="recal")], modified={RECALL.id: MONDAY}, base_url="", now=TUESDAY
        )
    assert path.read_bytes() == b"the last export"

    written = write_package(path, [RECALL], modified={RECALL.id: MONDAY}, base_url="", now=TUESDAY)
    assert (written.notes, written.cards, written.path) == (1, 1, path)
    assert zipfile.is_zipfile(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "deck.apkg"
    folder.mkdir()
    with pytest.raises(OSError, match=r"deck\.apkg"):
        write_package(folder, [RECALL], modified={RECALL.id: MONDAY}, base_url="", now=TUESDAY)
    assert list(tmp_path.iterdir()) == [folder]
