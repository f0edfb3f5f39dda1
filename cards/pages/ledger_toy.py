"""The learner's record beside the simulation `update_frequency`, with the settings that it comes closest to.

That simulation keeps ledgers of a forecaster who starts every claim at one prior and reads signals of one
accuracy. The prior is the learner's mean first credence, the number of signals the mean number of updates,
and the accuracy the one with which the first update is as large, on average, as the learner's mean move s:
from a prior p, a calibrated forecaster's is

    E|p₁ − p| = 2 p (1 − p) (2a − 1),        so        a = ½ + s / (4 p (1 − p))

as far as the simulation's settings go. Its answers here are its exact ones; nothing is run. Left out: that a
learner's claims start in many places, and that steps get smaller as a claim is settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from cards.beliefs.credence import percent
from cards.pages.ledger_words import amount
from sim.pages.specimen import address
from sim.spec import get, parse_settings

if TYPE_CHECKING:
    from cards.reckoning import Reckoning

TOY = "update_frequency"
POINTS = 100
PLACES = {"prior": 2, "accuracy": 2, "signals": 0, "claims": 0, "noise": 1}
HALVES = 2  # noise is set in halves of a point


@dataclass(frozen=True)
class Beside:
    """The simulation beside a record.

    Attributes:
        settings: The settings it comes closest to.
        sentence: What the simulation says of them.
        link: The address of its page with these settings.
    """

    settings: dict[str, float]
    sentence: str
    link: str


def beside(found: Reckoning) -> Beside | None:
    """Return the simulation beside a record; None while nothing has moved."""
    settings = closest(found)
    if settings is None:
        return None
    toy = get(TOY)
    facts = toy.module.facts(parse_settings(toy, settings))
    points = f"{settings['noise']:g} point{'' if settings['noise'] == 1 else 's'}"
    noise = f", whose reports err by {points}" if settings["noise"] else ""
    signals = f"{settings['signals']:g} signals"
    amounts = f"{amount(facts['movement'])} a claim for a reduction of {amount(facts['reduction'])}"
    sentence = (
        f"Take a forecaster who counts evidence rightly{noise}, and starts at {percent(settings['prior'])}, "
        f"as you do on average. With {signals} a claim that are right {percent(settings['accuracy'])} of the "
        f"time, the first step is about as large as yours are. Such a one moves by {amounts}: a ratio of "
        f"{facts['ratio']:.2f}. You move by {amount(found.together.mean_movement)} for "
        f"{amount(found.together.mean_reduction)}."
    )
    query = urlencode({f"{TOY}.{name}": f"{value:g}" for name, value in settings.items()})
    return Beside(settings, sentence, f"{address(TOY)}?{query}#{TOY}")


def closest(found: Reckoning) -> dict[str, float] | None:
    """The settings of the simulation that a record comes closest to; None while nothing has moved."""
    record, starts, steps = found.together, found.starts, found.steps
    if not record.n:
        return None
    prior = _within("prior", fmean(starts))
    noise = record.noise.sd if record.noise is not None and record.noise.enough else 0.0
    return {
        "prior": prior,
        "accuracy": _within("accuracy", 1 / 2 + fmean(steps) / (4 * prior * (1 - prior))),
        "signals": _within("signals", record.updates / record.n),
        "claims": _within("claims", record.n),
        "noise": _within("noise", round(noise * POINTS * HALVES) / HALVES),
    }


def _within(name: str, value: float) -> float:
    """A value to the setting's places, and to the nearer of its bounds if it is beyond them."""
    field: Any = get(TOY).module.Config.model_fields[name]
    bounds = {type(bound).__name__: bound for bound in field.metadata}
    low, high = bounds["Ge"].ge, bounds["Le"].le
    rounded = round(min(max(value, low), high), PLACES[name])
    return int(rounded) if not PLACES[name] else rounded
