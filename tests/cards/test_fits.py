"""Fits of a learner's log: what is fitted, when it is offered, and what is kept of it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from cards import fits
from cards.days import DayRules
from cards.fits import Found
from cards.pages import tuning_figures, tuning_words
from cards.schedule import DEFAULT_PARAMETERS, PARAMETER_BOUNDS
from cards.shifts import Foreseen, foreseen
from cards.store import Store
from cards.store.records import Recalled
from cards.tuning import Tuning
from sim.fitting.calibration import Bin
from sim.fitting.fisher import chances
from sim.fitting.judging import ENOUGH, Judged
from tests.cards.long_history import live

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
JUDGED = Judged(
    fitted=800,
    held_out=200,
    cards=90,
    fitted_before=0.41,
    fitted_after=0.38,
    before=0.4,
    after=0.37,
    error=0.01,
    calibration_before=(Bin(0.9, 80, 100), Bin(0.95, 97, 100)),
    calibration_after=(Bin(0.82, 80, 100), Bin(0.96, 97, 100)),
)


def made(**changed: object) -> Found:
    """What is read of a fit that was kept, after its way through JSON."""
    fit = {"weights": DEFAULT_PARAMETERS, **asdict(replace(JUDGED, **changed))}
    found = fits.found(json.loads(json.dumps(fits.kept("run-1", fit))))
    assert found is not None
    return found


def test_what_was_kept_is_read_again() -> None:
    found = made()
    assert (found.run, found.weights, found.counted) == ("run-1", DEFAULT_PARAMETERS, 1000)
    assert found.gain == pytest.approx(JUDGED.gain)
    assert (found.better, JUDGED.better) == (True, True)
    assert found.calibration_after == JUDGED.calibration_after


@pytest.mark.parametrize("value", [None, 7, {}, {"run": "x"}, {"calibration_before": 1}])
def test_what_is_no_fit_is_none(value: object) -> None:
    assert fits.found(value) is None


def test_a_fit_is_offered_once_there_is_enough_and_again_after_half_as_much_more() -> None:
    assert not fits.is_offered(ENOUGH - 1, None)
    assert fits.is_offered(ENOUGH, None)
    assert not fits.is_offered(1499, made())
    assert fits.is_offered(1500, made())
    assert fits.too_few(1) == f"1 review counts so far, and a fit needs {ENOUGH}."
    assert fits.too_few(ENOUGH) == ""


def test_the_log_is_handed_over_in_numbers() -> None:
    recalled = Recalled(("b", "a", "b"), (3, 1, 4), (10, 10, 12), (None, None, 2.0), (0.15, 0.15, 0.15))
    answers = fits.answers(recalled)
    assert answers.card.tolist() == [0, 1, 0]
    assert answers.rating.tolist() == [3, 1, 4]
    assert answers.elapsed.tolist() == [0, 0, 2]
    fit = fits.to_fit(answers, Tuning())
    assert fit.in_use == fit.prior.weights == DEFAULT_PARAMETERS
    assert tuple(zip(fit.prior.low, fit.prior.high, strict=True)) == PARAMETER_BOUNDS


def test_what_dates_foretold_is_what_the_model_says_of_the_log(tmp_path: Path) -> None:
    """Stabilities as they were stored, against the same worked out anew by the model that is fitted."""
    store = Store.open(tmp_path / "martingale.db", now=NOW)
    learner = store.learner("me")
    live(store, learner, [f"card-{number}" for number in range(12)], until=NOW, days=60)
    recalled = store.recalled(learner)
    store.close()
    answers = fits.answers(recalled)
    chance = chances(np.array(DEFAULT_PARAMETERS), answers)[answers.counts]
    bins = fits.foretold(recalled, answers)
    assert sum(one.n for one in bins) == answers.counts.sum() > 50
    assert sum(one.n * one.predicted for one in bins) == pytest.approx(chance.sum())
    assert sum(one.recalled for one in bins) == answers.recalled[answers.counts].sum()
    nothing = Recalled((), (), (), (), ())
    assert fits.foretold(nothing, fits.answers(nothing)) == []


def test_a_verdict_says_how_much_by_how_many_and_what_follows() -> None:
    said = tuning_words.verdict(made())
    assert "better, on 200 later reviews of 90 cards" in said
    assert "0.0300 ± 0.0100 nats" in said
    by_chance = tuning_words.verdict(made(after=0.395))
    assert "no more than by chance: 0.0050 ± 0.0100 nats" in by_chance
    assert "They are not kept" in by_chance
    assert "worse by 0.1000 ± 0.0100 nats" in tuning_words.verdict(made(after=0.5))
    assert "−0.0300" in tuning_words.losses(made())


def test_the_standing_says_how_many_there_are_and_how_many_are_needed() -> None:
    assert tuning_words.standing(0, None).startswith(f"0 reviews count so far, and a fit needs {ENOUGH}.")
    assert "enough to fit the dates to you" in tuning_words.standing(1240, None)
    assert "240 more reviews since the last fit" in tuning_words.standing(1240, made())
    assert "none since the last fit" in tuning_words.standing(1000, made())


def test_calibration_says_which_bands_leave_out_what_was_foretold() -> None:
    assert "2 points of 100 reviews, with 95% bands: 1 of them leaves out" in tuning_words.calibration(
        JUDGED.calibration_before
    )
    assert "each band holds what was foretold" in tuning_words.calibration(JUDGED.calibration_after)


def test_figures_pass_plotly_s_own_checks_and_bands_reach_where_wilson_has_them() -> None:
    drawn = tuning_figures.calibration(
        [("before", JUDGED.calibration_before), ("after", JUDGED.calibration_after)]
    )
    points = drawn.data[2]
    assert points.y[0] + points.error_y.array[0] == pytest.approx(0.8666, abs=1e-4)  # Wilson's, of 80 in 100
    assert points.y[0] - points.error_y.arrayminus[0] == pytest.approx(0.7112, abs=1e-4)
    nothing = foreseen({}, {}, today=1, rules=DayRules())
    assert list(tuning_figures.shifts(nothing).data[0].x) == [0] * 9


def test_what_would_move_is_said_by_sides() -> None:
    def seen(sooner: int, later: int) -> str:
        return tuning_words.foreseen(Foreseen(1200, sooner, later, 30, 1041, (0,) * 9, ()))

    assert seen(0, 0).startswith("No card would move.")
    assert seen(1, 0).startswith("1 card of 1,200 would move, all sooner. ")
    assert seen(300, 700) == (
        "1,000 cards of 1,200 would move, 300 sooner and 700 later. "
        "Due by the end of today: 30 now, 1,041 then."
    )
