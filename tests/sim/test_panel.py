"""A panel hands the browser what it needs to open at once, and takes back one honest guess."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.guess import Guess
from sim.pages import panel as module
from sim.palette import TOKENS
from sim.results import Results
from sim.spec import SettingError, get, parse_settings
from sim.worker import Job, Message

PAGE = Path(__file__).parent / "panel_page.py"
TOY = get("belief_walk")


def data(**query: str) -> dict[str, Any]:
    """What the component is given, on a page opened with this query."""
    app = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in query.items():
        app.query_params[name.replace("__", "-1.")] = value
    app.run()
    assert not app.exception
    found: dict[str, Any] = json.loads(app.get("bidi_component")[0].proto.json)
    return found


def test_a_panel_brings_its_first_picture_and_its_controls() -> None:
    given = data()
    picture = json.loads(given["preview"])
    assert picture["facts"]["expected_updates"] == pytest.approx(0.2 * 0.8 / 0.01**2)
    assert picture["settings"] == given["settings"]
    assert [control["name"] for control in given["controls"]] == ["step", "start"]
    step = given["controls"][0]
    assert (step["low"], step["high"], step["value"], step["scale"]) == (0.001, 0.25, 0.01, "log")
    assert given["predict"] == {
        "fact": "expected_updates",
        "question": TOY.module.FACTS["expected_updates"].title,
        "unit": "updates",
    }
    assert given["guess"] is None
    assert given["notice"] == ""
    assert given["palette"] == TOKENS


def test_a_guess_of_an_earlier_visit_is_about_the_settings_of_the_author() -> None:
    given = data(guessed="1")
    assert given["guess"] == {"guess": 200.0, "settings": given["settings"]}


def test_a_link_sets_what_the_reader_may_move() -> None:
    given = data(belief_walk__start="0.5", belief_walk__seed="7")
    assert {control["name"]: control["value"] for control in given["controls"]} == {
        "start": 0.5,
        "step": 0.01,
    }
    assert given["seed"] == 7
    assert json.loads(given["preview"])["seed"] == 7
    assert given["settings"]["start"] == 0.2  # where Reset leads


@pytest.mark.parametrize(
    ("name", "value", "because"),
    [
        ("belief_walk__start", "7", "start is 7, above the greatest allowed, 0.99."),
        ("belief_walk__start", "half", "start is 'half', which is not a number."),
        ("belief_walk__seed", "-1", "The seed is '-1', which is not a whole number"),
        ("belief_walk__walkers", "500", "belief_walk has no 'walkers' to set here, only step, start."),
    ],
)
def test_a_link_that_cannot_be_followed_is_one_sentence_and_the_authors_settings(
    name: str, value: str, because: str
) -> None:
    given = data(**{name: value})
    assert because in given["notice"]
    assert {control["name"]: control["value"] for control in given["controls"]} == {
        "start": 0.2,
        "step": 0.01,
    }
    assert given["seed"] == 0


def test_a_panel_opens_with_the_end_of_an_earlier_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = parse_settings(TOY, {"start": 0.2, "step": 0.01})
    results = Results(tmp_path)
    done = Message(b'{"state":"done","readout":"It is over."}', final=True, device="cpu")
    results.keep(Job(TOY.name, shown.model_dump(), seed=7), results.version(TOY.name), done)
    monkeypatch.setattr(module.RUNS, "results", results)
    assert json.loads(data(belief_walk__seed="7")["preview"]) == {**json.loads(done.json), "kept": True}
    assert json.loads(data()["preview"])["state"] == "preview"  # another seed
    assert json.loads(data(belief_walk__seed="7", belief_walk__step="0.02")["preview"])["state"] == "preview"


def test_the_settings_of_another_panel_on_the_page_are_none_of_ours() -> None:
    assert data(toy_superposition__features="7")["notice"] == ""


TOLD = {
    "toy": "belief_walk",
    "fact": "expected_updates",
    "settings": {"start": 0.5, "step": 0.01},
    "seed": 7,
    "guess": 200,
    "skipped": False,
    "client_id": "ab12",
    "at": 1_795_000_000_000,
}


def test_a_guess_is_kept_with_the_answer_that_was_true_for_its_settings() -> None:
    taken = module.read_guess(TOY, TOLD)
    assert isinstance(taken, Guess)
    assert taken.truth == 2500
    assert (taken.guess, taken.skipped, taken.seed, taken.client_id) == (200.0, False, 7, "ab12")
    assert taken.settings == TOY.module.Config(start=0.5, step=0.01).model_dump()


def test_to_be_shown_is_an_answer_too() -> None:
    taken = module.read_guess(TOY, {**TOLD, "guess": None})
    assert taken is not None
    assert (taken.guess, taken.skipped) == (None, True)


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {},
        {**TOLD, "guess": "many"},
        {**TOLD, "guess": float("inf")},
        {**TOLD, "fact": "expected_sorrow"},
        {**TOLD, "settings": {"start": 7}},
        {**TOLD, "settings": 3},
        {**TOLD, "seed": -1},
        {**TOLD, "at": "yesterday"},
    ],
)
def test_what_no_page_of_ours_sends_is_no_guess(told: object) -> None:
    assert module.read_guess(TOY, told) is None


def test_an_authors_mistake_is_an_error_for_the_author() -> None:
    with pytest.raises(SettingError, match="start is 7"):
        module.panel("belief_walk", block_id="b", settings={"start": 7})
