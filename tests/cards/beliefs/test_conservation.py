"""Conservation of expected evidence, for any three numbers, and what impossible evidence implies."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.beliefs.conservation import Conservation

chances = st.floats(0, 1)
inner = st.floats(0.001, 0.999)


@given(chances, chances, chances)
def test_the_expected_posterior_is_the_prior(prior: float, if_true: float, if_false: float) -> None:
    assert Conservation(prior, if_true, if_false).expected == pytest.approx(prior, abs=1e-12)


def test_a_worked_example() -> None:
    """A test that finds nine of ten, wrong one time in ten, of what one in a hundred has."""
    check = Conservation(0.01, 0.9, 0.1)
    assert check.chance == pytest.approx(0.108)
    assert check.if_seen == pytest.approx(1 / 12)
    assert check.if_not_seen == pytest.approx(1 / 892)
    assert check.bits_if_seen == pytest.approx(math.log2(9))
    assert check.bits_if_not_seen == pytest.approx(-math.log2(9))


@given(inner, inner, inner)
def test_bits_are_what_is_added_to_the_log_odds(prior: float, if_true: float, if_false: float) -> None:
    check = Conservation(prior, if_true, if_false)
    for happened, bits in ((True, check.bits_if_seen), (False, check.bits_if_not_seen)):
        after = check.implied(happened=happened)
        assert after is not None
        assert math.log2(after / (1 - after)) == pytest.approx(math.log2(prior / (1 - prior)) + (bits or 0))


@given(inner, inner, inner)
def test_evidence_and_its_absence_speak_for_opposite_sides(
    prior: float, if_true: float, if_false: float
) -> None:
    check = Conservation(prior, if_true, if_false)
    assert check.if_seen is not None
    assert check.if_not_seen is not None
    assert (check.if_seen - prior) * (check.if_not_seen - prior) <= 1e-15


def test_what_was_called_impossible_implies_nothing() -> None:
    never, always = Conservation(0.5, 0, 0), Conservation(0.5, 1, 1)
    assert (never.implied(happened=True), never.implied(happened=False)) == (None, 0.5)
    assert (always.implied(happened=True), always.implied(happened=False)) == (0.5, None)
    assert (never.bits_if_seen, always.bits_if_not_seen) == (None, None)
    assert Conservation(0.5, 0.2, 0).bits_if_seen == math.inf
    assert Conservation(0.5, 0, 0.2).bits_if_seen == -math.inf
    assert Conservation(0, 0.9, 0).implied(happened=True) is None


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((1.2, 0.5, 0.5), r"The prior is 1\.2; it has to lie between 0 and 1"),
        ((0.5, -0.1, 0.5), r"if the claim is true is -0\.1;"),
        ((0.5, 0.5, math.nan), "if the claim is false is nan;"),
    ],
)
def test_what_is_no_probability_is_refused_by_name(numbers: tuple[float, float, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Conservation(*numbers)
