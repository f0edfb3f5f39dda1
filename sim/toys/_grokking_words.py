"""Saying what became of a network in training."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sim.toys._drawing import number, percent
from sim.toys._grokking_config import FACTORS, LEAST_RATE, RULES
from sim.toys._modular_task import MULTIPLY, SIGNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.spec import Result
    from sim.toys._grokking_config import Config

MINUTE = 60
FAILED = 0.1  # right so seldom counts as not trained
SMALLEST = 0.001  # loss that is worth its digits
MOST_NAMED = 5  # key frequencies
ROUNDING = 1e-6  # what a share of the trainings may be short of a whole one
LOWER = 10  # times as low a rate is worth trying
DIVERGED = {
    (True,): "It diverged",
    (True, True): "It and its twin without weight decay diverged",
    (True, False): "It diverged, its twin without weight decay did not",
    (False, True): "Its twin without weight decay diverged, it did not",
}


def untrained(config: Config) -> str:
    """Say what is to be learned, and how long that will take."""
    task = config.task
    asked = f"a {SIGNS[config.operation]} b modulo {config.modulus}"
    without = ", without 0" if config.operation == MULTIPLY else ""
    shown = task.training_pairs(config.train_share)
    return (
        f"Not trained yet: the rows are noise. Of {task.pairs:,} pairs with {asked}{without}, {shown:,} are "
        f"to be trained on. Run it, which takes about {_time(config.seconds)} on one core."
    )


def _time(seconds: float) -> str:
    if seconds >= MINUTE:
        return f"{seconds / MINUTE:.1f} minutes"
    whole = round(seconds)
    return f"{whole} seconds" if whole > 1 else "a second"


def about_training(config: Config, result: Result) -> str:
    """Say when a network memorised and generalised, and what of it goes round the circle."""
    done, diverged = cast("int", result["steps_done"]), cast("list[int]", result["diverged_at"])
    train, test = (cast("list[float]", result[f"{part}_accuracy"]) for part in ("train", "test"))
    if any(diverged):
        which = DIVERGED[tuple(step > 0 for step in diverged)]
        return (
            f"{which}: at step {max(diverged):,} the loss was no longer a number, and the training stopped. "
            f"{_remedy(config)}"
        )
    learned, general = cast("int", result["memorised_at"]), cast("int", result["generalised_at"])
    said = f"After {done:,} of {config.steps:,} steps" if done < config.steps else f"After {done:,} steps"
    said += f", {percent(train[0])} of the pairs trained on are right and {percent(test[0])} of the others"
    if learned:
        said += f"; 99% of the former were by step {learned:,}"
        said += f", of the latter by step {general:,}" if general else ", of the latter not yet"
    said += "."
    if len(test) > 1:
        said += f" Its twin without weight decay gets {percent(test[1])} of the others."
    keys = [f"{key:.0f}" for key in cast("list[float]", result["key_frequencies"])]
    named = f" ({', '.join(keys)})" if len(keys) <= MOST_NAMED else ""
    waves = "1 key frequency" if len(keys) == 1 else f"{len(keys)} key frequencies"
    loss = cast("float", result["restricted_loss"])
    alone = f"is {number(loss)}" if loss >= SMALLEST else f"is below {SMALLEST}"
    return f"{said} The loss with {waves}{named} alone {alone}."


def _remedy(config: Config) -> str:
    """What to try where a training diverged."""
    rate = max(config.rate / LOWER, LEAST_RATE)
    if rate < config.rate:
        return f"Lower the rate, to {number(rate)} for instance, or the first weights."
    return "Lower the first weights."


def about_norms(config: Config, result: Result, *, progress: float) -> str:
    """Say at which norms a network could be trained, by each rule, and whether it generalised.

    Trainings that are still going on are left out: each norm has one by either rule, the scaled rate first.
    """
    done = int(progress * len(FACTORS) * len(RULES) + ROUNDING)
    tried = {"scaled_rate": -(-done // 2), "fixed_rate": done // 2}
    fixed, scaled = (
        _of_norms(result, f"{rule}_accuracy")[: tried[rule]] for rule in ("fixed_rate", "scaled_rate")
    )
    general = _of_norms(result, "scaled_rate_test_accuracy")[: tried["scaled_rate"]]
    if not fixed:
        return "No norm has been tried yet."
    sizes = [number(config.init_scale * factor) for factor in FACTORS]
    failed = next((at for at, share in enumerate(fixed) if share < FAILED), None)
    if failed is None:
        said = (
            f"With the norm held at up to {sizes[len(fixed) - 1]} times the usual, {percent(min(fixed))} of "
            "the pairs trained on or more are right at a rate that is the same for all norms, and "
            f"{percent(min(scaled))} or more at a rate that grows with the norm."
        )
    else:
        said = (
            f"With the norm held at {sizes[failed]} times the usual, {percent(fixed[failed])} of the pairs "
            "trained on are right at a rate that is the same for all norms, and "
            f"{percent(scaled[failed])} at a rate that grows with the norm."
        )
    best = max(range(len(general)), key=general.__getitem__)
    return (
        f"{said} At the growing rate at most {percent(general[best])} of the pairs held out are right, at "
        f"{sizes[best]} × the usual.{_diverged_norms(config, result, sizes)}"
    )


def _diverged_norms(config: Config, result: Result, sizes: Sequence[str]) -> str:
    """Say which trainings diverged, at the norms of these sizes; nothing if none did."""
    lost = {
        words: [
            size for size, step in zip(sizes, _of_norms(result, f"{rule}_diverged_at"), strict=False) if step
        ]
        for rule, words in (("fixed_rate", "the one rate"), ("scaled_rate", "the growing rate"))
    }
    each = [f"at {', '.join(at)} times the usual at {words}" for words, at in lost.items() if at]
    return f" It diverged {' and '.join(each)}. {_remedy(config)}" if each else ""


def _of_norms(result: Result, name: str) -> list[float]:
    return cast("list[float]", result[name])
