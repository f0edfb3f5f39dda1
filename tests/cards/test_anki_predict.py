"""A card that asks for a guess, in Anki: one fixed instance, its picture, and a way to its run."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cards.anki.package import make_package
from cards.kinds.predict import KIND
from tests.cards.anki_learner import BASE_URL, MONDAY, RECALL, TUESDAY, Learner, Outcome, learner
from tests.cards.predicting import WALK

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER = replace(WALK, id="another")
NAME = re.compile(r'src="([^"]+)"')


@pytest.fixture
def someone(tmp_path: Path) -> Iterator[Learner]:
    with learner(tmp_path) as opened:
        yield opened


def test_the_package_carries_each_picture_once_under_its_own_name() -> None:
    cards = [RECALL, WALK, OTHER]
    made = make_package(cards, modified={card.id: MONDAY for card in cards}, base_url=BASE_URL, now=TUESDAY)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        names = json.loads(archive.read("media"))
        pictures = {name: archive.read(number) for number, name in names.items()}
    assert pictures == KIND.media(WALK) | KIND.media(OTHER)
    assert len(pictures) == 2


def test_anki_takes_the_note_with_its_picture_and_the_link_to_its_run(someone: Learner) -> None:
    assert someone.receives([WALK, RECALL]) == Outcome(new=2)
    note = someone.note(WALK.id)
    asked = KIND.instance(WALK)
    assert asked.quiz is not None
    assert (note["Question"], note["Answer"]) == (asked.front, asked.back)
    assert f'href="{BASE_URL}{asked.quiz.run}"' in unescape(note["Settings"])
    ((name, data),) = KIND.media(WALK).items()
    assert NAME.findall(note["Picture"]) == [name]
    assert (Path(someone.anki.media.dir()) / name).read_bytes() == data
    assert someone.healthy()
    (shown,) = note.cards()
    assert f'src="{name}"' in shown.answer()
    assert "{start}" not in shown.question() + shown.answer()


def test_another_tolerance_or_range_changes_the_same_note(someone: Learner) -> None:
    someone.receives([WALK])
    narrower = replace(WALK, options={**WALK.options, "vary": "start in 40%..60%, step in 1%..5%"})
    assert someone.receives([narrower], changed=TUESDAY) == Outcome(updated=1)
    name = NAME.findall(someone.note(WALK.id)["Picture"])[0]
    assert name in KIND.media(narrower)
    assert name not in KIND.media(WALK)
    assert (Path(someone.anki.media.dir()) / name).exists()


def test_without_an_address_the_settings_are_words(tmp_path: Path) -> None:
    made = make_package([WALK], modified={WALK.id: MONDAY}, base_url="", now=TUESDAY)
    path = tmp_path / "deck.apkg"
    path.write_bytes(made.data)
    with learner(tmp_path) as someone:
        someone.imports(path)
        settings = someone.note(WALK.id)["Settings"]
        assert "<a" not in settings
        assert "seed" in settings
        assert NAME.findall(someone.note(WALK.id)["Picture"]) == list(KIND.media(WALK))
