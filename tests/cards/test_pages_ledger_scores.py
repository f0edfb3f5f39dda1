"""The ledger's curve, scores and pictures, guesses at simulations, and the simulation beside a record."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.beliefs.calibration import Forecast, curve
from cards.claims import Credence, Outcome, Resolution
from cards.days import DayRules
from cards.ledger import Listed
from cards.pages import ledger_words as words
from cards.pages.ledger_calibration import calibration, predictions
from cards.pages.ledger_figures import path, places
from cards.pages.ledger_payload import drawn
from cards.pages.ledger_toy import beside, closest
from cards.reckoning import reckon
from cards.store import Prediction
from sim.spec import get, parse_settings
from tests.cards.pages_learner import NOW

RULES = DayRules("Europe/London")
chances = st.integers(0, 100).map(lambda percent: percent / 100)


def test_bins_of_the_curve_stand_where_their_points_do() -> None:
    forecasts = [Forecast(str(number), 0.65, number < 3) for number in range(4)]
    (one,), (place,) = curve(forecasts), places(curve(forecasts))
    assert one.n == 4
    assert place["x"] * 1.06 - 0.03 == pytest.approx(0.65)
    assert 1.1 - place["y"] * 1.13 == pytest.approx(0.75)


def scored(number: int) -> Any:  # noqa: ANN401
    """What is said of so many claims, two thirds of which were given 70% and came true."""
    claims = [
        Listed(
            f"c{one}",
            text="A.",
            is_own=True,
            entries=(Credence(f"{one}", f"c{one}", 0.7 if one % 3 else 0.2, NOW),),
            own=Resolution(f"r{one}", f"c{one}", Outcome.YES if one % 3 else Outcome.NO, NOW + timedelta(1)),
        )
        for one in range(number)
    ]
    return calibration(reckon(claims, RULES), drawn)


def test_scores_are_named_and_their_parts_wait_for_a_hundred_claims() -> None:
    few, many = scored(99), scored(102)
    assert few["murphy"]["rows"] == []
    assert "from 100 claims on, and you have 99" in few["murphy"]["words"]
    (brier, value, reading), (log, bits, _) = many["scores"]
    assert (brier, reading) == ("Brier score", "one-sided: 0 best, 0.25 a coin, 1 worst; 102 claims")
    assert value.startswith("0.073")  # (68 · 0.3² + 34 · 0.2²) / 102
    assert (log, bits[:5]) == ("Log score", f"{(68 * math.log2(1.4) + 34 * math.log2(1.6)) / 102:.3f}")
    terms = {row[0]: float(row[1].replace("−", "-")) for row in many["murphy"]["rows"]}
    total = terms["Reliability"] - terms["Resolution"] + terms["Uncertainty"]
    total += terms["Variance within bins"] - terms["Covariance within bins"]
    assert total == pytest.approx(0.0733, abs=2e-3)
    assert [sum(len(one["claims"]) for one in found["bins"]) for found in (few, many)] == [99, 102]


def guess(number: int, **said: Any) -> Prediction:  # noqa: ANN401
    given = {"guess": None, "truth": 10.0, "at": NOW, "kind": "interval"} | said
    return Prediction(f"p{number}", "belief_walk", "expected_updates", {}, **given)


def test_guesses_tell_how_often_intervals_held_and_by_what_factor_numbers_were_off() -> None:
    found = predictions([
        guess(1, low=5.0, high=15.0, confidence=0.8),
        guess(2, low=11.0, high=15.0, confidence=0.8),  # misses by 1: 4 + 2/0.2 · 1 = 14
        guess(3, kind="number", guess=20.0),
        guess(4, kind="number", guess=None),  # passed
        guess(5, kind="number", guess=-1.0),  # has no ratio
        guess(6, kind="choice", choice="over 5", low=5.0),
    ])  # fmt: skip
    intervals, numbers = found["sentences"]
    assert intervals.startswith(
        "1 of 2 intervals held the answer (50%, 95% band 9% to 91%); you said 80% would."
    )
    assert numbers == "1 number off by a log-ratio of 0.69 on average, typically by a factor of 2."
    ((_, held, score, off),) = found["rows"]
    assert (held, score.split()[0], off) == ("1 of 2", "12", "0.69 (1)")
    assert predictions([])["sentences"] == []
    (gone,) = predictions([replace(guess(7, kind="number", guess=5.0), toy="gone")])["rows"]
    assert gone[0] == "gone: expected_updates"


def record(paths: list[list[float]]) -> Any:  # noqa: ANN401
    claims = [
        Listed(
            f"c{number}",
            text="A.",
            is_own=True,
            entries=tuple(Credence(f"{number}-{at}", "c", credence, NOW) for at, credence in enumerate(one)),
        )
        for number, one in enumerate(paths)
    ]
    return reckon(claims, RULES)


@given(st.integers(5, 95), st.integers(56, 94))
def test_the_accuracy_is_that_of_a_bayesian_whose_first_step_is_as_large_on_average(
    prior: int, accuracy: int
) -> None:
    p, a = prior / 100, accuracy / 100
    up = p * a + (1 - p) * (1 - a)  # the chance that the first signal speaks for the claim
    mean = up * abs(p * a / up - p) + (1 - up) * abs(p * (1 - a) / (1 - up) - p)
    settings = closest(record([[p, p + mean if p < 1 / 2 else p - mean]] * 2))
    assert settings is not None
    assert (settings["prior"], settings["accuracy"]) == pytest.approx((p, a))


def test_the_simulation_is_linked_with_settings_that_it_takes() -> None:
    found = record([[0.5, 0.6, 0.5], [0.5, 0.4, 0.3]])
    settings = closest(found)
    assert settings == {"prior": 0.5, "accuracy": 0.6, "signals": 2, "claims": 5, "noise": 0.0}
    shown = beside(found)
    assert shown is not None
    toy = get("update_frequency")
    config = parse_settings(toy, settings)
    assert f"a ratio of {toy.module.facts(config)['ratio']:.2f}" in shown.sentence
    assert shown.link.startswith("/lab-update-frequency?update_frequency.prior=0.5&")
    assert beside(record([[0.5], [0.5, 0.5]])) is None


@given(st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=4), min_size=1, max_size=4))
def test_whatever_the_record_the_simulation_takes_the_settings(paths: list[list[float]]) -> None:
    settings = closest(record(paths))
    if settings is not None:
        parse_settings(get("update_frequency"), settings)


@given(
    st.lists(st.none() | chances, min_size=1, max_size=5).filter(lambda some: set(some) != {None}),
    st.sampled_from([timedelta(0), timedelta(minutes=5), timedelta(days=3), timedelta(days=300)]),
    st.sampled_from(list(Outcome)),
)
def test_a_path_is_drawn_within_its_axes_and_read_out(
    credences: list[float | None], apart: timedelta, outcome: Outcome
) -> None:
    first = NOW - 5 * apart
    said = tuple(Credence(f"{at}", "a", one, first + at * apart) for at, one in enumerate(credences))
    own = Resolution("r", "a", outcome, NOW)
    claim = Listed("a", text="A.", is_own=True, entries=said, own=own)
    figure = json.loads(drawn(path(claim, now=NOW, rules=RULES)))
    low, high = figure["layout"]["xaxis"]["range"]
    assert all(low <= x <= high for trace in figure["data"] for x in trace["x"])
    words_of_ticks = figure["layout"]["xaxis"]["ticktext"]
    assert len(set(words_of_ticks)) == len(words_of_ticks)
    line = dict.fromkeys(figure["data"][0]["y"])
    assert set(line) == {*credences}
    assert words.path_read_out(claim, 0, RULES)
