"""Heads that name pairs of signals: the task, what heads by hand are said to do, and what training finds."""

from __future__ import annotations

from itertools import permutations, product
from random import Random
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from sim.run import run_to_end
from sim.spec import Frame, SettingError, get, parse_settings
from sim.toys._head_by_hand import (
    EVEN,
    FOUND_PLANE,
    SOURCE,
    TETRAHEDRON,
    Head,
    alike,
    leads,
    line,
    most_per_norm,
    plane,
    right_everywhere,
)
from sim.toys._head_reading import Model, contributions, lead_per_norm, likeness, preference
from sim.toys._head_task import PAIRS, TOKENS, count, examples, pair_of, read_sequence
from sim.toys._head_training import GUESSING, Circuits, Training, circuits, logits, random_weights
from sim.toys.head_superposition import STORED_BESIDE, Config, facts, figure, preview, readout

TOY = get("head_superposition")
CONSTRUCTIONS = [SOURCE, TETRAHEDRON, EVEN, FOUND_PLANE, line(), plane()]

Floats = NDArray[np.float64]
entries = st.floats(-5, 5, width=32)

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def trained() -> list[Frame]:
    frames: list[Frame] = []
    run_to_end(TOY, Config(), seed=1, device="cpu", watch=frames.append)
    return frames


def run(seed: int = 0, **given: Any) -> Frame:  # noqa: ANN401 - settings
    return run_to_end(TOY, Config(**given), seed=seed, device="cpu").frame


def attend(score: Floats, rows: Floats, tokens: list[int]) -> Floats:
    """One head by the textbook: a softmax over places, and a weighted mean."""
    pull = np.exp([score[token] for token in tokens])
    return np.asarray(pull / pull.sum() @ rows[tokens])


def test_the_examples_are_all_sequences_with_two_signals_and_two_noises() -> None:
    given = examples()
    assert given.counts.shape == (280, TOKENS)
    assert len({tuple(row) for row in given.counts}) == 280
    assert (given.counts[:, 1:5].sum(axis=1) == 2).all()
    assert (given.counts[:, 5:].sum(axis=1) == 2).all()
    assert (given.counts[:, 0] == 1).all()
    assert given.chance.sum() == pytest.approx(1)


def test_a_sequence_is_as_likely_as_drawing_its_tokens_one_by_one() -> None:
    given = examples()
    drawn = {tuple(row): 0.0 for row in given.counts}
    for a, b in product(range(1, 5), repeat=2):
        for c, d in product(range(5, 12), repeat=2):
            drawn[tuple(count([a, b, c, d, 0]))] += 1 / (16 * 49)
    assert [drawn[tuple(row)] for row in given.counts] == pytest.approx(given.chance.tolist())


def test_the_logits_of_the_one_head_are_those_of_the_source_as_sums_and_half_as_means() -> None:
    printed = np.array(
        [
            [3, 2, 2, 2, 0, 0, 0, 0, 0, 0],
            [0, 2, 0, 0, 3, 2, 2, 0, 0, 0],
            [0, 0, 2, 0, 0, 2, 0, 3, 2, 0],
            [0, 0, 0, 2, 0, 0, 2, 0, 2, 3],
        ]
    )
    np.testing.assert_array_equal(SOURCE.rows, printed)
    for number, (a, b) in enumerate(PAIRS):
        sums = printed[a - 1] + printed[b - 1]
        np.testing.assert_array_equal(2 * SOURCE.logits()[number], sums)
        others = sorted(np.delete(sums, number).tolist(), reverse=True)
        wanted = (6, [4] * 3 + [0] * 6) if a == b else (4, [3] * 2 + [2] * 4 + [0] * 3)
        assert (sums[number], others) == wanted
    exact = facts(Config())
    assert [exact[name] for name in ("pair_logit", "pair_next", "twice_logit", "twice_next")] == [4, 3, 6, 4]
    assert [exact[f"{name}_mean{end}"] for name in ("pair", "twice") for end in ("", "_next")] == [
        2,
        1.5,
        3,
        2,
    ]


@pytest.mark.parametrize("head", CONSTRUCTIONS)
def test_every_construction_names_ten_pairs_of_ten(head: Head) -> None:
    assert (head.leads() > 0.4).all()
    assert right_everywhere(head, 40.0) == 280


def test_the_constructions_have_the_ranks_that_they_are_said_to_have() -> None:
    assert [np.linalg.matrix_rank(head.rows) for head in (line(), plane(), FOUND_PLANE)] == [1, 2, 2]
    assert [np.linalg.matrix_rank(head.rows) for head in (TETRAHEDRON, SOURCE, EVEN)] == [3, 4, 4]
    assert [bool(head.bias.any()) for head in (line(), plane(), FOUND_PLANE, TETRAHEDRON)] == [True] + [
        False
    ] * 3


def test_the_line_leads_by_the_square_of_the_gap_between_sums() -> None:
    sums = [a + b for a, b in product((0, 1, 3, 7), repeat=2) if a <= b]
    assert len(set(sums)) == 10
    gaps = [min((one - other) ** 2 for other in sums if other != one) for one in sums]
    assert sorted(line().leads()) == pytest.approx(sorted(gaps))
    np.testing.assert_allclose(plane().logits(), line().logits())


@given(st.floats(-3, 6))
def test_attending_to_noise_as_well_shrinks_the_logits_and_no_answer_changes(score: float) -> None:
    for head in (SOURCE, TETRAHEDRON, EVEN, FOUND_PLANE, plane()):
        assert right_everywhere(head, score) == 280
    scores = np.where(np.isin(np.arange(TOKENS), range(1, 5)), score, 0.0)
    rows = np.zeros((TOKENS, 10))
    rows[1:5] = SOURCE.rows
    share = 2 * np.exp(score) / (2 * np.exp(score) + 3)
    said = attend(scores, rows, [7, 4, 10, 3, 0])
    np.testing.assert_allclose(said, share * SOURCE.logits()[PAIRS.index((3, 4))])


@given(arrays(np.float64, 4, elements=entries), arrays(np.float64, 10, elements=entries), st.randoms())
def test_one_number_without_a_constant_names_two_pairs_at_most(
    place: Floats, way: Floats, random: Random
) -> None:
    score = np.array([random.uniform(-4, 4) for _ in range(TOKENS)])
    rows = np.zeros((TOKENS, 10))
    rows[1:5] = np.outer(place, way)
    given_ = examples()
    pull = np.exp(score) * given_.counts
    said = (pull / pull.sum(axis=1, keepdims=True)) @ rows
    right = leads(said, given_.answer) > 0
    assert len(set(given_.answer[right])) <= 2
    assert right @ given_.chance <= facts(Config(heads=1, d_head=1, direct=0))["most_right"] + 1e-12


def test_a_quarter_is_reached_by_the_sign_of_one_number() -> None:
    place, way = np.array([1.0, 1, -1, -1]), np.zeros(10)
    way[PAIRS.index((1, 2))], way[PAIRS.index((3, 4))] = 1, -1
    ahead = Head(np.outer(place, way), np.zeros(10)).leads() > 0
    assert [PAIRS[number] for number in np.flatnonzero(ahead)] == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    ("heads", "direct", "narrowest"), [(1, 0, 2), (1, 1, 1), (2, 0, 1), (2, 1, 1), (3, 0, 1)]
)
def test_the_narrowest_that_can_do_it(heads: int, direct: int, narrowest: int) -> None:
    exact = facts(Config(heads=heads, direct=direct, d_head=narrowest))
    assert (exact["narrowest"], exact["most_right"]) == (narrowest, 1)


@given(arrays(np.float64, 4, elements=entries))
def test_the_norm_of_a_head_that_treats_signals_alike_is_the_formula(four: Floats) -> None:
    a, b, c, e = four
    constant, rest = (a + 3 * e) ** 2 + 6 * (b + c) ** 2, (a - e) ** 2 + 2 * (b - c) ** 2
    assert alike(*four).norm() == pytest.approx(np.sqrt(constant) + 3 * np.sqrt(rest), abs=1e-5)


@settings(max_examples=200)
@given(arrays(np.float64, (4, 10), elements=entries))
def test_no_even_head_leads_further_for_its_norm_than_the_limit(rows: Floats) -> None:
    found = Head(rows, np.zeros(10))
    limit = 1 / (np.sqrt(9.6) + 3 * np.sqrt(24))
    assert most_per_norm(4) == most_per_norm(6) == pytest.approx(limit)
    assert found.leads().min() <= limit * found.norm() + 1e-9
    near = Head(EVEN.rows + 0.01 * rows, np.zeros(10))
    assert near.leads().min() <= limit * near.norm() + 1e-9


def test_averaging_over_names_of_signals_keeps_the_lead_and_does_not_raise_the_norm() -> None:
    rows = np.zeros((4, 10))
    for order in permutations(range(4)):
        moved = [PAIRS.index(tuple(sorted((order[a - 1] + 1, order[b - 1] + 1)))) for a, b in PAIRS]
        rows[np.ix_(order, moved)] += FOUND_PLANE.rows / 24
    mean = Head(rows, np.zeros(10))
    assert mean.leads().min() >= FOUND_PLANE.leads().min() - 1e-9
    assert mean.norm() <= FOUND_PLANE.norm() + 1e-9


def test_what_a_lead_costs_falls_with_the_width_up_to_four() -> None:
    found = [most_per_norm(width) for width in range(1, 7)]
    assert found == pytest.approx([0, 0.01361, 0.04811, 0.05619, 0.05619, 0.05619], abs=1e-5)
    assert TETRAHEDRON.lead_per_norm() == pytest.approx(1 / (3 * np.sqrt(48)))
    assert SOURCE.lead_per_norm() == pytest.approx(0.5 / (np.sqrt(33) + 3 * np.sqrt(17)))


def test_the_losses_of_the_one_head() -> None:
    exact = facts(Config())
    assert exact["one_head_loss"] == pytest.approx(1.276, abs=5e-4)
    assert exact["one_head_loss_eight_times"] == pytest.approx(0.028, abs=5e-4)


@given(
    arrays(np.float64, (2, TOKENS), elements=entries), arrays(np.float64, (2, TOKENS, 10), elements=entries)
)
def test_training_and_reading_attend_as_the_textbook_does(score: Floats, evou: Floats) -> None:
    tokens = [7, 4, 10, 3, 0]
    direct = np.linspace(-1, 1, 10)
    wanted = sum(attend(*head, tokens) for head in zip(score, evou, strict=True)) + direct
    parts = Circuits(*(torch.tensor(part)[None] for part in (score, evou, direct)))
    said = logits(parts, torch.tensor(count(tokens))[None])[0, 0].numpy()
    np.testing.assert_allclose(said, wanted, atol=1e-8)
    read = contributions(Model(score, evou, direct), count(tokens)).sum(axis=0)
    np.testing.assert_allclose(read, wanted - wanted.mean(), atol=1e-8)


def test_circuits_are_the_products_of_the_weights() -> None:
    weights = random_weights(2, 3, 4, torch.Generator().manual_seed(0))
    parts = circuits(weights, direct=True)
    for seed, head, token in product(range(2), range(3), range(TOKENS)):
        embed = weights.embed[seed]
        key, query = embed[token] @ weights.key[seed, head], embed[0] @ weights.query[seed, head]
        assert parts.score[seed, head, token].item() == pytest.approx((key @ query).item() / 2, abs=1e-5)
        does = embed[token] @ weights.value[seed, head] @ weights.out[seed, head] @ weights.unembed[seed]
        torch.testing.assert_close(parts.evou[seed, head, token], does)
    assert not circuits(weights, direct=False).direct.any()


def test_a_model_that_is_the_one_head_is_read_as_it() -> None:
    evou = np.zeros((1, TOKENS, 10))
    evou[0, 1:5] = SOURCE.rows
    score = np.where(np.isin(np.arange(TOKENS), range(1, 5)), 60.0, 0.0)[None]
    model = Model(score, evou, np.zeros(10))
    assert likeness(model) == pytest.approx(1)
    assert lead_per_norm(model) == pytest.approx(SOURCE.lead_per_norm())
    assert preference(np.full(4, 0.25)) == "all alike"
    assert preference(np.array([0.4, 0.1, 0.2, 0.3])) == "1, 4, 3, 2"


@pytest.mark.parametrize("width", [2, 3, 4])
def test_nine_of_ten_seeds_name_every_pair_from_two_dimensions_on(width: int) -> None:
    assert run(heads=1, direct=0, d_head=width, steps=300).result["seeds_all_right"] >= 9


def test_the_default_names_every_pair_and_its_heads_prefer_signals_in_different_orders(
    trained: list[Frame],
) -> None:
    last = trained[-1].result
    assert last["seeds_all_right"] >= 9
    share = np.reshape(last["attention"], (2, 4))
    assert share.argmax(axis=1)[0] != share.argmax(axis=1)[1]
    assert last["likeness"] > 0.7


def test_one_head_of_one_dimension_stops_at_a_quarter_and_a_constant_frees_it() -> None:
    stuck = run(heads=1, d_head=1, direct=0, steps=300)
    assert stuck.result["best_accuracy"] == pytest.approx(0.25)
    assert stuck.result["mean_accuracy"] == pytest.approx(0.25)
    assert stuck.arrays["accuracy"].max() <= 0.25 + 1e-6
    assert run(heads=1, d_head=1, direct=1).result["seeds_all_right"] >= 7


def test_no_trained_head_without_a_constant_is_beyond_the_limit_of_one_dimension() -> None:
    assert run(heads=1, d_head=1, direct=0, steps=60).result["lead_per_norm"] <= 0


def test_a_training_that_blows_up_is_stopped_at_its_best_and_said() -> None:
    last = run(rate=0.5, steps=60)
    assert last.result["seeds_stopped"] >= 8
    assert np.isfinite(last.result["median_loss"])
    assert "blew up and were stopped at the best so far." in readout(last)
    assert "blew up" not in readout(preview(Config(), seed=0))


def test_a_stopped_seed_stays_where_it_was_best_and_the_others_go_on() -> None:
    start = random_weights(2, 1, 4, torch.Generator().manual_seed(0))
    training = Training(start, direct=True, device="cpu")
    steps = training.steps(200, rate=0.03, decay=0.1)
    for _ in range(101):
        before = next(steps)
    assert not training.stopped.any()
    best, other = [part[0].clone() for part in training.best], training._weights.embed[1].clone()
    training._weights.unembed.data[0] = torch.nan
    *_, after = steps
    assert training.stopped.tolist() == [True, False]
    for kept, part in zip(best, training.best, strict=True):
        torch.testing.assert_close(part[0], kept)
    assert after.loss[0].item() == pytest.approx(training.best_loss[0].item(), rel=1e-4)
    assert max(before.loss[1], after.loss[1]) < GUESSING
    assert not torch.equal(training._weights.embed[1], other)


def test_training_of_one_seed_does_not_depend_on_the_others() -> None:
    start = random_weights(4, 2, 3, torch.Generator().manual_seed(0))
    alone = type(start)(*(part[2:3] for part in start))
    both = (
        Training(some, direct=True, device="cpu").steps(20, rate=0.03, decay=0.1) for some in (start, alone)
    )
    for together, one in zip(*both, strict=True):
        np.testing.assert_allclose(together.loss[2:3], one.loss, rtol=1e-4)


def test_stored_runs_are_what_runs_find() -> None:
    """One of every width, and of either number of heads with a direct path and without."""
    for given_ in ({}, *(STORED_BESIDE[index] for index in (1, 6, 14, 17, 21))):
        config = parse_settings(TOY, given_)
        stored, found = preview(config, seed=3), run_to_end(TOY, config, seed=0, device="cpu").frame
        assert stored.result["seeds_all_right"] == found.result["seeds_all_right"], given_
        assert stored.result["median_loss"] == pytest.approx(found.result["median_loss"], rel=0.1, abs=1e-4)
        assert stored.result["lead_per_norm"] == pytest.approx(found.result["lead_per_norm"], rel=0.05)


def test_there_is_no_cliff_in_the_stored_widths() -> None:
    for heads, direct, width in product((1, 2), (0, 1), range(1, 7)):
        shown = preview(Config(heads=heads, direct=direct, d_head=width), seed=0)
        exact = facts(shown.config)
        assert shown.result["best_accuracy"] == pytest.approx(exact["most_right"], abs=1e-4)
        if exact["most_right"] == 1:
            assert shown.result["seeds_all_right"] >= 9
    one = [
        preview(Config(heads=1, direct=0, d_head=width), seed=0).result["lead_per_norm"]
        for width in (1, 2, 3)
    ]
    assert one[0] < 0 < 3 * one[1] < one[2]


@pytest.mark.parametrize(("width", "below"), [(2, 0.065), (3, 0.08), (4, 0.2), (5, 0.2), (6, 0.2)])
def test_how_far_below_its_limit_a_trained_head_is_where_the_book_says_so(width: int, below: float) -> None:
    shown = preview(Config(heads=1, direct=0, d_head=width), seed=0)
    assert 1 - shown.result["lead_per_norm"] / most_per_norm(width) == pytest.approx(below, rel=0.12)


def test_a_sequence_is_read_by_the_model_that_is_shown() -> None:
    for text, pair in (("7 4 10 3 0", (3, 4)), ("2, 2, 0", (2, 2)), ("[5][1][2][11][0]", (1, 2))):
        shown = preview(Config(sequence=text), seed=0)
        assert PAIRS[pair_of(read_sequence(text))] == pair
        assert shown.result["typed_found_lead"] > 0
        assert f"its logit of {pair[0]} and {pair[1]} is" in readout(shown)
    stuck = preview(Config(heads=1, d_head=1, direct=0, sequence="1 1 0"), seed=0)
    assert readout(stuck).endswith("behind another, and it is wrong.")


def test_what_each_head_adds_is_drawn_and_the_dots_are_the_sums() -> None:
    shown = preview(Config(), seed=0)
    drawn = figure(shown).data
    bars = [trace for trace in drawn if trace.type == "bar" and len(trace.x) == 10]
    small, large = (trace for trace in drawn if trace.type == "scatter" and trace.xaxis == "x5")
    assert len(bars) == 3  # two heads and the direct path
    total = np.sum([bar.y for bar in bars], axis=0)
    assert large.y == pytest.approx([total[PAIRS.index((3, 4))]])
    assert sorted(small.y) == pytest.approx(sorted(np.delete(total, PAIRS.index((3, 4)))))


def test_cells_have_areas_in_proportion_to_their_entries() -> None:
    hand = next(trace for trace in figure(preview(Config(), seed=0)).data if trace.xaxis == "x4")
    area = np.reshape(np.array(hand.width) * np.array(hand.y), (6, 11))[:4, :10]
    entries_ = SOURCE.rows - SOURCE.rows.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(area / area.max(), np.abs(entries_) / 2.1, atol=1e-5)


def test_other_settings_are_shown_untrained_and_say_so() -> None:
    shown = preview(Config(heads=3), seed=0)
    assert shown.progress == 0
    assert readout(shown) == (
        "Not trained yet: 3 heads of 5 dimensions and a direct path can get 100% right. Run it to see what "
        "training finds, and what it makes of 7 4 10 3 0."
    )


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"d_head": 0}, "d_head is 0, below the least allowed, 1."),
        ({"sequence": ""}, "sequence is empty. Write two signals from 1 to 4"),
        ({"sequence": "7 4x 3 0"}, "sequence has '4x', which is not a token: those are whole"),
        ({"sequence": "12 3 4 0"}, "sequence has '12', which is not a token"),
        ({"sequence": "-1 3 4 0"}, "sequence has '-1', which is not a token"),
        ({"sequence": "3 0 4 0"}, "sequence has the read-off 0 in place 2; it stands at the end"),
        ({"sequence": "3 4 7"}, "sequence ends with 7; the last token has to be the read-off 0."),
        ({"sequence": "7 8 0"}, "sequence has no signal; it takes two from 1 to 4"),
        ({"sequence": "7 3 0"}, "sequence has only one signal, 3; it takes two from 1 to 4"),
        ({"sequence": "1 1 2 0"}, "are a right answer, so that 1 1 and 1 2 tie by design. Keep two."),
        ({"sequence": "1 2 3 0"}, "so that 1 2, 1 3 and 2 3 tie by design. Keep two."),
        ({"sequence": "1 1 1 0"}, "3 signals, 1 1 1: any two of them are a right answer. Keep two."),
        ({"sequence": "5 6 7 8 9 10 1 2 0"}, "sequence has 9 tokens, above the 8 allowed."),
        ({"sequence": "1 2 0" * 20}, "sequence has 100 characters, above the 40 allowed."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(given_: dict[str, object], said: str) -> None:
    with pytest.raises(SettingError) as refused:
        parse_settings(TOY, given_)
    assert said in str(refused.value)


def test_three_signals_that_are_said_to_tie_do() -> None:
    for signals in ((1, 1, 2), (1, 2, 3)):
        said = SOURCE.rows[np.array(signals) - 1].sum(axis=0)
        among = {
            PAIRS.index((a, b))
            for a, b in product(signals, repeat=2)
            if a < b or (a == b and signals.count(a) > 1)
        }
        assert set(np.flatnonzero(said == said.max())) == among


def test_the_widths_are_drawn_below_a_single_head_where_the_question_is_how_wide_it_must_be() -> None:
    words = [label.text for label in figure(preview(Config(heads=1), seed=0)).layout.annotations]
    assert "seeds all right, by width" in words
    words = [label.text for label in figure(preview(Config(), seed=0)).layout.annotations]
    assert "seeds all right, by width" not in words


def test_the_two_heads_that_the_book_shows_prefer_the_signals_in_opposite_orders() -> None:
    said = readout(preview(Config(), seed=0))
    assert "Head 1 prefers 4, 2, 1, 3; head 2 prefers 3, 1, 2, 4." in said
