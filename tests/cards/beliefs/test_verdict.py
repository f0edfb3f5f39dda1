"""Verdicts: none below fifty claims, seldom a false one above, and never one on drift."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cards.beliefs.movement import measure_all
from cards.beliefs.noise import Noise
from cards.beliefs.together import Together, together
from cards.beliefs.verdict import ENOUGH, Verdict, drift_in_words, in_words, verdict
from sim.movement import FLAGGED
from tests.cards.beliefs.reporters import by_a_date, reports

FAIR = Together(n=50, still=0, updates=1000, up=500, down=500, movement=6.5, reduction=6.1, z=1.2)
FLAGS = {Verdict.TOO_MUCH, Verdict.TOO_LITTLE}


def records(
    number: int, claims: int, random: np.random.Generator, known: Noise | None = None, **manner: float
) -> list[Together]:
    measured = measure_all(reports(number * claims, random, **manner).tolist())
    return [
        together(measured[start : start + claims], random=random, noise=known, resamples=1)
        for start in range(0, number * claims, claims)
    ]


def share(found: list[Together], *verdicts: Verdict) -> float:
    return sum(verdict(one) in verdicts for one in found) / len(found)


def test_there_is_no_verdict_below_fifty_claims_however_far_out_z_is() -> None:
    for n in (0, 1, ENOUGH - 1):
        assert verdict(replace(FAIR, n=n, z=40.0)) is Verdict.TOO_FEW
    assert verdict(replace(FAIR, n=ENOUGH, z=40.0)) is Verdict.TOO_MUCH


def test_false_flags_are_what_the_reason_for_fifty_says() -> None:
    """6 to 7% at fifty, and more than that at five; within four errors of so many records."""
    random = np.random.default_rng(4)
    few = [abs(one.z or 0) > FLAGGED for one in records(1500, 5, random)]
    error = math.sqrt(0.08 * 0.92 / len(few))
    assert 0.08 - 4 * error < sum(few) / len(few) < 0.23 + 4 * error
    many = records(600, 50, random)
    error = math.sqrt(0.06 * 0.94 / len(many))
    assert abs(share(many, *FLAGS) - 0.06) < 4 * error


def test_over_reaction_is_seen_six_times_in_ten() -> None:
    found = records(300, 50, np.random.default_rng(5), reaction=1.5)
    assert share(found, Verdict.TOO_MUCH) == pytest.approx(0.61, abs=4 * math.sqrt(0.61 * 0.39 / 300))
    assert share(found, Verdict.TOO_LITTLE) == 0


def test_noise_that_is_known_is_named_and_not_the_keeper() -> None:
    """A Bayesian with five points of noise is flagged nearly always, and falsely no oftener than others."""
    random, known = np.random.default_rng(6), Noise(0.05, 40)
    found = records(200, 50, random, known, noise=0.05)
    assert share(found, Verdict.NOISE) > 0.8
    assert share(found, *FLAGS) < 0.06 + 4 * math.sqrt(0.06 * 0.94 / 200)
    unknown = [replace(one, noise=Noise(0.05, 5)) for one in found]
    assert share(unknown, Verdict.TOO_MUCH) == share(found, Verdict.NOISE, Verdict.TOO_MUCH)


@pytest.mark.parametrize("prior", [0.05, 0.1, 0.3])
def test_drift_is_never_flagged_as_stubborn(prior: float) -> None:
    random, claims, number = np.random.default_rng(7), 100, 150
    measured = measure_all(by_a_date(number * claims, prior, 20, random).tolist())
    found = [
        together(measured[start : start + claims], random=random, resamples=1)
        for start in range(0, number * claims, claims)
    ]
    assert share(found, Verdict.TOO_LITTLE) == 0
    assert share(found, Verdict.TOO_MUCH) < 0.025 + 4 * math.sqrt(0.025 * 0.975 / number)
    assert all(drift_in_words(one) for one in found)
    if prior == 0.05:  # one time in nine
        assert share(found, Verdict.DRIFT) == pytest.approx(1 / 9, abs=4 * math.sqrt(8 / 81 / number))


def test_news_that_comes_both_ways_is_no_drift() -> None:
    assert max(one.one_way for one in records(200, 50, np.random.default_rng(8))) < 0.62


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (
            replace(FAIR, n=1, z=None),
            (
                "1 claim has moved; a verdict waits for 50, because shorter records of perfectly fair "
                "credences look unfair too often: up to one in four of five claims, one in seven of ten."
            ),
        ),
        (replace(FAIR, n=0, z=None), "No claims have moved; a verdict waits for 50, "),
        (
            FAIR,
            (
                "Over 50 claims, your credences moved 1.07 times as much as their uncertainty fell. "
                "That is within what chance does to a fair record (Z = 1.2)."
            ),
        ),
        (replace(FAIR, z=-0.04), " (Z = 0.0)."),
        (
            replace(FAIR, z=2.5),
            (
                "Chance alone rarely does that (Z = 2.5). Counting news too heavily would, and so would "
                "noise in what you report, which repeat ratings would show."
            ),
        ),
        (
            replace(FAIR, z=2.5, noise=Noise(0.01, 30), z_beyond_noise=2.1),
            "so would noise in what you report, more of it than your repeat ratings show.",
        ),
        (
            replace(FAIR, z=2.5, noise=Noise(0.0213, 30), z_beyond_noise=0.4),
            (
                "Chance alone rarely does that (Z = 2.5), but the noise in your repeat ratings does: "
                "a report of yours errs by about 2.1 points."
            ),
        ),
        (replace(FAIR, z=-3.0), "Chance alone rarely does that (Z = −3.0). Counting news too lightly would."),
        (replace(FAIR, z=math.inf), "(every claim has the same excess)"),
        (
            replace(FAIR, reduction=-0.2, z=4.0),
            "your credences moved by 6.50 in all while their uncertainty did not fall.",
        ),
        (replace(FAIR, up=20, down=980, z=-3.0), "so there is no verdict."),
    ],
)
def test_sentences(record: Together, said: str) -> None:
    assert said in in_words(record)


def test_drift_is_explained_whether_or_not_there_is_a_verdict() -> None:
    falling, rising = replace(FAIR, up=20, down=980, n=12), replace(FAIR, up=900, down=100)
    assert (drift_in_words(falling) or "").startswith("98% of your moves go down. That alone is no fault")
    assert (drift_in_words(rising) or "").startswith("90% of your moves go up.")
    assert drift_in_words(replace(FAIR, up=899, down=101)) is None
    assert drift_in_words(replace(FAIR, n=0, up=0, down=0)) is None
