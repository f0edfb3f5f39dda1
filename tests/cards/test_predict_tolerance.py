"""The grade that follows from a guess: its borders, its order, and what two buttons make of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.memory import Rating
from cards.predict.tolerance import Tolerance, follows, read_tolerance
from sim.guess import Interval, Number
from sim.spec import Quantity

SHARE, COUNT = Quantity("a share", "share"), Quantity("updates until certain", "updates")
AGAIN, HARD, GOOD, EASY = Rating.AGAIN, Rating.HARD, Rating.GOOD, Rating.EASY
SIZES = st.floats(1e-3, 1e6)


@pytest.mark.parametrize(
    ("text", "fact", "wanted"),
    [
        ("10%", COUNT, Tolerance(0.1, relative=True)),
        ("12.5 %", COUNT, Tolerance(0.125, relative=True)),
        ("20", COUNT, Tolerance(20)),
        ("1,000 updates", COUNT, Tolerance(1000)),
        ("0.05", SHARE, Tolerance(0.05)),
        ("5 points", SHARE, Tolerance(0.05)),
        ("5%", SHARE, Tolerance(0.05, relative=True)),
    ],
)
def test_a_tolerance_is_a_share_of_the_answer_or_a_distance_in_its_unit(
    text: str, fact: Quantity, wanted: Tolerance
) -> None:
    assert read_tolerance(text, fact) == wanted


def test_a_tolerance_is_said_as_it_is_meant() -> None:
    assert Tolerance(0.1, relative=True).words("updates") == "10%"
    assert Tolerance(20).words("updates") == "20 updates"
    assert Tolerance(0.05).words("share") == "5 percentage points"
    assert Tolerance(0.1, relative=True).at(-50) == 5
    assert Tolerance(20).at(-50) == 20
    assert "no wider than 40% of it" in Tolerance(0.1, relative=True).rule("updates", "interval")


@pytest.mark.parametrize(
    ("guess", "rating"),
    [(1000, EASY), (1025, EASY), (975, EASY), (1026, GOOD), (1100, GOOD), (900, GOOD), (1101, HARD),
     (800, HARD), (1200, HARD), (1201, AGAIN), (799, AGAIN), (0, AGAIN), (-1000, AGAIN)],
)  # fmt: skip
def test_a_number_is_graded_by_its_distance(guess: float, rating: Rating) -> None:
    assert follows(Number(guess), 1000, 100) is rating


@pytest.mark.parametrize(
    ("low", "high", "rating"),
    [(950, 1050, EASY), (1000, 1000, EASY), (949, 1051, GOOD), (800, 1200, GOOD), (1000, 1400, GOOD),
     (799, 1201, HARD), (600, 1400, HARD), (599, 1401, AGAIN), (0, 10_000, AGAIN), (1001, 1100, HARD),
     (1100, 1500, HARD), (1101, 1102, AGAIN), (1100, 1501, AGAIN), (800, 900, HARD), (800, 899, AGAIN)],
)  # fmt: skip
def test_an_interval_is_graded_by_what_it_holds_and_by_its_width(
    low: float, high: float, rating: Rating
) -> None:
    assert follows(Interval(low, high, 0.8), 1000, 100) is rating


def test_to_pass_is_to_have_forgotten() -> None:
    assert follows(None, 1000, 100) is AGAIN
    assert follows(None, 1000, 100, two=True) is AGAIN


@given(truth=SIZES, tolerance=SIZES, nearer=SIZES, further=SIZES)
def test_a_nearer_guess_is_never_graded_worse(
    truth: float, tolerance: float, nearer: float, further: float
) -> None:
    near, far = sorted((nearer, further))
    assert follows(Number(truth + near), truth, tolerance) >= follows(Number(truth - far), truth, tolerance)


@given(truth=SIZES, tolerance=SIZES, guess=SIZES, low=SIZES, length=SIZES)
def test_two_buttons_are_good_for_what_four_call_good_or_easy(
    truth: float, tolerance: float, guess: float, low: float, length: float
) -> None:
    for said in (Number(guess), Interval(low, low + length, 0.8)):
        known = follows(said, truth, tolerance) >= GOOD
        assert follows(said, truth, tolerance, two=True) is (GOOD if known else AGAIN)


@given(truth=SIZES)
def test_a_border_that_a_number_meets_is_within_it(truth: float) -> None:
    tolerance = Tolerance(0.1, relative=True).at(truth)
    assert follows(Number(1.1 * truth), truth, tolerance) is GOOD
    assert follows(Number(0.9 * truth), truth, tolerance) is GOOD
