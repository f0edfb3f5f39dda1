"""Saying what a toy model of superposition keeps, and how sure that is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from sim.toys._drawing import number, percent
from sim.toys._sparse_features import densest
from sim.toys._superposition_best import over_best
from sim.toys._superposition_course import LONGEST, NOTHING, SAFE_RATE, densities
from sim.toys._superposition_exact import importances, nothing_said

if TYPE_CHECKING:
    from sim.spec import Frame, Result
    from sim.toys._superposition_settings import Config

ALWAYS = 1.0
NO_BETTER = 0.98  # draws are noisy
TOO_HIGH = "The rate is too high. Set it back to 1."


def say(config: Config, result: Result) -> str:
    """Say how many features are represented at each density, on the way, at the end, or not yet."""
    if not result:
        return _untrained(config)
    if result.get("diverged_at"):
        return (
            f"It diverged: by step {result['diverged_at']:.0f} some weights were beyond {LONGEST:.0f}, where "
            "a feature that is kept is about 1 long, and the training stopped. Set the rate back to 1."
        )
    *counts, last = (f"{count:.0f}" for count in cast("list[float]", result["features_represented"]))
    keep = "keeps" if config.hidden == 1 else "keep"
    kept = f"{_dimensions(config)} {keep} {', '.join(counts)} and {last} of {config.features} features"
    if "mean_loss" not in result:
        return f"After {result['steps_done']:.0f} of {config.steps} steps, {kept}."
    loss = cast("float", result["mean_loss"])
    dead = _dead(config, cast("list[float]", result["loss_by_instance"]))
    if dead == config.instances:
        return f"It learned nothing: at no density is it better than always answering 0. {TOO_HIGH}"
    said = f"From {_greatest(config)} (first) to on {percent(config.sparsest_density)} of the time (last), "
    said += f"{kept}. The mean loss is {number(loss if loss > NOTHING else 0)}."
    if over := over_best(cast("list[float]", result["loss_by_instance"]), config.model_dump()):
        worst = max(math.ceil(100 * (max(over) - 1)), 1)
        said += f" No loss is more than {worst}% above the best known."
    if dead:
        said += f" At {dead} of {config.instances} densities that is no better than always answering 0. "
        return said + TOO_HIGH
    if config.restarts > 1:
        agreeing = cast("list[float]", result["restarts_agreeing"])
        found = sorted({round(share * config.restarts) for share in (min(agreeing), max(agreeing))})
        said += f" Of {config.restarts} restarts each, {' to '.join(map(str, found))} found the best."
    return said


def losses_in_words(frame: Frame) -> list[str]:
    """The loss at each density, next to the best known where there is one; nothing before the end."""
    losses = cast("list[float]", frame.result.get("loss_by_instance", []))
    if over := over_best(losses, frame.config.model_dump()) if losses else []:
        return [f"{ratio:.2f} × best" for ratio in over]
    return [f"loss {number(loss if loss > NOTHING else 0)}" for loss in losses]


def _dead(config: Config, loss: list[float]) -> int:
    """At how many densities too high a rate has killed whatever a model might have learned."""
    if config.rate <= SAFE_RATE:
        return 0
    importance = importances(config.features, config.importance_decay)
    pairs = zip(loss, densities(config), strict=True)
    return sum(one >= NO_BETTER * nothing_said(importance, p) for one, p in pairs)


def _untrained(config: Config) -> str:
    size = f"{config.features} features in {_dimensions(config)}"
    said = f"Not trained yet: these are random directions for {size}. "
    if config.features <= config.hidden:
        return (
            said + "There is room for every one, so that all will be kept at every density and nothing lost."
        )
    return said + "Run it to see which are kept."


def _dimensions(config: Config) -> str:
    return "1 dimension" if config.hidden == 1 else f"{config.hidden} dimensions"


def _greatest(config: Config) -> str:
    greatest = densest(config.correlation)
    return "always on" if greatest == ALWAYS else f"on {percent(greatest)} of the time"
