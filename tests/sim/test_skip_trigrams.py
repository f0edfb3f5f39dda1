"""Heads against tables: every prompt by brute force, limits by changes of sign, and trainings within them."""

from __future__ import annotations

import math
from itertools import pairwise, product

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from sim.run import run_to_end
from sim.spec import Frame, SettingError, get, parse_settings
from sim.toys._count_heads import any_ones_loss, best_heads, best_table, chances, labels, xor_by_hand
from sim.toys._count_training import Heads, logits, random_heads, train
from sim.toys._trigram_heads import copying_pair, prompts, single_head
from sim.toys.skip_trigrams import Config, facts, figure, preview, readout

TOY = get("skip_trigrams")
FAR = 40.0  # a score this much higher takes all attention, as far as floats can tell

Floats = NDArray[np.float64]
scores_and_values = st.integers(1, 4).flatmap(
    lambda heads: arrays(np.float64, (2, heads, 3), elements=st.floats(-6, 6, width=32))
)

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def trained() -> list[Frame]:
    frames: list[Frame] = []
    run_to_end(TOY, Config(), seed=1, device="cpu", watch=frames.append)
    return frames


def said_by(parts: Floats, bits: int) -> Floats:
    """What heads with these scores and values, [2, head, token], say of each number of ones, in doubles."""
    score, value = parts
    ones = np.arange(bits + 1)
    count = np.stack([bits - ones, ones, np.ones_like(ones)])  # [token, k]
    pull = np.exp(score)
    said: Floats = ((pull * value) @ count / (pull @ count)).sum(axis=0)
    return said


def through_torch(parts: Floats, bits: int) -> Floats:
    """The same by the toy's own attention; the last variant has all the heads."""
    heads = Heads(*torch.tensor(parts)[:, None, None].expand(2, parts.shape[1], 1, *parts.shape[1:]))
    said: Floats = logits(heads, bits)[-1, 0].numpy()
    return said


def share_right(said: Floats, bits: int) -> float:
    return float((said * labels(bits) > 0) @ chances(bits))


def loss(said: Floats, bits: int) -> float:
    return float(np.logaddexp(0, -said * labels(bits)) @ chances(bits))


def attend(score: dict[str, float], tokens: list[str], value: dict[str, float]) -> float:
    """One head by the textbook: a softmax, and a weighted mean."""
    pull = [math.exp(score.get(token, 0)) for token in tokens]
    return sum(p * value.get(token, 0) for p, token in zip(pull, tokens, strict=True)) / sum(pull)


@pytest.mark.parametrize("trigrams", [4, 16, 64])
def test_two_heads_make_no_error_and_lead_by_half_the_strength(trigrams: int) -> None:
    for strength in (1.0, 10.0):
        pair = copying_pair(trigrams, strength)
        assert (pair.errors, pair.margin) == (0, pytest.approx(strength / 2))
        least = 1 / (1 + trigrams * math.exp(-strength / 2))  # "none" against all the answers, each at 0
        assert pair.probability == pytest.approx(least)


@pytest.mark.parametrize("trigrams", [4, 16, 64])
def test_one_head_that_attends_to_both_makes_no_error_either(trigrams: int) -> None:
    single = single_head(trigrams, 3.0)
    assert (single.errors, single.margin) == (0, pytest.approx(1.0))


def test_the_two_heads_by_the_textbook_in_every_order_and_for_every_question() -> None:
    questions, strength = ["B0", "B1", "B2", "B3"], 10.0
    for *before, asked in product([*questions, "A", "x"], [*questions, "A", "x"], questions):
        tokens = [*before, asked]
        copying, negative = {asked: FAR}, {asked: FAR, "A": 2 * FAR}
        logit = {
            question: strength * attend(copying, tokens, {question: 1})
            - strength * attend(negative, tokens, {question: 1})
            for question in questions
        }
        wanted = asked if "A" in before else "none"
        logit["none"] = strength / 2
        lead = logit.pop(wanted) - max(logit.values())
        assert lead == pytest.approx(strength / 2)


def test_prompts_are_all_there_are() -> None:
    found = {tuple(sorted(prompt[:2])) for prompt in prompts(5).tolist()}
    assert found == {(a, b) for a, b in product(range(7), repeat=2) if a <= b}
    assert len(prompts(5)) == len(found)


def test_a_head_that_sees_the_key_alone_cannot_tell_questions_apart() -> None:
    value = dict(zip("AxB", np.random.default_rng(0).standard_normal(3), strict=True))
    seen = [attend({"A": FAR}, ["x", "A", f"B{question}"], value) for question in range(4)]
    assert seen == pytest.approx([value["A"]] * 4)


@pytest.mark.parametrize("bits", [2, 3, 4])
def test_the_best_table_is_the_best_single_change_of_sign(bits: int) -> None:
    steps = [np.where(np.arange(bits + 1) >= start, 1.0, -1.0) for start in range(bits + 2)]
    best = max(share_right(side * step, bits) for step in steps for side in (-1, 1))
    assert best_table(bits) == best == best_heads(bits, 1)


def test_xor_is_beyond_any_table_and_any_one_head() -> None:
    exact = facts(Config())
    assert exact["table_accuracy"] == exact["one_head_accuracy"] == 0.75
    assert exact["two_heads_accuracy"] == 1
    assert exact["table_accuracy_at_least_loss"] == 0.5
    assert exact["table_loss"] == pytest.approx(0.6931, abs=1e-4)


@given(st.integers(2, 4), arrays(np.float64, 3, elements=st.floats(-20, 20)))
def test_no_table_is_better_than_the_best_or_has_less_loss_than_none(bits: int, entries: Floats) -> None:
    constant, zero, one = entries
    ones = np.arange(bits + 1)
    said = constant + zero * (bits - ones) + one * ones
    assert share_right(said, bits) <= best_table(bits)
    assert loss(said, bits) >= math.log(2) - 1e-12


def test_at_the_empty_table_the_gradient_vanishes() -> None:
    for bits in (2, 3, 4):
        ones = np.arange(bits + 1)
        pull = -labels(bits) * chances(bits) / 2  # of the loss, at f = 0
        for entry in (np.ones_like(ones), ones, bits - ones):
            assert pull @ entry == pytest.approx(0, abs=1e-15)


def test_a_table_that_counts_once_solves_two_digits_and_not_three() -> None:
    assert [best_table(bits, once=True) for bits in (2, 3)] == [1, 0.625]


@given(scores_and_values, st.integers(2, 4))
def test_heads_change_sign_no_more_often_than_there_are_heads(parts: Floats, bits: int) -> None:
    said = said_by(parts, bits)
    said[np.abs(said) < 1e-9] = 0
    assert share_right(said, bits) <= best_heads(bits, parts.shape[1]) + 1e-12
    signs = np.sign(said[said != 0])
    assert (np.diff(signs) != 0).sum() <= parts.shape[1]


@given(scores_and_values, st.integers(2, 4))
def test_the_toys_attention_is_the_quotient_of_the_docstring(parts: Floats, bits: int) -> None:
    np.testing.assert_allclose(through_torch(parts, bits), said_by(parts, bits), atol=1e-5)


@given(arrays(np.float64, (2, 1, 3), elements=st.floats(-8, 8)), st.integers(2, 4))
def test_one_head_only_rises_or_only_falls(parts: Floats, bits: int) -> None:
    change = np.diff(said_by(parts, bits))
    assert (change >= -1e-9).all() or (change <= 1e-9).all()


@given(arrays(np.float64, (2, 1, 3), elements=st.floats(-15, 15)))
def test_one_head_cannot_beat_asking_whether_there_is_a_one(parts: Floats) -> None:
    assert loss(said_by(parts, 2), 2) >= any_ones_loss(2) - 1e-9


@pytest.mark.parametrize("bits", [2, 3, 4])
def test_asking_whether_there_is_a_one_comes_as_near_as_one_likes(bits: int) -> None:
    odd = 2 ** (bits - 1) / (2**bits - 1)
    head = np.array([[[-FAR, FAR, 0]], [[0, math.log(odd / (1 - odd)), -FAR]]])
    assert loss(through_torch(head, bits), bits) == pytest.approx(any_ones_loss(bits), rel=1e-6)


@pytest.mark.parametrize("bits", [2, 3, 4])
def test_as_many_heads_as_digits_give_every_function_of_the_count(bits: int) -> None:
    """Partial fractions: head h is w / (1 + k ratio), and a constant in its values is a constant."""
    ratio = np.arange(1.0, bits + 1)
    basis = np.column_stack([1 / (1 + np.outer(np.arange(bits + 1), ratio)), np.ones(bits + 1)])
    for wanted in product([-1.0, 1.0], repeat=bits + 1):
        *weight, constant = np.linalg.solve(basis, wanted)
        score = np.column_stack([np.full(bits, -FAR), np.log(ratio), np.zeros(bits)])
        value = np.column_stack([np.zeros((bits, 2)), weight])
        value[0] += constant
        np.testing.assert_allclose(through_torch(np.stack([score, value]), bits), wanted, atol=1e-5)
    assert facts(Config(bits=bits))["heads_needed"] == bits


def test_the_two_heads_drawn_for_xor_are_heads() -> None:
    score = [[-FAR, FAR, 0], [0, 0, -FAR]]  # ones if there are any; both digits alike
    value = [[0, 20, 0], [0, -20, 0]]
    np.testing.assert_allclose(through_torch(np.array([score, value]), 2), [0, 10, 0], atol=1e-9)
    np.testing.assert_allclose(xor_by_hand(10).sum(axis=0), [0, 10, 0])


def test_trained_single_heads_stop_at_three_quarters_and_pairs_do_not(trained: list[Frame]) -> None:
    accuracy, losses = trained[-1].arrays["accuracy"], trained[-1].arrays["loss"]  # [variant, seed, point]
    assert accuracy[0].max() <= 0.75
    assert (losses[0] >= any_ones_loss(2) - 1e-6).all()
    assert (losses[0, :, -1] < 0.55).all()  # less than any table's
    assert accuracy[0, :, -1] == pytest.approx(0.75)
    assert (accuracy[1, :, -1] == 1).sum() >= 8
    assert trained[-1].result["seeds_all_right"] == [0, (accuracy[1, :, -1] == 1).sum()]


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_eight_of_ten_pairs_reach_everything_whatever_the_seed(seed: int) -> None:
    accuracy = run_to_end(TOY, Config(), seed=seed, device="cpu").frame.arrays["accuracy"]
    assert accuracy[0].max() <= 0.75
    assert (accuracy[1, :, -1] == 1).sum() >= 8


def test_three_digits_are_beyond_two_heads_and_found_by_some_of_three() -> None:
    """The book says that half of the trainings with three heads get stuck, at the seed that the page has."""
    result = run_to_end(TOY, Config(bits=3), seed=0, device="cpu").frame.result
    assert all(found <= most for found, most in zip(result["best_accuracy"], (0.75, 0.875, 1), strict=True))
    assert result["seeds_all_right"][:2] == [0, 0]
    assert 4 <= result["seeds_all_right"][2] <= 6


def test_models_of_fewer_heads_start_as_those_of_more() -> None:
    start = random_heads(3, 2, torch.Generator().manual_seed(0))
    assert torch.equal(start.score[0], start.score[2])
    assert not torch.equal(start.score[0, 0], start.score[0, 1])
    one, three = (said[:, 0] for said in (logits(start, 2)[:1], logits(start, 2)[2:]))
    assert not torch.allclose(one, three)


def test_training_of_one_seed_does_not_depend_on_the_others() -> None:
    heads = random_heads(2, 4, torch.Generator().manual_seed(0))
    alone = Heads(*(part[:, 2:3] for part in heads))
    for both, one in zip(train(heads, 2, 20), train(alone, 2, 20), strict=True):
        np.testing.assert_allclose(both.loss[:, 2:3], one.loss, rtol=1e-5)


def test_frames_go_on_where_the_last_one_ended_up_to_the_last_step() -> None:
    frames = list(TOY.module.run(Config(seeds=2, steps=1210), seed=0, device="cpu"))
    assert len(frames) == 4  # at 0, about 500, about 1,000 and the end
    for before, after in pairwise(frames):
        for name, curve in before.arrays.items():
            np.testing.assert_array_equal(after.arrays[name][..., : curve.shape[-1]], curve)
    for frame in frames:
        assert frame.arrays["step"][-1] == frame.result["steps_done"] == round(frame.progress * 1210)
    assert set(np.diff(frames[-1].arrays["step"])[:-1]) == {24}


def test_the_stored_run_is_what_a_run_finds() -> None:
    stored, found = preview(Config(), seed=3), run_to_end(TOY, Config(), seed=0, device="cpu").frame
    assert stored.config == Config()
    assert stored.result["seeds_all_right"] == found.result["seeds_all_right"]
    assert stored.result["mean_loss"] == pytest.approx(found.result["mean_loss"], rel=0.05)
    assert readout(stored) == readout(found)


def test_other_settings_are_shown_untrained_and_say_so() -> None:
    shown = preview(Config(bits=3), seed=0)
    assert shown.progress == 0
    assert readout(shown) == (
        "By hand, two heads hold 16 skip-trigrams with 0 errors, the right logit 5 ahead. Of the parity of 3 "
        "digits the best table gets 75% right, and one head at best 75%; 3 heads can get all. Run it to see "
        "what training finds."
    )


def test_the_readout_counts_the_seeds(trained: list[Frame]) -> None:
    count = trained[-1].result["seeds_all_right"][1]
    assert f"2 heads at most 100%, all right in {count} of 10 seeds" in readout(trained[-1])
    assert "1 head at most 75%, never all right" in readout(trained[-1])


def test_what_remains_is_drawn_at_the_sums() -> None:
    dots = next(
        trace for trace in figure(preview(Config(strength=4), seed=0)).data if trace.mode == "markers"
    )
    np.testing.assert_allclose(dots.y, [0, 4, 0, 4, 4, 0])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"bits": 5}, "bits is 5, above the greatest allowed, 4"),
        ({"trigrams": 1}, "trigrams is 1, below the least allowed, 2"),
        ({"trigrams": "2.5"}, "trigrams is '2.5', which is not a whole number"),
        ({"strength": 0}, "strength is 0, below the least allowed, 0.5"),
        ({"heads": 2}, "skip_trigrams has no setting called 'heads'"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        parse_settings(TOY, given)
