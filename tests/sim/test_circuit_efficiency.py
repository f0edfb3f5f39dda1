"""A rule and a table: what a norm buys, where the loss is least, and trainings that get there."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from sim.run import run_to_end
from sim.spec import Frame, SettingError, Settings, get, parse_settings
from sim.toys import _circuit_training
from sim.toys._circuit_theory import FIRST, Circuits
from sim.toys._circuit_training import train
from sim.toys.circuit_efficiency import PRESETS, Config, facts, figure, preview, readout

TOY = get("circuit_efficiency")
RULE = 100
Floats = NDArray[np.float64]

layers = st.sampled_from([1, 2])
examples = st.integers(4, 3200)

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def trained() -> Frame:
    return run_to_end(TOY, Config(), seed=1, device="cpu").frame


def circuits(count: int = 2, *, decay: float = 0.0002, slowness: float = 5.0) -> Circuits:
    return Circuits(rule_weights=RULE, layers=count, answers=113, decay=decay, slowness=slowness)


def loss(rule: torch.Tensor, table: torch.Tensor, given: Circuits) -> torch.Tensor:
    """The loss of the docstring, for weights [layer, K] and [layer, example]."""
    logit = rule.prod(0).mean() + table.prod(0)
    entropy = torch.log1p((given.answers - 1) * (-logit).exp()).mean()
    return entropy + given.decay / 2 * (rule.square().sum() + table.square().sum())


def preset(start: str) -> Settings:
    return Config.model_validate(next(each.settings for each in PRESETS if each.title.startswith(start)))


@given(
    st.sampled_from([1, 2]).flatmap(lambda count: arrays(np.float64, (count, 7), elements=st.floats(-3, 3)))
)
def test_no_weights_of_a_norm_buy_more_than_the_formula(weights: Floats) -> None:
    """A rule averages its products, and a table that has to serve all examples cannot beat its average."""
    most = circuits(len(weights)).logit(weights.shape[1], float(np.linalg.norm(weights)))
    assert weights.prod(axis=0).mean() <= most + 1e-9
    equal = np.full_like(weights, 1.5)
    assert circuits(len(weights)).logit(7, float(np.linalg.norm(equal))) == pytest.approx(1.5 ** len(weights))


@given(layers, examples, st.integers(16, 400))
def test_rule_and_table_cross_where_there_are_as_many_examples_as_weights(
    count: int, size: int, rule_weights: int
) -> None:
    exact = facts(Config(layers=count, examples=size, rule_weights=rule_weights))
    crossing = exact["critical_size"]
    assert (exact["rule_logit"] > exact["table_logit"]) == (size > crossing)
    there = facts(Config(layers=count, examples=round(crossing), rule_weights=rule_weights))
    assert there["rule_logit"] == there["table_logit"]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("size", [20, 90, 110, 800])
def test_no_mixture_has_less_loss(count: int, size: int) -> None:
    given = circuits(count)

    def whole(rule: Floats | float, table: Floats | float) -> Floats:
        norms = given.layers * (
            RULE * np.asarray(rule) ** (2 / given.layers) + size * np.asarray(table) ** (2 / given.layers)
        )
        return -np.log(given.probability(rule + np.asarray(table))) + given.decay / 2 * norms

    grid = np.linspace(0, 20, 401)
    assert float(whole(*given.best(size))) <= whole(grid[:, None], grid).min() + 1e-12


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("size", [30, 300])
def test_the_gradient_is_zero_at_the_best(count: int, size: int) -> None:
    given = circuits(count)
    parts = [
        torch.full((count, width), logit ** (1 / count), dtype=torch.float64, requires_grad=True)
        for width, logit in zip((RULE, size), given.best(size), strict=True)
    ]
    slopes = torch.autograd.grad(loss(parts[0], parts[1], given), parts)
    assert max(slope.abs().max().item() for slope in slopes) < 1e-9


def test_with_one_layer_the_rule_has_its_share_and_with_two_all_or_nothing() -> None:
    for size in (25, 100, 700):
        assert facts(Config(layers=1, examples=size))["rule_share"] == pytest.approx(size / (size + RULE))
    assert [facts(Config(examples=size))["rule_share"] for size in (25, 100, 700)] == [0, 0.5, 1]


def test_where_the_loss_is_least_what_is_missing_is_in_proportion_to_the_cheaper() -> None:
    for size in (50, 300):
        missing = 1 - facts(Config(examples=size))["best_train"]
        assert missing == pytest.approx(Config().weight_decay * min(size, RULE))


def test_decay_that_is_stronger_than_any_gain_leaves_nothing() -> None:
    assert circuits(2, decay=0.02).best(300) == (0.0, 0.0)
    nearly = facts(Config(weight_decay=0.002, rule_weights=400, examples=3200))
    assert nearly["best_train"] == pytest.approx(1 - 0.002 * 400)


@pytest.mark.parametrize("count", [1, 2])
def test_a_step_follows_the_gradient(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part steps along its own gradient: the whole loss's, and the rule's `slowness` times as slowly."""
    given, size, step = circuits(count, slowness=3), 6, 0.7
    drawn = torch.Generator().manual_seed(4)
    noise = [torch.randn(count, 1, width, generator=drawn) for width in (RULE, size)]
    rule = (FIRST * (0.3 * noise[0]).exp())[:, 0].double().requires_grad_()
    table = (FIRST * (0.3 * noise[1]).exp())[:, 0].double().requires_grad_()
    slopes = torch.autograd.grad(loss(rule, table, given), [rule, table])
    moved = rule - step / 3 * slopes[0], table - step * slopes[1]
    monkeypatch.setattr(_circuit_training, "SPREAD", 0.3)
    again = torch.Generator().manual_seed(4)
    *_, last = train(given, [size], [FIRST], np.array([0.0, step]), again)
    wanted = moved[0].prod(0).mean().item(), moved[1].prod(0).mean().item()
    assert last[0].tolist() == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize("count", [1, 2])
def test_weights_that_start_equal_take_the_exact_course(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_circuit_training, "SPREAD", 0.0)
    given = circuits(count)
    times = given.times(12, 5)
    sizes = [30, 300]
    followed = torch.stack(list(train(given, sizes, [FIRST] * 2, times, torch.Generator()))).numpy()
    for index, size in enumerate(sizes):
        np.testing.assert_allclose(followed[:, index], given.course(times, size, FIRST), rtol=0.01, atol=1e-5)


@pytest.mark.parametrize("size", [60, 130, 400])
def test_a_small_rule_beside_a_table_at_rest_grows_at_the_rate_of_the_formula(size: int) -> None:
    given = circuits()
    times = given.times(12, 30)
    rule = given.course(times, size, 1e-12)[:, 0]
    late = times > 20 / given.decay
    slope = np.polyfit(times[late] * given.decay, np.log(rule[late]), 1)[0]
    assert slope == pytest.approx(given.growth(size), rel=0.01, abs=0.005)


def test_the_nearer_to_the_crossing_the_longer_it_takes() -> None:
    times = [facts(Config(examples=size))["tenfold_time"] for size in (110, 120, 140)]
    assert times == pytest.approx([4 * times[2], 2 * times[2], times[2]])
    assert times[2] == pytest.approx(math.log(10) * Config().slowness / (2 * 0.4))
    assert facts(Config(examples=RULE - 1))["tenfold_time"] == 0
    early, late = (facts(Config(examples=size, patience=100))["generalised_at"] for size in (300, 120))
    assert late > 10 * early


def test_it_memorises_first_and_ends_where_the_loss_is_least(trained: Frame) -> None:
    result, exact = trained.result, facts(Config())
    assert 5 * result["memorised"] < result["generalised"]
    assert result["memorised"] == pytest.approx(exact["memorised_at"], rel=0.2)
    assert result["generalised"] == pytest.approx(exact["generalised_at"], rel=0.2)
    assert result["held_out_sure"] == pytest.approx(exact["best_held_out"], abs=0.01)
    for size, sure in zip(result["sizes"], result["held_out_sure_by_size"], strict=True):
        if not 0.7 * RULE < size < 1.6 * RULE:  # nearer to the crossing it takes longer than this
            assert sure == pytest.approx(facts(Config(examples=round(size)))["best_held_out"], abs=0.01)


def test_titles_of_presets() -> None:
    few = run_to_end(TOY, preset("Too few"), seed=0, device="cpu").frame
    assert few.result["train_sure"] > 0.95
    assert few.result["held_out_sure"] < 0.02
    gone = run_to_end(TOY, preset("Ungrokking"), seed=0, device="cpu").frame
    assert gone.arrays["expected"][0, 1] > 0.95
    assert gone.result["held_out_sure"] < 0.02
    assert "it began with the rule and gave it up" in readout(gone)
    assert 0.4 < facts(preset("One layer"))["rule_share"] < 0.9
    assert facts(preset("Just enough"))["generalised_at"] > 10 * facts(Config())["generalised_at"]


def test_the_untouched_picture_says_what_is_exact() -> None:
    assert readout(preview(Config(), seed=0)) == (
        "With 300 examples a norm of 40 buys a logit of 8 from the rule and 2.67 from the table; they are "
        "equal at 100. Where the loss is least, the network is 98% sure of what it was trained on and 98% of "
        "the rest. From equal weights, it was half sure of the rest after 3.44 times of decay."
    )


@pytest.mark.parametrize("rule_weights", [40, 100, 300])
def test_rule_and_table_are_drawn_to_cross_at_the_dotted_line(rule_weights: int) -> None:
    drawn = figure(preview(Config(rule_weights=rule_weights), seed=0))
    assert [(line.x0, line.x1) for line in drawn.layout.shapes] == [(rule_weights, rule_weights)] * 2
    rule, table = (trace for trace in drawn.data if trace.xaxis == "x2" and trace.mode == "lines")
    ahead = np.asarray(rule.y) - np.asarray(table.y)
    assert np.sign(ahead).tolist() == np.sign(rule.x - np.float32(rule_weights)).tolist()
    [best] = [trace for trace in drawn.data if trace.xaxis == "x3" and trace.mode == "lines"]
    assert (best.y[best.x > rule_weights * 1.1] > 0.9).all()
    assert (best.y[best.x < rule_weights / 1.1] < 0.1).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"examples": 3}, "examples is 3, below the least allowed, 4"),
        ({"layers": 3}, "layers is 3, above the greatest allowed, 2"),
        ({"weight_decay": 0}, "weight_decay is 0, below the least allowed, 5e-05"),
        (
            {"rule_weight": 5},
            "circuit_efficiency has no setting called 'rule_weight'. Did you mean 'rule_weights'",
        ),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, float], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        parse_settings(TOY, given)
