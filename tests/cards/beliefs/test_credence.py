"""Reading credences as people write them: every way on the list, and one sentence for what is none."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.beliefs.credence import CredenceError, percent, read_credence


@pytest.mark.parametrize(
    ("text", "probability"),
    [
        ("50", 0.5),
        ("50%", 0.5),
        (" 50 % ", 0.5),
        ("50\N{NARROW NO-BREAK SPACE}%", 0.5),
        ("50\N{NO-BREAK SPACE}%", 0.5),
        ("\N{FULLWIDTH DIGIT FIVE}\N{FULLWIDTH DIGIT ZERO}\N{FULLWIDTH PERCENT SIGN}", 0.5),
        ("+50", 0.5),
        (".5%", 0.005),
        ("0.5%", 0.005),
        ("0,5 %", 0.005),
        ("12,5", 0.125),
        ("33.", 0.33),
        ("0", 0.0),
        ("-0", 0.0),
        ("1", 0.01),
        ("100", 1.0),
        ("100.0%", 1.0),
        ("1/3", 1 / 3),
        (" 2 / 3 ", 2 / 3),
        ("0/5", 0.0),
        ("½", 0.5),
        ("no idea", None),
        ("No  Idea", None),
        ("don’t know", None),
        ("?", None),
    ],
)
def test_every_way_to_write_one(text: str, probability: float | None) -> None:
    assert read_credence(text) == (None if probability is None else pytest.approx(probability, abs=1e-15))
    assert math.copysign(1, read_credence(text) or 0) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no credence; write a number from 0 to 100, or “no idea”."),
        (" \t", "There is no credence; write a number from 0 to 100, or “no idea”."),
        ("101", "“101” lies outside 0 to 100%; write a number from 0 to 100."),
        ("100.01%", "“100.01%” lies outside 0 to 100%; write a number from 0 to 100."),
        ("-5 %", "“-5 %” lies outside 0 to 100%; write a number from 0 to 100."),
        ("\N{MINUS SIGN}5", "“\N{MINUS SIGN}5” lies outside 0 to 100%; write a number from 0 to 100."),
        ("1" * 400, f"“{'1' * 40}…” is not understood; write 50, 50% or 1/3, or “no idea”."),
        ("0.5", "“0.5” may mean 0.5% or 50%; write the one you mean, with its sign."),
        (",25", "“,25” may mean 0.25% or 25%; write the one you mean, with its sign."),
        ("1,0,5", "“1,0,5” has more than one decimal mark; write one, as in 12.5 or 12,5."),
        ("1.000,5", "“1.000,5” has more than one decimal mark; write one, as in 12.5 or 12,5."),
        ("1/" + "3" * 5000, f"“1/{'3' * 38}…” is not understood; write 50, 50% or 1/3, or “no idea”."),
        ("1/0", "“1/0” divides by zero; write a fraction such as 1/3."),
        ("4/3", "“4/3” is more than 100%; write a fraction of 1 at most."),
        ("likely", "“likely” is not understood; write 50, 50% or 1/3, or “no idea”."),
        ("nan", "“nan” is not understood; write 50, 50% or 1/3, or “no idea”."),
        ("1e1", "“1e1” is not understood; write 50, 50% or 1/3, or “no idea”."),
        ("%", "“%” is not understood; write 50, 50% or 1/3, or “no idea”."),
        (".", "“.” is not understood; write 50, 50% or 1/3, or “no idea”."),
        ("5 0", "“5 0” is not understood; write 50, 50% or 1/3, or “no idea”."),
        ("-1/3", "“-1/3” is not understood; write 50, 50% or 1/3, or “no idea”."),
    ],
)
def test_what_is_none_gets_one_sentence(text: str, said: str) -> None:
    with pytest.raises(CredenceError, match=f"^{re.escape(said)}$"):
        read_credence(text)


@given(st.text())
def test_any_text_is_a_credence_or_gets_a_sentence(text: str) -> None:
    try:
        probability = read_credence(text)
    except CredenceError as error:
        said = str(error)
    else:
        said = percent(probability) + "."
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.5, "50%"),
        (1 / 3, "33.3%"),
        (0, "0%"),
        (1, "100%"),
        (0.005, "0.5%"),
        (0.001, "0.1%"),
        (0.0025, "0.25%"),
        (0.0004, "0.04%"),
        (0.9996, "99.96%"),
        (0.99999, "99.999%"),
        (1e-7, "under 0.0001%"),
        (1 - 1e-9, "over 99.9999%"),
        (None, "no idea"),
    ],
)
def test_percent(probability: float | None, said: str) -> None:
    assert percent(probability) == said


@given(st.floats(1.001e-6, 1 - 1.001e-6))
def test_what_is_shown_is_read_as_nearly_the_same_and_never_as_certain(probability: float) -> None:
    read = read_credence(percent(probability))
    assert read is not None
    assert 0 < read < 1
    assert abs(read - probability) <= min(0.0005001, 0.51 * min(probability, 1 - probability))


@given(st.integers(0, 1000))
def test_tenths_of_a_percent_survive_the_round_trip(thousandths: int) -> None:
    assert read_credence(percent(thousandths / 1000)) == pytest.approx(thousandths / 1000, abs=1e-15)


@pytest.mark.parametrize("probability", [-0.1, 1.1, math.nan])
def test_only_probabilities_have_a_percentage(probability: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        percent(probability)
