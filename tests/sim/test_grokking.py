"""Networks memorise, and generalise late if their weights decay; large norms only slow Adam down."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from sim.palette import DATA_1, DATA_3, DATA_4
from sim.run import run_to_end
from sim.spec import Frame, Result, SettingError, get, parse_settings
from sim.toys._grokking_config import FACTORS
from sim.toys._grokking_course import _balance
from sim.toys._grokking_figure import LEAST
from sim.toys._grokking_networks import RowNetwork
from sim.toys._grokking_training import BETAS, LONGEST_STEP, WARM_UP, Recipe, Training
from sim.toys._grokking_words import about_norms, about_training
from sim.toys._modular_task import Task, split
from sim.toys.grokking import FIXED_NORMS, PRESETS, Config, facts, figure, preview, readout

TOY = get("grokking")
SMALL = {"modulus": 31, "width": 64, "train_share": 0.5, "weight_decay": 1.0, "twin": 0}
TINY = {"modulus": 11, "width": 16, "steps": 60}

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def swept() -> Frame:
    """The sweep at two of its norms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.toys._fixed_norms.FACTORS", (1.0, 30.0))
        return run_to_end(TOY, Config.model_validate(FIXED_NORMS), seed=0, device="cpu").frame


def result_of(seed: int = 0, **settings: float) -> Result:
    return run_to_end(TOY, Config.model_validate(settings), seed=seed, device="cpu").frame.result


def preset(start: str) -> Config:
    return Config.model_validate(next(each.settings for each in PRESETS if each.title.startswith(start)))


def test_the_usual_network_memorises_at_once_and_generalises_late() -> None:
    result = result_of(seed=1, twin=0, steps=1100)
    assert 0 < result["memorised_at"] <= 100
    assert 700 <= result["generalised_at"] <= 1100
    assert result["norm"][0] < 0.9 * facts(Config())["start_norm"]


def test_ten_of_ten_small_networks_generalise() -> None:
    results = [result_of(seed, **SMALL) for seed in range(10)]
    assert all(0 < result["memorised_at"] <= 120 for result in results)
    assert all(400 <= result["generalised_at"] <= 1500 for result in results)


def test_without_weight_decay_nothing_is_generalised() -> None:
    result = result_of(**{**SMALL, "weight_decay": 0, "steps": 3000})
    assert result["train_accuracy"] == [1]
    assert result["test_accuracy"][0] <= 0.05
    assert result["norm"][0] > 1.5 * facts(Config.model_validate(SMALL))["start_norm"]


def test_the_stored_run_is_what_a_run_finds() -> None:
    stored = preview(Config(), seed=3)
    *_, found = islice(TOY.module.run(Config(), seed=0, device="cpu"), 4)
    looks = len(found.arrays["step"])
    assert stored.config == found.config
    assert stored.result["memorised_at"] == found.result["memorised_at"]
    assert found.result["steps_done"] == stored.arrays["step"][looks - 1] == 375
    for name, tolerance in (("accuracy", 0.05), ("norms", 2.0)):
        np.testing.assert_allclose(stored.arrays[name][:looks], found.arrays[name], atol=tolerance)
    assert found.arrays["accuracy"][-1, :, 0].tolist() == [1, 1]
    assert found.arrays["accuracy"][-1, 1, 1] <= 0.02


def test_the_stored_run_has_what_the_book_speaks_of() -> None:
    """The steps, shares and losses that stand in the prose as plain numbers."""
    stored = preview(Config(), seed=0)
    step, waves = stored.arrays["step"], stored.arrays["waves"]
    right = stored.arrays["accuracy"][:, 0, 1]  # held out
    assert (stored.result["memorised_at"], stored.result["generalised_at"]) == (75, 875)
    at_300 = step == 300
    assert right[at_300][0] == pytest.approx(0.023, abs=0.005)
    assert right[step <= 325].max() < 0.05
    assert waves[at_300][0, 0] == pytest.approx(0.96, abs=0.01)
    assert waves[0, 0] == pytest.approx(4.6, abs=0.05)
    excluded = waves[:, 1]
    least = excluded.argmin()
    assert excluded[least] < 0.4
    assert 1 < excluded[-1] < excluded[0]  # it has fallen, and risen again
    assert 75 < step[least] < 875
    assert stored.result["norm"] == pytest.approx([67, 149], abs=1)
    assert len(stored.result["key_frequencies"]) == 19
    assert stored.result["test_accuracy"][1] < facts(Config())["chance_accuracy"]


def test_large_norms_cannot_be_trained_at_one_rate_and_can_at_a_scaled_one(swept: Frame) -> None:
    for large, result in ((1, swept.result), (FACTORS.index(30.0), preview_of_norms().result)):
        assert result["fixed_rate_accuracy"][large] < 0.1
        assert result["scaled_rate_accuracy"][large] > 0.99
        assert result["scaled_rate_test_accuracy"][large] < 0.02
    assert preview_of_norms().result["scaled_rate_test_accuracy"][0] > 0.1


def test_the_readout_tells_of_the_norm_at_which_one_rate_fails() -> None:
    said = readout(preview_of_norms())
    assert said.startswith("With the norm held at 30 times the usual, 7.7% of the pairs trained on are right")
    assert "100% at a rate that grows with the norm" in said


def said_of_norms(progress: float = 1.0, init_scale: float = 1.0, **given: list[float]) -> str:
    """What is said of the stored sweep, had it come to this."""
    result = {**preview_of_norms().result, **given}
    return about_norms(Config(norm=2, init_scale=init_scale), result, progress=progress)


def test_norms_are_told_of_once_their_trainings_are_over() -> None:
    assert said_of_norms(1 / 14) == "No norm has been tried yet."  # the one rate is the second
    two = said_of_norms(4.5 / 14)  # the third norm is being tried
    assert two.startswith("With the norm held at up to 1 times the usual, ")
    assert "of the pairs trained on or more are right at a rate that is the same for all norms" in two


def test_norms_that_all_can_be_trained_are_told_of_by_the_worst() -> None:
    said = said_of_norms(fixed_rate_accuracy=[1.0, 1, 0.95, 0.9, 0.85, 0.8, 0.75], init_scale=2)
    assert said.startswith("With the norm held at up to 200 times the usual, 75% of the pairs trained on or")


def test_norms_are_told_of_as_multiples_of_the_usual_one() -> None:
    said = said_of_norms(init_scale=0.5)
    assert said.startswith("With the norm held at 15 times the usual, 7.7% of the pairs trained on are right")
    assert said.endswith("are right, at 0.5 × the usual.")


class Bursting(Training):
    """A training whose weights are no numbers from the tenth step on, if its rate is large."""

    def step(self) -> None:
        """Train, or burst."""
        super().step()
        if self._steps >= 10 and self._recipe.rate > 0.02:
            self.weights.fill_(math.nan)


def test_norms_at_which_it_diverged_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A held norm kept every training finite that was tried; should one burst, it is said, and it stops."""
    monkeypatch.setattr("sim.toys._fixed_norms.Training", Bursting)
    last = run_to_end(TOY, Config.model_validate({**FIXED_NORMS, **TINY}), seed=0, device="cpu").frame
    result = last.result
    assert last.progress == 1
    assert result["scaled_rate_diverged_at"] == [0, 0, 0, 0, 0, 12, 12]  # looked at every six steps
    assert result["fixed_rate_diverged_at"] == [0] * len(FACTORS)
    assert all(0 < share < 1 for share in result["scaled_rate_accuracy"])  # what was seen before
    assert readout(last).endswith(
        "It diverged at 30, 100 times the usual at the growing rate. Lower the rate, to 0.0001 for instance, "
        "or the first weights."
    )
    assert "diverged" not in readout(preview_of_norms())


def test_the_norms_drawn_are_multiples_of_the_usual_one() -> None:
    drawn = figure(
        replace(preview_of_norms(), config=Config.model_validate({**FIXED_NORMS, "init_scale": 2}))
    )
    assert drawn.layout.xaxis.ticktext == tuple(f"×{2 * factor:g}" for factor in FACTORS)


def test_one_rate_is_the_rate_by_its_rule() -> None:
    """A sweep from twice the usual size with a rate that goes with it trains as one at twice that rate."""
    given = {**FIXED_NORMS, **TINY, "init_scale": 2.0}
    by_rule, plain = (
        result_of(**{**given, "rate_rule": rule, "rate": rate}) for rule, rate in ((1, 0.001), (0, 0.002))
    )
    assert by_rule == plain


def preview_of_norms() -> Frame:
    return preview(Config.model_validate(FIXED_NORMS), seed=5)


def test_the_same_holds_for_relu() -> None:
    held = {"norm": 1, "network": 1, "rate": 0.001, "steps": 600, "init_scale": 30, "modulus": 31}
    common = {**held, "width": 64, "train_share": 0.5, "weight_decay": 0}
    one, scaled = (result_of(**common, rate_rule=rule)["train_accuracy"][0] for rule in (0, 1))
    assert one < 0.1
    assert scaled > 0.99


def test_the_stored_sweep_is_what_a_sweep_finds(swept: Frame) -> None:
    stored = preview_of_norms()
    for name, found in swept.result.items():
        at_two = [stored.result[name][FACTORS.index(factor)] for factor in (1.0, 30.0)]
        assert at_two == pytest.approx(found, abs=0.08), name


def test_a_norm_that_is_held_stays() -> None:
    result = result_of(**TINY, norm=1, init_scale=3)
    start = run_first(Config(**TINY, norm=1, init_scale=3)).result["norm"][0]
    assert result["norm"][0] == pytest.approx(start, rel=1e-5)
    assert result["train_accuracy"][0] > 0.1


def run_first(config: Config) -> Frame:
    return next(iter(TOY.module.run(config, seed=0, device="cpu")))


def trained(recipe: Recipe, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights before and after a training of a small network."""
    random = torch.Generator().manual_seed(0)
    network = RowNetwork(0, 11, 16, split(Task(0, 11), 0.5, random))
    start = network.layout.random(random)
    training = Training(network, start, recipe)
    for _ in range(steps):
        training.step()
    return start, training.weights


def test_adam_takes_no_weight_farther_than_the_facts_say() -> None:
    config = Config(**TINY, rate=0.003, weight_decay=0)
    start, end = trained(Recipe(0, 0.003, 0.0, holds_norm=False), config.steps)
    typical = facts(config)["start_norm"] / math.sqrt(facts(config)["parameters"])
    farthest = (end - start).abs().max().item()
    assert 0.3 < farthest / (facts(config)["largest_change"] * typical) <= 1
    path = LONGEST_STEP * config.steps
    assert facts(config)["turning_steps"] * facts(config)["largest_change"] == pytest.approx(path)


def test_weights_a_hundred_times_as_large_turn_a_hundred_times_as_slowly() -> None:
    usual, large = (facts(Config(init_scale=scale)) for scale in (1, 100))
    assert large["turning_steps"] == pytest.approx(100 * usual["turning_steps"])
    scaled = facts(Config(init_scale=100, rate_rule=1))
    assert scaled["turning_steps"] == pytest.approx(usual["turning_steps"])


class Still:
    """A network whose loss is level everywhere."""

    layout = RowNetwork(0, 5, 16, split(Task(0, 5), 0.5, torch.Generator())).layout

    def gradient(self, weights: torch.Tensor, gradient: torch.Tensor) -> None:
        """Nothing is gained anywhere."""
        torch.mul(weights, 0, out=gradient)

    def logits(self, weights: torch.Tensor) -> torch.Tensor:
        """Say nothing."""
        return weights.new_zeros(25, 5)

    def tables(self, weights: torch.Tensor) -> torch.Tensor:
        """Have one row, for whatever number."""
        return weights[None, :1]


def test_decay_alone_halves_a_weight_in_the_steps_that_the_facts_say() -> None:
    training = Training(Still(), torch.ones(4), Recipe(0, 0.01, 0.5, holds_norm=False))
    lost_to_warming_up = WARM_UP - sum(range(WARM_UP + 1)) / WARM_UP
    for _ in range(round(facts(Config())["halving_steps"] + lost_to_warming_up)):
        training.step()
    assert training.weights[0].item() == pytest.approx(0.5, rel=0.005)
    assert facts(Config(weight_decay=0))["halving_steps"] == 0


def test_momentum_is_the_textbooks() -> None:
    start, end = trained(Recipe(1, 0.1, 0.01, holds_norm=False), 3)
    random = torch.Generator().manual_seed(0)
    network = RowNetwork(0, 11, 16, split(Task(0, 11), 0.5, random))
    weights, speed, gradient = start.clone(), torch.zeros_like(start), torch.empty_like(start)
    for step in range(1, 4):
        network.gradient(weights, gradient)
        speed = BETAS[0] * speed + gradient + 0.01 * weights
        weights -= 0.1 * step / WARM_UP * speed
    torch.testing.assert_close(end, weights)


def test_l2_regularisation_balances_squares_two_to_one() -> None:
    """At rest, by Euler's identity; AdamW's decay comes near it, and plain descent gets there."""
    settings = {"optimiser": 1, "rate": 1.0, "weight_decay": 0.002, "steps": 4000, **SMALL}
    result = result_of(**{**settings, "weight_decay": 0.002, "modulus": 13, "width": 32})
    assert result["balance"] == pytest.approx(facts(Config())["balance_at_rest"], rel=0.02)


def test_of_weights_that_have_died_out_no_balance_is_told() -> None:
    """As under the usual decay with momentum, where all are 0 in the end."""
    random = torch.Generator().manual_seed(0)
    network = RowNetwork(0, 11, 16, split(Task(0, 11), 0.5, random))
    weights = network.layout.random(random)
    assert _balance(network, weights * 1e-30) == pytest.approx(_balance(network, weights))
    assert _balance(network, torch.zeros_like(weights)) == 0


def test_a_small_norm_that_is_held_memorises_as_soon_and_generalises_far_sooner() -> None:
    """The book has 75 and 300 steps, against 75 and 875."""
    config = preset("A norm held small").model_copy(update={"steps": 400})
    result = run_to_end(TOY, config, seed=0, device="cpu").frame.result
    usual = preview(Config(), seed=0).result
    assert result["memorised_at"] == usual["memorised_at"] == 75
    assert 0 < result["half_at"] <= 200
    assert 275 <= result["generalised_at"] <= 325
    delay, usual_delay = (each["generalised_at"] - each["memorised_at"] for each in (result, usual))
    assert delay < usual_delay / 3


def test_a_transformer_gets_there_with_few_frequencies() -> None:
    config = preset("A transformer").model_copy(update={"twin": 0, "steps": 420})
    result = run_to_end(TOY, config, seed=0, device="cpu").frame.result
    assert result["test_accuracy"][0] > 0.9
    assert len(result["key_frequencies"]) <= 5
    assert result["restricted_loss"] < 0.05
    assert result["excluded_loss"] > math.log(config.modulus)


def test_an_embedding_that_starts_smaller_generalises_sooner() -> None:
    result = result_of(embedding_scale=0.1, twin=0, steps=375)
    assert 0 < result["half_at"] <= 350
    assert result["half_at"] <= preview(Config(), seed=0).result["half_at"] - 200


def test_momentum_gets_most_of_the_way() -> None:
    config = preset("Momentum").model_copy(update={"twin": 0, "steps": 900})
    result = run_to_end(TOY, config, seed=0, device="cpu").frame.result
    assert result["train_accuracy"][0] == 1
    assert result["test_accuracy"][0] > 0.9


def test_products_are_trained_without_0() -> None:
    config = preset("Products")
    assert facts(config)["training_pairs"] + facts(config)["held_out_pairs"] == 58**2
    result = result_of(**{**SMALL, "operation": 2})
    assert result["generalised_at"] > 0
    assert "a × b modulo 59, without 0" in readout(preview(config, seed=0))


def test_numbers_that_are_not_prime_can_be_added() -> None:
    result = result_of(modulus=24, width=64, train_share=0.6, weight_decay=1, operation=1, twin=0, steps=900)
    assert result["test_accuracy"][0] > 0.9


def test_divergence_is_one_sentence_and_keeps_what_was_seen() -> None:
    config = Config.model_validate(
        {**TINY, "optimiser": 1, "rate": 10, "init_scale": 3, "steps": 2000, "twin": 0}
    )
    frames = list(TOY.module.run(config, seed=0, device="cpu"))
    [stopped] = frames[-1].result["diverged_at"]
    assert 0 < stopped < config.steps
    assert frames[-1].progress == 1
    assert frames[-1].arrays["step"][-1] == frames[-1].result["steps_done"] < stopped
    json.dumps(dict(frames[-1].result), allow_nan=False)
    assert readout(frames[-1]) == (
        f"It diverged: at step {stopped:,} the loss was no longer a number, and the training stopped. Lower "
        "the rate, to 1 for instance, or the first weights."
    )
    assert figure(frames[-1]).data


@pytest.mark.parametrize(
    ("given", "which", "said"),
    [
        ({"rate": 1.0, "weight_decay": 0.2}, [0, 25], "Its twin without weight decay diverged, it did not:"),
        ({"rate": 3.0, "weight_decay": 0.1}, [25, 25], "It and its twin without weight decay diverged:"),
    ],
)
def test_it_is_said_which_of_the_two_diverged(given: dict[str, float], which: list[int], said: str) -> None:
    settings = {**TINY, "optimiser": 1, "init_scale": 3, **given}
    last = run_to_end(TOY, Config.model_validate(settings), seed=0, device="cpu").frame
    assert last.result["diverged_at"] == which
    assert readout(last).startswith(said)
    assert f"Lower the rate, to {given['rate'] / 10:g} for instance" in readout(last)


def test_the_network_may_diverge_without_its_twin_and_there_may_be_no_lower_rate() -> None:
    config = Config(rate=0.0001)
    result = {**preview(Config(), seed=0).result, "diverged_at": [50, 0]}
    assert about_training(config, result) == (
        "It diverged, its twin without weight decay did not: at step 50 the loss was no longer a number, and "
        "the training stopped. Lower the first weights."
    )
    assert "Lower the rate, to 0.0005 for instance" in about_training(Config(rate=0.005), result)


def test_losses_waves_and_key_frequencies_are_drawn_as_they_were_seen() -> None:
    stored = preview(Config(), seed=0)
    drawn = figure(stored).data
    seen, waves = stored.arrays["loss"][:, 0], stored.arrays["waves"]  # each [look, 2]
    losses = [trace for trace in drawn if trace.yaxis == "y2"]
    named = {(trace.line.color, trace.line.dash): trace for trace in losses}
    wanted = {
        (DATA_4, "solid"): seen[:, 0],
        (DATA_1, "solid"): seen[:, 1],
        (DATA_3, "solid"): waves[:, 0],  # restricted
        (DATA_3, "dot"): waves[:, 1],  # excluded
    }
    assert named.keys() == wanted.keys()
    for look, loss in wanted.items():
        np.testing.assert_array_equal(named[look].x, stored.arrays["step"])
        np.testing.assert_allclose(named[look].y, np.where(loss < LEAST, np.nan, loss), rtol=1e-6)
    low, high = figure(stored).layout.yaxis2.range
    assert 10**low < LEAST  # no line is cut by the panel's edge
    assert max(np.nanmax(trace.y) for trace in losses) < 10**high
    [dots] = [trace for trace in drawn if trace.type == "scatter" and trace.mode == "markers"]
    assert list(dots.x) == stored.result["key_frequencies"]
    [cells] = [trace for trace in drawn if trace.type == "heatmap"]
    assert sorted(cells.x) == list(range(1, 30))


def test_settings_that_were_not_run_say_how_long_they_take() -> None:
    said = readout(preview(Config(modulus=113, network=3, width=512, train_share=0.3, steps=5000), seed=0))
    assert said.startswith(
        "Not trained yet: the rows are noise. Of 12,769 pairs with a + b modulo 113, 3,831"
    )
    assert "minutes on one core" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"train_share": 0}, "train_share is 0, below the least allowed, 0.05"),
        ({"train_share": 1}, "train_share is 1, above the greatest allowed, 0.95"),
        (
            {"operation": 2, "modulus": 60},
            "modulo 60 the product of 2 and 30 is 0, neither has an inverse, and products go round no circle",
        ),
        ({"operation": 2, "modulus": 60}, "Set modulus to 59, or operation to 0."),
        ({"operation": 3}, "operation is 3, above the greatest allowed, 2"),
        (
            {"network": 3, "width": 100},
            "a transformer with four heads needs a multiple of 16. Set width to 96.",
        ),
        (
            {"modulus": 251, "width": 1024, "train_share": 0.95},
            "gigabytes of memory, above the 1 allowed. Lower",
        ),
        ({"modulus": 113, "width": 1024, "steps": 20000}, "minutes, above the 15 allowed. Lower"),
        ({"modulus": 58.5}, "modulus is '58.5', which is not a whole number"),
        ({"embedding": 1}, "grokking has no setting called 'embedding'. Did you mean 'embedding_scale'?"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, float], said: str) -> None:
    with pytest.raises(SettingError) as refused:
        parse_settings(TOY, given)
    assert said in str(refused.value)
