"""A tuning: what a learner chooses of the scheduler, its bounds, and its way to JSON and back."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.schedule import DEFAULT_PARAMETERS, PARAMETER_BOUNDS, SchedulerSettings
from cards.tuning import Tuning

retentions = st.floats(0.70, 0.99)
steps = st.lists(st.floats(0.1, 1000), max_size=4).map(tuple)
tunings = st.builds(
    Tuning,
    parameters=st.tuples(*(st.floats(low, high) for low, high in PARAMETER_BOUNDS)),
    desired_retention=retentions,
    by_track=st.dictionaries(st.text(min_size=1, max_size=9), retentions, max_size=3),
    learning_steps=steps,
    relearning_steps=steps,
    maximum_interval=st.integers(1, 36500),
    fuzz=st.booleans(),
)


def test_nothing_chosen_is_the_scheduler_s_own_settings() -> None:
    assert Tuning().settings_for("beliefs") == Tuning().settings_for(None) == SchedulerSettings()
    assert Tuning.from_json(None) == Tuning.from_json({}) == Tuning()


def test_a_track_may_have_a_retention_of_its_own_and_nothing_else() -> None:
    tuning = Tuning(desired_retention=0.85, by_track={"beliefs": 0.95})
    assert tuning.settings_for("beliefs").desired_retention == 0.95
    assert tuning.settings_for("heads").desired_retention == 0.85
    assert tuning.settings_for(None).desired_retention == 0.85
    assert tuning.settings_for("beliefs").parameters == DEFAULT_PARAMETERS


@given(tunings)
def test_json_and_back_is_the_same(tuning: Tuning) -> None:
    assert Tuning.from_json(json.loads(json.dumps(tuning.to_json()))) == tuning


def test_what_an_older_version_kept_still_reads() -> None:
    assert Tuning.from_json({"desired_retention": 0.8, "a_setting_of_yore": 1}) == Tuning(
        desired_retention=0.8
    )


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"desired_retention": 0.5}, "desired_retention 0.5 is out of bounds; choose 0.7 to 0.99"),
        ({"desired_retention": math.nan}, "desired_retention nan is out of bounds"),
        ({"by_track": {"beliefs": 1.0}}, r"1.0 is out of bounds.*\(for the track 'beliefs'\)"),
        ({"parameters": DEFAULT_PARAMETERS[:20]}, "the model has 21 weights, not 20"),
        (
            {"parameters": (*DEFAULT_PARAMETERS[:20], 0.9)},
            "weight 20 of 0.9 is out of bounds; choose 0.1 to 0.8",
        ),
        ({"parameters": (math.nan, *DEFAULT_PARAMETERS[1:])}, "weight 0 of nan is out of bounds"),
        ({"maximum_interval": 0}, "maximum_interval 0 is out of bounds; choose 1 to 36500 days"),
        ({"learning_steps": (1.0, 2000.0)}, "learning_steps has a step of 2000.0 minutes"),
        ({"learning_steps": (1.0,) * 100_000}, "learning_steps has 100,000 steps; choose at most 32"),
    ],
)
def test_what_is_out_of_bounds_is_refused_in_one_sentence(chosen: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refused:
        Tuning(**chosen)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "value",
    [
        7,
        [0.9],
        {"desired_retention": "0.9"},
        {"desired_retention": True},
        {"by_track": [0.9]},
        {"by_track": {"beliefs": None}},
        {"parameters": ["0.2"] * 21},
        {"learning_steps": 10},
        {"maximum_interval": 10.5},
        {"fuzz": 1},
        "long" * 1000,
        {"parameters": ["long" * 1000]},
        {"by_track": {"beliefs": "long" * 1000}},
    ],
)
def test_what_is_no_tuning_is_refused_with_the_way_out(value: object) -> None:
    with pytest.raises(ValueError, match=r"reset (it|the tuning) to the defaults") as refused:
        Tuning.from_json(value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "chosen",
    [
        {"desired_retention": 10**400},
        {"maximum_interval": 10**400},
        {"by_track": {"long" * 1000: 2.0}},
        {"parameters": (10**400, *DEFAULT_PARAMETERS[1:])},
        {"learning_steps": (10**400,)},
    ],
)
def test_a_refusal_names_no_more_of_a_value_than_a_sentence_bears(chosen: dict) -> None:
    with pytest.raises(ValueError, match="…") as refused:
        Tuning(**chosen)
    assert len(str(refused.value)) < 200
