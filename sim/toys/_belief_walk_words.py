"""What the figure of a belief walk shows, in words.

Before a run that is the exact law; on the way, how far the walkers have come; at the end, what they measured
beside what is exact.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.toys._drawing import number, percent, plus_minus
from sim.toys._ruin_spectrum import EVEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.toys.belief_walk import Config


def said(config: Config, result: Mapping[str, float], exact: Mapping[str, float]) -> str:
    """Say where the walk starts, what it costs on average, and by when half of all walks have ended."""
    walk = f"From {100 * config.start:.3g}% in steps of {_points(config.step)}"
    if not result:
        return f"{walk}, {_law(config, exact)}{_last_update(config)}"
    paid = f"{number(result['sum_squared_updates'])} of {number(exact['variance'])}"
    if "mean_updates" not in result:
        done = f"{result['walkers_finished']:,.0f} of {config.walkers:,}"
        updates = f"{result['updates_so_far']:,.0f} updates"
        return f"{walk}: {done} walkers are certain after {updates}, whose squares come to {paid}."
    measured = plus_minus(result["mean_updates"], result["standard_error"])
    return (
        f"{walk}, the mean of {config.walkers:,} walkers is {measured} updates; the exact answer is "
        f"{number(exact['expected_updates'])}. {_half(exact)}. "
        f"{100 * result['share_ending_at_one']:.1f}% of the walkers ended at 100%. "
        f"The squares of a walk's updates came to {paid}."
        f"{_periods(config, result, exact)}{_last_update(config)}"
    )


def _law(config: Config, exact: Mapping[str, float]) -> str:
    mean = f"certainty takes {number(exact['expected_updates'])} updates on average"
    rest = f"one in ten needs more than {exact['updates_ninetieth']:,.0f}"
    by_then = f"By update {config.by_update:,}, {percent(exact['share_ended_by'])} are."
    return f"{mean}. {_half(exact)}; {rest}. {by_then}"


def _half(exact: Mapping[str, float]) -> str:
    return f"Half of all walks are over by update {exact['median_updates']:,.0f}"


def _periods(config: Config, result: Mapping[str, float], exact: Mapping[str, float]) -> str:
    if config.update_probability == 1:
        return ""
    return (
        f" An update comes in {100 * config.update_probability:.3g}% of periods, so that takes "
        f"{number(result['mean_periods'])} periods; exactly {number(exact['expected_periods'])}."
    )


def _last_update(config: Config) -> str:
    even = config.places.ends == EVEN
    return "" if even else " Where less than a step is left to 0% or 100%, the last update is that short."


def _points(step: float) -> str:
    return "1 point" if math.isclose(step, 0.01) else f"{100 * step:.3g} points"
