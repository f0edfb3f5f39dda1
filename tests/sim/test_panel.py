"""A panel hands the browser what it needs to open at once, and takes back one honest guess."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.pages import panel as module
from sim.pages import presets
from sim.pages.engine import RUNS
from sim.palette import TOKENS
from sim.results import Results
from sim.spec import Preset, SettingError, get, names, parse_settings
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
        "kind": "number",
        "confidence": 0.9,
        "choices": [],
    }
    assert given["guess"] is None
    assert given["counterexamples"] is None
    assert given["reply"] is None
    assert given["notice"] == ""
    assert given["palette"] == TOKENS


def test_a_guess_of_an_earlier_visit_is_about_the_settings_of_the_author() -> None:
    given = data(guessed="1")
    assert given["guess"] == {"said": {"value": 200.0}, "settings": given["settings"]}


def test_a_guess_that_answers_another_question_is_asked_anew() -> None:
    assert data(guessed="1", asked="interval")["guess"] is None


def test_choices_are_open_at_both_ends() -> None:
    given = data(asked="choice")["predict"]
    assert given["kind"] == "choice"
    assert given["choices"] == [
        {"words": "under 100", "low": None, "high": 100},
        {"words": "over 100", "low": 100, "high": None},
    ]


def test_the_authors_seed_is_the_one_that_a_page_opens_with_and_a_link_may_have_another() -> None:
    own = data(authors_seed="7")
    assert (own["seed"], own["authorsSeed"], json.loads(own["preview"])["seed"]) == (7, 7, 7)
    linked = data(authors_seed="7", belief_walk__seed="8")
    assert (linked["seed"], linked["authorsSeed"], json.loads(linked["preview"])["seed"]) == (8, 7, 8)
    broken = data(authors_seed="7", belief_walk__seed="x")
    assert (broken["seed"], json.loads(broken["preview"])["seed"]) == (7, 7)


def test_what_is_kept_is_listed_where_anything_can_be_kept() -> None:
    (listed,) = data(breakable="1")["counterexamples"]
    assert (listed["client_id"], listed["note"], listed["seed"]) == ("ab", "Far fewer.", 3)
    assert listed["settings"] == {"start": 0.2, "step": 0.25}


def test_presets_are_offered_where_the_reader_may_move_all_that_they_set() -> None:
    offered = data()["presets"]
    assert [preset["title"] for preset in offered] == [
        preset.title for preset in TOY.module.PRESETS if set(preset.settings) <= {"start", "step"}
    ]
    assert offered[0] == {"title": "Ten points at a time", "settings": {"step": 0.1, "start": 0.2}, "seed": 0}


def titles(name: str, movable: list[str], **settings: float) -> set[str]:
    toy = get(name)
    return {preset["title"] for preset in presets.offered(toy, parse_settings(toy, settings), movable)}


def test_a_preset_is_offered_where_the_author_has_fixed_what_it_sets_to_the_same() -> None:
    title = "From 1%: half are over at once"
    assert title in titles("belief_walk", ["start"], step=0.01)
    assert title not in titles("belief_walk", ["start"], step=0.02)
    assert title not in titles("belief_walk", [], start=0.01, step=0.01)  # it would lead nowhere


def test_a_preset_that_would_move_what_the_author_has_fixed_is_not_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    coarser = Preset("Five points at a time", {"small_step": 0.05})
    monkeypatch.setattr(get("variance_budget").module, "PRESETS", (coarser,))
    assert titles("variance_budget", ["small_step", "start"], start=0.33) == {coarser.title}
    assert titles("variance_budget", ["small_step"], start=0.33) == set()


def test_every_preset_is_offered_where_everything_can_be_moved() -> None:
    for name in names():
        everything = list(get(name).module.Config.model_fields)
        assert titles(name, everything) == {preset.title for preset in get(name).module.PRESETS}


def test_devices_are_those_that_the_workers_have_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RUNS, "devices", ["cuda", "cpu"])
    assert data()["devices"] == ["cuda", "cpu"]


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


def test_an_authors_mistake_is_an_error_for_the_author() -> None:
    with pytest.raises(SettingError, match="start is 7"):
        module.panel("belief_walk", block_id="b", settings={"start": 7})
