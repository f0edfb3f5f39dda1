"""Preferences: bounds, a round trip through JSON, and good will towards what is stored."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.leeches import Leech, becomes_leech, is_offered, level
from cards.preferences import (
    BOUNDS,
    DEFAULTS,
    LeechAction,
    Mix,
    NewOrder,
    Preferences,
    ReviewOrder,
    changed,
    read,
)

numbers = {name: st.integers(least, most) for name, (least, most, _) in BOUNDS.items()}
whatever = st.builds(
    Preferences,
    **numbers,
    review_order=st.sampled_from(ReviewOrder),
    new_order=st.sampled_from(NewOrder),
    mix=st.sampled_from(Mix),
    leech_action=st.sampled_from(LeechAction),
    catch_up=st.booleans(),
    part_new_siblings=st.booleans(),
    part_review_siblings=st.booleans(),
    two_grades=st.booleans(),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = {field.name for field in fields(Preferences)}
names = st.sampled_from(sorted(NAMES))


@given(whatever)
def test_what_is_written_is_read(preferences: Preferences) -> None:
    assert read(json.loads(json.dumps(preferences.to_json()))) == (preferences, ())


@given(st.one_of(json_values, st.dictionaries(names | st.text(max_size=5), json_values, max_size=6)))
def test_whatever_is_stored_something_can_be_used_and_each_fault_is_told(stored: object) -> None:
    found, problems = read(stored)
    assert isinstance(found, Preferences)
    kept = stored if isinstance(stored, dict) else {}
    assert len(problems) >= len(kept.keys() - NAMES)
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in problems)
    assert bool(problems) or found == Preferences(**{**DEFAULTS.__dict__, **kept})


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({"new_a_day": 1001}, "new_a_day 1001 is out of bounds; choose 0 to 1000 cards"),
        ({"new_a_day": "20"}, "new_a_day '20' is not a whole number"),
        ({"new_a_day": True}, "new_a_day True is not a whole number"),
        ({"new_a_day": 20.0}, "new_a_day 20.0 is not a whole number"),
        ({"two_grades": 1}, "two_grades 1 is not true or false"),
        ({"mix": "shaken"}, "mix 'shaken' is none of reviews-first, new-first, mixed"),
        ({"mix": ["mixed"]}, "mix ['mixed'] is none of"),
        ({"colour": "red"}, "'colour' is none that this version knows"),
        ("nonsense", "The stored preferences are 'nonsense'"),
        (["x" * 500], "…"),
        ({"x" * 500: 1}, "… is none that this version knows"),
        ({"mix": "x" * 500}, "… is none of"),
        ({"new_a_day": 10**400}, "… is out of bounds; choose 0 to 1000 cards"),
    ],
)
def test_a_broken_value_falls_back_with_a_sentence(stored: object, said: str) -> None:
    found, (sentence,) = read(stored)
    assert found == DEFAULTS
    assert said in sentence
    assert len(sentence) < 200


def test_one_broken_value_leaves_the_others() -> None:
    found, problems = read({"new_a_day": -1, "reviews_a_day": 50})
    assert found == replace(DEFAULTS, reviews_a_day=50)
    assert len(problems) == 1


@pytest.mark.parametrize("name", BOUNDS)
def test_bounds_hold_at_both_ends(name: str) -> None:
    least, most, _ = BOUNDS[name]
    for value in (least, most):
        assert getattr(changed(DEFAULTS, name, value), name) == value
    for value in (least - 1, most + 1):
        with pytest.raises(ValueError, match=rf"{name} -?\d+ is out of bounds; choose {least} to {most}"):
            replace(DEFAULTS, **{name: value})


def test_the_limits_and_the_leeches_are_those_preferred() -> None:
    wish = Preferences(new_a_day=3, reviews_a_day=4, learn_ahead_minutes=5, leech_threshold=6)
    assert (wish.limits.new_a_day, wish.limits.reviews_a_day) == (3, 4)
    assert wish.limits.learn_ahead == timedelta(minutes=5)
    assert wish.leeches.threshold == 6


# Leeches


def test_a_card_becomes_a_leech_at_the_threshold_and_after_every_half_of_it_as_in_anki() -> None:
    """Anki's own examples: for 8 at 8, 12, 16; for 1 at every lapse; for 3 at 3, 5, 7."""

    def at(threshold: int) -> list[int]:
        return [lapses for lapses in range(1, 18) if becomes_leech(lapses - 1, lapses, threshold)]

    assert at(8) == [8, 12, 16]
    assert at(3) == [3, 5, 7, 9, 11, 13, 15, 17]
    assert at(2) == list(range(2, 18))


@given(st.integers(2, 99), st.integers(0, 500))
def test_the_level_is_how_often_it_has_become_one(threshold: int, lapses: int) -> None:
    became = sum(becomes_leech(before, before + 1, threshold) for before in range(lapses))
    assert level(lapses, threshold) == became


def test_a_leech_that_was_passed_is_offered_again_only_at_the_next_level() -> None:
    assert is_offered(Leech("c", 8), 8)
    assert not is_offered(Leech("c", 11, passed=8), 8)
    assert is_offered(Leech("c", 12, passed=8), 8)
    assert not is_offered(Leech("c", 12, suspended=True), 8)
