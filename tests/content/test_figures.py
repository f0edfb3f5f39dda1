"""The route for the book's pictures: those that the library has listed, and nothing else."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from starlette.applications import Starlette

from content.library import Library
from content.pages import figures
from tests.content.books import HEAD, MakeLibrary
from tests.sim.asgi import Answer, call
from tests.sim.playing import play

APP = Starlette(routes=figures.ROUTES)


@pytest.fixture
def library(make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch) -> Library:
    made = make_library({"a.md": HEAD, "secret.svg": "<svg/>", "figures/walk.svg": "<svg/>"})
    made.load()
    monkeypatch.setattr(figures, "library", lambda: made)
    return made


def asked(name: str) -> Answer:
    return play(lambda: call(APP, "GET", f"/figures/{name}"))


@pytest.mark.usefixtures("library")
def test_a_picture_is_sent_as_what_it_is() -> None:
    answer = asked("walk.svg")
    assert (answer.status, answer.body) == (200, b"<svg/>")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("name", ["run.svg", quote("../secret.svg", safe=""), "..", "secret.svg"])
def test_what_was_not_listed_is_not_there(name: str) -> None:
    assert asked(name).status == 404


def test_one_that_was_deleted_meanwhile_is_a_sentence_too(library: Library) -> None:
    path = library.figure("walk.svg")
    assert path is not None
    path.unlink()
    answer = asked("walk.svg")
    assert (answer.status, answer.body) == (404, b"The book has no figure called 'walk.svg'.")
