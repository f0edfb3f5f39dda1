"""Fitting FSRS: the model is py-fsrs's own, and the weights that are found are the likeliest ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import inf, sqrt

import fsrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.fitting.answers import Answers
from sim.fitting.calibration import Bin, binned, wilson
from sim.fitting.fisher import Prior, Reached, chances, log_loss, search
from sim.fitting.judging import judge, split, standard_error
from tests.sim.py_fsrs_optimizer import optimizer
from tests.sim.remembering import DAY_ZERO, DEFAULTS, PRIOR, remembered, someone

NO_PRIOR = replace(PRIOR, spread=(inf,) * 21)
LOW, HIGH = np.array(PRIOR.low), np.array(PRIOR.high)


def learnt(*rows: tuple[int, int, int]) -> Answers:
    """Answers from (card, rating, day)."""
    return Answers(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)))


def loss(weights: np.ndarray, answers: Answers) -> float:
    return float(log_loss(chances(weights, answers), answers.recalled)[answers.counts].mean())


def found(answers: Answers, prior: Prior = PRIOR) -> Reached:
    *_, last = search(answers, answers.counts, prior)
    return last


# Answers


def test_days_are_counted_from_the_answer_before_to_the_same_card() -> None:
    answers = learnt((7, 3, 10), (2, 1, 10), (7, 3, 10), (7, 1, 14), (2, 4, 9), (2, 3, 12))
    assert answers.elapsed.tolist() == [0, 0, 0, 4, 0, 3]  # day 9 after day 10 is a journey westwards
    assert answers.counts.tolist() == [False, False, False, True, False, True]
    assert answers.recalled.tolist() == [True, False, True, False, True, True]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40))
def test_steps_take_every_card_one_answer_further(cards: list[int]) -> None:
    answers = learnt(*((card, 3, 0) for card in cards))
    seen: dict[int, int] = {}
    turns = []
    for card in cards:
        turns.append(seen.get(card, 0))
        seen[card] = turns[-1] + 1
    for turn, step in enumerate(answers.steps):
        assert [turns[place] for place in step] == [turn] * len(step)
        before = answers.steps[max(0, turn - 1)]
        assert answers.card[step].tolist() == answers.card[before][: len(step)].tolist()
    assert sorted(np.concatenate(answers.steps)) == list(range(len(cards)))


def test_what_are_no_answers_is_refused() -> None:
    with pytest.raises(ValueError, match="a rating of 5 is not one of 1 to 4"):
        learnt((1, 5, 0))
    with pytest.raises(ValueError, match="2 cards, 1 ratings and 1 days are not the same answers"):
        Answers(np.array([1, 2]), np.array([3]), np.array([0]))


# The model

turns = st.tuples(st.integers(1, 4), st.one_of(st.just(0), st.integers(0, 400)))
within_bounds = st.tuples(*(st.floats(low, high) for low, high in zip(PRIOR.low, PRIOR.high, strict=True)))


@given(within_bounds, st.lists(st.lists(turns, min_size=1, max_size=8), min_size=1, max_size=4))
def test_chances_are_those_of_py_fsrs_card_by_card(
    weights: tuple[float, ...], histories: list[list[tuple[int, int]]]
) -> None:
    """Whatever the weights, with steps (in which py-fsrs's model is the same) and several answers a day."""
    model = fsrs.Scheduler(weights, enable_fuzzing=False)
    rows, expected = [], []
    for number, history in enumerate(histories):
        card, day = fsrs.Card(card_id=number, due=DAY_ZERO), 0
        for turn, (rating, gap) in enumerate(history):
            day += gap
            now = DAY_ZERO + timedelta(days=day)
            expected.append(model.get_card_retrievability(card, now) if turn else 1.0)
            rows.append((number, rating, day))
            card, _ = model.review_card(card, fsrs.Rating(rating), now)
    assert chances(np.array(weights), learnt(*rows)) == pytest.approx(expected, abs=1e-9)


# The search


@pytest.fixture(scope="module")
def learner() -> np.ndarray:
    return someone(np.random.default_rng(3))


@pytest.fixture(scope="module")
def answers(learner: np.ndarray) -> Answers:
    return remembered(learner, cards=250, each=8, random=np.random.default_rng(1))


@pytest.fixture(scope="module")
def fresh(learner: np.ndarray) -> Answers:
    """What the same learner does with other cards, which no search has seen."""
    return remembered(learner, cards=600, each=8, random=np.random.default_rng(2))


def test_the_search_ends_where_no_small_step_leads_downhill(answers: Answers) -> None:
    """At the end, the penalised loss rises in every direction that the bounds allow."""
    log_normal = np.sqrt(np.log((1 + np.sqrt(1 + 4 * (np.array(PRIOR.spread[:4]) / DEFAULTS[:4]) ** 2)) / 2))

    def penalised(weights: np.ndarray) -> float:
        surprise = log_loss(chances(weights, answers), answers.recalled)[answers.counts].sum()
        stabilities = np.log(weights[:4] / DEFAULTS[:4]) / log_normal
        others = (weights[4:] - DEFAULTS[4:]) / PRIOR.spread[4:]
        return float(surprise + (stabilities**2).sum() + (others**2).sum())

    best = found(answers).weights
    assert np.all((best >= LOW) & (best <= HIGH))
    lowest = penalised(best)
    for number, spread in enumerate([*DEFAULTS[:4], *PRIOR.spread[4:]]):
        for side in (-0.02, 0.02):
            moved = best.copy()
            moved[number] += side * spread
            assert penalised(np.clip(moved, LOW, HIGH)) >= lowest - 1e-3


def test_known_weights_are_found_as_far_as_answers_can_tell(
    learner: np.ndarray, answers: Answers, fresh: Answers
) -> None:
    """From n answers, k weights cost k/2n nats on fresh ones; the defaults cost this learner more."""
    excess = loss(found(answers).weights, fresh) - loss(learner, fresh)
    assert -0.0005 < excess < 21 / (2 * answers.counts.sum())
    assert loss(DEFAULTS, fresh) - loss(learner, fresh) > 3 * excess


def test_progress_rises_to_one_and_the_loss_falls(answers: Answers) -> None:
    course = list(search(answers, answers.counts, PRIOR))
    shares = [place.progress for place in course]
    assert shares == sorted(shares)
    assert [share == 1 for share in shares] == [False] * (len(shares) - 1) + [True]
    assert course[-1].loss == pytest.approx(loss(course[-1].weights, answers), abs=1e-12)
    assert course[-1].loss < loss(DEFAULTS, answers)


def test_with_few_answers_the_penalty_is_what_makes_a_fit_worth_while() -> None:
    """On fresh answers, without it worse than the defaults, and with it better."""
    random = np.random.default_rng(2)
    weights = someone(random)
    few, fresh = (remembered(weights, cards, 9, random) for cards in (40, 150))
    free, held = found(few, NO_PRIOR).weights, found(few).weights
    assert loss(held, fresh) < loss(DEFAULTS, fresh) < loss(free, fresh)


def test_the_loss_is_py_fsrs_s_and_its_own_optimiser_finds_no_better_weights() -> None:
    """Neither on the answers that were fitted, nor on fresh ones."""
    random = np.random.default_rng(1)
    weights = someone(random)
    few, fresh = (remembered(weights, cards, 8, random) for cards in (90, 400))
    oracle = optimizer(few)
    theirs, ours = np.array(oracle.compute_optimal_parameters()), found(few).weights
    assert not np.allclose(theirs, DEFAULTS)
    for tried in (theirs, ours):
        of_theirs = oracle._compute_batch_loss(parameters=tried.tolist())
        assert loss(tried, few) == pytest.approx(of_theirs, abs=1e-12)
    assert loss(ours, few) < loss(theirs, few)
    assert loss(ours, fresh) < loss(theirs, fresh)


# The judgement


def test_the_last_fifth_of_what_counts_is_held_out(answers: Answers) -> None:
    fitted, held_out = split(answers)
    assert np.array_equal(fitted | held_out, answers.counts)
    assert not (fitted & held_out).any()
    assert fitted.sum() == round(0.8 * answers.counts.sum())
    assert np.flatnonzero(fitted).max() < np.flatnonzero(held_out).min()


def test_a_fit_knows_nothing_of_what_is_held_out(answers: Answers) -> None:
    fitted, held_out = split(answers)
    later = np.arange(len(answers)) >= np.flatnonzero(held_out).min()
    otherwise = replace(answers, rating=np.where(later, 1, answers.rating))
    *_, one = search(answers, fitted, PRIOR)
    *_, other = search(otherwise, fitted, PRIOR)
    assert np.array_equal(one.weights, other.weights)


def test_better_weights_are_told_from_the_same_and_from_worse(learner: np.ndarray, answers: Answers) -> None:
    better = judge(answers, DEFAULTS, learner)
    assert better.better
    assert better.gain > better.error > 0
    worse = judge(answers, learner, DEFAULTS)
    assert not worse.better
    assert (worse.gain, worse.error) == pytest.approx((-better.gain, better.error))
    same = judge(answers, learner, learner)
    assert (same.gain, same.error, same.better) == (0, 0, False)
    assert sum(one.n for one in better.calibration_after) == better.held_out
    assert better.held_out + better.fitted == answers.counts.sum()


def test_the_standard_error_takes_cards_for_the_units() -> None:
    """Each card's answers told alike are as good as one; told apart, as good as many."""
    random = np.random.default_rng(0)
    of_card = random.standard_normal(400)
    card = np.repeat(np.arange(400), 5)
    alike, apart = np.repeat(of_card, 5), random.standard_normal(2000)
    assert standard_error(alike, card) == pytest.approx(of_card.std() / sqrt(400))
    assert standard_error(apart, np.arange(2000)) == pytest.approx(apart.std() / sqrt(2000))


# Calibration


def test_bins_hold_every_answer_once_and_rise() -> None:
    random = np.random.default_rng(0)
    chance = random.uniform(0.5, 1, 999)
    recalled = random.random(999) < chance
    bins = binned(chance, recalled)
    assert sum(one.n for one in bins) == 999
    assert sum(one.recalled for one in bins) == recalled.sum()
    assert [one.predicted for one in bins] == sorted(one.predicted for one in bins)
    assert max(one.n for one in bins) - min(one.n for one in bins) <= 1
    assert binned(chance[:49], recalled[:49])[0].n == 49
    assert binned(chance[:0], recalled[:0]) == []
    assert binned(np.array([0.9]), np.array([True])) == [Bin(0.9, 1, 1)]


@pytest.mark.parametrize(
    ("recalled", "n", "band"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_bands_are_those_of_newcombe(recalled: int, n: int, band: tuple[float, float]) -> None:
    """R. Newcombe (1998), "Two-Sided Confidence Intervals for the Single Proportion", table I, method 3."""
    assert wilson(recalled, n) == pytest.approx(band, abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 4))
def test_an_end_of_a_band_lies_z_standard_deviations_from_the_share(seen: tuple[int, int], z: float) -> None:
    recalled, n = seen
    low, high = wilson(recalled, n, z)
    assert 0 <= low <= recalled / n <= high <= 1
    for end in (low, high):
        assert abs(end - recalled / n) == pytest.approx(z * sqrt(end * (1 - end) / n), abs=1e-7)


@pytest.mark.parametrize(("recalled", "n"), [(0, 0), (3, 2), (-1, 4)])
def test_what_is_no_share_has_no_band(recalled: int, n: int) -> None:
    with pytest.raises(ValueError, match=f"{recalled} of {n} is not a share"):
        wilson(recalled, n)
