"""A question about a simulation: what its options may say, what it fills in, and what it is answered with."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from cards.kinds.predict import KIND
from cards.predict.wording import fill, placeholders
from sim import spec
from sim.guess import Ask
from tests.cards.predicting import HALF_WAY, OPTIONS, WALK, codes


def test_a_card_that_says_what_it_needs_is_fine() -> None:
    assert codes() == []
    assert codes(guess="number") == codes(guess="interval") == codes(guess="interval 90%") == []
    assert codes(tolerance="50") == codes(tolerance="50 updates") == codes(tolerance="0.5%") == []
    assert codes("<p>{start} {step} {walkers}</p>", walkers="500") == []
    assert KIND.check(HALF_WAY.fields, HALF_WAY.options) == []


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"sim": "-"}, ("bad-option", "sim")),
        ({"sim": "belif_walk"}, ("unknown-toy", "sim")),
        ({"ask": "-"}, ("bad-option", "ask")),
        ({"ask": "expected_update"}, ("unknown-fact", "ask")),
        ({"vary": "-"}, ("bad-option", "vary")),
        ({"tolerance": "-"}, ("bad-option", "tolerance")),
        ({"tolerance": ""}, ("bad-option", "tolerance")),
        ({"tolerance": "near"}, ("bad-option", "tolerance")),
        ({"tolerance": "0"}, ("bad-option", "tolerance")),
        ({"tolerance": "150%"}, ("bad-option", "tolerance")),
        ({"tolerance": "5 points"}, ("bad-option", "tolerance")),
        ({"tolerance": "5% points"}, ("bad-option", "tolerance")),
        ({"guess": "choice"}, ("bad-option", "guess")),
        ({"guess": "interval 40%"}, ("bad-option", "40")),
        ({"wlkers": "500"}, ("unknown-option", "wlkers")),
        ({"walkers": "5"}, ("bad-setting", "walkers")),
        ({"start": "50%"}, ("bad-setting", "start")),
        ({"start": "0.5"}, ("bad-setting", "start")),
        ({"vary": "start in 5%..95%, step 1%..5%"}, ("bad-option", "step 1%..5%")),
        ({"vary": "start in 5%..95%, step in 1%..5%,"}, None),
        ({"vary": "start in 5%..95%, step in 1%..50%"}, ("bad-setting", "50%")),
        ({"vary": "start in 0.1%..95%, step in 1%..5%"}, ("bad-setting", "0.1%")),
        ({"vary": "start in 95%..5%, step in 1%..5%"}, ("bad-option", "95%..5%")),
        ({"vary": "start in 5%..5%, step in 1%..5%"}, ("bad-option", "5%..5%")),
        ({"vary": "start in 5%..95%, step in 1%..5%, stp in 1..2"}, ("bad-setting", "stp")),
        ({"vary": "start in 5%..95%, step in 1%..5%, start in 1%..2%"}, ("bad-option", "start")),
        ({"vary": "start in 5%..95%, step in 1%..5%, walkers in 200%..900"}, ("bad-setting", "200%")),
        ({"vary": "start in 5%..95%, step in 1%..5%, walkers in 100.5..1,000"}, ("bad-setting", "100.5")),
        ({"vary": "start in 5%..95%, step in 1%..5%, walkers in 100..1,000"}, ("bad-option", "walkers")),
    ],
)
def test_each_mistake_is_found_at_its_own_word(
    changed: dict[str, str], wrong: tuple[str, str] | None
) -> None:
    found = codes(**changed)
    if wrong is None:
        assert found == []
    else:
        assert wrong in found
        assert len(found) == 1


def test_a_text_has_no_range() -> None:
    options = {"sim": "head_superposition", "ask": "typed_lead", "tolerance": "1", "vary": "sequence in 1..2"}
    (finding,) = KIND.check({"question": "{sequence}"}, options)
    assert (finding.code, finding.span) == ("bad-setting", (0, len("sequence")))


def test_a_placeholder_is_a_setting_that_is_varied_or_fixed() -> None:
    assert codes("<p>{start} {step} {walkers}</p>") == [("bad-setting", "{walkers}")]
    assert codes("<p>{start} {step} {nothing}</p>") == [("bad-setting", "{nothing}")]
    assert codes("<p>{start}</p>") == [("bad-option", "step")]


@pytest.mark.parametrize("text", ["{flips} flips.", "{flips}\ncoin flips"])
def test_a_unit_that_is_said_twice_is_found(text: str) -> None:
    options = {"sim": "brownian_limit", "ask": "walk_distance", "vary": "flips in 4..400"}
    assert codes(f"<p>{text}</p>", **options) == [("bad-setting", "{flips}")]
    assert codes("<p>The sum of {flips} of a coin.</p>", **options) == []
    assert codes("<p>{start}% in steps of {step}</p>") == [("bad-setting", "{start}")]


def test_every_message_is_a_sentence_with_a_remedy() -> None:
    for changed in (
        {"ask": "x"},
        {"vary": "x"},
        {"tolerance": "x"},
        {"guess": "x"},
        {"x": "y"},
        {"sim": "x"},
    ):
        options = {**OPTIONS, **changed}
        for finding in KIND.check({"question": "<p>{start} {step} {x}</p>"}, options):
            assert finding.message.endswith(".")
            assert finding.hint


def test_settings_are_filled_into_text_and_into_nothing_else() -> None:
    maths = r'<span class="math inline">\frac{start}{2}</span>'
    written = f'<p title="{{start}}">{{start}} {maths} <code>{{start}}</code> {{{{start}}}} {{other}}</p>'
    assert placeholders(written) == ["start", "other"]
    assert fill(written, {"start": "<5%"}) == written.replace(">{start}", ">&lt;5%", 1)


def test_an_instance_says_its_settings_as_the_panel_does_and_holds_the_simulations_answer() -> None:
    instance = KIND.instance(WALK, 1, 3)
    quiz = instance.quiz
    assert quiz is not None
    config = spec.parse_settings(spec.get(quiz.toy), quiz.settings)
    assert quiz.truth == spec.get(quiz.toy).module.facts(config)["expected_updates"]
    start, step = 100 * quiz.settings["start"], 100 * quiz.settings["step"]  # type: ignore[operator]
    assert instance.front == f"<p>From {start:g}% in steps of {step:g}%?</p>"
    assert quiz.explanation == f"<p>From {start:g}%, the budget is spent.</p>"
    assert quiz.explanation in instance.back
    assert (quiz.unit, quiz.tolerance, quiz.within) == ("updates", 0.1 * quiz.truth, "10%")
    assert quiz.ask == Ask()


def test_its_run_is_opened_by_an_address_with_all_its_settings_and_its_seed() -> None:
    quiz = KIND.instance(WALK, 1, 3).quiz
    assert quiz is not None
    parts = urlsplit(quiz.run)
    query = {name.removeprefix("belief_walk."): value[0] for name, value in parse_qs(parts.query).items()}
    assert (parts.path, parts.fragment) == ("/lab-belief-walk", "belief_walk")
    assert int(query.pop("seed")) == quiz.seed
    opened = spec.parse_settings(spec.get(quiz.toy), query)
    assert opened.model_dump() == quiz.settings


def test_a_note_is_one_fixed_instance_with_the_picture_of_its_run() -> None:
    values, fixed = KIND.note_fields(WALK), KIND.instance(WALK)
    assert fixed.quiz is not None
    assert (values["Question"], values["Answer"]) == (fixed.front, fixed.back)
    assert f"seed {fixed.quiz.seed}" in values["Settings"]
    ((name, data),) = KIND.media(WALK).items()
    assert f'src="{name}"' in values["Picture"]
    assert data.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    other = replace(WALK, id="another")
    assert KIND.media(other).keys() != KIND.media(WALK).keys()


def test_what_is_frozen_in_anki() -> None:
    frozen = KIND.note_type
    assert (frozen.id, frozen.name) == (1_764_500_000_103, "Martingale predict")
    assert [(field.id, field.name) for field in frozen.fields] == [
        (7_303_001, "Question"),
        (7_303_002, "Answer"),
        (7_303_003, "Settings"),
        (7_303_004, "Picture"),
        (7_303_005, "Section"),
        (7_303_006, "Link"),
        (7_303_007, "Sources"),
        (7_303_008, "Checked"),
        (7_303_009, "CardId"),
        (7_303_010, "Spare1"),
        (7_303_011, "Spare2"),
    ]
    assert [(template.id, template.name) for template in frozen.templates] == [(7_303_101, "Predict")]
