"""Talking to AnkiConnect: whatever answers, or does not, is told in a sentence."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from cards.anki.connect import Anki, ConnectError, NotRunningError
from tests.cards.fake_anki_connect import FakeAnki, fake_anki

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake() -> Iterator[FakeAnki]:
    with fake_anki() as running:
        yield running


def test_an_anki_that_is_not_running_is_one_sentence_with_the_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(
        NotRunningError, match=r"Anki is not running at http://127.*Start Anki with the add-on"
    ):
        Anki(address).ask("version")


@pytest.mark.parametrize(
    "answer",
    [b"<html>hello</html>", b"[1]", b'{"result": 1}', b"", b"\xff\xfe", b"7"],
)
def test_what_is_no_answer_of_ankiconnect_is_said_to_be_none(fake: FakeAnki, answer: bytes) -> None:
    fake.answers = lambda: answer
    with pytest.raises(ConnectError, match="is not AnkiConnect"):
        Anki(fake.address).ask("version")


def test_an_error_of_ankis_is_passed_on(fake: FakeAnki) -> None:
    with pytest.raises(ConnectError, match=r"Anki refused \(modelStyling\): 'nowhere'"):
        Anki(fake.address).ask("modelStyling", modelName="nowhere")


def test_silence_is_borne_only_for_a_while(fake: FakeAnki) -> None:
    release = threading.Event()
    fake.answers = lambda: (release.wait(10), b"")[1]
    try:
        with pytest.raises(ConnectError, match=r"has not answered for 0\.1 seconds \(version\)"):
            Anki(fake.address, seconds=0.1).ask("version")
    finally:
        release.set()


def test_an_endless_answer_is_not_read_to_its_end(fake: FakeAnki) -> None:
    fake.answers = lambda: b" " * 10_000
    with pytest.raises(ConnectError, match="larger than 1,000 bytes"):
        Anki(fake.address, largest=1000).ask("version")
