"""The settings of one question, drawn by the card, the learner and the repetition, and the answer to it.

The draw depends on nothing else: no clock, no machine, no order. Settings that make no question are drawn
again: those that the simulation refuses together, those that it moves out of the author's range, and those at
which the answer is at its limit, which is 0 where the tolerance is a share of it, and 0% and 100% of a share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import product
from random import Random
from typing import TYPE_CHECKING

from cards.instance import NOBODY
from cards.kind import Finding
from cards.predict.ranges import described
from sim import spec
from sim.words import SHARE, quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cards.predict.question import Question
    from sim.spec import Settings

TRIES = 100  # at one question; `probe` has seen that a draw succeeds at least once in four
PROBES = 8
MOST_CORNERS = 16
LAST_SEED = 9999  # four digits are enough to tell runs apart, and are read at a glance


class NoQuestionError(ValueError):
    """No settings that make a question were found."""


@dataclass(frozen=True)
class Drawn:
    """The settings of one question, the seed of the run that shows it, and the answer."""

    settings: Settings
    seed: int
    truth: float


@lru_cache(maxsize=4096)
def draw(question: Question, card_id: str, learner: int, repetition: int) -> Drawn:
    """Draw the settings of one question; the same arguments draw the same everywhere.

    Args:
        question: What is asked.
        card_id: Of which card.
        learner: Who is asked, by id.
        repetition: How often they have answered; below 0 for what is asked beside the schedule.

    Raises:
        NoQuestionError: If none that make a question are found, which `probe` would have reported.
    """
    chance = Random(_number(f"{card_id}\n{learner}\n{repetition}"))  # noqa: S311 - a draw, not a secret
    for _ in range(TRIES):
        drawn = {varied.name: varied.draw(chance) for varied in question.ranges}
        seed = chance.randint(1, LAST_SEED)
        try:
            settings = question.settings(drawn)
            truth = answer(question, settings)
        except (spec.SettingError, NoQuestionError):
            continue
        if _is_asked(question, settings, truth):
            return Drawn(settings, seed, truth)
    raise NoQuestionError(f"No settings of {question.toy.name} make a question of the card '{card_id}'.")


def probe(question: Question, card_id: str = "") -> list[Finding]:
    """Say why questions cannot be drawn, from the corners of the ranges and some draws; at best nothing."""
    refused: list[str] = []
    asked = 0
    corners, raw = list(_corners(question)), list(_raw(question, card_id))
    for number, drawn in enumerate([*corners, *raw]):
        try:
            settings = question.settings(drawn)
        except spec.SettingError as error:
            refused.append(str(error))
            continue
        try:
            truth = answer(question, settings)
        except LookupError:
            message = f"{question.toy.name} names a fact '{question.fact}' and does not compute it."
            return [Finding("unknown-fact", message, "ask for another, or mend the simulation", "ask")]
        except NoQuestionError as error:
            return [Finding("bad-setting", str(error), "narrow the ranges", "vary")]
        asked += number >= len(corners) and _is_asked(question, settings, truth)
    if 4 * asked >= len(raw):
        return []
    why = refused[0] if refused else "The answer is at its limit, or a setting is moved out of its range."
    message = f"Of {len(raw)} questions that were drawn, {asked} can be asked. {why}"
    return [Finding("bad-setting", message, "change the ranges, or what is fixed", "vary")]


def answer(question: Question, settings: Settings) -> float:
    """Compute the answer.

    Raises:
        NoQuestionError: If there is none at these settings, or it is not finite.
        KeyError: If the simulation does not compute the fact that it names.
    """
    where = ", ".join(f"{varied.name} {said(question, settings)[varied.name]}" for varied in question.ranges)
    try:
        facts = _facts(question.toy.name, settings)
    except (ValueError, ArithmeticError) as error:
        raise NoQuestionError(f"{question.toy.name} computes no facts at {where}: {error}") from error
    truth = facts[question.fact]
    if not math.isfinite(truth):
        raise NoQuestionError(f"At {where}, {question.fact} is {truth}, which nobody can guess.")
    return float(truth)


def said(question: Question, settings: Settings) -> dict[str, str]:
    """How each setting that is varied or fixed reads in the text: its value with its unit."""
    return {
        name: quantity(getattr(settings, name), described(type(settings), name)["unit"])
        for name in _named(question)
    }


def units(question: Question) -> dict[str, str]:
    """The unit behind each setting that is varied or fixed, as `said` has it: "%" for a share."""
    config = question.toy.module.Config
    found = {name: described(config, name)["unit"] for name in _named(question)}
    return {name: "%" if unit == SHARE else unit for name, unit in found.items()}


def _named(question: Question) -> tuple[str, ...]:
    """The settings that a text can name."""
    return (*(varied.name for varied in question.ranges), *question.fixed)


@lru_cache(maxsize=4096)
def _facts(toy: str, settings: Settings) -> Mapping[str, float]:
    return spec.get(toy).module.facts(settings)


def _is_asked(question: Question, settings: Settings, truth: float) -> bool:
    if not all(varied.holds(getattr(settings, varied.name)) for varied in question.ranges):
        return False
    if question.quantity.unit == SHARE and not 0 < truth < 1:
        return False
    return truth != 0 or not question.tolerance.relative


def _corners(question: Question) -> Iterator[Mapping[str, float]]:
    ends = [((varied.name, varied.low), (varied.name, varied.high)) for varied in question.ranges]
    for number, corner in enumerate(product(*ends)):
        if number < MOST_CORNERS:
            yield dict(corner)


def _raw(question: Question, card_id: str) -> Iterator[Mapping[str, float]]:
    for number in range(PROBES):
        chance = Random(_number(f"{card_id}\n{NOBODY}\n{number}"))  # noqa: S311 - a draw, not a secret
        yield {varied.name: varied.draw(chance) for varied in question.ranges}


def _number(words: str) -> int:
    return int.from_bytes(sha256(words.encode()).digest()[:8])
