"""Draws are the same everywhere, lie in their ranges, are easy to read, and make a question."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.predict import drawing
from cards.predict.drawing import NoQuestionError, answer, draw, probe
from cards.predict.question import Question, question
from cards.predict.ranges import Range, read_ranges
from sim import spec
from tests.cards.predicting import HALF_WAY, OPTIONS, WALK

ASKED = question(OPTIONS)
MOST_DIGITS = 3


def dice(seed: int) -> Random:
    """What chance there is in a draw."""
    return Random(seed)  # noqa: S311 - a draw, not a secret


def digits(value: float) -> int:
    """How many significant digits a number has."""
    return len(Decimal(repr(float(value))).normalize().as_tuple().digits)


@given(
    low=st.integers(-10_000, 9_999),
    length=st.integers(1, 10_000),
    exponent=st.integers(-6, 3),
    seed=st.integers(0, 2**32),
)
def test_a_draw_by_even_steps_lies_in_its_range_on_a_grid_of_round_numbers(
    low: int, length: int, exponent: int, seed: int
) -> None:
    ends = [float(Decimal(end).scaleb(exponent)) for end in (low, low + length)]
    drawn = Range("x", *ends).draw(dice(seed))
    assert Range("x", *ends).holds(drawn)
    step = 10.0 ** math.floor(math.log10((ends[1] - ends[0]) / 20))
    assert math.isclose(drawn / step, round(drawn / step), rel_tol=1e-6, abs_tol=1e-6)
    assert 20 <= (ends[1] - ends[0]) / step * (1 + 1e-9) <= 200 * (1 + 1e-9)


@given(low=st.floats(1e-6, 1e3), factor=st.floats(3, 1e6), seed=st.integers(0, 2**32))
def test_a_draw_by_factors_lies_in_its_range_with_two_digits_or_at_an_end(
    low: float, factor: float, seed: int
) -> None:
    varied = Range("x", low, low * factor, logarithmic=True)
    drawn = varied.draw(dice(seed))
    assert varied.low <= drawn <= varied.high
    assert digits(drawn) <= 2 or drawn in (varied.low, varied.high)


@given(low=st.integers(1, 500), length=st.integers(1, 5000), seed=st.integers(0, 2**32), log=st.booleans())
def test_a_whole_number_stays_whole(low: int, length: int, seed: int, log: bool) -> None:
    drawn = Range("x", low, low + length, whole=True, logarithmic=log).draw(dice(seed))
    assert drawn == int(drawn)
    assert low <= drawn <= low + length


def test_the_middle_of_a_draw_by_factors_is_the_geometric_mean() -> None:
    varied = Range("x", 0.001, 0.1, logarithmic=True)
    chance = dice(1)
    drawn = sorted(varied.draw(chance) for _ in range(2001))
    # Half of 2,001 uniform draws lie below 0.5 ± 0.034, three standard errors; 100 to that power is 17%.
    assert drawn[1000] == pytest.approx(0.01, rel=0.2)


def test_the_sliders_scale_says_how_a_range_is_drawn() -> None:
    toy = spec.get("belief_walk")
    ranges, wrong = read_ranges(toy, "start in 1%..99%, step in 1%..5%, walkers in 1,000..2,000")
    assert wrong == []
    assert [(one.name, one.low, one.high, one.whole, one.logarithmic) for one in ranges] == [
        ("start", 0.01, 0.99, False, False),
        ("step", 0.01, 0.05, False, True),
        ("walkers", 1000.0, 2000.0, True, False),
    ]


def test_the_same_card_learner_and_repetition_draw_the_same_on_every_machine() -> None:
    # Frozen: another draw would give every learner another question in the middle of a sitting.
    drawn = draw(ASKED, WALK.id, 0, 0)
    assert (drawn.settings.start, drawn.settings.step, drawn.seed) == (0.82, 0.015, 8488)  # type: ignore[attr-defined]
    drawn = draw(ASKED, WALK.id, 1, 0)
    assert (drawn.settings.start, drawn.settings.step, drawn.seed) == (0.94, 0.012, 8491)  # type: ignore[attr-defined]


def test_another_card_learner_or_repetition_draws_others() -> None:
    several = [
        draw(ASKED, card, learner, repetition).settings
        for card in ("one", "two")
        for learner in (1, 2)
        for repetition in (-2, -1, 0, 1, 2)
    ]
    assert len(set(several)) == len(several)


@given(learner=st.integers(0, 10**6), repetition=st.integers(-100, 10**4))
def test_every_question_lies_in_the_authors_ranges_and_has_an_answer(learner: int, repetition: int) -> None:
    for card in (WALK, HALF_WAY):
        asked = question(card.options)
        drawn = draw(asked, card.id, learner, repetition)
        assert all(varied.holds(getattr(drawn.settings, varied.name)) for varied in asked.ranges)
        assert drawn.truth == answer(asked, drawn.settings)
        assert math.isfinite(drawn.truth)
        assert all(digits(getattr(drawn.settings, varied.name)) <= MOST_DIGITS for varied in asked.ranges)


class _Made:
    """A simulation whose facts are what a test says, at settings that it may refuse."""

    def __init__(self, facts: Any) -> None:  # noqa: ANN401 - a function of the settings
        walk = spec.get("belief_walk")
        module = ModuleType("made")
        vars(module).update(vars(walk.module), facts=facts)
        self.toy = replace(walk, module=module)  # type: ignore[arg-type]

    def asked(self, monkeypatch: pytest.MonkeyPatch) -> Question:
        drawing._facts.cache_clear()
        monkeypatch.setattr(spec, "get", lambda _: self.toy)
        return replace(ASKED, toy=self.toy)


@pytest.fixture(autouse=True)
def _forget() -> None:
    drawing._facts.cache_clear()


def _raises(config: Any) -> dict[str, float]:  # noqa: ANN401 - whatever the settings are
    if config.start > 0.9:
        raise ValueError("no walk begins there.")
    return {"expected_updates": 5.0}


@pytest.mark.parametrize(
    ("facts", "code", "option", "said"),
    [
        (lambda _: {}, "unknown-fact", "ask", "does not compute it"),
        (_raises, "bad-setting", "vary", "at start 95%, step 1%: no walk begins there."),
        (lambda c: {"expected_updates": math.inf if c.step > 0.04 else 1.0}, "bad-setting", "vary", "is inf"),
        (lambda _: {"expected_updates": math.nan}, "bad-setting", "vary", "is nan"),
        (lambda _: {"expected_updates": 0.0}, "bad-setting", "vary", "at its limit"),
    ],
)
def test_what_cannot_be_asked_is_found_before_anyone_is_asked(
    monkeypatch: pytest.MonkeyPatch,
    facts: Any,  # noqa: ANN401 - a function of the settings
    code: str,
    option: str,
    said: str,
) -> None:
    (finding,) = probe(_Made(facts).asked(monkeypatch))
    assert (finding.code, finding.option) == (code, option)
    assert said in finding.message


def test_settings_that_make_no_question_are_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _Made(lambda c: {"expected_updates": 0.0 if c.start < 0.5 else 7.0}).asked(monkeypatch)
    assert probe(asked) == []
    starts = [draw(asked, "again", 1, repetition).settings.start for repetition in range(50)]  # type: ignore[attr-defined]
    assert min(starts) >= 0.5
    assert len(set(starts)) > 10


def test_drawing_again_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _Made(lambda _: {"expected_updates": 0.0}).asked(monkeypatch)
    with pytest.raises(NoQuestionError, match="No settings of belief_walk"):
        draw(asked, "never", 1, 0)


def test_ranges_that_the_simulation_refuses_together_are_found() -> None:
    options = {
        "sim": "memory_capacity",
        "ask": "capacity",
        "vary": "narrowest in 100..128",
        "widest": "64",
        "tolerance": "10%",
    }
    (finding,) = probe(question(options))
    assert (finding.code, finding.option) == ("bad-setting", "vary")
    assert "0 can be asked" in finding.message
